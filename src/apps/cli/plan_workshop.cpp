#include "apps/cli/plan_workshop.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "adapters/toml/rig_host.hpp"
#include "adapters/toml/rig_lanes.hpp"
#include "apps/cli/demands.hpp"
#include "apps/cli/workload_arguments.hpp"
#include "catalog/electrical.hpp"
#include "catalog/parts.hpp"
#include "place/rank.hpp"
#include "place/work_power.hpp"

namespace rigor::apps {
namespace {

/// A machine has one of these, or as many as today's.
bool is_single_kind(std::string_view kind) {
  constexpr std::array kKinds = {"board", "cpu", "psu", "case", "cooler", "system"};
  return std::ranges::find(kKinds, kind) != kKinds.end();
}

/// What the rig has of these stays in it.
bool keeps_data(std::string_view kind) {
  return kind == "drive" || kind == "memory";
}

/// Rules that are broken by more parts when they are broken by fewer on the same board, processor,
/// supply, case and cooler.
constexpr std::array<std::string_view, 7> kMonotone = {
    "supply-load", "supply-peaks", "circuit", "card-connectors",
    "slot-rows",   "card-length",  "noise"};
/// Of a supply that nothing is known of.
constexpr double kUsualEfficiency = 0.9;
/// Looks for better places and never finds an error.
constexpr std::string_view kSlowestRule = "arrangement";

/// Expected watts; through a supply of `kUsualEfficiency` where none with a known one is listed.
double at_wall(const estimate::ActivityPower& power) {
  if (power.feed.wall) return power.feed.wall->expected.in(watt);
  return power.draw.total.expected.in(watt) / kUsualEfficiency;
}

/// Trainings need a card; everything needs a backend that runs there and the degrees it asks for.
bool can_run(const place::Question& question) {
  const bool trains = question.workload.kind == workload::Kind::finetune;
  return question.engine != nullptr && !(trains && question.accelerators.empty()) &&
         place::problem_with_wish(question).empty();
}

/// What a rating depends on: cards, their links and the host.
std::string machine_key(std::size_t task, const hardware::Rig& rig) {
  std::string key = fmt::format("{}|{}|{}|{}", task, rig.host.memory.in(byte),
                                rig.host.bandwidth.in(byte / second), rig.host.cores);
  for (const hardware::Accelerator& a : rig.accelerators)
    key += fmt::format("|{} {} {} {} {}", a.id, a.slot.generation, a.slot.lanes,
                       a.slot.shared.in(byte / second), a.bridge);
  return key;
}

}  // namespace

Result<std::unique_ptr<Workshop>> Workshop::open(const adapters::RigFile& rig,
                                                 const std::vector<workload::Workload>& work,
                                                 const cost::PlanFile& plan, Session& session) {
  std::unique_ptr<Workshop> shop(new Workshop(session));
  shop->rig_ = &rig;
  if (const Result<void> done = shop->read_knowledge(); !done)
    return tl::unexpected<Error>(done.error());
  for (const workload::Workload& one : work) {
    Result<std::unique_ptr<Problem>> problem = Problem::make(rig, one, session);
    if (!problem) {
      Error error = problem.error();
      error.where =
          "workload \"" + one.name + "\"" + (error.where.empty() ? "" : ": " + error.where);
      return tl::unexpected<Error>(error);
    }
    shop->problems_.push_back(std::move(*problem));
  }
  if (const Result<void> done = shop->read_options(plan); !done)
    return tl::unexpected<Error>(done.error());
  Result<std::vector<check::Demand>> asked = demands(rig, work, shop->calibration_, session);
  if (!asked) return tl::unexpected<Error>(asked.error());
  shop->demands_ = std::move(*asked);
  return shop;
}

Result<void> Workshop::read_knowledge() {
  Result<estimate::Calibration> calibration = fitted();
  if (!calibration) return tl::unexpected<Error>(calibration.error());
  Result<hardware::Habits> habits = catalog::habits(session_.catalog);
  if (!habits) return tl::unexpected<Error>(habits.error());
  const Result<const catalog::Entry*> limits = session_.catalog.entry("choice/limits");
  if (!limits) return tl::unexpected<Error>(limits.error());
  calibration_ = std::move(*calibration);
  habits_ = std::move(*habits);
  limits_ = *limits;
  return {};
}

/// The plan's candidates, and of the kinds a machine has one of what the rig has today.
Result<void> Workshop::read_options(const cost::PlanFile& plan) {
  const auto owned = [&](const std::string& id) {
    int count = 0;
    for (const hardware::PlacedPart& part : rig_->rig.parts)
      if (part.id == id) count += part.count;
    return count;
  };
  const auto add = [&](const catalog::Entry& entry, const std::string& name, int most, int which) {
    const std::string kind(entry.kind());
    const int has = owned(entry.id);
    options_.push_back({.ref = entry.id,
                        .name = name.empty() ? entry.name : name,
                        .kind = kind,
                        .owned = has,
                        .least = keeps_data(kind) ? has : 0,
                        .most = std::max(most, has),
                        .is_single = is_single_kind(kind)});
    entries_.push_back(entry);
    slots_.emplace_back();
    candidates_.push_back(which);
  };
  for (std::size_t c = 0; c < plan.parts.size(); ++c) {
    const cost::Candidate& candidate = plan.parts[c];
    const Result<const catalog::Entry*> entry = session_.catalog.find(candidate.ref);
    if (!entry)
      return fail(entry.error().code, entry.error().message, to_text(candidate.where),
                  entry.error().hint);
    const auto same = std::ranges::find(options_, (*entry)->id, &plan::PartOption::ref);
    if (same != options_.end())
      return fail(ErrorCode::malformed, fmt::format("{} is a candidate twice", (*entry)->id),
                  to_text(candidate.where), "one [[part]] with all of its prices");
    add(**entry, candidate.name, candidate.most, static_cast<int>(c));
    slots_.back() = candidate.slot;
  }
  const std::size_t candidates = options_.size();
  for (std::size_t p = 0; p < rig_->rig.parts.size(); ++p) {
    const hardware::PlacedPart& part = rig_->rig.parts[p];
    const auto rivals = [&](const plan::PartOption& o) { return o.kind == part.kind; };
    const auto known = [&](const plan::PartOption& o) { return o.ref == part.id; };
    const auto end = options_.begin() + static_cast<std::ptrdiff_t>(candidates);
    if (part.id.empty() || !is_single_kind(part.kind) || std::ranges::any_of(options_, known) ||
        std::none_of(options_.begin(), end, rivals))
      continue;
    add(rig_->entries[p], part.name, part.count, -1);
  }
  return {};
}

adapters::RigFile Workshop::build(const plan::Counts& counts, Diagnostics& problems) const {
  adapters::RigFile file;
  file.rig = rig_->rig;
  file.rig.parts.clear();
  file.rig.accelerators.clear();
  std::vector<int> left = counts;
  const auto place = [&](hardware::PlacedPart part, const catalog::Entry& entry, int count) {
    if (count <= 0) return;
    part.count = count;
    if (static_cast<int>(part.slots.size()) > count)
      part.slots.resize(static_cast<std::size_t>(count));
    file.rig.parts.push_back(std::move(part));
    file.entries.push_back(entry);
  };
  for (std::size_t p = 0; p < rig_->rig.parts.size(); ++p) {
    const hardware::PlacedPart& part = rig_->rig.parts[p];
    const auto option = std::ranges::find(options_, part.id, &plan::PartOption::ref);
    if (part.id.empty() || option == options_.end()) {
      place(part, rig_->entries[p], part.count);
      continue;
    }
    int& pieces = left[static_cast<std::size_t>(option - options_.begin())];
    const int here = std::min(part.count, pieces);
    place(part, rig_->entries[p], here);
    pieces -= here;
  }
  for (std::size_t o = 0; o < options_.size(); ++o) {
    hardware::PlacedPart fresh{
        .id = options_[o].ref, .kind = options_[o].kind, .name = options_[o].name};
    if (!slots_[o].empty()) fresh.slots = {slots_[o]};
    place(std::move(fresh), entries_[o], left[o]);
  }
  for (std::size_t p = 0; p < file.rig.parts.size(); ++p) {
    const std::string& kind = file.rig.parts[p].kind;
    if (kind != "gpu" && kind != "system") continue;
    const hardware::Accelerator card = catalog::to_accelerator(file.entries[p], problems);
    for (int n = 0; n < file.rig.parts[p].count; ++n) file.rig.accelerators.push_back(card);
  }
  hardware::Settings& settings = file.rig.settings;
  if (settings.display_device >= static_cast<int>(file.rig.accelerators.size()))
    settings.display_device = -1;
  file.rig.host = adapters::rig_host(file, problems);
  adapters::link_cards(file, session_.catalog, problems);
  return file;
}

Workshop::Rated& Workshop::ranked(std::size_t task, const place::Question& question,
                                  const hardware::Rig& rig) {
  const std::string key = machine_key(task, rig);
  auto known = rated_.find(key);
  if (known == rated_.end()) {
    ++ratings_;
    const place::Candidate best = place::rank(question, calibration_).front();
    known = rated_.emplace(key, Rated{best.answer, best.tokens_per_s}).first;
  }
  return known->second;
}

Workshop::Draws Workshop::draws_of(const place::Question& question,
                                   const workload::Placement& placement,
                                   const estimate::PowerCase& machine) const {
  const bool trains = question.workload.kind == workload::Kind::finetune;
  const place::WorkPower power =
      trains ? place::training_work(question, placement, calibration_, machine)
             : place::inference_work(question, placement, calibration_, machine);
  if (power.phases.empty()) return {};
  return {true, trains ? hardware::Activity::training : hardware::Activity::decode,
          power.phases.front().power.draw.at(hardware::Component::card)};
}

plan::Ability Workshop::rate(std::size_t task, const adapters::RigFile& rig,
                             const estimate::PowerCase& machine) {
  plan::Ability ability;
  const place::Question question = problems_[task]->moved_to(rig.rig);
  if (!can_run(question)) return ability;
  Rated& rated = ranked(task, question, rig.rig);
  ability.fits = rated.answer.verdict.fit != estimate::Fit::does_not_fit;
  if (!ability.fits) return ability;
  ability.tokens_per_s = rated.tokens_per_s;
  if (ability.tokens_per_s <= 0) return ability;
  if (!rated.draws) rated.draws = draws_of(question, rated.answer.placement, machine);
  if (!rated.draws->is_known) return ability;
  const Volts mains = machine.site.voltage.value_or(estimate::kUsualMains);
  ability.watts = at_wall(estimate::activity_power(machine, estimate::feed_plan(machine.rig, mains),
                                                   rated.draws->activity, rated.draws->cards));
  return ability;
}

void Workshop::put_before_rules(const check::Assembly& assembly, plan::Judgement& judgement) {
  for (const check::Rule& rule : check::rules()) {
    if (rule.id == kSlowestRule) continue;
    for (const check::Finding& finding : rule.judge(assembly)) {
      const std::string id(rule.id);
      const bool is_open = rule.decides && finding.severity == check::Severity::unknown;
      if (!knows_today_ && is_open && std::ranges::find(unknown_, id) == unknown_.end())
        unknown_.push_back(id);
      if (finding.severity != check::Severity::error) continue;
      if (!knows_today_) broken_.push_back(id);
      if (std::ranges::find(broken_, id) != broken_.end()) continue;
      judgement.errors.push_back(id + ": " + finding.message);
      judgement.more_never_helps |= std::ranges::find(kMonotone, rule.id) != kMonotone.end();
    }
  }
}

plan::Judgement Workshop::judge(const plan::Counts& counts, Rate which) {
  plan::Judgement judgement;
  Diagnostics problems;
  const adapters::RigFile file = build(counts, problems);
  for (const Diagnostic& problem : problems.all())
    if (problem.severity == Severity::error) judgement.errors.push_back(problem.message);
  judgement.more_never_helps = !judgement.errors.empty();  // places are short
  const auto assembly =
      check::assemble(file.rig, file.entries, {limits_, &habits_, &calibration_.power()}, demands_);
  put_before_rules(*assembly, judgement);
  if (!knows_today_)
    wall_is_known_ = assembly->sheet.at(hardware::Activity::idle).feed.wall.has_value();
  knows_today_ = true;
  const estimate::PowerSheet& sheet = assembly->sheet;
  judgement.idle_watts = at_wall(sheet.at(hardware::Activity::idle));
  const estimate::ActivityPower& most = sheet.at(hardware::Activity::limit);
  if (most.feed.wall) judgement.most_watts = most.feed.wall->high.in(watt);
  if (most.noise.level) judgement.noise = most.noise.level->expected;
  const estimate::PowerCase machine = {
      {&assembly->electrical, file.rig.accelerators, &calibration_.power()},
      &habits_,
      file.rig.site};
  judgement.abilities.resize(problems_.size());
  if (!judgement.errors.empty() && which == Rate::sound) return judgement;
  for (std::size_t k = 0; k < problems_.size(); ++k)
    judgement.abilities[k] = rate(k, file, machine);
  return judgement;
}

Result<double> Workshop::rented_rate(std::size_t task, const std::string& gpu, int count) {
  const std::string words = fmt::format("{}x {}", count, gpu);
  const Result<adapters::RigFile> rig = adapters::rig_from_words(words, session_.catalog);
  if (!rig) return tl::unexpected<Error>(rig.error());
  const place::Question question = problems_[task]->moved_to(rig->rig);
  if (!can_run(question)) return 0.0;
  const Rated& best = ranked(task, question, rig->rig);
  return best.answer.verdict.fit == estimate::Fit::does_not_fit ? 0.0 : best.tokens_per_s;
}

}  // namespace rigor::apps
