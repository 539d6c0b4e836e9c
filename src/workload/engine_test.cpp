#include "workload/engine.hpp"

#include <doctest/doctest.h>

#include <set>

namespace rigor::workload {

TEST_CASE("every constant has its own key in snake case and a meaning") {
  std::set<std::string_view> keys;
  for (const ConstantSpec& spec : constant_specs()) {
    CAPTURE(std::string(spec.key));
    CHECK(spec.key.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") ==
          std::string_view::npos);
    CHECK_FALSE(spec.meaning.empty());
    CHECK(keys.insert(spec.key).second);
  }
  CHECK(keys.size() == kConstants);
}

TEST_CASE("families and backends have names") {
  CHECK(to_text(EngineFamily::llama_cpp) == "llama.cpp");
  CHECK(to_text(EngineFamily::fsdp) == "FSDP");
  CHECK(to_text(Backend::rocm) == "ROCm");
  CHECK(to_text(Backend::cpu) == "CPU");
}

TEST_CASE("an engine without data states nothing, and families from TRL on train") {
  Engine engine;
  CHECK(engine.number(Constant::margin_model) == 0);
  CHECK(engine.bytes(Constant::context_cuda) == Bytes{});
  CHECK_FALSE(engine.trains());
  engine.family = EngineFamily::trl;
  CHECK(engine.trains());
}

}  // namespace rigor::workload
