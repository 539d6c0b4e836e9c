#include "report/search_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "report/fit_text.hpp"
#include "report/speed_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using place::Choice;
using place::Found;
using place::Question;
using place::SearchSpace;
using workload::EngineFamily;
using workload::Kind;

bool trains(const Question& question) {
  return question.workload.kind == Kind::finetune;
}

void add(std::string& text, const std::string& flag) {
  text += text.empty() ? flag : " " + flag;
}

std::string serving_settings(const Question& asked, const SearchSpace& space,
                             const Choice& choice) {
  std::string text;
  const Question after = place::with_settings(asked, space, choice);
  const workload::Inference &was = asked.workload.inference, &is = after.workload.inference;
  if (is.key_type.bytes_per_element != was.key_type.bytes_per_element ||
      is.value_type.bytes_per_element != was.value_type.bytes_per_element)
    add(text, "--kv-type " + space.caches[choice.cache].name);
  if (is.micro_batch != was.micro_batch) add(text, fmt::format("--ubatch {}", is.micro_batch));
  if (is.batch != was.batch) add(text, fmt::format("--batch {}", is.batch));
  return text;
}

/// "0.03 %", "~0.5 %" where it is a rank, "none".
std::string loss_text(const SearchSpace& space, const Choice& choice) {
  if (choice.loss <= 0) return "none";
  const bool assumed = space.caches[choice.cache].loss_is_assumed;
  return fmt::format("{}{:g} %", assumed ? "~" : "", 100 * choice.loss);
}

std::string row(const SearchReport& search, const Choice& choice) {
  const std::string loss =
      trains(*search.asked) ? "" : fmt::format("  {:>6}", loss_text(search.space, choice));
  const std::string rate = choice.tokens_per_s > 0 ? figure_text(choice.tokens_per_s) : "unknown";
  return fmt::format("{:>9} tokens/s {:>11} free{}  {}", rate, to_text_binary(choice.headroom),
                     loss, choice_text(*search.asked, search.space, choice));
}

std::string notes(const SearchReport& search) {
  const Question& asked = *search.asked;
  if (trains(asked)) {
    return fmt::format("a global batch of {} sequences{}\n", search.space.global_batch,
                       search.batch_is_assumed ? " is assumed; state yours: --global-batch N" : "");
  }
  const workload::Inference& inference = asked.workload.inference;
  const auto prompt = inference.prompt > 0
                          ? inference.prompt
                          : static_cast<int>(std::min<std::int64_t>(512, inference.context));
  std::string text =
      fmt::format("tokens/s: generated over whole requests, {} tokens read and 512 answered\n",
                  grouped(prompt));
  bool lossy = false, assumed = false;
  for (const place::CacheOption& cache : search.space.caches) {
    lossy = lossy || cache.loss > 0;
    assumed = assumed || cache.loss_is_assumed;
  }
  if (lossy)
    text += fmt::format("third column: perplexity added (catalog/choice/cache-types.toml){}\n",
                        assumed ? "; ~ is a rank, not a measurement" : "");
  return text;
}

void choice_json(Json& json, const SearchReport& search, const Choice& choice) {
  const Question& asked = *search.asked;
  json.begin_object().member("placement", placement_text(asked, choice.placement));
  json.member("settings", settings_text(asked, search.space, choice));
  if (trains(asked)) {
    json.member("micro_batch", choice.micro_batch).member("accumulation", choice.accumulation);
    json.member("checkpointing", workload::to_text(choice.checkpointing));
  } else {
    const place::CacheOption& cache = search.space.caches[choice.cache];
    json.member("kv_type", cache.name).member("tokens_computed_together", choice.computed_tokens);
    json.member("perplexity_added", choice.loss);
    json.member("perplexity_is_assumed", cache.loss_is_assumed);
  }
  json.member("tokens_per_s", choice.tokens_per_s);
  json.member("headroom_bytes", choice.headroom.in(byte));
  json.member("on_front", choice.on_front).end_object();
}

/// What two choices have in common that differ in their batch alone.
auto kind_of(const Choice& c) {
  const workload::Placement& p = c.placement;
  return std::tuple(p.devices, p.device, p.layers, p.tensor, p.pipeline, p.data, p.sharding,
                    p.optimizer, p.parameters, c.cache, c.checkpointing);
}

}  // namespace

std::string settings_text(const Question& asked, const SearchSpace& space, const Choice& choice) {
  if (!trains(asked)) return serving_settings(asked, space, choice);
  std::string text =
      fmt::format("--micro-batch {} --accumulation {}", choice.micro_batch, choice.accumulation);
  if (choice.checkpointing != asked.workload.finetune.checkpointing)
    text += fmt::format(" --checkpointing {}", workload::to_text(choice.checkpointing));
  return text;
}

