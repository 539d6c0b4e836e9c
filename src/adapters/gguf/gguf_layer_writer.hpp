// Test support: the tensors of one layer of a GGUF file, as ggml-org/llama.cpp src/models/*.cpp
// creates them. Layer 10, tests only.
#pragma once

#include <string>

#include "adapters/gguf/gguf_writer.hpp"
#include "llm/architecture.hpp"

namespace rigor::adapters::testing {

class GgufLayerWriter {
 protected:
  using Architecture = llm::Architecture;
  using Layer = llm::Layer;
  using Size = std::int64_t;

  explicit GgufLayerWriter(const Architecture& a) : a_(a), h_(a.hidden) {}

  void matrix(const std::string& name, Size columns, Size rows) {
    if (columns > 0 && rows > 0) out_.tensor(stem_ + name, {columns, rows});
  }
  void stack(const std::string& name, Size columns, Size rows, Size count) {
    out_.tensor(stem_ + name, {columns, rows, count});
  }
  void vector(const std::string& name, Size elements) {
    out_.tensor(stem_ + name, {elements}, kF32);
  }
  void linear(const std::string& name, Size columns, Size rows, bool bias) {
    matrix(name + ".weight", columns, rows);
    if (bias && rows > 0) vector(name + ".bias", rows);
  }
  void norm(const std::string& name, Size width) {
    vector(name + ".weight", width);
    if (a_.norm == llm::Norm::layer) vector(name + ".bias", width);
  }

  void mixer(const Layer& l);
  void attention(const Layer& l);
  void mla(const Layer& l);
  void latent_attention(const Layer& l);
  void compressor(const std::string& name, Size width, Size ratio);
  void delta_net();
  void mamba1();
  void mamba2();
  void short_convolution();
  void feed_forward(const Layer& l);
  void dense(Size width);
  void expert_matrix(const std::string& name, Size columns, Size rows);
  void experts(const Layer& l);
  void per_layer_input();
  void alt_up();

  static constexpr std::uint32_t kF32 = 0;
  const Architecture& a_;
  Size h_;
  std::string stem_;  // "blk.3."
  GgufWriter out_;
};

}  // namespace rigor::adapters::testing
