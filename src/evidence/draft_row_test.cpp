// Rows of speculative decoding: what their notes say of drafts, and what follows.
#include <doctest/doctest.h>

#include "catalogue_scene.hpp"
#include "estimate/speed/speculative.hpp"
#include "evidence/speed_row.hpp"

namespace rigor::evidence {
namespace {

using doctest::Approx;
using scene::library;
using workload::Drafter;

Row noted(std::string notes) {
  Row row;
  row.columns = {{"notes", std::move(notes)}};
  return row;
}

Drafted drafts(std::string notes) {
  Drafted out;
  const Row row = noted(std::move(notes));
  CAPTURE(row["notes"]);
  CHECK(read_drafts(row, library(), out).empty());
  return out;
}

std::string refusal(std::string notes) {
  Drafted out;
  return read_drafts(noted(std::move(notes)), library(), out);
}

/// llama.cpp on one card with the network's own MTP layer.
Row mtp(const char* notes, const char* value = "60") {
  Row row;
  row.columns = {{"engine", "llama.cpp"}, {"backend", "CUDA"},
                 {"date", "2026-06-01"},  {"device_id", "gpu/nvidia/rtx-3090"},
                 {"device_count", "1"},   {"model_id", "qwen3.8-27b"},
                 {"quant", "Q4_K_M"},     {"context_depth", "0"},
                 {"speculative", "1"},    {"metric", "decode_tps"},
                 {"value", value},        {"notes", notes}};
  return row;
}

}  // namespace

TEST_CASE("who drafts and how much, in the words of the sources") {
  const Drafted own = drafts("SPECULATIVE (draft-mtp n-max 2, acceptance 0.78); allocated ctx");
  CHECK(own.drafter == Drafter::mtp);
  CHECK(own.tokens == 2);
  CHECK(own.stated);
  // 0.78 of what was drafted was accepted: 1 + 2 * 0.78 tokens a step.
  CHECK(estimate::tokens_per_step(own.acceptance, 2) == Approx(2.56));
  CHECK(drafts("SPECULATIVE (MTP nspec=3); fp8 KV").tokens == 3);
  CHECK(drafts("kv=mtp-2; prompt_type=short").tokens == 2);
  const Drafted guess = drafts("run_id=tli-real/mistral7b--ngram-k4/c1; tp=1");
  CHECK(guess.drafter == Drafter::ngram);
  CHECK(guess.tokens == 4);
  CHECK_FALSE(guess.stated);
  CHECK(guess.acceptance == library().drafts().of(Drafter::ngram).expected);
  const Drafted network = drafts("run_id=tli-synth-ext/mistral7b--tli-qwen06-k8/code/c1; tp=1");
  CHECK(network.drafter == Drafter::network);
  CHECK(network.tokens == 8);
  REQUIRE(network.network != nullptr);
  CHECK(network.network->architecture.name.find("0.6B") != std::string::npos);
}

TEST_CASE("ranges of acceptance count by their middle, or by the mean behind them") {
  const auto per_step = [](const char* stated) {
    const Drafted d =
        drafts(std::string("SPECULATIVE (draft-mtp n-max 4, acceptance ") + stated + "); ctx 4");
    CHECK(d.stated);
    return estimate::tokens_per_step(d.acceptance, d.tokens);
  };
  CHECK(per_step("0.60-0.80") == Approx(1 + 4 * 0.7));
  CHECK(per_step("0.75-0.97 (0.90 aggregate)") == Approx(1 + 4 * 0.9));
  CHECK(per_step("1.00") == Approx(5));
  CHECK_FALSE(drafts("draft-mtp n-max 2, acceptance —); x").stated);
}

TEST_CASE("drafts that are not described, or made in another way, are refused") {
  CHECK(refusal("SPECULATIVE (MTP); context bucket ~100K").find("not stated") != std::string::npos);
  CHECK(refusal("run_id=dflash-depth/dflash/tp4").find("diffusion") != std::string::npos);
  CHECK(refusal("draft-mtp n-max 2, 25 layers on GPU rest CPU").find("host") != std::string::npos);
}

TEST_CASE("only rows that state the acceptance may be fitted, and all are a group of their own") {
  const Row stated = mtp("SPECULATIVE (draft-mtp n-max 2, acceptance 0.78); x");
  const Row unstated = mtp("SPECULATIVE (draft-mtp n-max 2); x");
  const auto known = read_speed_row(stated, library()),
             assumed = read_speed_row(unstated, library());
  REQUIRE_MESSAGE(known.question != nullptr, known.reason);
  REQUIRE_MESSAGE(assumed.question != nullptr, assumed.reason);
  CHECK(known.question->fitted);
  CHECK_FALSE(assumed.question->fitted);
  CHECK(known.question->quantity() == "speculative");
  CHECK(known.question->thumb() == 0);
  const Prediction p = predict_speed(stated, {}, library());
  REQUIRE(p.status == Status::mapped);
  CHECK(p.low < p.expected);
  CHECK(p.expected < p.high);
  Row plain = stated;
  plain.columns["speculative"] = "0";
  CHECK(p.expected > 1.2 * predict_speed(plain, {}, library()).expected);
  CHECK(p.expected < 2.56 * predict_speed(plain, {}, library()).expected);
  // More than every draft accepted would give.
  CHECK(predict_speed(mtp("draft-mtp n-max 2, acceptance 0.78; x", "400"), {}, library()).status ==
        Status::gated);
}

TEST_CASE("a network without an MTP layer drafts nothing") {
  Row row = mtp("SPECULATIVE (draft-mtp n-max 2, acceptance 0.78); x");
  row.columns["model_id"] = "llama-3.1-8b";
  CHECK(read_speed_row(row, library()).reason == "the network has no MTP layer");
}

}  // namespace rigor::evidence
