#include "catalog/quantization_entry.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/toml/entry_reader.hpp"

namespace rigor::catalog {
namespace {

Result<llm::Quantization> read(std::string_view body) {
  const std::string text =
      "name = \"Test\"\nsource = { origin = \"assumed\", cite = \"test\" }\n" + std::string(body);
  const Result<Entry> entry = adapters::read_entry(text, "quantization/test", "test.toml");
  REQUIRE(entry.has_value());
  return to_quantization(*entry);
}

}  // namespace

TEST_CASE("an entry becomes a recipe") {
  const Result<llm::Quantization> q = read(R"(gguf = true
fallback = "Q4_K"
tolerance = "8 %"
[[rule]]
roles = ["output_head", "down"]
when = "gqa-4 and not tied"
type = "q6_K"
[[rule]]
type = "f16"
)");
  REQUIRE(q.has_value());
  CHECK(q->id == "quantization/test");
  CHECK(q->gguf);
  CHECK(q->fallback == llm::find_tensor_type("q4_K"));
  CHECK(q->tolerance == 0.08);
  REQUIRE(q->rules.size() == 2);
  CHECK(q->rules[0].roles.contains(llm::Role::experts_down));
  CHECK(q->rules[0].when.required.contains(llm::Condition::gqa_4));
  CHECK(q->rules[0].when.forbidden.contains(llm::Condition::tied));
  CHECK(q->rules[1].roles.empty());
}

TEST_CASE("mistakes are reported where they stand") {
  struct Case {
    std::string_view body, where, message, hint;
  };
  for (const auto& [body, where, message, hint] :
       {Case{"gguf = true\n", "quantization/test", "\"fallback\" is missing", ""},
        Case{"fallback = \"q4_k_m\"\n", "test.toml:3:", "fallback: unknown tensor type \"q4_k_m\"",
             "did you mean \"q4_K\" or \"q4_k_r4\"?"},
        Case{"fallback = 4\n", "test.toml:3:", "fallback: a text is wanted here", ""},
        Case{"fallback = \"f16\"\nggufs = true\n", "test.toml:4:", "unknown key \"ggufs\"",
             "did you mean \"gguf\"?"},
        Case{"fallback = \"f16\"\ntolerance = 0.08\n",
             "test.toml:4:", "tolerance: a percentage such as \"92 %\" is wanted here", ""},
        Case{"fallback = \"f16\"\n[[rule]]\nroles = [\"ffn_dwn\"]\ntype = \"f16\"\n",
             "test.toml:5:", "rule[0].roles: unknown role \"ffn_dwn\"",
             "did you mean \"ffn_down\"?"},
        Case{"fallback = \"f16\"\n[[rule]]\nroles = \"down\"\ntype = \"f16\"\n",
             "test.toml:5:", "rule[0].roles: a list of texts is wanted here", ""},
        Case{"fallback = \"f16\"\n[[rule]]\nwhen = \"tide\"\ntype = \"f16\"\n",
             "test.toml:5:", "rule[0].when: unknown condition \"tide\"", "did you mean \"tied\"?"},
        Case{"fallback = \"f16\"\n[[rule]]\nwhen = \"tied\"\n", "quantization/test",
             "\"rule[0].type\" is missing", ""},
        Case{"fallback = \"f16\"\n[[rule]]\nkind = \"x\"\ntype = \"f16\"\n",
             "test.toml:5:", "unknown key \"rule[0].kind\"", ""}}) {
    CAPTURE(body);
    const Result<llm::Quantization> q = read(body);
    REQUIRE_FALSE(q.has_value());
    CHECK(q.error().message == message);
    CHECK(q.error().where.starts_with(where));
    CHECK(q.error().hint == hint);
  }
}

}  // namespace rigor::catalog
