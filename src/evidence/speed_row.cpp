#include "evidence/speed_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/speed_words.hpp"
#include "llm/quantization.hpp"
#include "place/power.hpp"

namespace rigor::evidence {
namespace {

using workload::Backend;

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
  constexpr double kThousand = 1000;  // "10k"; larger figures are written out
  const double context = number_after(row["notes"], "configured ctx=").value_or(0);
  out.allocated = context < kThousand ? context * kThousand : context;
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

/// Between two cards of the row's machine.
BytesPerSecond link_of(const Row& row, const hardware::Accelerator& device) {
  const std::string words = lower(row["link_note"]);
  const bool bridged =
      contains(words, "nvlink") && !contains(words, "no nvlink") && !contains(words, "not nvlink");
  return estimate::peer_bandwidth(device, bridged);
}

/// "layer", "row", "tensor"; empty: as the engine does by itself. Before layers were split, builds
/// cut every matrix by rows; a year alone counts as its second half.
std::string_view split_mode(const Row& row) {
  const std::string_view date = row["date"];
  const bool year_alone = date.size() == 4;
  if (!date.empty() && date < (year_alone ? "2024" : "2024-01-15")) return "row";
  const bool tensor = row.note("split_mode").empty() && contains(row["link_note"], "-sm tensor");
  return tensor ? "tensor" : row.note("split_mode");
}

/// What the row's power limit leaves, by the curves of powers.
double limited_share(const Row& row, const Library& library, const SpeedRow& out) {
  if (out.devices.empty() || library.calibration() == nullptr) return 1;
  const hardware::Accelerator& card = out.devices.front();
  const double watts = number_after(row["notes"], "power_limit=").value_or(0);
  if (watts <= 0 || card.board_power <= Watts{}) return 1;
  const bool reads = out.metric == SpeedMetric::prefill || out.metric == SpeedMetric::prompts ||
                     out.metric == SpeedMetric::first_token;
  const estimate::Phase phase = reads                               ? estimate::Phase::prefill
                                : out.metric == SpeedMetric::decode ? estimate::Phase::decode
                                                                    : estimate::Phase::output;
  const estimate::PowerConstants curves =
      library.calibration()->power().resolve(estimate::family_of(card));
  return rate_share(curves, phase, watts * watt / card.board_power);
}

void lay_out(const Row& row, SpeedRow& out) {
  const int count = out.placement.devices;
  if (count <= 1) return;
  const bool layers =
      out.engine->family == workload::EngineFamily::llama_cpp ||
      out.engine->family == workload::EngineFamily::mlx ||
      (out.engine->family == workload::EngineFamily::exllama && count_note(row, "tp", 1) <= 1);
  out.link = link_of(row, out.devices.front());
  if (contains(row["backend"], "RPC")) out.link = BytesPerSecond::from_base(2.5e8);
  const bool llama = out.engine->family == workload::EngineFamily::llama_cpp;
  const std::string_view mode = llama ? split_mode(row) : "";
  out.stages.splits_rows = mode == "row";
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
  out.requests = stated;
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
  const estimate::InferenceCase input{*row.network,       *row.engine, row.inference,
                                      row.placement,      row.devices, row.host,
                                      row.backend,        {},          -1,
                                      row.drafted.network};
  static const estimate::Executor on_host;
  const bool splits_rows = row.stages.splits_rows;
  row.stages = estimate::speed_case(input, rig);
  row.stages.splits_rows = splits_rows;
  if (row.drafted.network != nullptr) {
    row.draft_stages = estimate::draft_case(input, rig, estimate::Phase::decode);
  } else if (row.drafted.tokens > 0 && row.drafted.drafter == workload::Drafter::mtp) {
    row.draft_stages = estimate::mtp_case(input, row.stages);
  }
  for (estimate::SpeedCase* stages : {&row.stages, &row.draft_stages}) {
    for (int i = 0; i < stages->stages; ++i) {
      estimate::SpeedStage& stage = stages->stage[static_cast<std::size_t>(i)];
      stage.executor = stage.executor == &rig.host ? &on_host : nullptr;
    }
  }
}

/// Drafts of a row with speculative decoding; or why it cannot be asked.
std::string read_speculation(const Row& row, Library& library, SpeedRow& out) {
  if (row["speculative"] != "1") return {};
  if (std::string wrong = read_drafts(row, library, out.drafted); !wrong.empty()) return wrong;
  if (out.drafted.drafter == workload::Drafter::mtp && out.network->drafting.layers <= 0)
    return "the network has no MTP layer";
  out.fitted = out.drafted.stated;
  return {};
}

std::string read(const Row& row, Library& library, SpeedRow& out) {
  const EngineName* engine = engine_of(row);
  if (engine == nullptr) return fmt::format("no speed model for \"{}\"", row["engine"]);
  out.engine = library.engine(engine->id);
  const auto backend = backend_of(row);
  if (out.engine == nullptr || !backend) return "the backend is not stated";
  out.backend = *backend;
  if (number_after(row["notes"], "(n-cpu-moe)").value_or(0) > 0 || row["host_offload"] == "1" ||
      contains(row["backend"], "+CPU") || contains(row["notes"], "layers on GPU"))
    return "part of the network on the host: layout not stated";
  if (std::string wrong = read_devices(row, library, out); !wrong.empty()) return wrong;
  out.network = speed_network(row, engine->engine, library);
  if (out.network == nullptr)
    return fmt::format("no network \"{}\" as \"{}\"", row["model_id"], row["quant"]);
  if (std::string wrong = read_speculation(row, library, out); !wrong.empty()) return wrong;
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
  out.limited = limited_share(row, library, out);
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

}  // namespace rigor::evidence
