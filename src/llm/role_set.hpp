// Sets of tensor roles, by name: a role as `to_text` spells it, or a group of roles that recipes
// treat alike. Layer 2.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "llm/tensor.hpp"

namespace rigor::llm {

class RoleSet {
 public:
  constexpr RoleSet() = default;
  constexpr RoleSet(std::initializer_list<Role> roles) {
    for (const Role role : roles) bits_ |= bit(role);
  }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr bool contains(Role role) const { return (bits_ & bit(role)) != 0; }
  constexpr RoleSet& operator|=(RoleSet other) {
    bits_ |= other.bits_;
    return *this;
  }
  constexpr bool operator==(const RoleSet&) const = default;

 private:
  static_assert(kRoles <= 64);
  static constexpr std::uint64_t bit(Role role) {
    return std::uint64_t{1} << static_cast<int>(role);
  }
  std::uint64_t bits_ = 0;
};

/// "ffn_down" is that role; "down" is every down projection. Nothing when the name is neither.
/// Groups: embeddings, attention, values, experts, shared, recurrent, gate_up, down, linear (every
/// matrix of a linear layer, but not embeddings, head and router).
std::optional<RoleSet> find_roles(std::string_view name);

/// Every name `find_roles` knows, groups first: for messages.
std::vector<std::string> role_names();

}  // namespace rigor::llm
