#include "workload/finetune.hpp"

#include <doctest/doctest.h>

namespace rigor::workload {

TEST_CASE("optimizers are written in lower case with hyphens") {
  struct Case {
    std::string_view text;
    std::optional<Optimizer> expected;
  };
  for (const auto& [text, expected] :
       {Case{"adamw", Optimizer::adamw}, Case{"adamw-8bit", Optimizer::adamw_8bit},
        Case{"paged-adamw-8bit", Optimizer::paged_adamw_8bit},
        Case{"adafactor", Optimizer::adafactor}, Case{"sgd", Optimizer::sgd},
        Case{"sgd-momentum", Optimizer::sgd_momentum}, Case{"lion", Optimizer::lion},
        Case{"muon", Optimizer::muon}, Case{"galore", Optimizer::galore},
        Case{"AdamW", std::nullopt}, Case{"adamw_8bit", std::nullopt},
        Case{"adamw-16bit", std::nullopt}, Case{"adamw ", std::nullopt}, Case{"", std::nullopt}}) {
    CAPTURE(text);
    CHECK(parse_optimizer(text) == expected);
  }
}

TEST_CASE("what a value is called parses back to it") {
  const auto round_trips = [](auto parse, auto last) {
    using T = decltype(last);
    for (int i = 0; i <= static_cast<int>(last); ++i) {
      const T value = static_cast<T>(i);
      CAPTURE(to_text(value));
      CHECK(parse(to_text(value)) == value);
    }
  };
  round_trips(parse_method, Method::qlora);
  round_trips(parse_optimizer, Optimizer::galore);
  round_trips(parse_recipe, Recipe::fp32);
  round_trips(parse_checkpointing, Checkpointing::offloaded);
  round_trips(parse_base_format, BaseFormat::aqlm2);
  round_trips(parse_target, Target::down);
}

TEST_CASE("the words of one list are unknown to the others") {
  CHECK(!parse_method("adapter"));
  CHECK(!parse_recipe("fp16"));
  CHECK(!parse_checkpointing("yes"));
  CHECK(!parse_target("qkv"));
}

TEST_CASE("every word that is printed is one") {
  CHECK(to_text(Sharding::zero3) == "zero3");
  CHECK(to_text(Offload::nvme) == "nvme");
  CHECK(to_text(Attention::eager) == "eager");
  CHECK(to_text(Loss::fused) == "fused");
}

}  // namespace rigor::workload
