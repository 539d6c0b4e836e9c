#include "evidence/llama_row.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <utility>

#include "evidence/memory_row.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using estimate::LlamaEpoch;

struct FigureName {
  std::string_view metric;
  LlamaFigure figure;
};

constexpr std::array kFigures = {
    FigureName{"mem_model_buffer_gib", LlamaFigure::weights},
    FigureName{"mem_kv_buffer_gib", LlamaFigure::cache},
    FigureName{"mem_kv_total_gib", LlamaFigure::cache_total},
    FigureName{"mem_rs_buffer_gib", LlamaFigure::state},
    FigureName{"mem_compute_buffer_gib", LlamaFigure::compute},
    FigureName{"mem_total_vram_gib", LlamaFigure::total_vram},
};

LlamaFigure figure_of(std::string_view metric) {
  const auto found = std::find_if(kFigures.begin(), kFigures.end(),
                                  [&](const FigureName& name) { return name.metric == metric; });
  return found == kFigures.end() ? LlamaFigure::footprint : found->figure;
}

/// The word after " buffer on ".
std::string_view buffer_name(std::string_view notes) {
  constexpr std::string_view kBefore = "buffer on ";
  const std::size_t at = notes.find(kBefore);
  if (at == std::string_view::npos) return {};
  const std::string_view rest = notes.substr(at + kBefore.size());
  return rest.substr(0, rest.find_first_of(" ,;"));
}

