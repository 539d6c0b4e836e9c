// A log's row made whole: network, quantization, device, lengths.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/own_row.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using Problem = std::optional<Error>;

struct Case {
  Row& row;
  const OwnWords& words;
  const hardware::Rig& rig;
  Library& library;

  [[nodiscard]] std::string_view said(std::string_view name) const {
    const auto found = words.find(name);
    return found == words.end() ? std::string_view{} : std::string_view(found->second);
  }
  [[nodiscard]] bool trains() const { return !row["framework"].empty(); }
  void set(std::string_view column, std::string_view text) const {
    row.columns[std::string(column)] = std::string(text);
  }
};

Error wants(std::string message, std::string hint) {
  return {ErrorCode::usage, std::move(message), {}, std::move(hint)};
}

Error contradicts(std::string message, std::string hint) {
  return {ErrorCode::malformed, std::move(message), {}, std::move(hint)};
}

/// Networks whose parameters are those of the log, for the hint.
std::string of_this_size(double parameters, Library& library) {
  constexpr std::size_t kMost = 6;
  std::vector<std::string> fitting;
  if (parameters <= 0) return {};
  for (const catalog::Catalog::Row& row : library.catalog().list("architecture")) {
    const std::string id(row.id.substr(row.id.find('/') + 1));
    const estimate::Network* network = library.network(id, "bf16");
    if (network == nullptr || std::fabs(network->elements() / parameters - 1) > 0.01) continue;
    fitting.push_back(id);
    if (fitting.size() == kMost) break;
  }
  return fitting.empty()
             ? std::string()
             : "; of this size are " + join(fitting, ", ") + (fitting.size() == kMost ? ", …" : "");
}

Problem fill_network(const Case& c) {
  const std::string stated(c.said("model"));
  std::string id = stated;
  const double parameters = c.row.number("parameters");
  if (stated.empty()) {
    for (const std::string_view column : {"model_file", "model"}) {
      if (id.empty()) id = own_network(c.row[column], c.library);
    }
    if (id.empty()) {
      std::string_view name = c.row["model_file"].empty() ? c.row["model"] : c.row["model_file"];
      const std::string message =
          name.empty() ? std::string("the log does not name the network")
                       : fmt::format("\"{}\" is no network the catalogue knows by this name", name);
      return wants(message, "say which it is: --model ID (rigor catalog list architecture)" +
                                of_this_size(parameters, c.library));
    }
  }
  const Result<std::string> found = c.library.catalog().resolve(id, "architecture");
  if (!found) {
    Error error = found.error();
    error.where = "--model";
    return error;
  }
  id = found->substr(found->find('/') + 1);
  const estimate::Network* network = c.library.network(id, "bf16");
  if (network == nullptr) return wants(fmt::format("{} cannot be read", id), "");
  const double own = network->elements();
  constexpr double kApart = 0.05;
  if (parameters > 0 && std::fabs(parameters / own - 1) > kApart) {
    return contradicts(fmt::format("the log's network has {:.2f} billion parameters, {} has {:.2f}",
                                   parameters / 1e9, id, own / 1e9),
                       "say which it is: --model ID" + of_this_size(parameters, c.library));
  }
  c.set("model_id", id);
  if (c.row["model"].empty()) c.set("model", id);
  return std::nullopt;
}

Problem fill_quantization(const Case& c) {
  if (c.trains()) return std::nullopt;
  std::string recipe(c.said("quantization"));
  for (const std::string_view column : {"model_file", "model"}) {
    if (recipe.empty()) recipe = own_quantization(c.row[column], c.library);
  }
  const bool is_file = lower(c.row["engine"]).starts_with("llama");
  if (recipe.empty() && is_file) {
    return wants("the log does not say how the weights are stored",
                 "add --quantization NAME, such as Q4_K_M");
  }
  if (recipe.empty()) {
    recipe = "bf16";
    c.set("notes", std::string(c.row["notes"]) + (c.row["notes"].empty() ? "" : "; ") +
                       "weights taken as bf16");
  }
  if (c.library.quantization(recipe) == nullptr && !c.said("quantization").empty()) {
    const Result<std::string> found = c.library.catalog().resolve(recipe, "quantization");
    if (!found) return found.error();
    recipe = found->substr(found->find('/') + 1);
  }
  c.set("quant", recipe);
  return std::nullopt;
}

