#include "estimate/network.hpp"

#include <algorithm>

#include "estimate/memory/llama_widths.hpp"
#include "estimate/memory/training_widths.hpp"

namespace rigor::estimate {
namespace {

using llm::Role;

bool is_expert(Role role) {
  return role == Role::experts_gate || role == Role::experts_up || role == Role::experts_down;
}

bool is_small(Role role) {
  return role == Role::norm || role == Role::bias || role == Role::router ||
         role == Role::state_small;
}

/// Encoder-decoders list the decoder's layers after the encoder's: those count with the encoder's.
int counted_layer(const Network& network, int layer) {
  const int main_layers = static_cast<int>(network.layers.size());
  const bool decodes =
      layer >= main_layers && layer < main_layers + network.architecture.decoder_layers;
  return decodes ? layer % main_layers : layer;
}

/// Adds one tensor to the sums.
void add(Network& network, Role role, int stored_layer, double elements, Bytes size,
         Kernel kernel) {
  const int main_layers = static_cast<int>(network.layers.size());
  const int layer = counted_layer(network, stored_layer);
  const bool runs = role != Role::vision && role != Role::next_token && layer < main_layers;
  if (runs)
    add_tensor(network.operations, network.architecture, role, layer, elements, size, kernel);
  if (role == Role::vision) {
    network.vision += size;
  } else if (role == Role::next_token || layer >= main_layers) {
    network.draft += size;
    add_draft_tensor(network.drafting, network.architecture, role, elements, size, kernel);
  } else if (layer >= 0) {
    NetworkLayer& target = network.layers[static_cast<std::size_t>(layer)];
    (is_expert(role) ? target.experts : target.dense) += size;
    (is_small(role) ? target.small_elements : target.linear_elements) += elements;
    if (is_expert(role)) target.expert_elements += elements;
    network.largest_tensor = std::max(network.largest_tensor, size);
  } else if (role == Role::token_embedding) {
    network.token_embedding += size;
    network.embedding_elements += elements;
  } else if (role == Role::output_head) {
    network.output_head += size;
    network.head_elements += elements;
    network.largest_tensor = std::max(network.largest_tensor, size);
  } else if (role == Role::per_layer_embedding) {
    network.per_layer_embedding += size;
    network.embedding_elements += elements;
  } else {
    network.others += size;
  }
}

/// The layers' caches and states, without bytes.
Network skeleton(const llm::Architecture& architecture) {
  Network network;
  network.architecture = architecture;
  network.operations = make_operations(architecture);
  network.drafting = make_draft_operations(architecture);
  const int generating = llm::generating_layers(architecture);
  for (std::size_t i = 0; i < architecture.layers.size(); ++i) {
    NetworkLayer layer;
    if (static_cast<int>(i) < generating)
      layer.cache = llm::layer_cache(architecture, architecture.layers[i]);
    layer.state = llm::recurrent_state(architecture, architecture.layers[i]);
    network.layers.push_back(layer);
  }
  return network;
}

bool same_kind(const Network& network, int a, int b) {
  const auto at = [](int index) { return static_cast<std::size_t>(index); };
  const NetworkLayer& x = network.layers[at(a)];
  const NetworkLayer& y = network.layers[at(b)];
  return x.linear_elements == y.linear_elements && x.expert_elements == y.expert_elements &&
         x.small_elements == y.small_elements &&
         same_widths(network.architecture.layers[at(a)], network.architecture.layers[at(b)]);
}

/// Drafted tokens pass the network's own head; without tensors of MTP layers nothing drafts.
void finish_drafting(Network& network) {
  constexpr auto kHead = static_cast<std::size_t>(Operation::head);
  if (network.draft <= Bytes{}) network.drafting = {};
  if (network.drafting.layers > 0)
    network.drafting.matrices[kHead] = network.operations.matrices[kHead];
}

}  // namespace

Bytes Network::weights() const {
  return token_embedding + output_head + per_layer_embedding + others + sum.dense + sum.experts;
}

double Network::elements() const {
  return embedding_elements + head_elements + sum.linear_elements + sum.small_elements;
}

void derive(Network& network) {
  network.sum = {};
  network.kinds.clear();
  for (int i = 0; i < static_cast<int>(network.layers.size()); ++i) {
    const NetworkLayer& layer = network.layers[static_cast<std::size_t>(i)];
    network.sum.dense += layer.dense;
    network.sum.experts += layer.experts;
    network.sum.linear_elements += layer.linear_elements;
    network.sum.expert_elements += layer.expert_elements;
    network.sum.small_elements += layer.small_elements;
    const auto known =
        std::find_if(network.kinds.begin(), network.kinds.end(),
                     [&](const LayerKind& kind) { return same_kind(network, kind.example, i); });
    if (known == network.kinds.end()) {
      network.kinds.push_back({.example = i, .count = 1});
    } else {
      ++known->count;
    }
  }
}

Network make_network(const llm::Architecture& architecture, const llm::Quantization& quantization) {
  Network network = skeleton(architecture);
  network.quantization = quantization.name;
  network.tolerance = quantization.tolerance;
  const llm::RecipeFacts facts(architecture);
  const llm::InventoryScope scope{.vision = true, .mtp = true, .gguf_file = quantization.gguf};
  for (const llm::Tensor& tensor : llm::tensors(architecture, scope)) {
    const llm::TensorType& type = llm::tensor_type(quantization, facts, tensor);
    add(network, tensor.role, tensor.layer, static_cast<double>(tensor.elements()),
        llm::storage(type, tensor.columns, tensor.rows), kernel_of(type.name));
  }
  derive(network);
  finish_drafting(network);
  network.llama = llama_facts(network);
  return network;
}

Network make_network(const llm::StoredModel& model) {
  RIGOR_ASSERT(model.architecture.has_value());
  Network network = skeleton(*model.architecture);
  network.quantization = model.quantization;
  network.exact = !model.tensors.empty();
  for (const llm::StoredTensor& tensor : model.tensors) {
    const Kernel kernel = tensor.type != nullptr ? kernel_of(tensor.type->name) : Kernel::plain;
    add(network, tensor.role, tensor.layer, static_cast<double>(tensor.elements), tensor.size,
        kernel);
  }
  derive(network);
  finish_drafting(network);
  network.llama = llama_facts(network);
  return network;
}

}  // namespace rigor::estimate
