// Questions for the tests of the search: catalogue networks on a few cards. Layer 6.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "place/search.hpp"

namespace rigor::place {

/// The calibration that is built in.
const estimate::Calibration& search_calibration();

/// f16, q8_0 and q4_0 with losses as they are measured.
const std::vector<CacheOption>& search_caches();

/// A question with all that it points to, on a machine with 128 GiB.
struct Searched {
  std::vector<hardware::Accelerator> cards;
  Question question;

  /// `devices`: "rtx-3090" of the catalogue's NVIDIA cards.
  Searched(const std::vector<std::string>& devices, const char* network, const char* quantization,
           const char* engine, workload::Kind kind = workload::Kind::inference);
  Searched(const Searched&) = delete;
  Searched& operator=(const Searched&) = delete;

  [[nodiscard]] SearchSpace space() const { return search_space(question, search_caches()); }
  [[nodiscard]] Found found(Pruning pruning = Pruning::on) const {
    return search(question, space(), search_calibration(), pruning);
  }
};

}  // namespace rigor::place
