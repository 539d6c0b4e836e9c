// Rows of inference speed: what is read from their words, why others are refused, and which
// figures no device can have reached.
#include "evidence/speed_row.hpp"

#include <doctest/doctest.h>

#include <initializer_list>

#include "catalogue_scene.hpp"

namespace rigor::evidence {
namespace {

using doctest::Approx;
using scene::library;
using workload::Backend;
using workload::Split;

using Columns = std::initializer_list<std::pair<const std::string, std::string>>;

Row changed(Row row, Columns columns) {
  for (const auto& [name, text] : columns) row.columns[name] = text;
  return row;
}

/// llama-bench on one card.
Row llama(Columns columns = {}) {
  Row row;
  row.columns = {{"engine", "llama.cpp"},
                 {"engine_version", "b5863"},
                 {"backend", "CUDA"},
                 {"date", "2025-07-01"},
                 {"device_id", "gpu/nvidia/rtx-4090"},
                 {"device_count", "1"},
                 {"model_id", "llama-3.1-8b"},
                 {"quant", "Q4_K_M"},
                 {"n_gen", "128"},
                 {"n_prompt", "0"},
                 {"context_depth", "0"},
                 {"metric", "decode_tps"},
                 {"value", "150"}};
  return changed(std::move(row), columns);
}

/// Many requests served over two cards.
Row vllm(Columns columns = {}) {
  return changed(llama({{"engine", "vLLM"},
                        {"engine_version", "0.11.0"},
                        {"quant", "AWQ int4"},
                        {"device_count", "2"},
                        {"n_prompt", "512"},
                        {"n_gen", "256"},
                        {"concurrency", "32"},
                        {"metric", "output_tps_total"},
                        {"value", "2000"}}),
                 columns);
}

/// The row must outlive the question.
struct Question {
  Row row;
  std::unique_ptr<TimedRow> held;