/// Is `id` the entry or one it is based on?
bool descends(const catalog::Catalog& catalog, std::string id, std::string_view from) {
  for (int depth = 0; depth < 8 && !id.empty(); ++depth) {
    if (id == from) return true;
    const Result<const catalog::Entry*> entry = catalog.entry(id);
    id = entry ? (*entry)->base : std::string();
  }
  return false;
}

bool same_part(const catalog::Catalog& catalog, const std::string& rigs, const std::string& logs) {
  return descends(catalog, rigs, logs) || descends(catalog, logs, rigs);
}

/// "NVIDIA GeForce RTX 3090 (RADV NAVI31)" without what stands in brackets.
std::string device_words(std::string_view text) {
  return std::string(trim(text.substr(0, text.find('('))));
}

/// May the log's words mean this part? Words that nothing is known by are let through unless they
/// name another maker.
bool may_be(const Case& c, const std::string& words_of_log, const std::string& id,
            hardware::Vendor vendor) {
  const catalog::Catalog& catalog = c.library.catalog();
  const Result<std::string> one = catalog.resolve(words_of_log);
  if (one) return same_part(catalog, id, *one);
  const std::vector<catalog::Catalog::Row> several = catalog.list("", words_of_log);
  if (!several.empty()) {
    return std::any_of(several.begin(), several.end(), [&](const catalog::Catalog::Row& row) {
      return same_part(catalog, id, std::string(row.id));
    });
  }
  const std::string lowered = lower(words_of_log);
  const bool nvidia = contains(lowered, "nvidia") || contains(lowered, "geforce");
  const bool amd = contains(lowered, "amd") || contains(lowered, "radeon");
  if (nvidia) return vendor == hardware::Vendor::nvidia;
  return !amd || vendor == hardware::Vendor::amd || vendor == hardware::Vendor::other;
}

/// "AMD Ryzen 9 7950X 16-Core Processor" without the count of cores.
std::string processor_words(std::string_view text) {
  std::string plain = device_words(text);
  const std::size_t cores = plain.find("-Core");
  if (cores != plain.npos) plain.resize(std::min(plain.rfind(' ', cores), cores));
  return plain;
}

Problem fill_processor(const Case& c) {
  const hardware::Host& host = c.rig.host;
  if (host.id.empty())
    return contradicts("the figure is of a processor, and the rig states none",
                       "add the processor and its memory to the rig file");
  const std::string named = processor_words(c.row["cpu"]);
  const Result<std::string> known = c.library.catalog().resolve(named, "cpu");
  if (known && !same_part(c.library.catalog(), host.id, *known)) {
    return contradicts(fmt::format("the log is of {}, the rig has {}", named, host.processor),
                       "give the rig the log was measured on");
  }
  c.set("device_id", host.id);
  c.set("device_count", "1");
  if (c.row["device"].empty()) c.set("device", host.processor);
  return std::nullopt;
}

Problem check_names(const Case& c) {
  const std::string stated(c.row["device"]);
  if (stated.empty()) return std::nullopt;
  const std::vector<std::string_view> names = split(stated, ',');
  const auto& cards = c.rig.accelerators;
  for (const std::string_view name : names) {
    const std::string plain = device_words(trim(name));
    const bool there = std::any_of(cards.begin(), cards.end(), [&](const auto& card) {
      return may_be(c, plain, card.id, card.vendor);
    });
    if (there) continue;
    return contradicts(fmt::format("the log is of {}, the rig has {}", plain, cards.front().name),
                       "give the rig the log was measured on, or mend the rig file");
  }
  if (names.size() > cards.size()) {
    return contradicts(
        fmt::format("the log is of {} devices, the rig has {}", names.size(), cards.size()),
        "give the rig the log was measured on, or mend the rig file");
  }
  return std::nullopt;
}

