#include "evidence/settings_row.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using estimate::Term;
using workload::FineTune;

constexpr std::string_view kConstantKey = "engine.";

std::string whole(int& target, std::string_view text, int low, int high) {
  const Result<double> number = parse_number(text);
  if (!number || *number < low || *number > high || *number != static_cast<int>(*number)) {
    return fmt::format("\"{}\" is no whole number from {} to {}", text, low, high);
  }
  target = static_cast<int>(*number);
  return {};
}

std::string positive(double& target, std::string_view text) {
  const Result<double> number = parse_number(text);
  if (!number || *number <= 0) return fmt::format("\"{}\" is no positive number", text);
  target = *number;
  return {};
}

std::string gibibytes(Bytes& target, std::string_view text) {
  double value = 0;
  std::string problem = positive(value, text);
  target = value * GiB;
  return problem;
}

template <class T>
struct Word {
  std::string_view name;
  T value;
};

template <class T>
std::string one_of(T& target, std::string_view text, std::span<const Word<T>> words) {
  const auto found = std::find_if(words.begin(), words.end(),
                                  [&](const Word<T>& word) { return word.name == text; });
  if (found == words.end()) return fmt::format("\"{}\" is unknown here", text);
  target = found->value;
  return {};
}

constexpr std::array kSwitch = {Word<bool>{"on", true}, Word<bool>{"off", false}};
constexpr std::array kSteps = {Word<workload::Step>{"foreach", workload::Step::foreach},
                               Word<workload::Step>{"fused", workload::Step::fused},
                               Word<workload::Step>{"in-backward", workload::Step::in_backward}};
constexpr std::array kAttentions = {
    Word<workload::Attention>{"flash", workload::Attention::flash},
    Word<workload::Attention>{"flash-repeated", workload::Attention::flash_repeated},
    Word<workload::Attention>{"eager", workload::Attention::eager}};
constexpr std::array kKernels = {Word<workload::Kernels>{"eager", workload::Kernels::eager},
                                 Word<workload::Kernels>{"fused", workload::Kernels::fused},
                                 Word<workload::Kernels>{"tiled", workload::Kernels::tiled}};
constexpr std::array kBatchings = {Word<workload::Batching>{"packed", workload::Batching::packed},
                                   Word<workload::Batching>{"padded", workload::Batching::padded}};
/// Names of terms as rows write them.
constexpr std::array kTermWords = {Word<Term>{"weights", Term::weights},
                                   Word<Term>{"kv_cache", Term::kv_cache},
                                   Word<Term>{"recurrent_state", Term::recurrent_state},
                                   Word<Term>{"draft", Term::draft},
                                   Word<Term>{"vision", Term::vision},
                                   Word<Term>{"compute", Term::compute},
                                   Word<Term>{"graph_copies", Term::graph_copies},
                                   Word<Term>{"prompt_pool", Term::prompt_pool},
                                   Word<Term>{"staging", Term::staging},
                                   Word<Term>{"adapter", Term::adapter},
                                   Word<Term>{"gradients", Term::gradients},
                                   Word<Term>{"optimizer", Term::optimizer},
                                   Word<Term>{"master_weights", Term::master_weights},
                                   Word<Term>{"activations", Term::activations},
                                   Word<Term>{"logits", Term::logits},
                                   Word<Term>{"dequantization", Term::dequantization},
                                   Word<Term>{"communication", Term::communication},
                                   Word<Term>{"cuda_graphs", Term::cuda_graphs},
                                   Word<Term>{"cache_pool", Term::cache_pool},
                                   Word<Term>{"runtime", Term::runtime},
                                   Word<Term>{"reserve", Term::reserve},
                                   Word<Term>{"fragmentation", Term::fragmentation}};

std::string device(RowSettings& settings, std::string_view text) {
  int place = estimate::kHost;
  std::string problem;
  if (text != "host") problem = whole(place, text, 0, workload::kMostDevices - 1);
  settings.device = place;
  return problem;
}

std::string terms(RowSettings& settings, std::string_view text) {
  for (const std::string_view name : split(text, '+')) {
    Term term = Term::weights;
    if (const std::string problem = one_of<Term>(term, name, kTermWords); !problem.empty()) {
      return problem;
    }
    settings.terms.push_back(term);
  }
  return {};
}

std::string layers(RowSettings& settings, std::string_view text) {
  constexpr int kMostLayers = 1000;
  const std::vector<std::string_view> counts = split(text, ',');
  if (counts.size() > settings.layers.size()) return "more devices than rigor plans for";
  for (std::size_t i = 0; i < counts.size(); ++i) {
    int count = 0;
    const std::string problem = whole(count, counts[i], 0, kMostLayers);
    if (!problem.empty()) return problem;
    settings.layers[i] = static_cast<std::int16_t>(count);
  }
  settings.stated_layers = static_cast<int>(counts.size());
  return {};
}

std::string base_format(RowSettings& settings, std::string_view text) {
  const auto format = workload::parse_base_format(text);
  if (!format) return fmt::format("\"{}\" is unknown here", text);
  settings.workload.finetune.base = *format;
  return {};
}

/// What only rows may say: what a figure is of, and circumstances a user does not choose.
struct RowKey {
  std::string_view name;
  std::string (*apply)(RowSettings& settings, std::string_view text);
};

FineTune& tuning(RowSettings& settings) {
  return settings.workload.finetune;
}

