// How wide the tensors of one layer are that training keeps, in elements per token. Layer 5.
#pragma once

#include "llm/architecture.hpp"

namespace rigor::estimate {

struct LayerWidths {
  double hidden = 0;
  double queries = 0;  ///< heads x head dimension; 0 where the layer does not attend
  double keys = 0;
  double values = 0;
  double answers = 0;         ///< attention's output before its projection
  double heads = 0;           ///< score matrices, where they are made
  double recurrent = 0;       ///< everything a recurrent mixer keeps
  double mixer_input = 0;     ///< width of a recurrent mixer's input projection
  double feed_forward = 0;    ///< widths one token passes through, experts added up
  double live = 0;            ///< widths alive at once: routed experts run one after another
  double routed = 0;          ///< copies of the hidden state that are gathered for experts
  double norms = 0;           ///< block norms
  double halves = 0;          ///< mixer and feed-forward: 0 to 2
  double largest_matrix = 0;  ///< elements of the layer's largest matrix, one expert's at a time
};

LayerWidths layer_widths(const llm::Architecture& architecture, const llm::Layer& layer);
/// Do two layers of one network have the same widths? Most networks repeat a few layers many times.
bool same_widths(const llm::Layer& a, const llm::Layer& b);

}  // namespace rigor::estimate
