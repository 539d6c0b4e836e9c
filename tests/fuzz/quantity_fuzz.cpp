// Any text as a quantity, a number, a fraction, a price; what is read must survive being written.
#include "fuzz_target.hpp"
#include "units/money.hpp"
#include "units/unit_text.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = rigor::fuzz::text_of(data, size);
  const auto quantity = rigor::parse_any(text);
  if (quantity) {
    const auto again = rigor::parse_any(rigor::to_exact_text(*quantity));
    RIGOR_ASSERT(again.has_value());
    RIGOR_ASSERT(again->base == quantity->base);
  }
  const auto fraction = rigor::parse_fraction(text);
  if (fraction) RIGOR_ASSERT(*fraction >= 0 && *fraction <= 1);
  const auto number = rigor::parse_number(text);
  if (number) RIGOR_ASSERT(*number - *number == 0);  // finite
  const auto price = rigor::parse_price(text);
  if (!price) RIGOR_ASSERT(!price.error().message.empty());
  return 0;
}
