#include "workload/setting_words.hpp"

#include <array>
#include <utility>

namespace rigor::workload {

std::optional<Split> parse_split(std::string_view name) {
  if (name == "layer") return Split::layer;
  if (name == "tensor") return Split::tensor;
  return std::nullopt;
}

std::optional<Sharding> parse_sharding(std::string_view name) {
  static constexpr std::array<std::pair<std::string_view, Sharding>, 9> names = {
      {{"0", Sharding::none},
       {"1", Sharding::zero1},
       {"2", Sharding::zero2},
       {"3", Sharding::zero3},
       {"none", Sharding::none},
       {"zero1", Sharding::zero1},
       {"zero2", Sharding::zero2},
       {"zero3", Sharding::zero3},
       {"fsdp", Sharding::fsdp}}};
  for (const auto& [known, value] : names) {
    if (known == name) return value;
  }
  return std::nullopt;
}

std::optional<Offload> parse_offload(std::string_view name) {
  if (name == "none") return Offload::none;
  if (name == "host" || name == "cpu") return Offload::host;
  if (name == "nvme") return Offload::nvme;
  return std::nullopt;
}

std::optional<Attention> parse_attention(std::string_view name) {
  if (name == "flash" || name == "sdpa") return Attention::flash;
  if (name == "eager") return Attention::eager;
  return std::nullopt;
}

std::optional<Loss> parse_loss(std::string_view name) {
  if (name == "plain") return Loss::plain;
  if (name == "fused") return Loss::fused;
  return std::nullopt;
}

}  // namespace rigor::workload
