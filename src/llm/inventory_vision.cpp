// Image encoders and the projectors that join them to the language network. All tensors have the
// role `vision`: they live in a file of their own (mmproj) and are rarely quantized.
#include "llm/inventory.hpp"

namespace rigor::llm {
namespace {

constexpr Size kColours = 3;

/// What differs between the towers' layers.
struct Block {
  Size attention = 0;  ///< heads x head dimension
  Size norms = 0;      ///< elements of all normalisations
  Bias bias = Bias::without;
  bool gated = false;
};

void add_blocks(Inventory& out, const Vision& v, const Block& block) {
  const Size hidden = v.hidden;
  const Size width = v.width;
  for (int i = 0; i < v.depth; ++i) {
    out.vector(Role::vision, block.norms);
    out.linear(Role::vision, hidden, 3 * block.attention, block.bias);
    out.linear(Role::vision, block.attention, hidden, block.bias);
    out.linear(Role::vision, hidden, block.gated ? 2 * width : width, block.bias);
    out.linear(Role::vision, width, hidden, block.bias);
  }
}

/// A LayerNorm (weight and bias) before attention and before the feed-forward, biases everywhere.
Block classic(const Vision& v) {
  return {.attention = v.hidden, .norms = 4 * Size{v.hidden}, .bias = Bias::with};
}

Size patch_elements(const Vision& v) {
  return kColours * v.patch * v.patch;
}

void add_qwen3vl(Inventory& out, const Vision& v) {
  const Size merged = Size{v.hidden} * v.merge * v.merge;
  out.linear(Role::vision, patch_elements(v) * v.temporal_patch, v.hidden, Bias::with);
  out.matrix(Role::vision, v.hidden, v.positions);
  add_blocks(out, v, classic(v));
  out.vector(Role::vision, 2 * Size{v.hidden});
  out.linear(Role::vision, merged, merged, Bias::with);
  out.linear(Role::vision, merged, v.output, Bias::with);
}

void add_siglip(Inventory& out, const Vision& v, Size text_hidden) {
  out.linear(Role::vision, patch_elements(v), v.hidden, Bias::with);
  out.matrix(Role::vision, v.hidden, v.positions);
  add_blocks(out, v, classic(v));
  out.vector(Role::vision, 2 * Size{v.hidden});
  out.vector(Role::vision, v.hidden);  // norm before the projection
  out.matrix(Role::vision, v.hidden, text_hidden);
}

void add_pixtral(Inventory& out, const Vision& v, Size text_hidden) {
  const Size hidden = v.hidden;
  out.matrix(Role::vision, patch_elements(v), hidden);
  out.vector(Role::vision, hidden);
  add_blocks(out, v, {.attention = hidden, .norms = 2 * hidden, .gated = true});
  out.vector(Role::vision, hidden);
  out.matrix(Role::vision, hidden * v.merge * v.merge, hidden);
  out.matrix(Role::vision, hidden, text_hidden);
  out.matrix(Role::vision, text_hidden, text_hidden);
}

void add_llama4(Inventory& out, const Vision& v, Size text_hidden) {
  const Size side = v.patch > 0 ? v.image / v.patch : 0;
  const Size hidden = v.hidden;
  out.matrix(Role::vision, patch_elements(v), hidden);
  out.vector(Role::vision, hidden);                   // class token
  out.matrix(Role::vision, hidden, side * side + 1);  // positions
  out.vector(Role::vision, 4 * hidden);               // norms before and after the layers
  add_blocks(out, v, classic(v));
  out.matrix(Role::vision, v.width, v.projector);  // after the pixel shuffle
  out.matrix(Role::vision, v.projector, v.projector);
  out.matrix(Role::vision, v.projector, text_hidden);
}

void add_gemma4(Inventory& out, const Vision& v, Size text_hidden) {
  const Size hidden = v.hidden;
  out.matrix(Role::vision, patch_elements(v), hidden);
  out.matrix(Role::vision, hidden, 2 * Size{v.positions});  // one table per axis
  add_blocks(out, v,
             {.attention = Size{v.heads} * v.head_dim,
              .norms = 4 * hidden + 2 * Size{v.head_dim},
              .gated = true});
  if (v.standardize) out.vector(Role::vision, 2 * hidden);
  out.matrix(Role::vision, hidden, text_hidden);
}

}  // namespace

void add_vision(Inventory& out, const Architecture& a) {
  const Vision& v = stated(a.vision);
  switch (v.kind) {
    case VisionKind::qwen3vl: return add_qwen3vl(out, v);
    case VisionKind::siglip: return add_siglip(out, v, a.hidden);
    case VisionKind::pixtral: return add_pixtral(out, v, a.hidden);
    case VisionKind::llama4: return add_llama4(out, v, a.hidden);
    case VisionKind::gemma4: return add_gemma4(out, v, a.hidden);
  }
}

}  // namespace rigor::llm