/// Of how many devices the figure is.
Result<int> device_count(const Case& c) {
  const int all = static_cast<int>(c.rig.accelerators.size());
  const std::string_view said = c.said("devices");
  int count = all;
  if (!said.empty()) {
    count = static_cast<int>(parse_number(said).value_or(0));
  } else if (!c.row["device_count"].empty()) {
    count = count_of(c.row, "device_count", 1);
  } else if (all > 1 && lower(c.row["engine"]) != "llama.cpp") {
    const std::string split = c.trains() ? "" : ", and --tensor N if they share every matrix";
    return tl::unexpected<Error>(
        wants(fmt::format("the log does not say how many of the rig's {} devices it is of", all),
              "add --devices N" + split));
  }
  if (count >= 1 && count <= all) return count;
  return tl::unexpected<Error>(
      contradicts(fmt::format("the log is of {} devices, the rig has {}", count, all),
                  "give the rig the log was measured on, or mend the rig file"));
}

Problem fill_devices(const Case& c) {
  const bool on_processor =
      c.row["backend"] == "CPU" || lower(c.said("backend")) == "cpu" || c.said("devices") == "0";
  if (!c.said("backend").empty()) c.set("backend", c.said("backend"));
  if (on_processor) return fill_processor(c);
  const auto& cards = c.rig.accelerators;
  if (cards.empty())
    return contradicts("the rig has no accelerator, and the log is of one",
                       "give the rig the log was measured on, or add --backend cpu");
  if (Problem wrong = check_names(c)) return wrong;
  const Result<int> count = device_count(c);
  if (!count) return count.error();
  const hardware::Accelerator& first = cards.front();
  for (int i = 1; i < *count; ++i) {
    if (cards[static_cast<std::size_t>(i)].id == first.id) continue;
    return wants("a row speaks of equal devices, and these differ",
                 "add --devices N, as many as there are of the first kind");
  }
  if (first.id.empty()) return wants(first.name + " is not in the catalogue", "");
  c.set("device_id", first.id);
  c.set("device_count", fmt::format("{}", *count));
  if (c.row["device"].empty()) c.set("device", first.name);
  return std::nullopt;
}

/// Every further setting that is said goes into a note, as rows of evidence write it.
void add_note(const Case& c, std::string_view key, std::string_view text) {
  if (text.empty()) return;
  std::string notes(c.row["notes"]);
  notes += fmt::format("{}{}={}", notes.empty() ? "" : "; ", key, text);
  c.set("notes", notes);
}

Problem fill_inference(const Case& c) {
  if (!c.said("engine").empty()) c.set("engine", c.said("engine"));
  add_note(c, "tp", c.said("tensor"));
  add_note(c, "pp", c.said("pipeline"));
  if (!c.said("flash-attention").empty())
    c.set("flash_attn",
          c.said("flash-attention") == "off" || c.said("flash-attention") == "false" ? "0" : "1");
  for (const auto& [flag, column] : {std::pair{"prompt", "n_prompt"}, std::pair{"answer", "n_gen"},
                                     std::pair{"sequences", "concurrency"}}) {
    if (!c.said(flag).empty() && c.row[column].empty()) c.set(column, c.said(flag));
  }
  if (c.row["n_gen"].empty() && c.row.number("tokens_each") > c.row.number("n_prompt") &&
      !c.row["n_prompt"].empty())
    c.set("n_gen", fmt::format("{:.0f}", c.row.number("tokens_each") - c.row.number("n_prompt")));
  for (const auto& [column, what, flag] :
       {std::tuple{"n_prompt", "how long the prompts are", "--prompt TOKENS"},
        std::tuple{"n_gen", "how long the answers are", "--answer TOKENS"},
        std::tuple{"concurrency", "how many requests ran together", "--sequences N"}}) {
    if (c.row[column].empty())
      return wants(fmt::format("the log does not say {}", what), fmt::format("add {}", flag));
  }
  if (const double seconds = c.row.number("batch_seconds"); seconds > 0) {
    c.set("value",
          fmt::format("{:.6g}", c.row.number("concurrency") * c.row.number("n_gen") / seconds));
  }
  return std::nullopt;
}

