// A question as typed, made into one the engine can answer: rig, network, engine and workload
// looked up, read and held together. Layer 11.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "adapters/toml/rig_reader.hpp"
#include "apps/cli/session.hpp"
#include "catalog/catalog.hpp"
#include "place/question.hpp"
#include "place/remedy.hpp"
#include "place/search_space.hpp"
#include "report/explain_text.hpp"

namespace rigor::apps {

/// A rig from a file ("my.toml") or from words ("2x rtx 3090").
Result<adapters::RigFile> open_rig(const std::string& what, Session& session);
/// The same, but a file whose only errors are places is taken, so that everything else can be
/// judged in the same run; they stand in `wrong_places`.
Result<adapters::RigFile> open_rig_to_check(const std::string& what, Session& session);

/// A path or an address, not an id.
bool names_a_file(const std::string& what);
/// What people store weights as when they do not say.
std::string default_quantization(workload::EngineFamily family);

/// A question together with all that it points to.
class Problem {
 public:
  /// Looks everything up. `session` and `own`, what was measured on the rig, must outlive the
  /// problem.
  static Result<std::unique_ptr<Problem>> make(const adapters::RigFile& rig,
                                               workload::Workload workload, Session& session,
                                               std::span<const place::OwnRow> own = {});
  /// The same, but what no rig without cards can be asked is refused: training. Plans ask it of
  /// rigs that have none yet.
  static Result<std::unique_ptr<Problem>> make_answerable(const adapters::RigFile& rig,
                                                          workload::Workload workload,
                                                          Session& session,
                                                          std::span<const place::OwnRow> own);

  [[nodiscard]] const place::Question& question() const { return question_; }
  [[nodiscard]] const estimate::Network& network() const { return *question_.network; }
  [[nodiscard]] const workload::Engine& engine() const { return *question_.engine; }
  [[nodiscard]] const hardware::Rig& rig() const { return rig_; }
  /// Where the network's bytes come from: "catalogue" or the file.
  [[nodiscard]] const std::string& origin() const { return origin_; }
  /// What the model file did not say.
  [[nodiscard]] const std::vector<std::string>& undetermined() const { return undetermined_; }

  /// Other quantizations of the same network and other devices, from the catalogue's ladders.
  place::Alternatives alternatives();
  /// Types of the KV cache that a search may try, best first; none where the engine offers none.
  std::vector<place::CacheOption> cache_options() const;
  /// The same work on another machine; an empty engine: its backend does not run there. The rig
  /// must outlive the question.
  [[nodiscard]] place::Question moved_to(const hardware::Rig& rig) const;
  /// The catalogue entries behind the question, for `--explain`.
  report::ExplainSources sources(const workload::Placement& placement) const;
  /// `count` pieces of the rig's first accelerator; valid as long as the problem.
  std::span<const hardware::Accelerator> repeated_device(int count);

 private:
  explicit Problem(Session& session) : session_(session) {}
  Result<void> check_backend();
  Result<void> join_machines();
  Result<void> find_engine();
  Result<void> find_network();
  Result<void> network_from_catalogue();
  Result<void> network_from_file();
  /// The network that drafts, where one is named, and what is taken of drafts.
  Result<void> find_draft();
  Result<estimate::Network> draft_from_catalogue();
  const estimate::Network* stored_as(const std::string& quantization);

  Session& session_;
  hardware::Rig rig_;
  workload::Engine engine_;
  place::Question question_;
  llm::Architecture architecture_;
  std::unique_ptr<estimate::Network> draft_;
  std::map<std::string, std::unique_ptr<estimate::Network>> networks_;
  std::vector<hardware::Accelerator> other_devices_;
  std::vector<hardware::Accelerator> repeated_;
  std::vector<std::string> undetermined_;
  std::string origin_, architecture_id_, quantization_id_;
};

}  // namespace rigor::apps
