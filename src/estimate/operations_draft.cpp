// Operations of one MTP layer: its own matrices and the projection of hidden state and token before
// it. Layer 5.
#include <algorithm>

#include "estimate/operations.hpp"
#include "llm/cache_shape.hpp"

namespace rigor::estimate {
namespace {

using llm::Mixer;

/// An MTP layer is built like the last layer that attends; -1 when none does.
int mtp_example(const llm::Architecture& a) {
  for (int i = static_cast<int>(a.layers.size()) - 1; i >= 0; --i) {
    const Mixer mixer = a.layers[static_cast<std::size_t>(i)].mixer;
    if (mixer == Mixer::attention || mixer == Mixer::mla) return i;
  }
  return -1;
}

}  // namespace

Operations make_draft_operations(const llm::Architecture& a) {
  const int example = mtp_example(a);
  if (!a.mtp || a.mtp->layers <= 0 || example < 0) return {};
  llm::Architecture one = a;
  one.layers = {a.layers[static_cast<std::size_t>(example)]};
  return make_operations(one);
}

void add_draft_tensor(Operations& operations, const llm::Architecture& a, llm::Role role,
                      double elements, Bytes size, Kernel kernel) {
  if (operations.layers <= 0 || !a.mtp) return;
  // Several layers draft one after the other: a token passes one of them.
  const double share = 1.0 / a.mtp->layers;
  if (role != llm::Role::next_token) {
    return add_tensor(operations, a, role, mtp_example(a), share * elements, share * size, kernel);
  }
  // Copies of embedding and head that a file repeats: the network's own head is counted.
  if (elements >= 1.0 * a.hidden * a.vocabulary) return;
  Matrices& target = operations.matrices[static_cast<std::size_t>(Operation::feed_forward)];
  target.elements += share * elements;
  target.stored[static_cast<std::size_t>(kernel)] += share * size;
}

}  // namespace rigor::estimate
