// A measured fine-tuning row as the estimator's inputs. Columns are read the same way for every
// row; what a framework does without saying so in its rows is a table of rules
// (training_rules.cpp). Layer 7.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "evidence/mapper.hpp"
#include "workload/finetune.hpp"
#include "workload/placement.hpp"

namespace rigor::evidence {

/// The row's columns in lower case, and what was concluded from them.
class Facts {
 public:
  explicit Facts(const Row& row);
  /// Empty when there is none.
  [[nodiscard]] std::string_view operator[](std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name, std::string_view part) const;
  void add(std::string_view name, std::string_view text) { texts_[std::string(name)] = text; }

 private:
  std::map<std::string, std::string, std::less<>> texts_;
};

/// Which memory a row means.
enum class Measure {
  allocated,      ///< peak of tensors
  between_steps,  ///< tensors that are never freed
  reserved,       ///< peak of the caching allocator
  driver,         ///< nvidia-smi
  loaded,         ///< after loading, before the first step
  gradients,      ///< one term: gradients
  half_states,    ///< one of AdamW's two states
  host,
};

/// How samples of different lengths are put into a batch.
enum class Packing { padded, free, multipack };

struct TrainingSetup {
  const estimate::Network* network = nullptr;
  workload::Engine engine = {};
  workload::FineTune finetune = {};
  workload::Placement placement = {};
  int devices = 1;            ///< of the row; a placement holds no more than kMostDevices
  int references = 0;         ///< further frozen 16-bit copies of the network (DPO)
  double sequence_share = 1;  ///< of the stated length, what the batch in question reaches
  double sequences = 1;       ///< sequences of one sample (preference pairs: 2)
  double longest_sample = 0;  ///< tokens; where the row states no sequence length
  Packing packing = Packing::padded;
  bool quantizes_on_device = false;  ///< the network is loaded in 16 bits and quantized there
  Measure measure = Measure::driver;
  Bytes unit = GiB;
  std::string refused = {};  ///< why the row is not mapped
};

/// The row with its framework's rules applied.
TrainingSetup training_setup(const Row& row, Library& library);
/// Why it cannot be estimated; empty when it can.
std::string training_refusal(const Row& row, const TrainingSetup& setup);

/// What the columns say.
TrainingSetup read_training(const Facts& facts, Library& library);
/// What the framework of the row does; changes the setup.
void apply_training_rules(const Facts& facts, TrainingSetup& setup);
/// Catalogue name of the row's network; empty when it has none.
std::string training_model(const Facts& facts, Library& library);
/// The engine whose constants a framework's rows start from.
std::string_view training_engine(const Facts& facts);

bool accepts_training(const Row& row);
Prediction predict_training(const Row& row, Siblings siblings, Library& library);

}  // namespace rigor::evidence