constexpr std::array kRowKeys = {
    RowKey{"group",
           [](RowSettings& s, std::string_view t) {
             s.group = t;
             return std::string();
           }},
    RowKey{"device", device},
    RowKey{"term", terms},
    RowKey{"layers", layers},
    RowKey{"weights_gib",
           [](RowSettings& s, std::string_view t) { return gibibytes(s.weights, t); }},
    RowKey{"pool_gib", [](RowSettings& s, std::string_view t) { return gibibytes(s.pool, t); }},
    RowKey{"most_sequences",
           [](RowSettings& s, std::string_view t) {
             return whole(s.workload.inference.most_sequences, t, 1, 1 << 16);
           }},
    RowKey{"shared_cache",
           [](RowSettings& s, std::string_view t) {
             return one_of<bool>(s.workload.inference.shared_cache, t, kSwitch);
           }},
    RowKey{"stages",
           [](RowSettings& s, std::string_view t) { return whole(s.stages, t, 1, 4096); }},
    RowKey{"context_ways",
           [](RowSettings& s, std::string_view t) { return whole(s.context_ways, t, 1, 4096); }},
    RowKey{"step",
           [](RowSettings& s, std::string_view t) {
             return one_of<workload::Step>(tuning(s).step, t, kSteps);
           }},
    RowKey{"attention",
           [](RowSettings& s, std::string_view t) {
             return one_of<workload::Attention>(tuning(s).attention, t, kAttentions);
           }},
    RowKey{"norms",
           [](RowSettings& s, std::string_view t) {
             return one_of<workload::Kernels>(tuning(s).norms, t, kKernels);
           }},
    RowKey{"feed_forward",
           [](RowSettings& s, std::string_view t) {
             return one_of<workload::Kernels>(tuning(s).feed_forward, t, kKernels);
           }},
    RowKey{"batching",
           [](RowSettings& s, std::string_view t) {
             return one_of<workload::Batching>(tuning(s).batching, t, kBatchings);
           }},
    RowKey{"base", base_format},
    RowKey{"dropout",
           [](RowSettings& s, std::string_view t) { return positive(tuning(s).dropout, t); }},
    RowKey{"adapter_parameters",
           [](RowSettings& s, std::string_view t) {
             return positive(tuning(s).adapter_parameters, t);
           }},
};

/// "engine.adapter_bytes=2": a set-up that differs from the engine's entry in the catalogue.
std::string constant(RowSettings& settings, std::string_view key, std::string_view text) {
  const std::span<const workload::ConstantSpec> specs = workload::constant_specs();
  const auto spec = std::find_if(specs.begin(), specs.end(),
                                 [&](const workload::ConstantSpec& one) { return one.key == key; });
  if (spec == specs.end()) return fmt::format("engines have no constant \"{}\"", key);
  const Result<double> number = parse_number(text);
  if (!number || *number < 0) return fmt::format("\"{}\" is no number from 0 on", text);
  settings.constants.emplace_back(spec->constant, *number);
  return {};
}

std::string unknown(std::string_view key) {
  std::vector<std::string> names;
  names.reserve(kRowKeys.size() + workload::settings().size());
  for (const RowKey& known : kRowKeys) names.emplace_back(known.name);
  for (const workload::Setting& known : workload::settings()) names.emplace_back(known.name);
  const std::string guess = did_you_mean(key, names);
  return guess.empty() ? "there is no such setting" : guess;
}

std::string apply(RowSettings& settings, std::string_view key, std::string_view text) {
  const auto own = std::find_if(kRowKeys.begin(), kRowKeys.end(),
                                [&](const RowKey& known) { return known.name == key; });
  if (own != kRowKeys.end()) return own->apply(settings, text);
  if (key.starts_with(kConstantKey)) {
    return constant(settings, key.substr(kConstantKey.size()), text);
  }
  const workload::Setting* known = workload::find_setting(key);
  return known != nullptr ? known->apply(settings.workload, text) : unknown(key);
}

/// Settings of the other kind of work are refused: they would have no effect.
std::string applies(std::string_view key, const workload::Engine& engine) {
  const workload::Setting* known = workload::find_setting(key);
  const bool row_only = std::any_of(kRowKeys.begin(), kRowKeys.end(),
                                    [&](const RowKey& one) { return one.name == key; });
  if (known == nullptr || row_only || known->applies_to == 'b') return {};
  if ((known->applies_to == 'f') == engine.trains()) return {};
  return fmt::format("{} does not {}", engine.name, engine.trains() ? "serve" : "train");
}

struct Setting {
  std::string_view key, text;
};

/// The settings between "rigor:" and the first ';'.
std::vector<Setting> settings_of(std::string_view notes) {
  notes.remove_prefix(kOwnWords.size());
  std::vector<Setting> result;
  for (const std::string_view piece : split(notes.substr(0, notes.find(';')), ' ')) {
    if (piece.empty()) continue;
    const std::size_t equals = std::min(piece.find('='), piece.size());
    result.push_back({piece.substr(0, equals), piece.substr(std::min(equals + 1, piece.size()))});
  }
  return result;
}

}  // namespace

std::string read_settings(std::string_view notes, const workload::Engine& engine,
                          RowSettings& settings) {
  for (const Setting& one : settings_of(notes)) {
    std::string wrong = applies(one.key, engine);
    if (wrong.empty()) wrong = apply(settings, one.key, one.text);
    if (!wrong.empty()) return fmt::format("{}: {}", one.key, wrong);
  }
  return {};
}

}  // namespace rigor::evidence
