// A rig typed as words: "2x rtx 3090".
#include <fmt/format.h>

#include <algorithm>

#include "adapters/toml/rig_reader.hpp"
#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace {

using catalog::Entry;

struct Counted {
  int count = 1;
  std::string_view name;
};

/// How many digits the words begin with.
std::size_t leading_digits(std::string_view words) {
  return std::min(words.find_first_not_of("0123456789"), words.size());
}

/// "2x rtx 3090", "2 x …", "2×…". After three digits and more the sign must stand alone, so that
/// "9070 xt" stays a name.
Counted split_count(std::string_view words) {
  constexpr double kMany = 1e6;  // more than that is refused all the same
  const std::size_t digits = leading_digits(words);
  const std::string_view rest = trim(words.substr(digits));
  if (digits == 0) return {1, words};
  for (const std::string_view sign : {"x", "X", "×"}) {
    if (!rest.starts_with(sign)) continue;
    const std::string_view name = rest.substr(sign.size());
    if (digits > 2 && !name.starts_with(' ')) continue;
    const double count = parse_number(words.substr(0, digits)).value_or(kMany);
    return {static_cast<int>(std::min(count, kMany)), trim(name)};
  }
  return {1, words};
}

Result<const Entry*> find_device(std::string_view name, const catalog::Catalog& catalog) {
  Result<const Entry*> entry = catalog.find(name, "gpu");
  if (entry || entry.error().code != ErrorCode::not_found) return entry;
  Result<const Entry*> system = catalog.find(name, "system");
  return system || system.error().code == ErrorCode::ambiguous ? system : entry;
}

/// What else the words could be; empty when nothing comes to mind.
std::string other_meaning(std::string_view words, const catalog::Catalog& catalog) {
  if (words.find_first_of("+,&") != std::string_view::npos) {
    return "devices of several kinds need a rig file with a [[part]] for each";
  }
  const std::size_t digits = leading_digits(words);
  const std::string_view rest = trim(words.substr(digits));
  if (digits > 0 && digits <= 2 && !rest.empty() && find_device(rest, catalog)) {
    return fmt::format("did you mean \"{}x {}\"?", words.substr(0, digits), rest);
  }
  const Result<const Entry*> other = catalog.find(words);
  if (!other) return {};
  if ((*other)->kind() == "architecture")
    return (*other)->id + " is a network: the rig stands before the model";
  return (*other)->id + " is no graphics card and no whole machine; a rig file can hold parts";
}

}  // namespace

Result<RigFile> rig_from_words(std::string_view typed, const catalog::Catalog& catalog) {
  const auto [count, name] = split_count(trim(typed));
  if (count < 1 || count > kMostPieces) {
    return fail(
        ErrorCode::usage,
        fmt::format("the number of devices in \"{}\" is not between 1 and {}", typed, kMostPieces));
  }
  const Result<const Entry*> entry = find_device(name, catalog);
  if (!entry) {
    Error error = entry.error();
    const std::string meant =
        error.code == ErrorCode::not_found ? other_meaning(trim(typed), catalog) : "";
    if (!meant.empty()) error.hint = meant;
    return tl::unexpected<Error>(error);
  }
  Diagnostics diagnostics;
  const std::string text =
      fmt::format("name = \"rig\"\n[[part]]\nref = \"{}\"\ncount = {}\n", (*entry)->id, count);
  RigFile rig = read_rig(text, std::string(typed), catalog, diagnostics);
  if (diagnostics.has_errors())
    return fail(ErrorCode::malformed, to_text(diagnostics), (*entry)->id);
  rig.rig.name = count > 1 ? fmt::format("{} x {}", count, (*entry)->name) : (*entry)->name;
  return rig;
}

}  // namespace rigor::adapters
