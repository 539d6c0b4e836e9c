#include "adapters/gguf/gguf_layout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "llm/quantization.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace {

constexpr std::uint64_t kUnknown = ~0ULL;

/// Exact bytes; `kUnknown` for a format rigor does not know. Below 2^53: the shapes are bounded.
std::uint64_t stored_bytes(const GgufTensor& tensor, const llm::TensorType* type) {
  if (type == nullptr) return kUnknown;
  return static_cast<std::uint64_t>(llm::storage(*type, tensor.columns(), tensor.rows()).in(byte));
}

/// One tensor's place in the data.
struct Extent {
  const GgufTensor* tensor = nullptr;
  const llm::TensorType* type = nullptr;
  std::uint64_t bytes = 0;
};

class Layout {
 public:
  explicit Layout(const GgufHeader& header)
      : header_(header),
        data_(header.file_size > header.data_start ? header.file_size - header.data_start : 0) {}

  Result<std::vector<Extent>> place() {
    for (const GgufTensor& tensor : header_.tensors) {
      const llm::TensorType* type = llm::find_ggml_type(tensor.type);
      if (type != nullptr && tensor.columns() % type->elements != 0) {
        return refuse(tensor, fmt::format("has rows of {} elements, {} needs a multiple of {}",
                                          tensor.columns(), type->name, type->elements));
      }
      extents_.push_back({&tensor, type, stored_bytes(tensor, type)});
    }
    order_.resize(extents_.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return extents_[a].tensor->offset < extents_[b].tensor->offset;
    });
    for (std::size_t i = 0; i < order_.size(); ++i) {
      if (auto bad = settle(i); !bad) return tl::unexpected<Error>(bad.error());
    }
    return std::move(extents_);
  }

 private:
  [[nodiscard]] tl::unexpected<Error> refuse(const GgufTensor& tensor,
                                             const std::string& why) const {
    return fail(ErrorCode::malformed, fmt::format("the tensor \"{}\" {}", tensor.name, why),
                header_.file);
  }

  [[nodiscard]] tl::unexpected<Error> cut_off(std::uint64_t missing) const {
    return fail(ErrorCode::malformed,
                fmt::format("the file ends {} before its last tensor does",
                            to_text(static_cast<double>(missing) * byte)),
                header_.file, "an unfinished download? fetch the file again");
  }

  /// The tensor that is number `i` by its offset.
  Result<void> settle(std::size_t i) {
    Extent& extent = extents_[order_[i]];
    const std::uint64_t start = extent.tensor->offset;
    const bool last = i + 1 == order_.size();
    const std::uint64_t next = last ? data_ : extents_[order_[i + 1]].tensor->offset;
    if (start % header_.alignment != 0) {
      return refuse(*extent.tensor, fmt::format("starts at {}, which is not a multiple of {}",
                                                start, header_.alignment));
    }
    if (start > data_) return cut_off(start - data_);
    if (extent.bytes == kUnknown) extent.bytes = std::min(next, data_) - start;
    if (extent.bytes > data_ - start) return cut_off(extent.bytes - (data_ - start));
    if (start + extent.bytes > next) {
      return refuse(*extent.tensor,
                    fmt::format("overlaps \"{}\"", extents_[order_[i + 1]].tensor->name));
    }
    return {};
  }

  const GgufHeader& header_;
  std::uint64_t data_;
  std::vector<Extent> extents_;
  std::vector<std::size_t> order_;  // by offset
};

}  // namespace

Result<std::vector<llm::StoredTensor>> stored_tensors(const GgufHeader& header,
                                                      std::vector<std::string>& undetermined) {
  Result<std::vector<Extent>> extents = Layout(header).place();
  if (!extents) return tl::unexpected<Error>(extents.error());
  std::vector<llm::StoredTensor> tensors;
  tensors.reserve(extents->size());
  bool unknown = false;
  for (const Extent& extent : *extents) {
    llm::StoredTensor tensor;
    tensor.name = extent.tensor->name;
    tensor.elements = extent.tensor->elements();
    tensor.size = static_cast<double>(extent.bytes) * byte;
    tensor.type = extent.type;
    llm::classify_gguf(tensor);
    if (extent.type == nullptr && !std::exchange(unknown, true)) {
      undetermined.push_back(
          fmt::format("the storage format number {} of \"{}\": sizes are the distances "
                      "between tensors, padding included",
                      extent.tensor->type, tensor.name));
    }
    tensors.push_back(std::move(tensor));
  }
  return tensors;
}

}  // namespace rigor::adapters