/// llama.cpp keeps what -ngl leaves out on the host: the layers and, last, the output head.
Problem check_layers(const Case& c) {
  const estimate::Network* network = c.library.network(c.row["model_id"], "bf16");
  const int loaded = count_note(c.row, "ngl", -1);
  const bool has_all = loaded < 0 || network == nullptr ||
                       loaded > static_cast<int>(network->layers.size()) ||
                       c.row["backend"] == "CPU";
  if (has_all && c.row["host_offload"] != "1") return std::nullopt;
  return Error{ErrorCode::unsupported,
               "part of the network sat in the host's memory: rows of this kind are not compared",
               {},
               "measure with -ngl 999 and without --n-cpu-moe"};
}

Problem fill_training(const Case& c) {
  const std::string_view method = c.said("method");
  if (method.empty())
    return wants("this is a log of training", "add --train full|lora|qlora and its settings");
  c.set("method", method);
  if (!c.said("engine").empty()) c.set("framework", c.said("engine"));
  for (const auto& [flag, column] :
       {std::pair{"sequence", "seq_len"}, std::pair{"micro-batch", "micro_batch"},
        std::pair{"accumulation", "grad_accum"}, std::pair{"rank", "lora_rank"},
        std::pair{"targets", "lora_targets"}, std::pair{"optimizer", "optimizer"},
        std::pair{"attention", "attn_impl"}}) {
    if (!c.said(flag).empty()) c.set(column, c.said(flag));
  }
  if (c.row["lora_targets"] == "all-linear") c.set("lora_targets", "all");
  const std::string_view kept = c.said("checkpointing");
  c.set("grad_ckpt", kept == "none" ? "no" : kept == "offloaded" ? "offload" : kept);
  const std::string_view zero = c.said("zero");
  if (!zero.empty() && zero != "0" && zero != "none")
    c.set("parallelism",
          zero == "fsdp" ? "FSDP" : "ZeRO" + std::string(zero.substr(zero.size() - 1)));
  c.set("precision", c.said("recipe").empty() ? "bf16" : c.said("recipe"));
  if (c.row["seq_len"].empty())
    return wants("the log does not say how long the sequences are", "add --sequence TOKENS");
  if (c.row["micro_batch"].empty())
    return wants("the log does not say how many sequences a device takes at once",
                 "add --micro-batch N");
  return std::nullopt;
}

}  // namespace

Result<Row> complete_own(Row logged, const OwnWords& words, const hardware::Rig& rig,
                         Library& library) {
  const Case c{logged, words, rig, library};
  const bool trains = c.trains();
  if (!trains && !c.said("method").empty())
    return tl::unexpected<Error>(wants("--train is for logs of training", "leave it out"));
  if (!c.said("date").empty()) c.set("date", c.said("date"));
  c.set("source", "own");
  using Step = Problem (*)(const Case&);
  const Step inference[] = {fill_network, fill_quantization, fill_devices, fill_inference,
                            check_layers};
  const Step training[] = {fill_network, fill_training, fill_devices};
  for (const Step step : trains ? std::span<const Step>(training) : std::span(inference)) {
    if (Problem wrong = step(c)) return tl::unexpected<Error>(std::move(*wrong));
  }
  return logged;
}

}  // namespace rigor::evidence
