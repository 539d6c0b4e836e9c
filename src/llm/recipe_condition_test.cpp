#include "llm/recipe_condition.hpp"

#include <doctest/doctest.h>

#include <string>

#include "llm/role_set.hpp"

namespace rigor::llm {
namespace {

Architecture network(int layers, int heads, int kv_heads) {
  Architecture a;
  a.gguf = "llama";
  a.layers.assign(static_cast<std::size_t>(layers),
                  Layer{.heads = heads, .kv_heads = kv_heads, .head_dim = 128, .width = 512});
  return a;
}

Tensor in_layer(Role role, int layer) {
  return {.role = role, .layer = layer, .columns = 256, .rows = 256};
}

/// The layers of the network in which the condition holds for a tensor of this role.
std::string layers_where(const Architecture& a, Role role, Condition condition) {
  const RecipeFacts facts(a);
  std::string layers;
  for (int i = 0; i < static_cast<int>(a.layers.size()); ++i) {
    if (facts.of(in_layer(role, i)).contains(condition)) layers += " " + std::to_string(i);
  }
  return layers;
}

}  // namespace

TEST_CASE("a condition is a conjunction of known words") {
  struct Case {
    std::string_view text;
    bool good;
  };
  for (const auto& [text, good] :
       {Case{"", true}, Case{"  ", true}, Case{"tied", true}, Case{"not tied", true},
        Case{"more-bits and not falcon", true}, Case{"gqa-4 and experts-8 and odd-width", true},
        Case{"Tied", false}, Case{"tied and", false}, Case{"and", false}, Case{"not", false},
        Case{"not not tied", false}, Case{"tied or falcon", false}, Case{"gqa-3", false},
        Case{"tied,falcon", false}, Case{"first_2", false}, Case{"no tied", false}}) {
    CAPTURE(text);
    CHECK(parse_when(text).has_value() == good);
  }
  CHECK(parse_when("more-bit").error().hint == "did you mean \"more-bits\"?");
}

TEST_CASE("every condition is read as it is written") {
  for (int i = 0; i < kConditions; ++i) {
    const Condition condition = static_cast<Condition>(i);
    CAPTURE(to_text(condition));
    const Result<When> when = parse_when(to_text(condition));
    REQUIRE(when.has_value());
    CHECK(when->required.contains(condition));
  }
}

TEST_CASE("required conditions must hold, forbidden ones must not") {
  ConditionSet facts;
  facts.insert(Condition::tied);
  facts.insert(Condition::falcon);
  CHECK(parse_when("")->holds(facts));
  CHECK(parse_when("tied and falcon")->holds(facts));
  CHECK_FALSE(parse_when("tied and not falcon")->holds(facts));
  CHECK_FALSE(parse_when("gqa-4")->holds(facts));
  CHECK(parse_when("not gqa-4")->holds(facts));
}

TEST_CASE("places within 32 layers") {
  const Architecture a = network(32, 32, 8);
  // 32/16 = 2, 32/8 = 4, 7*32/8 = 28; every third layer from 4 + 2 on.
  CHECK(layers_where(a, Role::ffn_down, Condition::first_sixteenth) == " 0 1");
  CHECK(layers_where(a, Role::ffn_down, Condition::first_eighth) == " 0 1 2 3");
  CHECK(layers_where(a, Role::ffn_down, Condition::more_bits) ==
        " 0 1 2 3 6 9 12 15 18 21 24 27 28 29 30 31");
  CHECK(layers_where(a, Role::attention_v, Condition::first_2) == " 0 1");
  CHECK(layers_where(a, Role::attention_q, Condition::first_eighth).empty());
}

TEST_CASE("value projections are counted, not numbered by layer") {
  Architecture a = network(8, 16, 2);
  for (std::size_t i = 0; i < 8; i += 2) a.layers[i].values_are_keys = true;
  // Layers 1, 3, 5, 7 are the values 0 to 3 of 4.
  CHECK(layers_where(a, Role::attention_v, Condition::first_2) == " 0 1 2 3");
  CHECK(layers_where(a, Role::ffn_down, Condition::first_2) == " 0 1");
}

TEST_CASE("what the network is") {
  struct Case {
    std::string_view gguf;
    int layers, heads, kv_heads, experts;
    std::string_view when;
    bool holds;
  };
  for (const auto& [gguf, layers, heads, kv_heads, experts, when, holds] :
       {Case{"llama", 80, 64, 8, 0, "seventy-b and gqa-4", true},
        Case{"llama", 80, 64, 64, 0, "seventy-b", false},  // LLaMA 65B shares nothing
        Case{"llama", 32, 32, 8, 0, "seventy-b", false},
        Case{"qwen2", 80, 64, 64, 0, "seventy-b", true},
        Case{"qwen3", 80, 64, 8, 0, "seventy-b", false},
        Case{"llama", 32, 32, 16, 0, "gqa-2 and not gqa-4", true},
        Case{"llama", 32, 32, 8, 8, "experts-8 and experts-4 and experts-8-up", true},
        Case{"qwen3moe", 48, 32, 4, 128, "experts-8-up and not experts-8", true},
        Case{"falcon", 32, 71, 1, 0, "falcon", true}}) {
    CAPTURE(gguf);
    CAPTURE(when);
    Architecture a = network(layers, heads, kv_heads);
    a.gguf = gguf;
    if (experts > 0) a.experts = Experts{.count = experts};
    const ConditionSet facts = RecipeFacts(a).of(in_layer(Role::attention_q, 0));
    CHECK(parse_when(when)->holds(facts) == holds);
  }
}

TEST_CASE("groups of roles") {
  CHECK(find_roles("ffn_down") == RoleSet{Role::ffn_down});
  CHECK(find_roles("down") == RoleSet{Role::ffn_down, Role::experts_down, Role::shared_down});
  const RoleSet linear = find_roles("linear").value();
  CHECK(linear.contains(Role::state_in));
  CHECK(linear.contains(Role::mla_k_b));
  for (const Role role : {Role::token_embedding, Role::output_head, Role::router, Role::norm}) {
    CHECK_FALSE(linear.contains(role));
  }
  CHECK_FALSE(find_roles("downs").has_value());
  CHECK_FALSE(find_roles("").has_value());
}

}  // namespace rigor::llm
