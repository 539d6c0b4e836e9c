#include "llm/role_set.hpp"

#include <array>

namespace rigor::llm {
namespace {

struct Group {
  std::string_view name;
  RoleSet roles;
};

constexpr std::array kGroups = {
    Group{"embeddings", {Role::token_embedding, Role::per_layer_embedding}},
    Group{
        "attention",
        {Role::attention_q, Role::attention_k, Role::attention_v, Role::attention_qkv,
         Role::attention_output, Role::attention_gate, Role::mla_q_a, Role::mla_q_b, Role::mla_kv_a,
         Role::mla_kv_b, Role::mla_k_b, Role::mla_v_b, Role::mla_o_a, Role::mla_o_b}},
    Group{"values", {Role::attention_v, Role::attention_qkv, Role::mla_kv_b}},
    Group{"experts", {Role::experts_gate, Role::experts_up, Role::experts_down}},
    Group{"shared", {Role::shared_gate, Role::shared_up, Role::shared_down}},
    Group{"recurrent", {Role::state_in, Role::state_out, Role::state_x, Role::state_dt}},
    Group{"gate_up",
          {Role::ffn_gate, Role::ffn_up, Role::experts_gate, Role::experts_up, Role::shared_gate,
           Role::shared_up}},
    Group{"down", {Role::ffn_down, Role::experts_down, Role::shared_down}},
};

/// Beside the groups above: what else holds linear layers.
constexpr RoleSet kOtherLinear = {Role::indexer, Role::compressor, Role::per_layer_gate,
                                  Role::per_layer_projection, Role::next_token};

RoleSet linear_roles() {
  RoleSet roles = kOtherLinear;
  for (const Group& group : kGroups) {
    if (group.name != "embeddings") roles |= group.roles;
  }
  return roles;
}

}  // namespace

std::optional<RoleSet> find_roles(std::string_view name) {
  if (name == "linear") return linear_roles();
  for (const Group& group : kGroups) {
    if (group.name == name) return group.roles;
  }
  for (int i = 0; i < kRoles; ++i) {
    const Role role = static_cast<Role>(i);
    if (to_text(role) == name) return RoleSet{role};
  }
  return std::nullopt;
}

std::vector<std::string> role_names() {
  std::vector<std::string> names = {"linear"};
  for (const Group& group : kGroups) names.emplace_back(group.name);
  for (int i = 0; i < kRoles; ++i) names.emplace_back(to_text(static_cast<Role>(i)));
  return names;
}

}  // namespace rigor::llm
