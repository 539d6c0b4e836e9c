// Rows of training tables: what is read from them, which rules apply, and a sample of published
// figures.
#include <doctest/doctest.h>

#include <initializer_list>

#include "adapters/toml/entry_reader.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/training_setup.hpp"

namespace rigor::evidence {
namespace {

using doctest::Approx;
using workload::Constant;

Library& library() {
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  static Library lookups(all);
  return lookups;
}

Row row_of(std::initializer_list<std::pair<const std::string, std::string>> columns) {
  Row row;
  row.columns = columns;
  return row;
}

Prediction predict(const Row& row) {
  REQUIRE(accepts_training(row));
  return predict_training(row, {}, library());
}

/// A row of a source and a framework nobody has heard of.
Row unseen() {
  return row_of({{"source", "somebody's notes"},
                 {"framework", "my own trainer"},
                 {"method", "lora"},
                 {"precision", "bf16"},
                 {"model", "Llama-2 7B"},
                 {"model_id", "llama-2-7b"},
                 {"device_count", "1"},
                 {"seq_len", "2048"},
                 {"micro_batch", "1"},
                 {"metric", "mem_gib"}});
}

}  // namespace

TEST_CASE("an unseen source is answered when it states network, method, sequence and batch") {
  Row row = unseen();
  const Prediction one = predict(row);
  REQUIRE(one.status == Status::mapped);
  CHECK(one.expected > 13.0);  // 12.6 GiB of weights
  CHECK(one.low < one.expected);
  CHECK(one.expected < one.high);
  CHECK(one.family == "llama2");
  row.columns["micro_batch"] = "4";
  CHECK(predict(row).expected > one.expected);
  row.columns["metric"] = "mem_gb";
  row.columns["micro_batch"] = "1";
  CHECK(predict(row).expected == Approx(one.expected * 1.073741824));
}

TEST_CASE("what is not stated is the reason") {
  struct Case {
    const char* column;
    const char* text;
    const char* reason;
  };
  for (const auto& [column, text, reason] :
       {Case{"seq_len", "", "the sequence length is not stated"},
        Case{"method", "", "the method is not stated"},
        Case{"model", "ViT-H 630M", "an image network"},
        Case{"model", "T5-large", "an encoder-decoder, and the sequence length is not stated"},
        Case{"notes", "bs 32 may be accumulated", "the micro-batch is not stated"}}) {
    Row row = unseen();
    row.columns[column] = text;
    CAPTURE(text);
    const Prediction answer = predict(row);
    CHECK(answer.status == Status::unmapped);
    CHECK(answer.reason == reason);
  }
  Row row = unseen();
  row.columns["model"] = "no such network";
  row.columns["model_id"] = "";
  CHECK(predict(row).reason == "the catalogue has no such network");
}

TEST_CASE("rows of other tables are not accepted") {
  CHECK(!accepts_training(row_of({{"engine", "vLLM"}, {"metric", "mem_alloc_gib"}})));
  CHECK(!accepts_training(row_of({{"framework", "TRL"}, {"metric", "tokens_per_s"}})));
  CHECK(!accepts_training(row_of({{"metric", "mem_gib"}})));
}

TEST_CASE("columns become settings") {
  Row row = unseen();
  row.columns["method"] = "qlora";
  row.columns["lora_targets"] = "c_attn,c_proj,w1,w2";
  row.columns["lora_rank"] = "64";
  row.columns["parallelism"] = "zero3+cpu_offload(optimizer)";
  row.columns["device_count"] = "8";
  row.columns["optimizer"] = "adamw_bnb_8bit";
  row.columns["grad_ckpt"] = "no";
  row.columns["mem_measure"] = "peak allocated";
  const TrainingSetup setup = read_training(Facts(row), library());
  CHECK(setup.finetune.method == workload::Method::qlora);
  CHECK(setup.finetune.rank == 64);
  CHECK(setup.finetune.optimizer == workload::Optimizer::adamw_8bit);
  CHECK(setup.finetune.checkpointing == workload::Checkpointing::none);
  for (const bool target : setup.finetune.targets) CHECK(target);
  CHECK(setup.placement.sharding == workload::Sharding::zero3);
  CHECK(setup.placement.optimizer == workload::Offload::host);
  CHECK(setup.placement.parameters == workload::Offload::none);
  CHECK(setup.devices == 8);
  CHECK(setup.measure == Measure::allocated);
  CHECK(setup.engine.id == "engine/deepspeed");
}

TEST_CASE("degrees are read where they are written as words of their own") {
  Row row = unseen();
  row.columns["parallelism"] = "tp4+fsdp";
  CHECK(read_training(Facts(row), library()).placement.tensor == 4);
  row.columns["parallelism"] = "zero3+Ulysses sp32";
  CHECK(read_training(Facts(row), library()).placement.context == 32);
  CHECK(read_training(Facts(row), library()).placement.all_to_all);
  row.columns["parallelism"] = "fsdp full-shard+ep2";
  row.columns["notes"] = "http2 step5 cap3";
  const workload::Placement p = read_training(Facts(row), library()).placement;
  CHECK(p.expert == 2);
  CHECK(p.tensor == 1);
  CHECK(p.pipeline == 1);
}

TEST_CASE("later rules prevail over earlier ones") {
  Row row = unseen();
  row.columns["framework"] = "fms-hf-tuning + fms-acceleration";
  row.columns["model"] = "ibm/PowerLM-3b";
  const auto loss = [&] {
    const Facts facts(row);
    TrainingSetup setup = read_training(facts, library());
    apply_training_rules(facts, setup);
    return setup.engine.number(Constant::loss_vocabulary_bytes);
  };
  CHECK(loss() == 12);
  row.columns["notes"] = "framework_config=foak-fast-kernels";
  CHECK(loss() == 8);
}

TEST_CASE("a sample of published figures") {
  struct Case {
    Row row;
    double measured, tolerance;
  };
  const Row mistral =
      row_of({{"source", "fms-acceleration benchmark refs"},
              {"framework", "fms-hf-tuning/HF Trainer (TRL SFT) + fms-acceleration"},
              {"method", "qlora"},
              {"precision", "bfloat16 weights + AMP bf16"},
              {"optimizer", "AdamW (torch)"},
              {"parallelism", "none"},
              {"grad_ckpt", "yes"},
              {"model", "mistralai/Mistral-7B-v0.1"},
              {"device_id", "gpu/nvidia/a100-sxm-80gb"},
              {"device_count", "1"},
              {"seq_len", "4096"},
              {"micro_batch", "4"},
              {"lora_rank", "16"},
              {"lora_targets", "q_proj k_proj v_proj o_proj"},
              {"attn_impl", "flash-attn 2"},
              {"metric", "mem_gib"},
              {"mem_measure", "torch peak allocated (HF Trainer memory tracker)"},
              {"notes", "framework_config=baseline-peft-bnb; base bnb NF4 4-bit"}});
  Row steady = mistral;
  steady.columns["metric"] = "mem_component_gib";
  steady.columns["mem_measure"] = "torch allocated (not peak)";
  Row driver = mistral;
  driver.columns["mem_measure"] = "nvidia-smi";
  const Row llmq = row_of({{"source", "LLM.Q README"},
                           {"framework", "llmq"},
                           {"method", "full"},
                           {"precision", "bf16 weights, fp8 matmul"},
                           {"model_id", "qwen2.5-0.5b"},
                           {"model", "Qwen2.5-0.5B"},
                           {"seq_len", "1024"},
                           {"micro_batch", "8"},
                           {"metric", "mem_component_gib"},
                           {"mem_measure", "allocator component: Adam M"}});
  for (const Case& c : {Case{mistral, 19.25, 0.01}, Case{steady, 4.011, 0.005},
                        Case{driver, 25.45, 0.10}, Case{llmq, 0.919922, 0.001}}) {
    CAPTURE(c.measured);
    const Prediction answer = predict(c.row);
    REQUIRE(answer.status == Status::mapped);
    CHECK(answer.expected == Approx(c.measured).epsilon(c.tolerance));
    CHECK(answer.high >= c.measured);
  }
}

TEST_CASE("out of memory and the largest micro-batch") {
  Row row = unseen();
  row.columns["device"] = "unnamed GPU (24GB card)";
  row.columns["metric"] = "oom";
  CHECK(predict(row).expected == 0);
  row.columns["micro_batch"] = "64";
  CHECK(predict(row).expected == 1);
  row.columns["metric"] = "max_micro_batch";
  const Prediction batch = predict(row);
  CHECK(batch.low <= batch.expected);
  CHECK(batch.expected <= batch.high);
  row.columns["metric"] = "oom";
  row.columns["micro_batch"] = std::to_string(static_cast<int>(batch.expected));
  CHECK(predict(row).expected == 0);
  row.columns["micro_batch"] = std::to_string(static_cast<int>(batch.expected) + 1);
  CHECK(predict(row).expected == 1);
  row.columns["device"] = "a card";
  CHECK(predict(row).reason == "the capacity of the device is not known");
}

}  // namespace rigor::evidence