bool is_graphics_name(std::string_view name) {
  constexpr std::array<std::string_view, 6> kNames = {"CUDA",  "ROCm", "Vulkan",
                                                      "Metal", "HIP",  "SYCL"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

LlamaPlace place_of(std::string_view buffer) {
  if (buffer.empty()) return LlamaPlace::none;
  if (buffer.ends_with("_Host") || buffer == "CPU" || buffer == "CPU_Mapped")
    return LlamaPlace::host;
  const std::string_view letters = buffer.substr(0, buffer.find_first_of("0123456789"));
  return is_graphics_name(letters) ? LlamaPlace::device : LlamaPlace::other;
}

int index_of(std::string_view buffer) {
  const std::size_t at = buffer.find_first_of("0123456789");
  const Result<double> number =
      parse_number(at == std::string_view::npos ? "0" : buffer.substr(at));
  return number ? static_cast<int>(*number) : 0;
}

std::optional<bool> as_switch(std::string_view text) {
  if (text == "1" || text == "enabled" || text == "on") return true;
  if (text == "0" || text == "disabled" || text == "off") return false;
  return std::nullopt;
}

/// "b2824 4426e298" or "a4575513 (b5863)".
int build_number(std::string_view version) {
  for (std::size_t at = version.find('b'); at != std::string_view::npos;
       at = version.find('b', at + 1)) {
    if (at > 0 && version[at - 1] != ' ' && version[at - 1] != '(') continue;
    const std::string_view rest = version.substr(at + 1);
    const std::size_t end = std::min(rest.find_first_not_of("0123456789"), rest.size());
    const Result<double> number = parse_number(rest.substr(0, end));
    if (number && end >= 4) return static_cast<int>(*number);
  }
  return 0;
}

/// llama-perplexity prints the length of one chunk where others print the context: "n_ctx=512,". It
/// evaluates as many chunks at once as fill a batch of 2048.
bool is_perplexity(const Row& row) {
  const std::string_view context = row.note("n_ctx");
  return !context.empty() &&
         contains(row["notes"], std::string("n_ctx=") + std::string(context) + ",") &&
         row.note("n_batch").empty() && contains(row["notes"], "n_batch=");
}

void read_lengths(const Row& row, LlamaRow& out) {
  constexpr int kPerplexityContext = 2048;
  constexpr int kUsualMicroBatch = 512;
  out.context = count_note(row, "n_ctx", 0);
  out.micro_batch = count_note(row, "n_ubatch", 0);
  if (is_perplexity(row)) {
    out.context = std::max(kPerplexityContext, out.context);
    out.micro_batch = kUsualMicroBatch;
  } else if (!contains(row["notes"],
                       "n_ubatch=")) {  // logs of 2024 and before print none: the default
    out.micro_batch = kUsualMicroBatch;
    if (out.context == 0) out.context = count_of(row, "context_depth", 0);
  }
}

/// "-np8" or "/np8" in the name of a log: slots with a part of the context each.
int slots_of(const Row& row) {
  for (const char* word : {"-np", "/np"}) {
    if (const auto slots = number_after(row["locator"], word))
      return std::max(1, static_cast<int>(*slots));
  }
  return 1;
}

/// Does the row speak of a machine with an accelerator?
bool has_graphics(const Row& row) {
  const std::string_view id = row["device_id"];
  const bool processor = id.starts_with("cpu/") || row["backend"] == "CPU";
  return !processor && (!id.empty() || !row["backend"].empty() || contains(row["device"], "RTX"));
}

bool same_run(const LlamaRow& a, const LlamaRow& b) {
  return (*a.row)["model"] == (*b.row)["model"] && a.context == b.context &&
         a.micro_batch == b.micro_batch && a.flash_attention == b.flash_attention &&
         a.devices == b.devices && a.offloads == b.offloads;
}

bool contradict(const LlamaRow& a, const LlamaRow& b) {
  constexpr double kSame = 0.005;
  if (a.figure != b.figure || a.buffer != b.buffer) return false;
  return std::abs((a.measured() - b.measured()) / b.measured()) > kSame;
}

/// The row's own, else what all other runs of the log agree on.
std::optional<bool> flash_attention_of(const LlamaRow& own, const std::vector<LlamaRow>& log) {
  if (own.flash_attention) return own.flash_attention;
  std::set<bool> stated;
  for (const LlamaRow& other : log) {
    const bool same = (*other.row)["model"] == (*own.row)["model"];
    if (same && other.flash_attention) stated.insert(*other.flash_attention);
  }
  return stated.size() == 1 ? std::optional(*stated.begin()) : std::nullopt;
}

LlamaEpoch epoch_by_build(int build) {
  if (build >= 10900) return LlamaEpoch::b10900;
  if (build >= 9000) return LlamaEpoch::b9000;
  return build >= 5400 ? LlamaEpoch::b6000 : LlamaEpoch::b2800;
}

LlamaEpoch epoch_by_date(std::string_view date) {
  if (date.empty() || date >= "2026-06") return LlamaEpoch::b10900;
  if (date >= "2026-01") return LlamaEpoch::b9000;
  return date >= "2025-06" ? LlamaEpoch::b6000 : LlamaEpoch::b2800;
}

}  // namespace

bool is_llama_row(const Row& row) {
  const std::string_view engine = row["engine"];
  return is_memory_row(row) && (engine == "llama.cpp" || contains(engine, "ik_llama.cpp"));
}

LlamaRow read_llama_row(const Row& row) {
  const std::string_view notes = row["notes"];
  LlamaRow out;
  out.row = &row;
  out.figure = figure_of(row["metric"]);
  out.buffer = buffer_name(notes);
  out.place = place_of(out.buffer);
  out.index = index_of(out.buffer);
  out.fork = contains(row["engine"], "ik_llama.cpp");
  out.build = build_number(row["engine_version"]);
  read_lengths(row, out);
  out.slots = out.fork ? 1 : slots_of(row);
  const std::string_view flash = row.note("flash_attn");
  out.flash_attention = as_switch(flash.empty() ? row["flash_attn"] : flash);
  out.key_type = llm::find_cache_type(row.note("K"));
  out.value_type = llm::find_cache_type(row.note("V"));
  out.devices = std::max(1, count_of(row, "device_count", 1));
  out.mixed_devices = contains(row["device"], "+");
  out.offloads = contains(notes, "host offload") || row["host_offload"] == "1";
  out.has_graphics = has_graphics(row);
  return out;
}

bool LlamaRun::uses_devices() const {
  return !named_devices().empty();
}

std::vector<int> LlamaRun::named_devices() const {
  std::set<int> indices;
  if (own.on_device()) indices.insert(own.index);
  for (const LlamaRow& other : others) {
    if (other.on_device()) indices.insert(other.index);
  }
  return {indices.begin(), indices.end()};
}

std::vector<const LlamaRow*> LlamaRun::others_with(LlamaFigure figure) const {
  std::vector<const LlamaRow*> found;
  for (const LlamaRow& other : others) {
    if (other.figure == figure) found.push_back(&other);
  }
  return found;
}

bool LlamaRun::contradicts(LlamaFigure figure) const {
  std::vector<const LlamaRow*> all = others_with(figure);
  if (own.figure == figure) all.push_back(&own);
  return std::any_of(all.begin(), all.end(), [&](const LlamaRow* a) {
    return std::any_of(all.begin(), all.end(),
                       [&](const LlamaRow* b) { return contradict(*a, *b); });
  });
}

bool LlamaRun::has_two_caches() const {
  constexpr double kRounding = 1.005;
  std::vector<const LlamaRow*> parts = others_with(LlamaFigure::cache);
  std::vector<const LlamaRow*> wholes = others_with(LlamaFigure::cache_total);
  if (own.figure == LlamaFigure::cache) parts.push_back(&own);
  if (own.figure == LlamaFigure::cache_total) wholes.push_back(&own);
  return std::any_of(parts.begin(), parts.end(), [&](const LlamaRow* part) {
    return std::any_of(wholes.begin(), wholes.end(), [&](const LlamaRow* whole) {
      return part->measured() > kRounding * whole->measured();
    });
  });
}

LlamaRun read_run(const Row& row, Siblings siblings) {
  LlamaRun run{.own = read_llama_row(row)};
  std::vector<LlamaRow> log;
  for (const Row* sibling : siblings) {
    if (sibling != &row && is_llama_row(*sibling)) log.push_back(read_llama_row(*sibling));
  }
  std::copy_if(log.begin(), log.end(), std::back_inserter(run.others),
               [&](const LlamaRow& other) { return same_run(run.own, other); });
  run.flash_attention = flash_attention_of(run.own, log);
  return run;
}

LlamaEpoch epoch_of(const LlamaRun& run) {
  const auto maps_file = [](const LlamaRow& row) { return row.buffer == "CPU_Mapped"; };
  const bool mainline =
      maps_file(run.own) || std::any_of(run.others.begin(), run.others.end(), maps_file);
  if (run.own.fork && !mainline) return LlamaEpoch::ik_2025;
  return run.own.build > 0 ? epoch_by_build(run.own.build) : epoch_by_date(run.date());
}

}  // namespace rigor::evidence
