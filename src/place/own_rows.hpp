// Measurements made on the very rig that is asked about, as ratios to what rigor says of them, and
// what they say of another question: best linear prediction from the nearest of them, shrunk as
// published residuals suggest. Layer 6.
//
// Derivation: docs/models/32-calibration.md, "Own measurements".
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace rigor::estimate {
struct Network;
}

namespace rigor::place {

/// Which of rigor's figures a measurement speaks of. Quantities do not correct each other.
enum class OwnQuantity : std::uint8_t { decode, prefill, output, training };
std::string_view to_text(OwnQuantity quantity);

/// What a figure was measured on, or is asked for.
struct OwnSetting {
  OwnQuantity quantity = OwnQuantity::decode;
  std::string engine, backend;  ///< "llama.cpp", "CUDA"
  std::string device;           ///< catalogue id
  int devices = 1;
  int ways = 1;          ///< every matrix is cut so many ways
  bool on_host = false;  ///< part of the network sits in the host's memory
  std::string network;   ///< its shape, as `shape_of` writes it
  std::string form;      ///< how it is stored; of training, the method
  double size = 1;       ///< what the figure depends on first: tokens in the cache (decode), of the
                    ///< prompt (prefill), requests (output), tokens of a micro-batch (training)
};

struct OwnRow {
  OwnSetting setting;
  double logarithm = 0;  ///< of measured / estimated rate
  double noise = 0;      ///< stated standard deviation, as a share of the figure; 0: not stated
};

/// What to multiply a rate with, and its 90 % interval as multiples of the product.
struct Correction {
  int rows = 0;  ///< measurements behind it; 0: nothing is corrected
  double factor = 1;
  double low = 0.5, high = 2.0;
};

/// What of a network decides its speed beside how it is stored, whatever it is called: a file and
/// the catalogue's entry of the same network have the same.
std::string shape_of(const estimate::Network& network);

/// How much two settings have in common: 0 nothing, 1 the same measurement again.
double likeness(const OwnSetting& a, const OwnSetting& b);

/// `low`, `high`: the published interval, as multiples of the rate. Without own rows it stays as it
/// is. The result lies between no correction and the rows' own ratios.
Correction correction(std::span<const OwnRow> rows, const OwnSetting& asked, double low,
                      double high);

}  // namespace rigor::place
