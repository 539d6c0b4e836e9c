#include "catalog/architecture_entry.hpp"

#include <doctest/doctest.h>

#include <string>

#include "adapters/toml/entry_reader.hpp"

namespace rigor::catalog {
namespace {

/// Line 1 names the entry and its source; the dimensions of a small network follow.
constexpr std::string_view kHead =
    "name = \"Small\"\nsource = { origin = \"assumed\", cite = \"test\", as_of = 2026-01-01 }\n"
    "family = \"test\"\nvocabulary = 100\nhidden = 8\n";
constexpr std::string_view kLayers =
    "layers = 4\nheads = 4\nkv_heads = 2\nhead_dim = 2\nwidth = 16\n";
constexpr std::string_view kMoe = "[moe]\nexperts = 8\nused = 2\nwidth = 16\n";
constexpr std::string_view kDeltaNet =
    "[delta_net]\nkey_heads = 1\nvalue_heads = 2\nkey_dim = 4\nvalue_dim = 4\nconvolution = 4\n";

Entry entry_of(const std::string& text) {
  const Result<Entry> entry = adapters::read_entry(text, "architecture/small", "small.toml");
  REQUIRE_MESSAGE(entry.has_value(), text);
  return *entry;
}

std::string small(std::string_view keys, std::string_view tables = {}) {
  return std::string(kHead) + std::string(kLayers) + std::string(keys) + std::string(tables);
}

llm::Architecture good(const std::string& text) {
  Diagnostics diagnostics;
  llm::Architecture a = to_architecture(entry_of(text), diagnostics);
  CHECK_MESSAGE(!diagnostics.has_errors(), to_text(diagnostics));
  return a;
}

std::string problems(const std::string& text) {
  Diagnostics diagnostics;
  to_architecture(entry_of(text), diagnostics);
  return to_text(diagnostics);
}

}  // namespace

TEST_CASE("a small network with everything left to defaults") {
  const llm::Architecture a = good(small(""));
  CHECK(a.id == "architecture/small");
  CHECK(a.name == "Small");
  CHECK(a.plan == llm::Plan::decoder);
  REQUIRE(a.layers.size() == 4);
  CHECK(a.layers[3].mixer == llm::Mixer::attention);
  CHECK(a.layers[3].feed_forward == llm::FeedForward::dense);
  CHECK(a.layers[3].kv_heads == 2);
  CHECK(a.layers[3].width == 16);
}

TEST_CASE("patterns repeat and are cut at the last layer") {
  const llm::Architecture a = good(small("pattern = \"LLF\"\n", kDeltaNet));
  CHECK(a.layers[0].mixer == llm::Mixer::delta_net);
  CHECK(a.layers[2].mixer == llm::Mixer::attention);
  CHECK(a.layers[3].mixer == llm::Mixer::delta_net);
  CHECK(a.layers[3].heads == 0);
}

TEST_CASE("full-attention layers may have heads of their own") {
  const llm::Architecture a = good(small("pattern = \"SSSF\"\nsliding_window = 32\n",
                                         "[full_attention]\nhead_dim = 6\nkv_heads = 1\n"
                                         "values_are_keys = true\n"));
  CHECK(a.layers[0].reach == llm::Reach::sliding);
  CHECK(a.layers[0].head_dim == 2);
  CHECK(a.layers[3].head_dim == 6);
  CHECK(a.layers[3].kv_heads == 1);
  CHECK(a.layers[3].values_are_keys);
}

TEST_CASE("which layers have experts") {
  using llm::FeedForward;
  const llm::Architecture leading = good(small("", std::string(kMoe) + "leading_dense = 1\n"));
  CHECK(leading.layers[0].feed_forward == FeedForward::dense);
  CHECK(leading.layers[1].feed_forward == FeedForward::experts);
  CHECK(leading.layers[1].width == 0);
  const llm::Architecture every = good(small("", std::string(kMoe) + "every = 2\n"));
  CHECK(every.layers[0].feed_forward == FeedForward::dense);
  CHECK(every.layers[1].feed_forward == FeedForward::experts);
  const llm::Architecture both = good(small("", std::string(kMoe) + "beside_dense = true\n"));
  CHECK(both.layers[0].feed_forward == FeedForward::dense_and_experts);
}

TEST_CASE("layers at the end that read another layer's cache") {
  const llm::Architecture a = good(small("shared_cache_layers = 2\nshared_cache_width = 32\n"));
  CHECK(a.layers[1].owns_cache);
  CHECK_FALSE(a.layers[2].owns_cache);
  CHECK(a.layers[1].width == 16);
  CHECK(a.layers[2].width == 32);
}

TEST_CASE("lists per layer; a layer without key-value heads has no attention") {
  const llm::Architecture a =
      good(small("kv_heads_by_layer = [2, 0, 4, 1]\nwidth_by_layer = [1, 2, 3, 4]\n"));
  CHECK(a.layers[1].mixer == llm::Mixer::none);
  CHECK(a.layers[2].kv_heads == 4);
  CHECK(a.layers[3].width == 4);
}

TEST_CASE("one block per layer") {
  const llm::Architecture a =
      good(small("pattern = \"FE\"\none_block_per_layer = true\nnorms_per_layer = 1\n", kMoe));
  CHECK(a.layers[0].feed_forward == llm::FeedForward::none);
  CHECK(a.layers[1].mixer == llm::Mixer::none);
  CHECK(a.layers[1].feed_forward == llm::FeedForward::experts);
}

TEST_CASE("what is wrong is said, with its place") {
  struct Case {
    std::string text;
    std::string_view says;
  };
  const std::string head(kHead);
  const std::string moe(kMoe);
  for (const auto& [text, says] : {
           Case{small("famly = \"x\"\n"), "small.toml:11:1: error: unknown key \"famly\""},
           Case{small("famly = \"x\"\n"), "did you mean \"family\"?"},
           Case{small("", moe + "exprts = 3\n"), "unknown key \"moe.exprts\""},
           Case{small("plan = \"decodr\"\n"), "did you mean \"decoder\"?"},
           Case{small("norm = \"batch\"\n"), "unknown word \"batch\""},
           Case{small("qk_norm = true\n"),
                "small.toml:11:1: error: qk_norm: a text is wanted here"},
           Case{small("context = \"4096\"\n"), "context: a whole number is wanted here"},
           Case{small("context = -1\n"), "context: -1 is not plausible"},
           Case{small("pattern = \"FX\"\n"), "unknown letter 'X'"},
           Case{small("pattern = \"FFFFF\"\n"), "5 letters for 4 layers"},
           Case{small("pattern = \"LF\"\n"), "'L' needs \"delta_net.\""},
           Case{small("pattern = \"SF\"\n"), "'S' needs \"sliding_window\""},
           Case{small("pattern = \"FM\"\n"), "'M' needs \"state_space.\""},
           Case{small("pattern = \"FK\"\n"), "'K' needs \"short_convolution.\""},
           Case{small("pattern = \"FI\"\nsliding_window = 8\n"), "'I' needs \"deepseek_v4.\""},
           Case{small("pattern = \"FE\"\n", moe), "'E' needs one_block_per_layer = true"},
           Case{small("kv_heads_by_layer = [1, 2]\n"), "2 values for 4 layers"},
           Case{small("shared_cache_layers = 4\n"), "no layer is left to own a cache"},
           Case{small("decoder_layers = 2\n"), "plans t5 and whisper have decoder layers"},
           Case{small("plan = \"t5\"\n"), "plans t5 and whisper have decoder layers"},
           Case{small("plan = \"flux\"\n"), "plan flux and [flux] go together"},
           Case{small("plan = \"deepseek_v4\"\n"),
                "plan deepseek_v4 and [deepseek_v4] go together"},
           Case{small("published_with = [\"audio\"]\n"), "unknown part \"audio\""},
           Case{small("", "[moe]\nexperts = 2\nused = 3\nwidth = 4\n"), "3 of 2 experts"},
           Case{small("", "[moe]\nexperts = 2\nused = 1\n"), "moe.width: it is missing"},
           Case{small("", "[state_space]\nstate = 16\nconvolution = 4\n"),
                "heads (Mamba 2) or inner"},
           Case{small("", "[vision]\nkind = \"clipp\"\n"), "unknown word \"clipp\""},
           Case{head, "layers: it is missing"},
           Case{head + "layers = 2\nheads = 5\nkv_heads = 2\nhead_dim = 1\nwidth = 1\n",
                "5 heads cannot share 2 key-value heads"},
           Case{head + "layers = 2\nheads = 4\nwidth = 1\n", "head_dim: it is missing"},
           Case{head + "layers = 2\nheads = 4\nhead_dim = 1\n", "dense feed-forward of width 0"},
           Case{head + "layers = 1000000000\n", "layers: 1000000000 is not plausible"},
           Case{"name = \"x\"\nsource = { origin = \"assumed\" }\nplan = \"sizes_only\"\n",
                "\"published_parameters\" is missing"},
       }) {
    const std::string said = problems(text);
    CAPTURE(said);
    CHECK(said.find(says) != std::string::npos);
  }
}

TEST_CASE("all problems of an entry are reported together") {
  Diagnostics diagnostics;
  to_architecture(entry_of(small("famly = \"x\"\nnorm = \"batch\"\ncontext = -1\n")), diagnostics);
  CHECK(diagnostics.errors() == 3);
}

TEST_CASE("the short form gives the network or the first problem") {
  CHECK(to_architecture(entry_of(small(""))).has_value());
  const Result<llm::Architecture> bad = to_architecture(entry_of(small("norm = \"batch\"\n")));
  REQUIRE_FALSE(bad.has_value());
  CHECK(bad.error().code == ErrorCode::malformed);
  CHECK(bad.error().where == "small.toml:11:1");
}

}  // namespace rigor::catalog
