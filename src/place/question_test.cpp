#include "place/question.hpp"

#include <doctest/doctest.h>

#include <numeric>

namespace rigor::place {
namespace {

llm::Architecture network_of(int layers, int heads, int kv_heads) {
  llm::Architecture a;
  a.hidden = heads * 128;
  a.vocabulary = 128256;
  a.layers.assign(static_cast<std::size_t>(layers),
                  llm::Layer{.heads = heads, .kv_heads = kv_heads, .head_dim = 128, .width = 4096});
  return a;
}

hardware::Accelerator card(double gib) {
  hardware::Accelerator a;
  a.memory = gib * GiB;
  a.usable = gib * GiB;
  return a;
}

}  // namespace

TEST_CASE("a tensor degree divides the heads, and divides or multiplies the key-value heads") {
  const llm::Architecture llama = network_of(80, 64, 8);
  for (const int legal : {1, 2, 4, 8, 16, 32, 64}) CHECK(tensor_degree_is_legal(llama, legal));
  for (const int illegal : {3, 5, 6, 7, 12}) CHECK_FALSE(tensor_degree_is_legal(llama, illegal));
  CHECK(tensor_degree(llama, 3) == 2);
  CHECK(tensor_degree(llama, 4) == 4);
  const llm::Architecture odd = network_of(24, 14, 2);  // Qwen2.5 0.5B
  CHECK(tensor_degree(odd, 4) == 2);
  CHECK_FALSE(
      tensor_degree_is_legal(odd, 7));  // 2 key-value heads: neither divides nor is a multiple
}

TEST_CASE("layers are split by memory, the head counting as one more layer") {
  estimate::Network network;
  network.architecture = network_of(80, 64, 8);
  Question question;
  question.network = &network;
  const std::vector<hardware::Accelerator> cards = {card(24), card(24), card(24), card(24)};
  question.accelerators = cards;
  workload::Placement placement;
  placement.devices = 4;
  placement.device = {0, 1, 2, 3};
  split_layers(question, placement);
  // 81 pieces in quarters: 20.25, 40.5, 60.75, 81 -> rounded up 21, 41, 61, 80 of 80.
  CHECK(placement.layers[0] == 21);
  CHECK(placement.layers[1] == 20);
  CHECK(placement.layers[2] == 20);
  CHECK(placement.layers[3] == 19);
  CHECK(std::accumulate(placement.layers.begin(), placement.layers.end(), 0) == 80);
}

TEST_CASE("unequal cards take layers in proportion, and host layers are left out") {
  estimate::Network network;
  network.architecture = network_of(40, 32, 8);
  Question question;
  question.network = &network;
  const std::vector<hardware::Accelerator> cards = {card(24), card(8)};
  question.accelerators = cards;
  workload::Placement placement;
  placement.devices = 2;
  placement.device = {0, 1};
  placement.host_layers = 8;
  split_layers(question, placement);
  // 33 pieces: three quarters of them are 24.75 -> 25 on the first card; 32 - 25 = 7 on the second.
  CHECK(placement.layers[0] == 25);
  CHECK(placement.layers[1] == 7);
}

TEST_CASE("wishes that cannot be are named") {
  estimate::Network network;
  network.architecture = network_of(80, 64, 8);
  Question question;
  question.network = &network;
  const std::vector<hardware::Accelerator> cards = {card(24), card(24)};
  question.accelerators = cards;
  const auto with = [&](auto change) {
    Question trial = question;
    change(trial.workload.wish);
    return problem_with_wish(trial);
  };
  CHECK(with([](auto&) {}).empty());
  CHECK(with([](auto& w) { w.tensor = 2; }).empty());
  CHECK(with([](auto& w) { w.tensor = 3; }).find("does not divide") != std::string::npos);
  CHECK(with([](auto& w) { w.expert = 2; }).find("no routed experts") != std::string::npos);
  CHECK(with([](auto& w) { w.devices = 4; }).find("the rig has 2") != std::string::npos);
  CHECK(with([](auto& w) { w.tensor = 4; }).find("needs 4 devices") != std::string::npos);
  CHECK(with([](auto& w) { w.host_layers = 99; }).find("80 layers") != std::string::npos);
  CHECK(with([](auto& w) { w.host_expert_layers = 4; }).find("no experts") != std::string::npos);
  CHECK(with([](auto& w) {
          w.sharding = workload::Sharding::zero2;
          w.parameters = workload::Offload::host;
        }).find("ZeRO-3") != std::string::npos);
}

}  // namespace rigor::place
