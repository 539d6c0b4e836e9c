// Rows of training speed: units, how long samples are, and which figures no device can have
// reached.
#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

#include "catalogue_scene.hpp"
#include "evidence/speed_row.hpp"

namespace rigor::evidence {
namespace {

using doctest::Approx;
using scene::library;

using Columns = std::initializer_list<std::pair<const std::string, std::string>>;

/// LoRA on one card: tokens of all devices per second.
Row trainer(Columns columns = {}) {
  Row row;
  row.columns = {
      {"framework", "trl"},         {"date", "2025-07-01"}, {"device_id", "gpu/nvidia/rtx-4090"},
      {"device_count", "1"},        {"method", "lora"},     {"precision", "bf16"},
      {"optimizer", "AdamW"},       {"grad_ckpt", "yes"},   {"model", "Llama 3.1 8B"},
      {"model_id", "llama-3.1-8b"}, {"seq_len", "2048"},    {"micro_batch", "1"},
      {"grad_accum", "1"},          {"lora_rank", "16"},    {"quality", "A"},
      {"metric", "tokens_per_s"},   {"value", "4000"}};
  for (const auto& [name, text] : columns) row.columns[name] = text;
  return row;
}

/// What the row's question says with the shipped constants; the row must be understood.
double predicted(const Row& row) {
  const ReadTimedRow read = read_training_speed_row(row, library());
  REQUIRE_MESSAGE(read.question != nullptr, read.reason);
  return read.question->predict(library().constants(read.question->scope));
}

std::string refusal(const Row& row) {
  return read_training_speed_row(row, library()).reason;
}

}  // namespace

TEST_CASE("units of training speed tell of the same step") {
  const double tokens = predicted(trainer());
  CHECK(tokens > 500);
  CHECK(tokens < 50000);
  CHECK(predicted(trainer({{"metric", "tokens_per_s_per_gpu"}})) == Approx(tokens));
  CHECK(predicted(trainer({{"metric", "samples_per_s"}})) == Approx(tokens / 2048));
  CHECK(predicted(trainer({{"metric", "step_s"}, {"value", "0.5"}})) == Approx(2048 / tokens));
  const double share = predicted(trainer({{"metric", "mfu"}, {"value", "40"}}));
  CHECK(share > 0);
  CHECK(share < 1);
}

TEST_CASE("a utilisation may be stated in percent") {
  const auto percent =
      read_training_speed_row(trainer({{"metric", "mfu"}, {"value", "40"}}), library());
  const auto share =
      read_training_speed_row(trainer({{"metric", "mfu"}, {"value", "0.4"}}), library());
  REQUIRE(percent.question != nullptr);
  REQUIRE(share.question != nullptr);
  CHECK(percent.question->measured == Approx(share.question->measured));
}

TEST_CASE("samples that are shorter than the sequence are computed at their own length") {
  const Row full = trainer({{"metric", "samples_per_s"}, {"value", "2"}});
  const Row shorter =
      trainer({{"metric", "samples_per_s"}, {"value", "2"}, {"notes", "sample_tokens=500"}});
  CHECK(predicted(shorter) > 2 * predicted(full));
  // Their mean is that before they are cut: of samples far longer than the sequence all are cut.
  const Row cut =
      trainer({{"metric", "samples_per_s"}, {"value", "2"}, {"notes", "sample_tokens=10000000"}});
  CHECK(predicted(cut) == Approx(predicted(full)).epsilon(0.01));
  // Rates of such rows count no padding: four at once are padded to the longest.
  const Row packed = trainer({{"micro_batch", "4"}});
  const Row padded = trainer({{"micro_batch", "4"}, {"notes", "sample_tokens=500"}});
  CHECK(predicted(padded) < 0.8 * predicted(packed));
}

TEST_CASE("what a row of training must state") {
  CHECK(refusal(trainer()).empty());
  CHECK(refusal(trainer({{"seq_len", ""}})) == "the sequence length is not stated");
  CHECK(refusal(trainer({{"device_id", "gpu/nvidia/rtx-9999"}})).find("no device") !=
        std::string::npos);
  CHECK(refusal(trainer({{"value", "0"}})) == "the figure is not positive");
  CHECK(refusal(trainer({{"value", "-3"}})) == "the figure is not positive");
  CHECK(refusal(trainer({{"device_count", "64"}})) == "more than 16 devices");
  CHECK_FALSE(refusal(trainer({{"model_id", "no-such-network"}, {"model", "nothing"}})).empty());
  Row other = trainer({{"metric", "loss"}});
  CHECK_FALSE(is_training_speed_row(other));
}

TEST_CASE("rates above what the device can compute are impossible") {
  const auto read = [](const char* value) {
    return read_training_speed_row(trainer({{"value", value}}), library());
  };
  const ReadTimedRow usual = read("4000"), wild = read("4000000");
  REQUIRE(usual.question != nullptr);
  REQUIRE(wild.question != nullptr);
  CHECK(usual.question->impossible().empty());
  CHECK(wild.question->impossible().find("more than the device's rate allows") !=
        std::string::npos);
  CHECK(usual.question->thumb() > 0);
  CHECK(usual.question->quantity() == "training");
}

}  // namespace rigor::evidence
