// Words that settings take for a choice. Layer 3.
#pragma once

#include <optional>
#include <string_view>

#include "workload/finetune.hpp"
#include "workload/placement.hpp"

namespace rigor::workload {

/// Nothing for a word that is none of the choices.
std::optional<Split> parse_split(std::string_view name);
std::optional<Sharding> parse_sharding(std::string_view name);
std::optional<Offload> parse_offload(std::string_view name);
std::optional<Attention> parse_attention(std::string_view name);
std::optional<Loss> parse_loss(std::string_view name);

}  // namespace rigor::workload
