// Rigs put together from counts of parts, judged by the rules and rated for the tasks: what the
// plan knows of a configuration. Layer 11.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "apps/cli/problem.hpp"
#include "catalog/habits.hpp"
#include "check/rule.hpp"
#include "cost/plan_file.hpp"
#include "estimate/speed/calibration.hpp"
#include "plan/model.hpp"

namespace rigor::apps {

/// Keeps what it rated: machines that differ only in what a task does not use share a rating.
class Workshop {
 public:
  /// `rig` and `session` must outlive it. Errors name the task or the part.
  static Result<std::unique_ptr<Workshop>> open(const adapters::RigFile& rig,
                                                const std::vector<workload::Workload>& work,
                                                const cost::PlanFile& plan, Session& session);

  /// Parts of the rig and candidates, without prices.
  [[nodiscard]] const std::vector<plan::PartOption>& options() const { return options_; }
  /// Index of the candidate in the plan's [[part]] tables; -1: of the rig only.
  [[nodiscard]] int candidate(std::size_t option) const { return candidates_[option]; }
  [[nodiscard]] const std::vector<std::unique_ptr<Problem>>& problems() const { return problems_; }

  /// Machines that break a rule are rated only when `which` says so.
  enum class Rate : std::uint8_t { sound, all };
  [[nodiscard]] plan::Judgement judge(const plan::Counts& counts, Rate which = Rate::sound);
  /// Tokens per second of a task on rented cards; 0: they do not do it.
  [[nodiscard]] Result<double> rented_rate(std::size_t task, const std::string& gpu, int count);

  /// Rules that today's rig breaks already: no configuration is refused for those.
  [[nodiscard]] const std::vector<std::string>& broken_today() const { return broken_; }
  /// Rules that decide and have no answer on today's rig.
  [[nodiscard]] const std::vector<std::string>& unknown_today() const { return unknown_; }
  /// False: the supply's losses are assumed.
  [[nodiscard]] bool wall_is_known() const { return wall_is_known_; }
  [[nodiscard]] std::size_t ratings() const { return ratings_; }

 private:
  /// What the cards draw at a task, whatever the rest of the machine is.
  struct Draws {
    bool is_known = false;
    hardware::Activity activity = hardware::Activity::decode;
    Range<Watts> cards = {};
  };
  struct Rated {
    place::Answer answer;
    double tokens_per_s = 0;
    std::optional<Draws> draws = {};
  };

  explicit Workshop(Session& session) : session_(session) {}
  Result<void> read_knowledge();
  Result<void> read_options(const cost::PlanFile& plan);
  [[nodiscard]] adapters::RigFile build(const plan::Counts& counts, Diagnostics& problems) const;
  void put_before_rules(const check::Assembly& assembly, plan::Judgement& judgement);
  Rated& ranked(std::size_t task, const place::Question& question, const hardware::Rig& rig);
  [[nodiscard]] Draws draws_of(const place::Question& question,
                               const workload::Placement& placement,
                               const estimate::PowerCase& machine) const;
  plan::Ability rate(std::size_t task, const adapters::RigFile& rig,
                     const estimate::PowerCase& machine);

  Session& session_;
  const adapters::RigFile* rig_ = nullptr;
  estimate::Calibration calibration_ = {};
  hardware::Habits habits_ = {};
  const catalog::Entry* limits_ = nullptr;
  std::vector<std::unique_ptr<Problem>> problems_ = {};
  std::vector<plan::PartOption> options_ = {};
  std::vector<catalog::Entry> entries_ = {};  ///< per option
  std::vector<std::string> slots_ = {};       ///< per option
  std::vector<int> candidates_ = {};
  std::vector<check::Demand> demands_ = {};  ///< of the work, as it is on today's rig
  std::vector<std::string> broken_ = {}, unknown_ = {};
  bool knows_today_ = false, wall_is_known_ = true;
  std::size_t ratings_ = 0;
  std::map<std::string, Rated> rated_ = {};
};

}  // namespace rigor::apps