std::string choice_text(const Question& asked, const SearchSpace& space, const Choice& choice) {
  const std::string settings = settings_text(asked, space, choice);
  return placement_text(asked, choice.placement) + (settings.empty() ? "" : "; " + settings);
}

std::vector<const Choice*> best_of_each(const Found& found, std::size_t most) {
  std::vector<const Choice*> best;
  for (const Choice& choice : found.choices) {
    const bool known = std::any_of(best.begin(), best.end(), [&](const Choice* other) {
      return kind_of(*other) == kind_of(choice);
    });
    if (!known) best.push_back(&choice);
    if (best.size() == most) break;
  }
  return best;
}

std::vector<const Choice*> short_front(const Found& found) {
  constexpr double kAsFast = 0.97;
  constexpr std::size_t kMost = 8;
  const Bytes little = 0.5 * GiB;
  std::vector<const Choice*> rest;
  for (const Choice& choice : found.choices) {
    if (choice.on_front) rest.push_back(&choice);
  }
  std::stable_sort(rest.begin(), rest.end(), [](const Choice* a, const Choice* b) {
    return std::tuple(b->tokens_per_s, b->headroom) < std::tuple(a->tokens_per_s, a->headroom);
  });
  std::vector<const Choice*> kept;
  while (!rest.empty() && kept.size() < kMost) {
    // Of those about as fast as the fastest that is left, the one with the most memory.
    const Choice* best = rest.front();
    const double enough = kAsFast * best->tokens_per_s;
    for (const Choice* other : rest) {
      const bool as_good = other->tokens_per_s >= enough && other->loss <= rest.front()->loss;
      if (as_good && other->headroom > best->headroom) best = other;
    }
    kept.push_back(best);
    std::erase_if(rest, [&](const Choice* other) {
      return best->tokens_per_s >= kAsFast * other->tokens_per_s &&
             best->headroom >= other->headroom - little && best->loss <= other->loss;
    });
  }
  return kept;
}

std::string search_text(const SearchReport& search) {
  const Found& found = search.found;
  if (found.choices.empty())
    return fmt::format("searched: none of {} placements and settings fits\n", found.evaluated);
  std::string text = fmt::format("searched: {} placements and settings fit ({} estimates)\n",
                                 found.choices.size(), found.evaluated);
  constexpr std::size_t kShown = 5;
  const std::vector<const Choice*> best = best_of_each(found, kShown);
  for (std::size_t i = 0; i < best.size(); ++i) {
    const char* what = i == 0 ? "taken" : i == 1 ? "second" : "";
    text += fmt::format("  {:<6} {}\n", what, row(search, *best[i]));
  }
  const std::vector<const Choice*> front = short_front(found);
  if (front.size() > 1) {
    text += "what more speed costs: none of these is beaten in all columns\n";
    for (const Choice* choice : front) text += "         " + row(search, *choice) + "\n";
  }
  return text + notes(search);
}

void search_json(Json& json, const SearchReport& search) {
  const Found& found = search.found;
  json.key("search").begin_object().member("estimates", static_cast<int>(found.evaluated));
  json.member("fitting", static_cast<int>(found.choices.size()));
  if (trains(*search.asked)) {
    json.member("global_batch", search.space.global_batch);
    json.member("global_batch_is_assumed", search.batch_is_assumed);
  }
  constexpr std::size_t kListed = 20;
  json.key("choices").begin_list();
  for (const Choice* choice : best_of_each(found, kListed)) choice_json(json, search, *choice);
  json.end_list().key("front").begin_list();
  for (const Choice& choice : found.choices) {
    if (choice.on_front) choice_json(json, search, choice);
  }
  json.end_list().end_object();
}

std::string better_text(const Question& question, const Better& better) {
  const std::string what = choice_text(question, better.space, better.choice);
  const std::string rate = figure_text(better.choice.tokens_per_s);
  if (better.now <= 0) return fmt::format("found by search: {}: fits, {} tokens/s", what, rate);
  return fmt::format("faster: {}: {} tokens/s instead of {}{}", what, rate, figure_text(better.now),
                     trains(question) ? "" : ", prompts included");
}

void better_json(Json& json, const Question& question, const std::optional<Better>& better) {
  json.key("better");
  if (!better) {
    json.null().member("better_reason", "no choice without loss is 5 % faster");
    return;
  }
  json.begin_object();
  json.member("placement", placement_text(question, better->choice.placement));
  json.member("settings", settings_text(question, better->space, better->choice));
  json.member("tokens_per_s", better->choice.tokens_per_s);
  json.member("tokens_per_s_now", better->now);
  json.member("perplexity_added", better->choice.loss).end_object();
}

}  // namespace rigor::report
