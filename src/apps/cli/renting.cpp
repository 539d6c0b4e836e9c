#include "apps/cli/renting.hpp"

#include <fmt/format.h>

#include "apps/cli/problem.hpp"
#include "place/rank.hpp"

namespace rigor::apps {
namespace {

using cost::Match;
using cost::Rent;

constexpr double kSecondsPerHour = 3600;
constexpr double kMillion = 1e6;

/// Rented hours for an hour of the own machine; errors of the two estimates are taken as apart.
Range<double> hours_ratio(const place::Ranged& own, const place::Ranged& rented) {
  const place::Ranged ratio =
      place::product(own, {1 / rented.high, 1 / rented.expected, 1 / rented.low});
  return {ratio.low, ratio.expected, ratio.high};
}

std::optional<double> price_of(const cost::RentOffer& offer, Rent rent) {
  switch (rent) {
    case Rent::on_demand: return offer.price;
    case Rent::spot: return offer.spot;
    case Rent::committed: return offer.committed;
    case Rent::api: break;
  }
  return std::nullopt;
}

double waste(const cost::Terms& terms, Rent rent) {
  if (rent == Rent::committed) return 1;
  return (1 + terms.renting_idle) * (rent == Rent::spot ? 1 + terms.interruption : 1);
}

}  // namespace

RentedSpeed Renter::measure(const workload::Workload& workload, const cost::RentOffer& offer) {
  const std::string words = fmt::format("{}x {}", offer.count, offer.gpu);
  std::unique_ptr<adapters::RigFile>& machine = machines_[words];
  if (machine == nullptr) {
    Result<adapters::RigFile> rig = adapters::rig_from_words(words, session_.catalog);
    if (!rig) return {rig.error().message, {}};
    machine = std::make_unique<adapters::RigFile>(std::move(*rig));
  }
  const Result<std::unique_ptr<Problem>> made = Problem::make(*machine, workload, session_, {});
  if (!made) return {made.error().message, {}};
  const place::Question& question = (*made)->question();
  const place::Answer answer = place::rank(question, calibration_).front().answer;
  if (answer.verdict.fit == estimate::Fit::does_not_fit) return {"it does not fit", {}};
  std::string missing = place::speed_needs(question, answer.placement);
  if (!missing.empty()) return {std::move(missing), {}};
  if (question.workload.kind == workload::Kind::finetune)
    return {{}, place::training_speed(question, answer.placement, calibration_).tokens};
  const estimate::SpeedRig rig = place::speed_rig(question, calibration_);
  const place::InferenceSpeed speed =
      place::inference_speed(question, answer.placement, rig, calibration_);
  return {{}, speed.sequences > 1 ? speed.aggregate : speed.decode};
}

const RentedSpeed& Renter::speed(const workload::Workload& workload, const cost::RentOffer& offer) {
  const std::string key = fmt::format("{} x {}", offer.count, offer.gpu);
  const auto known = speeds_.find(key);
  if (known != speeds_.end()) return known->second;
  return speeds_.emplace(key, measure(workload, offer)).first->second;
}

void Renter::match_machines(const workload::Workload& workload, const place::Ranged& own,
                            cost::WorkOnRig& work) {
  for (const Rent rent : {Rent::on_demand, Rent::spot, Rent::committed}) {
    std::optional<Match>& best = work.match[static_cast<std::size_t>(rent)];
    int priced = 0;
    std::string why;
    for (const cost::RentOffer& offer : offers_.machines) {
      const std::optional<double> price = price_of(offer, rent);
      if (!price) continue;
      ++priced;
      const RentedSpeed& rented = speed(workload, offer);
      if (!rented.missing.empty() || rented.rate.expected <= 0) {
        why = rented.missing;
        continue;
      }
      Match match{offer.name, offer.source, offer.count, *price, hours_ratio(own, rented.rate), 0};
      match.per_mtok =
          *price * waste(terms_, rent) / (rented.rate.expected * kSecondsPerHour) * kMillion;
      if (!best || match.per_mtok < best->per_mtok) best = match;
    }
    if (best) continue;
    std::string& missing = work.missing[static_cast<std::size_t>(rent)];
    if (priced == 0) missing = fmt::format("no offer states a price {}", to_text(rent));
    if (priced == 1) missing = why;
    if (priced > 1) missing = fmt::format("none of {} offers does it", priced);
  }
}

void Renter::match_apis(const workload::Workload& workload, const place::Ranged& own,
                        double prompt_share, cost::WorkOnRig& work) {
  constexpr auto kApi = static_cast<std::size_t>(Rent::api);
  std::optional<Match>& best = work.match[kApi];
  work.missing[kApi] = workload.kind == workload::Kind::finetune
                           ? "training is not sold by the token"
                           : "no API sells this network";
  if (workload.kind == workload::Kind::finetune) return;
  const Result<std::string> model = session_.catalog.resolve(workload.model, "architecture");
  if (!model) return;
  for (const cost::ApiPrice& api : offers_.apis) {
    if (api.model != *model) continue;
    const double read = prompt_share / (1 - prompt_share);  // tokens for each that is written
    Match match{api.name, api.source, 0, 0, {1, 1, 1}, api.output + read * api.input};
    match.per_hour = match.per_mtok * own.expected * kSecondsPerHour / kMillion;
    if (!best || match.per_mtok < best->per_mtok) best = match;
  }
}

void Renter::match(const workload::Workload& workload, const place::Ranged& own,
                   double prompt_share, cost::WorkOnRig& work) {
  speeds_.clear();
  workload::Workload rented = workload;
  rented.power_limit.reset();  // of the own cards
  match_machines(rented, own, work);
  match_apis(workload, own, prompt_share, work);
}

}  // namespace rigor::apps
