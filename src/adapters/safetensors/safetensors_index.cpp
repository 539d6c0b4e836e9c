#include "adapters/safetensors/safetensors_index.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "adapters/bytes/plain_text.hpp"
#include "adapters/json/json_events.hpp"
#include "adapters/safetensors/safetensors_header.hpp"

namespace rigor::adapters {
namespace {

constexpr std::size_t kMostShards = 4096;
constexpr std::size_t kMostTensors = 1ULL << 20;
constexpr double kMostBytes = 9e15;  // 2^53: beyond it a byte count is no longer exact

/// Reads `{ "metadata": { "total_size": 1 }, "weight_map": { "tensor": "file" } }`; other members
/// are passed over.
class IndexEvents final : public JsonEvents {
 public:
  void begin_object() override { ++depth_; }
  void end_object() override { --depth_; }
  void begin_list() override { ++depth_; }
  void end_list() override { --depth_; }
  void key(std::string name) override {
    if (depth_ == 1) {
      section_ = std::move(name);
      found_map_ = found_map_ || section_ == "weight_map";
    } else {
      field_ = std::move(name);
    }
  }
  void scalar(JsonScalar value) override {
    if (depth_ != 2) return;
    if (section_ == "metadata" && field_ == "total_size") total(value);
    if (section_ == "weight_map") shard(value);
  }

  Result<SafetensorsIndex> take(const std::string& file) {
    if (!found_map_ || shards_.empty())
      return fail(ErrorCode::malformed, "the index has no weight_map", file);
    index_.shards.assign(shards_.begin(), shards_.end());
    return std::move(index_);
  }

 private:
  void total(const JsonScalar& value) {
    const auto* whole = std::get_if<std::int64_t>(&value);
    const auto* real = std::get_if<double>(&value);
    const double bytes = whole != nullptr  ? static_cast<double>(*whole)
                         : real != nullptr ? *real
                                           : -1.0;
    if (!(bytes >= 0 && bytes <= kMostBytes)) return refuse("total_size is no number of bytes");
    index_.total = bytes * byte;
  }

  void shard(const JsonScalar& value) {
    const auto* name = std::get_if<std::string>(&value);
    const bool plain = name != nullptr && !name->empty() && name->size() < 256 &&
                       is_plain_text(*name) && name->find('/') == std::string::npos &&
                       name->front() != '.';
    if (!plain)
      return refuse(
          fmt::format("\"{}\" is no name of a shard", name != nullptr ? shown(*name) : "?"));
    shards_.insert(*name);
    if (shards_.size() > kMostShards)
      return refuse(fmt::format("more than {} shards", kMostShards));
    if (++index_.tensors > kMostTensors) refuse(fmt::format("more than {} tensors", kMostTensors));
  }

  SafetensorsIndex index_;
  std::set<std::string> shards_;
  std::string section_, field_;
  int depth_ = 0;
  bool found_map_ = false;
};

/// One entry for all tensors: what the index states when the shards are elsewhere.
Result<Checkpoint> total_only(const SafetensorsIndex& index, const std::string& missing) {
  if (!index.total) {
    return fail(ErrorCode::not_found, "this shard is missing, and the index states no total size",
                missing, "all shards must lie beside the index");
  }
  Checkpoint checkpoint;
  checkpoint.tensors.push_back({.name = "all tensors, as the index states", .size = *index.total});
  checkpoint.undetermined.push_back(
      fmt::format("single tensors: {} is not there, the total size is the index's", missing));
  return checkpoint;
}

Result<void> refuse_twins(const std::vector<llm::StoredTensor>& tensors,
                          const std::string& prefix) {
  std::vector<std::string_view> names;
  for (const llm::StoredTensor& tensor : tensors) names.emplace_back(tensor.name);
  std::sort(names.begin(), names.end());
  const auto twin = std::adjacent_find(names.begin(), names.end());
  if (twin == names.end()) return {};
  return fail(ErrorCode::malformed, fmt::format("the tensor \"{}\" is in two shards", *twin),
              prefix);
}

}  // namespace

Result<SafetensorsIndex> read_safetensors_index(std::string_view text, const std::string& file) {
  IndexEvents events;
  if (auto parsed = parse_json(text, file, events); !parsed)
    return tl::unexpected<Error>(parsed.error());
  return events.take(file);
}

Result<Checkpoint> read_shards(const SafetensorsIndex& index, const std::string& prefix,
                               const OpenSource& open) {
  Checkpoint checkpoint;
  for (const std::string& shard : index.shards) {
    auto source = open(prefix + shard);
    if (!source && source.error().code == ErrorCode::not_found)
      return total_only(index, prefix + shard);
    if (!source) return tl::unexpected<Error>(source.error());
    Result<std::vector<llm::StoredTensor>> tensors = read_safetensors_header(**source);
    if (!tensors) return tl::unexpected<Error>(tensors.error());
    std::move(tensors->begin(), tensors->end(), std::back_inserter(checkpoint.tensors));
  }
  if (auto unique = refuse_twins(checkpoint.tensors, prefix); !unique)
    return tl::unexpected<Error>(unique.error());
  return checkpoint;
}

}  // namespace rigor::adapters
