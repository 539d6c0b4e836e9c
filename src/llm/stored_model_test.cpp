#include "llm/stored_model.hpp"

#include <doctest/doctest.h>

#include <vector>

namespace rigor::llm {
namespace {

struct Case {
  const char* name;
  Role role;
  int layer = kNoLayer;
};

TEST_CASE("the size is the sum of the tensors") {
  StoredModel model;
  CHECK(model.size() == 0 * byte);
  model.tensors = {{.name = "a", .size = 10 * byte}, {.name = "b", .size = 5 * byte}};
  CHECK(model.size() == 15 * byte);
}

const std::vector<Case> kGgufNames = {
    Case{"token_embd.weight", Role::token_embedding},
    Case{"output.weight", Role::output_head},
    Case{"output.bias", Role::bias},
    Case{"output_norm.weight", Role::norm},
    Case{"rope_freqs.weight", Role::other},
    Case{"position_embd.weight", Role::position_embedding},
    Case{"token_types.weight", Role::position_embedding},
    Case{"per_layer_token_embd.weight", Role::per_layer_embedding},
    Case{"per_layer_model_proj.weight", Role::per_layer_projection},
    Case{"altup_proj.weight", Role::per_layer_projection},
    Case{"output_hc_fn.weight", Role::state_small},
    Case{"enc.output_norm.weight", Role::norm},
    Case{"blk.0.attn_norm.weight", Role::norm, 0},
    Case{"blk.3.attn_q.weight", Role::attention_q, 3},
    Case{"blk.3.attn_q.bias", Role::bias, 3},
    Case{"blk.3.attn_q_norm.weight", Role::norm, 3},
    Case{"blk.3.attn_qkv.weight", Role::attention_qkv, 3},
    Case{"blk.12.attn_output.weight", Role::attention_output, 12},
    Case{"blk.3.attn_gate.weight", Role::attention_gate, 3},
    Case{"blk.3.attn_sinks.weight", Role::bias, 3},
    Case{"blk.3.attn_q_a.weight", Role::mla_q_a, 3},
    Case{"blk.3.attn_kv_a_mqa.weight", Role::mla_kv_a, 3},
    Case{"blk.3.attn_kv_a_norm.weight", Role::norm, 3},
    Case{"blk.3.attn_kv_b.weight", Role::mla_kv_b, 3},
    Case{"blk.3.attn_k_b.weight", Role::mla_k_b, 3},
    Case{"blk.3.attn_output_a.weight", Role::mla_o_a, 3},
    Case{"blk.3.indexer.attn_k.weight", Role::indexer, 3},
    Case{"blk.3.indexer.k_norm.bias", Role::norm, 3},
    Case{"blk.3.attn_compressor_ape.weight", Role::compressor, 3},
    Case{"blk.3.hc_ffn_base.weight", Role::state_small, 3},
    Case{"blk.3.ffn_gate.weight", Role::ffn_gate, 3},
    Case{"blk.3.ffn_down.bias", Role::bias, 3},
    Case{"blk.3.ffn_gate_inp.weight", Role::router, 3},
    Case{"blk.3.ffn_gate_inp.bias", Role::bias, 3},
    Case{"blk.3.ffn_gate_inp.scale", Role::bias, 3},
    Case{"blk.3.ffn_gate_inp_shexp.weight", Role::router, 3},
    Case{"blk.3.ffn_up_exps.weight", Role::experts_up, 3},
    Case{"blk.3.ffn_gate_up_exps.weight", Role::experts_gate, 3},
    Case{"blk.3.ffn_down_exps.bias", Role::bias, 3},
    Case{"blk.3.ffn_down.7.weight", Role::experts_down, 3},
    Case{"blk.3.ffn_up_shexp.weight", Role::shared_up, 3},
    Case{"blk.3.exp_probs_b.bias", Role::bias, 3},
    Case{"blk.3.ssm_in.weight", Role::state_in, 3},
    Case{"blk.3.ssm_a", Role::state_small, 3},
    Case{"blk.3.ssm_dt.weight", Role::state_dt, 3},
    Case{"blk.3.ssm_dt.bias", Role::state_small, 3},
    Case{"blk.3.ssm_conv1d.bias", Role::state_small, 3},
    Case{"blk.3.ssm_norm.weight", Role::norm, 3},
    Case{"blk.3.ssm_ba.weight", Role::state_dt, 3},
    Case{"blk.3.shortconv.conv.weight", Role::state_small, 3},
    Case{"blk.3.shortconv.in_proj.weight", Role::state_in, 3},
    Case{"blk.3.inp_gate.weight", Role::per_layer_gate, 3},
    Case{"blk.3.laurel_l.weight", Role::per_layer_projection, 3},
    Case{"blk.3.layer_output_scale.weight", Role::bias, 3},
    Case{"blk.46.nextn.eh_proj.weight", Role::next_token, 46},
    Case{"blk.46.nextn.enorm.weight", Role::norm, 46},
    Case{"enc.blk.2.attn_q.weight", Role::attention_q, 2},
    Case{"dec.blk.2.cross_attn_k.weight", Role::attention_k, 2},
    Case{"v.blk.0.attn_q.weight", Role::vision},
    Case{"mm.0.weight", Role::vision},
    Case{"a.conv1d.0.weight", Role::vision},
    Case{"", Role::other},
    Case{"blk", Role::other},
    Case{"blk.", Role::other},
    Case{"blk.x.attn_q.weight", Role::other},
    Case{"blk.-1.attn_q.weight", Role::other},
    Case{"blk.99999999999.attn_q.weight", Role::other},
    Case{"blk.10000.attn_q.weight", Role::other},
    Case{"blk.3.unheard_of.weight", Role::other, 3},
    Case{"blk.3.unheard_of.bias", Role::other, 3},
    Case{".weight", Role::other},
    Case{"blk.3..weight", Role::other, 3},
};

TEST_CASE("tensors of GGUF files") {
  for (const auto& [name, role, layer] : kGgufNames) {
    CAPTURE(name);
    StoredTensor tensor{.name = name};
    classify_gguf(tensor);
    CHECK(to_text(tensor.role) == to_text(role));
    CHECK(tensor.layer == layer);
  }
}

const std::vector<Case> kCheckpointNames = {
    Case{"model.embed_tokens.weight", Role::token_embedding},
    Case{"lm_head.weight", Role::output_head},
    Case{"model.norm.weight", Role::norm},
    Case{"model.layers.7.input_layernorm.weight", Role::norm, 7},
    Case{"model.layers.7.self_attn.q_proj.weight", Role::attention_q, 7},
    Case{"model.layers.7.self_attn.q_proj.bias", Role::bias, 7},
    Case{"model.layers.7.self_attn.o_proj.weight", Role::attention_output, 7},
    Case{"model.layers.7.self_attn.qkv_proj.weight", Role::attention_qkv, 7},
    Case{"model.layers.7.self_attn.q_norm.weight", Role::norm, 7},
    Case{"model.layers.7.self_attn.sinks", Role::bias, 7},
    Case{"model.layers.7.mlp.gate_proj.weight", Role::ffn_gate, 7},
    Case{"model.layers.7.mlp.down_proj.qweight", Role::ffn_down, 7},
    Case{"model.layers.7.mlp.down_proj.weight_scale_inv", Role::ffn_down, 7},
    Case{"model.layers.7.mlp.down_proj.weight.quant_state.bitsandbytes__nf4", Role::ffn_down, 7},
    Case{"model.layers.7.mlp.gate.weight", Role::router, 7},
    Case{"model.layers.7.mlp.gate.e_score_correction_bias", Role::bias, 7},
    Case{"model.layers.7.mlp.experts.12.up_proj.weight_packed", Role::experts_up, 7},
    Case{"model.layers.7.mlp.experts.gate_up_proj_blocks", Role::experts_up, 7},
    Case{"model.layers.7.mlp.experts.down_proj_bias", Role::bias, 7},
    Case{"model.layers.7.mlp.shared_expert.up_proj.weight", Role::shared_up, 7},
    Case{"model.layers.7.mlp.shared_experts.down_proj.weight", Role::shared_down, 7},
    Case{"model.layers.7.mlp.shared_expert_gate.weight", Role::router, 7},
    Case{"model.layers.7.block_sparse_moe.experts.0.w2.weight", Role::experts_down, 7},
    Case{"model.layers.7.block_sparse_moe.gate.weight", Role::router, 7},
    Case{"model.layers.7.block_sparse_moe.router.layer.weight", Role::router, 7},
    Case{"model.layers.7.self_attn.kv_a_proj_with_mqa.weight", Role::mla_kv_a, 7},
    Case{"model.layers.7.self_attn.kv_b_proj.weight", Role::mla_kv_b, 7},
    Case{"model.layers.7.self_attn.indexer.wq_b.weight", Role::indexer, 7},
    Case{"model.layers.61.eh_proj.weight", Role::next_token, 61},
    Case{"model.layers.61.embed_tokens.weight", Role::next_token, 61},
    Case{"model.layers.61.shared_head.head.weight", Role::next_token, 61},
    Case{"mtp.layers.0.mlp.gate_proj.weight", Role::next_token},
    Case{"model.layers.7.linear_attn.in_proj_qkvz.weight", Role::attention_qkv, 7},
    Case{"model.layers.7.linear_attn.in_proj_ba.weight", Role::state_dt, 7},
    Case{"model.layers.7.linear_attn.A_log", Role::state_small, 7},
    Case{"model.layers.7.linear_attn.out_proj.weight", Role::state_out, 7},
    Case{"model.layers.7.linear_attn.conv1d.weight", Role::state_small, 7},
    Case{"backbone.layers.7.mixer.in_proj.weight", Role::state_in, 7},
    Case{"backbone.layers.7.mixer.out_proj.weight", Role::state_out, 7},
    Case{"backbone.layers.7.mixer.D", Role::state_small, 7},
    Case{"backbone.embeddings.weight", Role::token_embedding},
    Case{"model.layers.7.conv.in_proj.weight", Role::state_in, 7},
    Case{"model.layers.7.conv.conv.weight", Role::state_small, 7},
    Case{"model.layers.7.self_attn.out_proj.weight", Role::attention_output, 7},
    Case{"model.layers.7.feed_forward.w1.weight", Role::ffn_gate, 7},
    Case{"transformer.h.3.attn.c_attn.weight", Role::attention_qkv, 3},
    Case{"transformer.h.3.attn.c_proj.weight", Role::attention_output, 3},
    Case{"transformer.h.3.mlp.c_proj.weight", Role::ffn_down, 3},
    Case{"transformer.h.3.ln_1.bias", Role::norm, 3},
    Case{"transformer.wpe.weight", Role::position_embedding},
    Case{"gpt_neox.layers.3.attention.dense.weight", Role::attention_output, 3},
    Case{"bert.encoder.layer.3.intermediate.dense.weight", Role::ffn_up, 3},
    Case{"bert.encoder.layer.3.output.dense.weight", Role::ffn_down, 3},
    Case{"bert.encoder.layer.3.attention.output.dense.weight", Role::attention_output, 3},
    Case{"bert.embeddings.position_embeddings.weight", Role::position_embedding},
    Case{"bert.pooler.dense.weight", Role::other},
    Case{"encoder.block.3.layer.0.SelfAttention.q.weight", Role::attention_q, 3},
    Case{"decoder.block.3.layer.2.DenseReluDense.wo.weight", Role::ffn_down, 3},
    Case{"model.language_model.layers.3.self_attn.k_proj.weight", Role::attention_k, 3},
    Case{"model.language_model.embed_tokens_per_layer.weight", Role::per_layer_embedding},
    Case{"model.language_model.layers.3.per_layer_input_gate.weight", Role::per_layer_gate, 3},
    Case{"model.language_model.layers.3.laurel.linear_left.weight", Role::per_layer_projection, 3},
    Case{"model.layers.3.router.per_expert_scale", Role::bias, 3},
    Case{"model.layers.3.router.proj.weight", Role::router, 3},
    Case{"model.visual.blocks.3.attn.qkv.weight", Role::vision},
    Case{"vision_tower.vision_model.encoder.layers.3.mlp.fc1.weight", Role::vision},
    Case{"multi_modal_projector.mm_input_projection_weight", Role::vision},
    Case{"", Role::other},
    Case{".", Role::other},
    Case{"weight", Role::other},
    Case{"model.layers", Role::other},
    Case{"model.layers.x.unheard_of.weight", Role::other},
    Case{"model.layers.99999999999.a.weight", Role::other},
    Case{"model.layers.3.unheard_of.weight", Role::other, 3},
    Case{"....", Role::other},
};

TEST_CASE("tensors of Hugging Face checkpoints") {
  for (const auto& [name, role, layer] : kCheckpointNames) {
    CAPTURE(name);
    StoredTensor tensor{.name = name};
    classify_checkpoint(tensor);
    CHECK(to_text(tensor.role) == to_text(role));
    CHECK(tensor.layer == layer);
  }
}

}  // namespace
}  // namespace rigor::llm