  explicit Question(Row stated) : row(std::move(stated)) {
    ReadTimedRow read = read_speed_row(row, library());
    REQUIRE_MESSAGE(read.question != nullptr, read.reason);
    held = std::move(read.question);
  }
  const SpeedRow* operator->() const { return static_cast<const SpeedRow*>(held.get()); }
};

std::string network_of(Columns columns) {
  const Question question(llama(columns));
  return question->network->quantization;
}

std::string refusal(const Row& row) {
  const ReadTimedRow read = read_speed_row(row, library());
  CHECK(read.question == nullptr);
  return read.reason;
}

}  // namespace

TEST_CASE("a row becomes a question") {
  const Question q(llama());
  CHECK(q->metric == SpeedMetric::decode);
  CHECK(q->backend == Backend::cuda);
  CHECK(q->scope.engine == "llama.cpp");
  CHECK(q->scope.backend == "CUDA");
  CHECK(q->scope.epoch == "2025-2");
  CHECK(q->scope.device == "gpu/nvidia/rtx-4090");
  CHECK(q->scope.family == "ada lovelace 8.9 geforce");
  CHECK(q->depth == 64);  // the middle of the answer
  CHECK(q->measured == 150);
  CHECK(q->devices.size() == 1);
  CHECK(q->stages.stages == 1);
  CHECK(q->model() == "llama-3.1-8b");
  CHECK(q->quantity() == "decode");
}

TEST_CASE("quantizations in people's words") {
  struct Case {
    const char* engine;
    const char* words;
    const char* recipe;
  };
  for (const auto& [engine, words, recipe] :
       {Case{"llama.cpp", "IQ3_S - 3.4375 bpw", "IQ3_S"},
        Case{"llama.cpp", "GGUF-Q6_K", "Q6_K"},
        Case{"llama.cpp", "Q4_K_M (Ollama default tag)", "Q4_K_M"},
        Case{"llama.cpp", "FP16/BF16", "BF16"},
        Case{"llama.cpp", "Q6_K_XL", "UD-Q6_K_XL"},
        Case{"ik_llama.cpp", "IQ4_K_R4", "IQ4_K"},
        Case{"ik_llama.cpp", "Q8_K_R8", "Q8_0"},
        Case{"mlx-lm 0.31", "4bit", "MLX 4-bit"},
        Case{"mlx-lm 0.31", "q5 g32 (MLX)", "MLX 5-bit g32"},
        Case{"vLLM", "AWQ int4", "AWQ 4-bit g128"},
        Case{"vLLM", "awq_marlin", "AWQ 4-bit g128"},
        Case{"vLLM", "GPTQ-Int4", "GPTQ 4-bit g128"},
        Case{"vLLM", "GPTQ-Int8", "GPTQ 8-bit g128"},
        Case{"vLLM", "GPTQ (Int8)", "GPTQ 8-bit g128"},
        Case{"vLLM", "AutoRound INT4", "GPTQ 4-bit g128"},
        Case{"vLLM", "FP8-static", "FP8"},
        Case{"vLLM", "NVFP4 (nvidia)", "NVFP4"},
        Case{"vLLM", "INT8-W8A8", "INT8"},
        Case{"exllamav2", "EXL2 4.0 bpw", "EXL2 4.0 bpw"},
        Case{"exllamav3", "exl3-6.0bpw-mcg", "EXL3 6.0 bpw"}}) {
    CAPTURE(words);
    CHECK(network_of({{"engine", engine}, {"quant", words}}) == recipe);
  }
}

TEST_CASE("flash attention: as stated, else as the build took it by itself") {
  const auto flash = [](Columns columns) {
    const Question q(llama(columns));
    CHECK(q->inference.flash_attention == q->scope.flash_attention);
    return q->inference.flash_attention;
  };
  CHECK_FALSE(flash({{"date", "2025-08-31"}}));
  CHECK(flash({{"date", "2025-09-02"}}));
  CHECK(flash({{"date", "2024-01-01"}, {"flash_attn", "1"}}));
  CHECK_FALSE(flash({{"date", "2026-01-01"}, {"flash_attn", "0"}}));
  CHECK(flash({{"engine", "vLLM"}, {"date", "2024-01-01"}}));
}

TEST_CASE("batches and cache types stand in the notes") {
  const Question plain(llama());
  CHECK(plain->inference.micro_batch == 512);
  CHECK(Question(llama({{"notes", "n_ubatch=2048;ngl=99"}}))->inference.micro_batch == 2048);
  CHECK(Question(llama({{"notes", "n_batch=256 n_ubatch=512"}}))->inference.micro_batch == 256);
  const Question sweep(llama({{"metric", "prefill_tps"},
                              {"n_prompt", "128"},
                              {"context_depth", "4096"},
                              {"notes", "sweep-bench"}}));
  CHECK(sweep->tokens == 128);
  CHECK(sweep->depth == 4096);
  CHECK(sweep->stages.micro_batch == 128);
  const Question cache(llama({{"notes", "type_k=q8_0, type_v=f16"}}));
  CHECK(cache->inference.key_type.bytes_per_element == Approx(34.0 / 32));
  CHECK(cache->inference.value_type.bytes_per_element == 2);
  CHECK(cache->scope.quantized_cache);
  CHECK_FALSE(plain->scope.quantized_cache);
}

TEST_CASE("layers are split over cards, before January 2024 every matrix was") {
  const auto of = [](Columns columns) {
    return Question(changed(llama({{"device_count", "4"}}), columns));
  };
  for (const char* date : {"2024-01-15", "2025-07-01", "2024", ""}) {
    CAPTURE(date);
    const Question q = of({{"date", date}});
    CHECK_FALSE(q->stages.splits_rows);
    CHECK(q->stages.stages == 4);
    CHECK(q->placement.split == Split::layer);
  }
  for (const char* date : {"2024-01-14", "2023-12-23", "2023"}) {
    CAPTURE(date);
    const Question q = of({{"date", date}});
    CHECK(q->stages.splits_rows);
    CHECK(q->stages.stages == 1);
    CHECK(q->stages.stage[0].ways == 4);
  }
  CHECK(of({{"notes", "split_mode=row"}})->stages.splits_rows);
  CHECK(of({{"notes", "split_mode=tensor"}})->stages.stage[0].ways == 4);
  CHECK(of({{"link_note", "-sm tensor"}, {"date", ""}})->stages.stage[0].ways == 4);
  CHECK(of({{"engine", "mlx-lm"}, {"quant", "4bit"}, {"date", "2023"}})->stages.stages == 4);
  const Columns exllama = {{"engine", "exllama"}, {"quant", "4-bit"}};
  CHECK(of(exllama)->stages.stages == 4);
}

TEST_CASE("tensor degree and copies from the notes") {
  struct Case {
    const char* notes;
    int tensor, pipeline, replicas;
  };
  for (const auto& [notes, tensor, pipeline, replicas] :
       {Case{"", 8, 1, 1}, Case{"tp=4 pp=1 dp=None", 4, 1, 2}, Case{"tp=2 pp=2;", 2, 2, 2},
        Case{"cmd: vllm serve x -tp 2", 2, 1, 4}, Case{"pp=4", 2, 4, 1}, Case{"tp=16", 8, 1, 1}}) {
    CAPTURE(notes);
    const Question q(vllm({{"device_count", "8"}, {"notes", notes}}));
    CHECK(q->placement.tensor == tensor);
    CHECK(q->placement.pipeline == pipeline);
    CHECK(q->placement.replicas == replicas);
    CHECK(q->stages.stages == pipeline);
    CHECK(q->stages.stage[0].ways == tensor);
    CHECK(q->devices_used == 8);
  }
  CHECK(Question(vllm({{"notes", "tp=2"}}))->link <
        Question(vllm({{"link_note", "NVLink"}, {"device_id", "gpu/nvidia/rtx-3090"}}))->link);
}

TEST_CASE("each metric asks for its own figure") {
  estimate::SpeedConstants one;
  one.value.fill(1);
  const auto figure = [&](const char* metric) {
    const Question q(vllm({{"metric", metric}}));
    CHECK(to_text(q->metric) == q->quantity());
    return q->predict(one);
  };
  const double output = figure("output_tps_total");
  CHECK(figure("total_tps") == Approx(output * (512 + 256) / 256));
  CHECK(figure("tpot_ms") > 0);
  CHECK(figure("ttft_ms") > figure("tpot_ms"));
  CHECK(figure("prefill_tps_total") == Approx(figure("prefill_tps")).epsilon(0.05));
  CHECK(1000 / figure("tpot_ms") < figure("decode_tps"));
}

TEST_CASE("a larger file than its recipe's takes longer to read") {
  estimate::SpeedConstants one;
  one.value.fill(1);
  for (const estimate::Factor f : {estimate::Factor::launch, estimate::Factor::step}) one[f] = 0;
  const Question own(llama());
  const double gib = own->network->weights().in(GiB);
  const Question larger(llama({{"model_size_gib", std::to_string(1.2 * gib)}}));
  CHECK(own->scale == 1);
  CHECK(larger->scale == Approx(1.2).epsilon(1e-4));
  CHECK(larger->predict(one) == Approx(own->predict(one) / 1.2).epsilon(0.02));
  // Another network, or a size of something else.
  CHECK(Question(llama({{"model_size_gib", "40"}}))->scale == 1);
}

TEST_CASE("what a row does not say, or says of a machine no one knows, is the reason") {
  struct Case {
    const char* column;
    const char* text;
    const char* reason;
  };
  for (const auto& [column, text, reason] :
       {Case{"speculative", "1", "speculative decoding: how many tokens are drafted is not stated"},
        Case{"host_offload", "1", "part of the network on the host: layout not stated"},
        Case{"backend", "CUDA+CPU", "part of the network on the host: layout not stated"},
        Case{"device_id", "gpu/acme/none", "the catalogue has no device \"gpu/acme/none\""},
        Case{"model_id", "no-such", "no network \"no-such\" as \"Q4_K_M\""},
        Case{"quant", "Q99", "no network \"llama-3.1-8b\" as \"Q99\""},
        Case{"engine", "acme-serve", "no speed model for \"acme-serve\""},
        Case{"device_count", "32", "a rig has at most 16 devices"},
        Case{"value", "0", "the figure is not positive"},
        Case{"value", "", "the figure is not positive"}}) {
    CAPTURE(text);
    CHECK(refusal(llama({{column, text}})) == reason);
  }
  CHECK(refusal(llama({{"metric", "prefill_tps"}})) == "the prompt's length is not stated");
  CHECK(refusal(llama({{"backend", "CPU"}, {"device_id", "cpu/acme/none"}})) ==
        "the catalogue has no processor \"cpu/acme/none\"");
  CHECK(refusal(vllm({{"concurrency", ""}})) ==
        "the number of requests at the same time is not stated");
  CHECK(refusal(vllm({{"n_gen", "0"}})) == "the length of the answers is not stated");
  CHECK(refusal(vllm({{"metric", "ttft_ms"}, {"n_prompt", ""}})) ==
        "the prompt's length is not stated");
}

TEST_CASE("what no memory can have read is gated") {
  const Row modest = llama({{"value", "150"}});
  // 1008 GB/s over 4.6 GB of weights: 220 a second.
  const Row boast = llama({{"value", "300"}});
  CHECK(Question(modest)->impossible().empty());
  CHECK(Question(boast)->impossible().find("bandwidth") != std::string::npos);
  CHECK(predict_speed(modest, {}, library()).status == Status::mapped);
  CHECK(predict_speed(boast, {}, library()).status == Status::gated);
  const Row prompts = llama({{"metric", "prefill_tps"}, {"n_prompt", "512"}, {"value", "1e6"}});
  CHECK(Question(prompts)->impossible().find("rate") != std::string::npos);
  CHECK(Question(vllm({{"metric", "ttft_ms"}, {"value", "0.001"}}))->impossible().empty());
}

TEST_CASE("what its cards cannot have held is gated") {
  // 42.5 GB of weights on 24 GB; two cards hold them with a short context, not with 100,000 tokens.
  const auto of = [](const std::string& cards, const std::string& notes, const std::string& size) {
    return Question(llama({{"model_id", "llama-3.1-70b"},
                           {"model_size_gib", size},
                           {"value", "4"},
                           {"device_count", cards},
                           {"notes", notes}}))
        ->impossible();
  };
  CHECK(of("1", "", "").find("part of it must have been on the host") != std::string::npos);
  CHECK(of("2", "", "").empty());
  CHECK_FALSE(of("2", "configured ctx=100k (KV allocated)", "").empty());
  // A file that is smaller than its recipe says so.
  CHECK(of("1", "", "20").empty());
  CHECK(refusal(llama({{"notes", "25 layers on GPU rest CPU"}})) ==
        "part of the network on the host: layout not stated");
}

TEST_CASE("a mapped row has an expected value inside its interval, and says what it rests on") {
  for (const Row& row :
       {llama(), vllm(),
        llama({{"backend", "CPU"}, {"value", "10"}, {"device_id", "cpu/amd/ryzen-9-7950x"}})}) {
    REQUIRE(accepts_speed(row));
    const Prediction p = predict_speed(row, {}, library());
    REQUIRE_MESSAGE(p.status == Status::mapped, p.reason);
    CHECK(p.low < p.expected);
    CHECK(p.expected < p.high);
    CHECK(p.family == "llama3");
    CHECK_FALSE(p.reason.empty());
  }
  CHECK(predict_speed(llama(), {}, library()).expected == Approx(150).epsilon(0.25));
  static const catalog::Catalog all(catalog::packed_catalogue(), &adapters::read_entry);
  Library without(all);
  CHECK(predict_speed(llama(), {}, without).status == Status::unmapped);
  CHECK_FALSE(accepts_speed(llama({{"metric", "mem_gib"}})));
}

}  // namespace rigor::evidence
