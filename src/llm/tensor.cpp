#include "llm/tensor.hpp"

#include "llm/inventory.hpp"

namespace rigor::llm {

std::string_view to_text(Role role) {
  switch (role) {
    case Role::token_embedding: return "token_embedding";
    case Role::position_embedding: return "position_embedding";
    case Role::per_layer_embedding: return "per_layer_embedding";
    case Role::output_head: return "output_head";
    case Role::norm: return "norm";
    case Role::bias: return "bias";
    case Role::attention_q: return "attention_q";
    case Role::attention_k: return "attention_k";
    case Role::attention_v: return "attention_v";
    case Role::attention_qkv: return "attention_qkv";
    case Role::attention_output: return "attention_output";
    case Role::attention_gate: return "attention_gate";
    case Role::mla_q_a: return "mla_q_a";
    case Role::mla_q_b: return "mla_q_b";
    case Role::mla_kv_a: return "mla_kv_a";
    case Role::mla_kv_b: return "mla_kv_b";
    case Role::mla_k_b: return "mla_k_b";
    case Role::mla_v_b: return "mla_v_b";
    case Role::mla_o_a: return "mla_o_a";
    case Role::mla_o_b: return "mla_o_b";
    case Role::indexer: return "indexer";
    case Role::compressor: return "compressor";
    case Role::ffn_gate: return "ffn_gate";
    case Role::ffn_up: return "ffn_up";
    case Role::ffn_down: return "ffn_down";
    case Role::experts_gate: return "experts_gate";
    case Role::experts_up: return "experts_up";
    case Role::experts_down: return "experts_down";
    case Role::shared_gate: return "shared_gate";
    case Role::shared_up: return "shared_up";
    case Role::shared_down: return "shared_down";
    case Role::router: return "router";
    case Role::state_in: return "state_in";
    case Role::state_out: return "state_out";
    case Role::state_x: return "state_x";
    case Role::state_dt: return "state_dt";
    case Role::state_small: return "state_small";
    case Role::per_layer_gate: return "per_layer_gate";
    case Role::per_layer_projection: return "per_layer_projection";
    case Role::next_token: return "next_token";
    case Role::vision: return "vision";
    case Role::other: return "other";
  }
  return "other";
}

std::vector<Tensor> tensors(const Architecture& a, InventoryScope scope) {
  Inventory out;
  switch (a.plan) {
    case Plan::decoder:
    case Plan::mamba: add_decoder(out, a); break;
    case Plan::bert:
    case Plan::nomic_bert: add_encoder(out, a, scope); break;
    case Plan::t5: add_t5(out, a); break;
    case Plan::whisper: add_whisper(out, a); break;
    case Plan::deepseek_v4: add_deepseek_v4(out, a, scope); break;
    case Plan::flux: add_flux(out, a); break;
    case Plan::sizes_only: out.matrix(Role::other, a.published_parameters, 1); break;
  }
  if (scope.mtp && a.mtp && a.plan != Plan::deepseek_v4) add_mtp(out, a);
  out.enter(kNoLayer);
  if (scope.vision && a.vision) add_vision(out, a);
  if (scope.gguf_file) out.vector(Role::other, a.rope_factors);
  return out.take();
}

std::int64_t parameters(const Architecture& a, InventoryScope scope) {
  Size sum = 0;
  for (const Tensor& tensor : tensors(a, scope)) sum += tensor.elements();
  return sum;
}

std::int64_t active_parameters(const Architecture& a) {
  Size sum = 0;
  for (const Tensor& tensor : tensors(a)) {
    const Size used = tensor.experts > 1 && a.experts ? a.experts->used : tensor.experts;
    sum += tensor.elements() / tensor.experts * used;
  }
  return sum;
}

}  // namespace rigor::llm
