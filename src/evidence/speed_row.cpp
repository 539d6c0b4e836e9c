#include "evidence/speed_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"
#include "llm/quantization.hpp"

namespace rigor::evidence {
namespace {

using workload::Backend;

struct EngineName {
  std::string_view words;   ///< the row's engine begins with this
  std::string_view engine;  ///< whose efficiencies
  std::string_view id;      ///< whose layout
};
constexpr std::array kEngines = {
    EngineName{"ik_llama.cpp", "ik_llama.cpp", "engine/llama.cpp"},
    EngineName{"llama.cpp fork", "llama.cpp fork", "engine/llama.cpp"},
    EngineName{"llama.cpp", "llama.cpp", "engine/llama.cpp"},
    EngineName{"ollama", "ollama", "engine/llama.cpp"},
    EngineName{"unsloth-studio", "llama.cpp", "engine/llama.cpp"},
    EngineName{"ktransformers", "ktransformers", "engine/llama.cpp"},
    EngineName{"vllm-mlx", "mlx", "engine/mlx"},
    EngineName{"vllm", "vllm", "engine/vllm"},
    EngineName{"sglang", "sglang", "engine/vllm"},
    EngineName{"tensorrt-llm", "tensorrt-llm", "engine/vllm"},
    EngineName{"mlx-vlm", "mlx-vlm", "engine/mlx"},
    EngineName{"mlx", "mlx", "engine/mlx"},
    EngineName{"omlx", "mlx", "engine/mlx"},
    EngineName{"exllama", "exllama", "engine/exllamav3"},
    EngineName{"gpt-fast", "torch", "engine/transformers"},
    EngineName{"torchao", "torch", "engine/transformers"},
    EngineName{"autoawq", "autoawq", "engine/transformers"},
    EngineName{"mlc-llm", "mlc-llm", "engine/transformers"},
};

struct MetricName {
  std::string_view column;
  SpeedMetric metric;
  std::string_view text;
};
constexpr std::array kMetrics = {
    MetricName{"decode_tps", SpeedMetric::decode, "decode"},
    MetricName{"prefill_tps", SpeedMetric::prefill, "prefill"},
    MetricName{"output_tps_total", SpeedMetric::output, "output"},
    MetricName{"total_tps", SpeedMetric::total, "total"},
    MetricName{"prefill_tps_total", SpeedMetric::prompts, "prompts"},
    MetricName{"ttft_ms", SpeedMetric::first_token, "first_token"},
    MetricName{"tpot_ms", SpeedMetric::per_token, "per_token"},
};

const MetricName* metric_of(const Row& row) {
  const auto found = std::find_if(kMetrics.begin(), kMetrics.end(), [&](const MetricName& name) {
    return name.column == row["metric"];
  });
  return found == kMetrics.end() ? nullptr : &*found;
}

const EngineName* engine_of(const Row& row) {
  const std::string name = lower(row["engine"]);
  for (const EngineName& engine : kEngines) {
    if (name.starts_with(engine.words)) return &engine;
  }
  return nullptr;
}

std::optional<Backend> backend_of(const Row& row) {
  const std::string name = lower(row["backend"]);
  if (name.starts_with("cuda")) return Backend::cuda;
  if (name.starts_with("rocm")) return Backend::rocm;
  if (name.starts_with("vulkan") || name.starts_with("sycl")) return Backend::vulkan;
  for (const std::string_view metal : {"metal", "mtl", "mlx"}) {
    if (name.starts_with(metal)) return Backend::metal;
  }
  for (const std::string_view cpu : {"cpu", "zen4", "neon", "arm"}) {
    if (name.starts_with(cpu)) return Backend::cpu;
  }
  const std::string_view id = row["device_id"];
  if (id.find("apple") != id.npos) return Backend::metal;
  if (id.find("nvidia") != id.npos) return Backend::cuda;
  if (id.find("/amd/") != id.npos) return Backend::rocm;
  if (id.starts_with("cpu/")) return Backend::cpu;
  return std::nullopt;
}

/// Half year of the row's date: "2025-2". A year alone counts as its second half.
std::string epoch_of(const Row& row) {
  const std::string_view date = row["date"];
  if (date.size() < 4) return {};
  const bool first = date.size() >= 7 && date.substr(5, 2) <= "06";
  return fmt::format("{}-{}", date.substr(0, 4), first ? 1 : 2);
}

/// The recipe that people mean: the catalogue's name, without remarks.
const estimate::Network* network_of(const Row& row, std::string_view engine, Library& library) {
  std::string name(row["quant"]);
  constexpr std::string_view kFile = "GGUF-";
  if (name.starts_with(kFile)) name.erase(0, kFile.size());
  for (const std::string_view stop : {" - ", " (", "-3.", "-4."}) {
    const std::size_t at = name.find(stop);
    if (at != name.npos && at > 2 && !name.starts_with("exl")) name.resize(at);
  }
  std::string plain = lower(name);
  for (const std::string_view tail : {"_r4", "_r8", "_r16"}) {
    if (plain.ends_with(tail)) plain.resize(plain.size() - tail.size());
  }
  const bool is_mlx = engine.starts_with("mlx") || row["quant"].find("(MLX)") != std::string::npos;
  if (is_mlx && plain.size() == 4 && plain.ends_with("bit")) plain = "mlx-" + plain;
  if (is_mlx && plain.size() >= 2 && plain.front() == 'q') {
    plain = fmt::format("mlx-{}bit{}", plain[1], plain.find("g32") != plain.npos ? "-g32" : "");
  }
  if (plain == "4-bit" || plain.starts_with("int4") || plain.starts_with("autoround") ||
      plain.starts_with("gptq"))
    plain = "gptq-4bit-g128";
  if (plain.starts_with("int8")) plain = "int8";
  if (plain.starts_with("awq")) plain = "awq-4bit-g128";
  if (plain.starts_with("fp8")) plain = "fp8";
  if (plain.starts_with("base") || plain.starts_with("bf16") || plain.starts_with("fp16/"))
    plain = "bf16";
  if (plain.starts_with("nvfp4")) plain = "nvfp4";
  if (plain.starts_with("exl3-")) plain = plain.substr(0, 8) + "bpw";
  if (plain.starts_with("exl2 ")) plain = "exl2-" + plain.substr(5, 3) + "bpw";
  if (plain == "q8_k_xl") plain = "ud-q8_k_xl";
  if (plain == "q6_k_xl") plain = "ud-q6_k_xl";
  return library.network(row["model_id"], plain);
}

/// Drivers and libraries that rows name and that change speed by tens of percent: AMD's own Vulkan
/// driver beside Mesa's; ROCm without hipBLASLt.
std::string driver_of(const Row& row, Backend backend) {
  const std::string_view notes = row["notes"];
  if (backend == Backend::vulkan && contains(notes, "amdvlk")) return "amdvlk";
  if (backend != Backend::rocm) return {};
  const bool states_build = contains(notes, "build=llama.cpp-");
  const bool off = contains(notes, "hblt0") || (states_build && row.note("hipblaslt") != "1");
  return off ? "hblt0" : "";
}

double first_of(const Row& row, std::initializer_list<std::string_view> keys) {
  for (const std::string_view key : keys) {
    const int value = count_note(row, key, 0);
    if (value > 0) return value;
  }
  return 0;
}

void read_settings(const Row& row, SpeedRow& out) {
  workload::Inference& i = out.inference;
  if (const double ub = first_of(row, {"n_ubatch", "ubatch", "ub"}); ub > 0)
    i.micro_batch = static_cast<int>(ub);
  if (const auto ub = number_after(row["notes"], "__ub")) i.micro_batch = static_cast<int>(*ub);
  const double batch = first_of(row, {"n_batch"});
  if (batch > 0 && out.engine->family == workload::EngineFamily::llama_cpp)
    i.micro_batch = std::min(i.micro_batch, static_cast<int>(batch));
  // Until September 2025 llama.cpp took flash attention only when asked to.
  const bool llama = out.engine->family == workload::EngineFamily::llama_cpp;
  const bool asked =
      row["flash_attn"].empty() ? !llama || row["date"] >= "2025-09" : row["flash_attn"] == "1";
  out.scope.flash_attention = i.flash_attention = asked;
  for (const std::string_view key : {"type_k", "type_v"}) {
    const std::string_view stated = row.note(key);
    const llm::TensorType* type = stated.empty() ? nullptr : llm::find_cache_type(stated);
    if (type == nullptr) continue;
    auto& target = key == "type_k" ? i.key_type : i.value_type;
    target.bytes_per_element = type->bits / 8.0 / type->elements;
    target.quantized = type->name.starts_with("q");
  }
  out.scope.quantized_cache = i.key_type.quantized;
}

/// Tokens computed and tokens cached before them, in the words of the row.
void read_lengths(const Row& row, SpeedRow& out) {
  const double prompt = row.number("n_prompt"), made = row.number("n_gen");
  double depth = row.number("context_depth");
  if (out.metric == SpeedMetric::prefill) {
    out.tokens = prompt;
    if (depth == prompt && row.note("prompt_type").size() > 0) depth = 0;
    out.depth = depth;
    if (out.engine->family == workload::EngineFamily::llama_cpp && prompt > 0 &&
        (*out.row)["notes"].find("sweep-bench") != std::string_view::npos) {
      out.inference.micro_batch = static_cast<int>(prompt);
    }
    return;
  }
  out.depth = std::max(depth, prompt) + made / 2;
  if (out.metric == SpeedMetric::decode) return;
  out.tokens = prompt;
  out.answer = made;
}

std::string read_devices(const Row& row, Library& library, SpeedRow& out) {
  const std::string_view id = row["device_id"];
  const int count = count_of(row, "device_count", 1);
  if (out.backend == Backend::cpu || id.starts_with("cpu/")) {
    const hardware::Host* host = library.processor(id);
    if (host == nullptr) return fmt::format("the catalogue has no processor \"{}\"", id);
    if (host->bandwidth <= BytesPerSecond{}) return "the processor's bandwidth is unknown";
    out.host = *host;
    out.placement.devices = 0;
    return {};
  }
  const hardware::Accelerator* device = library.device(id);
  if (device == nullptr) return fmt::format("the catalogue has no device \"{}\"", id);
  if (device->bandwidth <= BytesPerSecond{}) return "the device's bandwidth is unknown";
  if (estimate::executor_of(*device, {}, false).peak <= FlopsPerSecond{})
    return "the device's rate is unknown";
  if (count < 1 || count > workload::kMostDevices) return "a rig has at most 16 devices";
  out.devices.assign(static_cast<std::size_t>(count), *device);
  out.placement.devices = count;
  for (int i = 0; i < count; ++i)
    out.placement.device[static_cast<std::size_t>(i)] = static_cast<std::int8_t>(i);
  return {};
}

constexpr double kPcieLane = 0.985e9;  ///< bytes per second of a lane of generation 3

/// Between two cards of one rig, when nothing better is known: the slot the card is made for.
BytesPerSecond link_of(const hardware::Accelerator& device) {
  if (device.nvlink > BytesPerSecond{}) return 0.5 * device.nvlink;
  const double generation = std::pow(2.0, std::max(3, device.pcie_generation) - 3);
  return BytesPerSecond::from_base(kPcieLane * generation * std::max(8, device.pcie_lanes));
}

void lay_out(const Row& row, SpeedRow& out) {
  const int count = out.placement.devices;
  if (count <= 1) return;
  const bool layers = out.engine->family == workload::EngineFamily::llama_cpp ||
                      out.engine->family == workload::EngineFamily::mlx;
  out.link = link_of(out.devices.front());
  if (contains(row["backend"], "RPC")) out.link = BytesPerSecond::from_base(2.5e8);
  // Before layers were split, builds cut every matrix by rows.
  const std::string_view mode = row["date"] < "2024-01-15" ? "row" : row.note("split_mode");
  out.stages.splits_rows = layers && mode == "row";
  const int stages = std::max(1, count_note(row, "pp", 1));
  if (layers && mode != "row" && mode != "tensor") {
    out.placement.pipeline = count;
  } else {
    int tensor = count_note(row, "tp", 0);
    if (tensor == 0) tensor = static_cast<int>(number_after(row["notes"], "-tp").value_or(0));
    if (tensor <= 0 || tensor * stages > count) tensor = std::max(1, count / stages);
    out.placement.split = workload::Split::tensor;
    out.placement.tensor = tensor;
    out.placement.pipeline = stages;
    out.placement.replicas = std::max(1, count / (tensor * stages));
  }
}

double figure(const SpeedRow& row, const estimate::SpeedCase& stages) {
  const double copies = std::max(1, row.placement.replicas);
  const double together = std::max(1.0, row.sequences / copies);
  const estimate::Round round{together, row.tokens, row.answer};
  const double requests = copies * together;
  switch (row.metric) {
    case SpeedMetric::decode:
      return 1.0 / estimate::decode_step(stages, 1, row.depth).total().in(second);
    case SpeedMetric::prefill:
      return row.tokens / estimate::prefill(stages, row.tokens, row.depth).total().in(second);
    case SpeedMetric::prompts:
      return copies * row.tokens / estimate::prefill(stages, row.tokens, 0).total().in(second);
    case SpeedMetric::output:
      return requests * row.answer / estimate::round_time(stages, round).in(second);
    case SpeedMetric::total:
      return requests * (row.tokens + row.answer) / estimate::round_time(stages, round).in(second);
    case SpeedMetric::first_token: {
      const Seconds prompt = estimate::prefill(stages, row.tokens, 0).total();
      const Seconds step = estimate::decode_step(stages, 1, row.tokens).total();
      return 1e3 * ((together + 1) / 2 * prompt + step).in(second);
    }
    case SpeedMetric::per_token:
      return 1e3 * estimate::decode_step(stages, together, row.depth).total().in(second);
  }
  return 0;
}

/// Requests that the devices' memory holds at the same time, about: what weights leave of nine
/// tenths, over the cache of one request.
double most_together(const SpeedRow& row) {
  const double length = row.tokens + row.answer;
  if (row.devices.empty() || length <= 0) return row.sequences;
  const estimate::Operations& o = row.network->operations;
  double cell = 0;
  for (int i = 0; i < o.attention_kinds; ++i) {
    const estimate::AttentionKind& kind = o.attention[static_cast<std::size_t>(i)];
    const double seen = kind.window > 0 ? std::min(1.0, kind.window / length) : 1.0;
    cell += kind.layers * seen *
            (kind.key_width * row.inference.key_type.bytes_per_element +
             kind.value_width * row.inference.value_type.bytes_per_element);
  }
  const double copies = std::max(1, row.placement.replicas);
  const Bytes memory = static_cast<double>(row.devices.size()) * row.devices.front().usable;
  const Bytes left = 0.9 * memory - copies * row.scale * row.network->weights();
  if (left <= Bytes{} || cell <= 0) return row.sequences;
  return std::max(1.0, left.in(byte) / (cell * length));
}

/// Requests at the same time; or why the row does not say it.
std::string read_concurrency(const Row& row, SpeedRow& out) {
  if (out.metric == SpeedMetric::decode || out.metric == SpeedMetric::prefill) return {};
  const double stated = row.number("concurrency", 0);
  if (stated < 1) return "the number of requests at the same time is not stated";
  const bool answers = out.metric == SpeedMetric::output || out.metric == SpeedMetric::total;
  if (answers && out.answer <= 0) return "the length of the answers is not stated";
  const bool prompts = out.metric == SpeedMetric::prompts || out.metric == SpeedMetric::first_token;
  if (prompts && out.tokens <= 0) return "the prompt's length is not stated";
  const double most = out.engine->number(workload::Constant::most_sequences);
  out.sequences = stated;
  out.sequences = std::min(stated, most_together(out));
  if (most > 0) out.sequences = std::min(out.sequences, most * std::max(1, out.placement.replicas));
  return {};
}

/// The stages, with no executor where a device computes and some other where the host does.
void prepare(SpeedRow& row) {
  estimate::SpeedRig rig;
  rig.devices.resize(row.devices.size());
  rig.link = row.link;
  rig.host_link = row.host_link;
  const estimate::InferenceCase input{*row.network,  *row.engine, row.inference,
                                      row.placement, row.devices, row.host,
                                      row.backend,   {},          -1};
  static const estimate::Executor on_host;
  const bool splits_rows = row.stages.splits_rows;
  row.stages = estimate::speed_case(input, rig);
  row.stages.splits_rows = splits_rows;
  for (int i = 0; i < row.stages.stages; ++i) {
    estimate::SpeedStage& stage = row.stages.stage[static_cast<std::size_t>(i)];
    stage.executor = stage.executor == &rig.host ? &on_host : nullptr;
  }
}

std::string read(const Row& row, Library& library, SpeedRow& out) {
  const EngineName* engine = engine_of(row);
  if (engine == nullptr) return fmt::format("no speed model for \"{}\"", row["engine"]);
  out.engine = library.engine(engine->id);
  const auto backend = backend_of(row);
  if (out.engine == nullptr || !backend) return "the backend is not stated";
  out.backend = *backend;
  if (row["speculative"] == "1") return "speculative decoding: the acceptance is not stated";
  if (number_after(row["notes"], "(n-cpu-moe)").value_or(0) > 0 || row["host_offload"] == "1" ||
      contains(row["backend"], "+CPU"))
    return "part of the network on the host: layout not stated";
  if (std::string wrong = read_devices(row, library, out); !wrong.empty()) return wrong;
  out.network = network_of(row, engine->engine, library);
  if (out.network == nullptr)
    return fmt::format("no network \"{}\" as \"{}\"", row["model_id"], row["quant"]);
  const std::string over = contains(row["backend"], "RPC") ? " rpc" : "";
  const std::string who = std::string(engine->engine) + over;
  out.scope = out.devices.empty()
                  ? estimate::scope_of(out.host, who, epoch_of(row))
                  : estimate::scope_of(out.devices.front(), who, out.backend, epoch_of(row));
  out.scope.driver = driver_of(row, out.backend);
  read_settings(row, out);
  read_lengths(row, out);
  const double stated = row.number("model_size_gib");
  const double recipe = out.network->weights().in(GiB);
  if (stated > 0 && stated / recipe > 0.6 && stated / recipe < 1.6) out.scale = stated / recipe;
  lay_out(row, out);
  if (std::string wrong = read_concurrency(row, out); !wrong.empty()) return wrong;
  out.devices_used = std::max(1, static_cast<int>(out.devices.size()));
  out.measured = row.number("value");
  if (out.measured <= 0) return "the figure is not positive";
  if (out.metric == SpeedMetric::prefill && out.tokens <= 0)
    return "the prompt's length is not stated";
  prepare(out);
  return {};
}

}  // namespace

std::string_view to_text(SpeedMetric metric) {
  for (const MetricName& name : kMetrics) {
    if (name.metric == metric) return name.text;
  }
  return {};
}

bool is_speed_row(const Row& row) {
  return metric_of(row) != nullptr;
}

ReadTimedRow read_speed_row(const Row& row, Library& library) {
  auto out = std::make_unique<SpeedRow>();
  out->row = &row;
  out->metric = metric_of(row)->metric;
  std::string reason = read(row, library, *out);
  if (!reason.empty()) return {nullptr, std::move(reason)};
  return {std::move(out), {}};
}

double SpeedRow::predict(const estimate::SpeedConstants& reached) const {
  const estimate::Executor on_host = estimate::executor_of(host, reached);
  estimate::Executor on_device =
      devices.empty() ? on_host
                      : estimate::executor_of(devices.front(), reached,
                                              estimate::has_half_sums(engine->family));
  // A file larger than its recipe takes as much longer to read.
  for (int i = 0; i < estimate::kKernels; ++i)
    on_device.constants.value[static_cast<std::size_t>(i)] /= scale;
  estimate::SpeedCase own = stages;
  for (int i = 0; i < own.stages; ++i) {
    estimate::SpeedStage& stage = own.stage[static_cast<std::size_t>(i)];
    const bool is_device = devices.empty() || stage.executor == nullptr;
    stage.executor = is_device ? &on_device : &on_host;
  }
  return figure(*this, own);
}

std::string SpeedRow::impossible() const {
  estimate::SpeedConstants ideal;
  ideal.value.fill(1.0);
  for (const estimate::Factor f :
       {estimate::Factor::half_tokens, estimate::Factor::launch, estimate::Factor::step,
        estimate::Factor::sequence, estimate::Factor::hop, estimate::Factor::reduce}) {
    ideal[f] = 0;
  }
  if (metric != SpeedMetric::decode) {
    // 4-bit formats may run at four times the 16-bit rate.
    for (int i = estimate::kKernels; i < 2 * estimate::kKernels; ++i)
      ideal.value[static_cast<std::size_t>(i)] = 4;
  }
  const bool is_time = metric == SpeedMetric::first_token || metric == SpeedMetric::per_token;
  if (is_time) return {};
  const double most = predict(ideal);
  constexpr double kOfRated = 1.08;  // memory overclocked, sizes rounded
  if (measured <= kOfRated * most) return {};
  return fmt::format("{:.4g} tokens/s is more than the device's {} allows ({:.4g})", measured,
                     metric == SpeedMetric::decode ? "bandwidth" : "rate", most);
}

}  // namespace rigor::evidence
