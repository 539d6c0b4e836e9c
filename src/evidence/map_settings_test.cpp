// Rows in rigor's own words against the real catalogue: what they ask, and how they are refused.
#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/catalog.hpp"
#include "catalog/packed.hpp"
#include "evidence/settings_row.hpp"

namespace rigor::evidence {
namespace {

Library& library() {
  static const catalog::Catalog catalog(catalog::packed_catalogue(), adapters::read_entry);
  static Library library(catalog);
  return library;
}

using Columns = std::vector<std::pair<std::string_view, std::string_view>>;

/// Llama-3.1-8B in 16 bits, served by transformers on one card, except where said otherwise.
Row row(const Columns& columns) {
  Row result;
  result.columns = {{"engine", "transformers"},
                    {"model_id", "llama-3.1-8b"},
                    {"quant", "bf16"},
                    {"device_id", "gpu/nvidia/rtx-3090"},
                    {"device_count", "1"},
                    {"metric", "mem_total_gib"},
                    {"value", "1"},
                    {"notes", "rigor: context=4096"}};
  for (const auto& [column, text] : columns) result.columns[std::string(column)] = text;
  return result;
}

Prediction predict(const Columns& columns) {
  const Row asked = row(columns);
  REQUIRE(accepts_settings(asked));
  return predict_settings(asked, {}, library());
}

double expected(const Columns& columns) {
  const Prediction prediction = predict(columns);
  INFO(prediction.reason);
  REQUIRE(prediction.status == Status::mapped);
  CHECK(prediction.low <= prediction.expected);
  CHECK(prediction.expected <= prediction.high);
  return prediction.expected;
}

}  // namespace

TEST_CASE("quantities that follow from the dimensions alone") {
  // 32 layers x 2 x 8 heads x 128 x 2 B; four devices hold two heads each.
  CHECK(expected({{"metric", "kv_bytes_per_token"}}) == 131072);
  CHECK(expected({{"metric", "kv_bytes_per_token"}, {"notes", "rigor: kv_type=q8_0"}}) == 69632);
  CHECK(expected({{"engine", "vllm"},
                  {"device_count", "4"},
                  {"metric", "kv_bytes_per_token"},
                  {"notes", "rigor: tensor=4"}}) == 32768);
  CHECK(expected({{"metric", "params"}}) == 8030261248);
  // Every weight in 16 bits: 16 bits each, and 2 B x parameters.
  CHECK(expected({{"metric", "bits_per_weight"}}) == 16);
  CHECK(expected({{"metric", "model_file_bytes"}}) == 2 * 8030261248.0);
  // 131,072 B x 4096 tokens, twice.
  CHECK(expected({{"metric", "mem_kv_total_gib"}}) == 0.5);
  CHECK(expected({{"metric", "mem_kv_total_mib"}, {"notes", "rigor: context=4096 sequences=2"}}) ==
        1024);
  // 10 GiB hold 20 sequences of 4096 tokens, and a little less holds 19.
  CHECK(expected({{"metric", "max_sequences"}, {"notes", "rigor: context=4k pool_gib=10"}}) == 20);
  CHECK(expected({{"metric", "max_sequences"}, {"notes", "rigor: context=4k pool_gib=9.99"}}) ==
        19);
}

TEST_CASE("a value is of one device, of the host, or of all devices together") {
  const auto weights = [](std::string_view notes) {
    return expected({{"engine", "vllm"},
                     {"device_id", "gpu/nvidia/h100-sxm-80gb"},
                     {"device_count", "2"},
                     {"metric", "mem_model_gib"},
                     {"notes", notes}});
  };
  const double all = weights("rigor: context=16");
  CHECK(weights("rigor: context=16 device=0") + weights("rigor: context=16 device=1") ==
        doctest::Approx(all));
  CHECK(weights("rigor: context=16 device=host") == 0);
}

TEST_CASE("terms add up to the total, in any unit") {
  const double gib = expected({});
  CHECK(expected({{"metric", "mem_total_mib"}}) == doctest::Approx(1024 * gib));
  CHECK(expected({{"metric", "mem_total_gb"}}) == doctest::Approx(1.073741824 * gib));
  constexpr std::string_view kAll =
      "rigor: context=4096 term=weights+kv_cache+recurrent_state+draft+vision+compute+graph_copies+"
      "prompt_pool+staging+adapter+gradients+optimizer+master_weights+activations+logits+"
      "dequantization+communication+cuda_graphs+cache_pool+runtime+reserve+fragmentation";
  CHECK(expected({{"metric", "mem_term_gib"}, {"notes", kAll}}) == doctest::Approx(gib));
}

TEST_CASE("a stated size scales the recipe, and words after ';' are no settings") {
  CHECK(expected({{"metric", "model_file_gib"}, {"notes", "rigor: weights_gib=5; [doc] a=b"}}) ==
        doctest::Approx(5));
  CHECK(expected({{"metric", "model_file_gib"}, {"notes", "rigor:; context=nonsense"}}) ==
        doctest::Approx(2 * 8030261248.0 / (1 << 30)));
}

TEST_CASE("training: allocator, states and overrides of the engine") {
  constexpr std::string_view kFull =
      "rigor: method=full recipe=mixed optimizer=adamw sequence=512 micro_batch=1";
  const auto of = [&](std::string_view metric, std::string_view notes) {
    return expected({{"engine", "trl"}, {"metric", metric}, {"notes", notes}});
  };
  // 2 + 2 + 4 + 8 B per parameter.
  CHECK(of("mem_states_bytes", kFull) == doctest::Approx(16 * 8030261248.0));
  CHECK(of("mem_states_bytes", std::string(kFull) + " engine.gradient_extra=2") ==
        doctest::Approx(18 * 8030261248.0));
  CHECK(of("mem_allocated_gib", kFull) <= of("mem_reserved_gib", kFull));
  CHECK(of("mem_reserved_gib", kFull) <= of("mem_total_gib", kFull));
  // A cluster's device: eight ways by tensor, 64 stages.
  CHECK(of("mem_activation_gib", std::string(kFull) + " stages=4 accumulation=4") ==
        doctest::Approx(of("mem_activation_gib", kFull)));
}

TEST_CASE("what cannot be asked is unmapped, and says why") {
  struct Bad {
    Columns columns;
    std::string_view reason;
  };
  constexpr std::string_view kTrain =
      "rigor: method=full sequence=512 zero=2 offload_parameters=host";
  const std::vector<Bad> bad = {
      {{{"notes", "rigor: contxt=4096"}}, "did you mean \"context\""},
      {{{"notes", "rigor: zzz=1"}}, "there is no such setting"},
      {{{"notes", "rigor: context"}}, "context: \"\" is no whole number"},
      {{{"notes", "rigor: context=0"}}, "context: \"0\" is no whole number"},
      {{{"notes", "rigor: context=4096x"}}, "no whole number"},
      {{{"notes", "rigor: kv_type=q9_0"}}, "is no cache type"},
      {{{"notes", "rigor: device=card"}}, "no whole number from 0 to 15"},
      {{{"notes", "rigor: device=1"}}, "no such device is used"},
      {{{"notes", "rigor: weights_gib=-1"}}, "is no positive number"},
      {{{"notes", "rigor: pool_gib=much"}}, "is no positive number"},
      {{{"notes", "rigor: term=weight"}}, "\"weight\" is unknown here"},
      {{{"notes", "rigor: engine.speed=2"}}, "engines have no constant \"speed\""},
      {{{"notes", "rigor: engine.slack=-1"}}, "is no number from 0 on"},
      {{{"notes", "rigor: layers=10,many"}}, "no whole number"},
      {{{"notes", "rigor: host_experts=4"}}, "the network has no experts"},
      {{{"notes", "rigor: host_layers=33"}}, "the network has 32 layers"},
      {{{"notes", "rigor: method=lora"}}, "transformers does not train"},
      {{{"metric", ""}}, "the row has no metric"},
      {{{"metric", "mem_total"}}, "\"mem_total\" is no quantity with its unit"},
      {{{"metric", "mem_total_tokens"}}, "is no quantity with its unit"},
      {{{"metric", "params_gib"}}, "is no quantity with its unit"},
      {{{"metric", "decode_tps"}}, "is no quantity with its unit"},
      {{{"metric", "mem_term_gib"}}, "which terms?"},
      {{{"metric", "mem_states_gib"}}, "only training holds states"},
      {{{"metric", "max_sequences"}}, "pool_gib is wanted"},
      {{{"metric", "kv_cache_capacity_tokens"}}, "only vLLM"},
      {{{"model_id", "llama-9-8b"}}, "no network \"llama-9-8b\""},
      {{{"model_id", ""}}, "no network \"\""},
      {{{"quant", "Q4_K_Z"}}, "no quantization \"Q4_K_Z\""},
      {{{"engine", "llama.gpp"}}, "no engine \"llama.gpp\""},
      {{{"device_id", "gpu/nvidia/rtx-9090"}}, "no \"gpu/nvidia/rtx-9090\""},
      {{{"device_count", "17"}}, "at most 16 devices"},
      {{{"engine", "vllm"}, {"device_count", "3"}, {"notes", "rigor: tensor=3"}},
       "tensor 3 does not divide 32 heads"},
      {{{"engine", "vllm"}, {"notes", "rigor: tensor=2"}}, "needs 2 devices, 1 are used"},
      {{{"device_count", "2"}, {"notes", "rigor: layers=16,15"}}, "32 on 2 devices are wanted"},
      {{{"device_count", "2"}, {"notes", "rigor: layers=32"}}, "32 on 2 devices are wanted"},
      {{{"device_count", "2"}, {"device_id", ""}}, "the row names no device"},
      {{{"engine", "trl"}, {"notes", "rigor: context=4096"}}, "TRL does not serve"},
      {{{"engine", "trl"}, {"notes", "rigor: attention=sparse"}}, "\"sparse\" is unknown here"},
      {{{"engine", "trl"}, {"notes", "rigor: base=nf3"}}, "\"nf3\" is unknown here"},
      {{{"engine", "trl"}, {"notes", "rigor: optimizer=adamwx"}}, "is unknown; one of:"},
      {{{"engine", "trl"}, {"notes", "rigor: stages=0"}}, "no whole number from 1"},
      {{{"engine", "deepspeed"}, {"notes", kTrain}}, "parameters can be offloaded under ZeRO-3"},
  };
  for (const Bad& one : bad) {
    const Prediction prediction = predict(one.columns);
    CAPTURE(one.reason);
    CHECK(prediction.status == Status::unmapped);
    CHECK_MESSAGE(prediction.reason.find(one.reason) != std::string::npos, prediction.reason);
  }
}

TEST_CASE("rows in other words are left to other mappers") {
  CHECK_FALSE(accepts_settings(row({{"notes", ""}})));
  CHECK_FALSE(accepts_settings(row({{"notes", "n_ctx=4096 rigor: context=4096"}})));
  CHECK(accepts_settings(row({{"notes", "rigor:"}})));
}

}  // namespace rigor::evidence
