// Rows of llama.cpp and ik_llama.cpp: what their columns and notes say about one buffer or total,
// and which rows belong to the same run of the program. Layer 7.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "estimate/memory/llama_graph.hpp"
#include "evidence/mapper.hpp"
#include "evidence/row.hpp"
#include "llm/quantization.hpp"

namespace rigor::evidence {

/// What a row's figure measures.
enum class LlamaFigure : std::uint8_t {
  weights,      ///< "model buffer" of one device
  cache,        ///< "KV buffer" of one device
  cache_total,  ///< "KV self size"
  state,        ///< recurrent state
  compute,      ///< "compute buffer" of one device
  total_vram,   ///< "total VRAM used", logs of 2023
  footprint,    ///< what a driver or the system says of the whole process
};

/// Where a buffer lies, by the name the log gives it.
enum class LlamaPlace : std::uint8_t {
  none,    ///< no buffer: a total
  device,  ///< CUDA0, ROCm0, Vulkan0, Metal
  host,    ///< CPU, CPU_Mapped, CUDA_Host
  other,   ///< repacked (AMX) or cut by rows (CUDA_Split): not what rigor predicts
};

struct LlamaRow {
  const Row* row = nullptr;
  LlamaFigure figure = LlamaFigure::footprint;
  LlamaPlace place = LlamaPlace::none;
  std::string_view buffer;  ///< as the log names it
  int index = 0;            ///< of the device
  bool fork = false;        ///< ik_llama.cpp, or mainline run beside it
  int build = 0;            ///< number of a mainline build; 0: not stated
  int context = 0;          ///< cells; 0: not stated
  int micro_batch = 0;      ///< 0: not stated
  int slots = 1;
  std::optional<bool> flash_attention = {};
  const llm::TensorType* key_type = nullptr;  ///< null: not stated
  const llm::TensorType* value_type = nullptr;
  int devices = 1;             ///< cards the row speaks of
  bool mixed_devices = false;  ///< they differ
  bool offloads = false;       ///< part of the weights stays in host memory
  bool has_graphics = false;   ///< the row names a card or its backend

  [[nodiscard]] Bytes measured() const { return row->number("value") * GiB; }
  [[nodiscard]] bool on_device() const { return place == LlamaPlace::device; }
  [[nodiscard]] bool on_host() const { return place == LlamaPlace::host; }
};

/// Rows of llama.cpp and its fork; other engines' rows are not for these functions.
bool is_llama_row(const Row& row);
/// Requires: `is_llama_row(row)`.
LlamaRow read_llama_row(const Row& row);

/// One row and the others that the same run of the program printed: same log, network and settings.
/// Predictions read figures of `others` only, never the row's own.
struct LlamaRun {
  LlamaRow own;
  std::vector<LlamaRow> others = {};
  std::optional<bool> flash_attention = {};  ///< stated by the row or by other runs of the log

  [[nodiscard]] std::string_view locator() const { return (*own.row)["locator"]; }
  [[nodiscard]] std::string_view date() const { return (*own.row)["date"]; }
  /// Does any row, the own one included, name a buffer on a device?
  [[nodiscard]] bool uses_devices() const;
  /// Indices of the devices that the log names, ascending.
  [[nodiscard]] std::vector<int> named_devices() const;
  [[nodiscard]] std::vector<const LlamaRow*> others_with(LlamaFigure figure) const;
  /// Two rows give different figures for the same buffer of this kind: the log holds several runs
  /// that differ in a setting no row states.
  [[nodiscard]] bool contradicts(LlamaFigure figure) const;
  /// One device's cache is larger than what the log calls the whole: it speaks of two caches.
  [[nodiscard]] bool has_two_caches() const;
};
LlamaRun read_run(const Row& row, Siblings siblings);

/// The builds whose graph the run's program lays out.
estimate::LlamaEpoch epoch_of(const LlamaRun& run);

/// The mapper of llama.cpp's and ik_llama.cpp's rows.
bool accepts_llama_cpp(const Row& row);
Prediction predict_llama_cpp(const Row& row, Siblings siblings, Library& library);

}  // namespace rigor::evidence
