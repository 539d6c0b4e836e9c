#include "adapters/hf/hf_quantization.hpp"

#include <fmt/format.h>

namespace rigor::adapters {
namespace {

std::string groups(ConfigReader& q) {
  const JsonNode* size = q.find({"group_size", "q_group_size"});
  const auto* whole = size != nullptr ? std::get_if<std::int64_t>(&size->value) : nullptr;
  return whole != nullptr && *whole > 0 ? fmt::format(" g{}", *whole) : "";
}

std::string bits(ConfigReader& q, const std::string& method) {
  const int width = q.count({"bits", "w_bit"});
  return width > 0 ? fmt::format("{} {}-bit{}", method, width, groups(q)) : method;
}

std::string bitsandbytes(ConfigReader& q) {
  if (!q.flag({"load_in_4bit"}, q.flag({"_load_in_4bit"}))) return "bitsandbytes int8";
  const std::string type = q.text({"bnb_4bit_quant_type"});
  const bool twice = q.flag({"bnb_4bit_use_double_quant"});
  return fmt::format("bitsandbytes {}{}", type.empty() ? "fp4" : type, twice ? " double" : "");
}

/// The weights of the first group: {"group_0": {"weights": {"num_bits": 4, "type": "int",
/// "group_size": 32}}}.
std::string compressed_tensors(ConfigReader& q) {
  const std::string format = q.text({"format"});
  const JsonNode* all = q.find({"config_groups"});
  const JsonNode::Object* members = all != nullptr ? all->object() : nullptr;
  if (members == nullptr || members->empty()) return "compressed-tensors";
  std::optional<ConfigReader> weights =
      ConfigReader(members->front().node, q.file()).inside("weights");
  if (!weights) return "compressed-tensors";
  const int width = weights->count({"num_bits"});
  const std::string kind = weights->text({"type"});
  if (width == 0) return "compressed-tensors";
  return fmt::format("compressed-tensors {}{}{}{}", kind == "float" ? "fp" : "int", width,
                     groups(*weights), format.empty() ? "" : fmt::format(" ({})", format));
}

std::string by_method(ConfigReader& q) {
  const std::string method = q.text({"quant_method"});
  if (method == "bitsandbytes") return bitsandbytes(q);
  if (method == "compressed-tensors") return compressed_tensors(q);
  if (method == "modelopt") {
    const std::string algorithm = q.text({"quant_algo"});
    return algorithm.empty() ? method : "modelopt " + algorithm;
  }
  if (method == "fp8") return q.has("weight_block_size") ? "fp8 in blocks" : "fp8";
  if (!method.empty()) return bits(q, method);
  if (q.flag({"load_in_4bit"}) || q.flag({"load_in_8bit"})) return bitsandbytes(q);
  return {};
}

}  // namespace

std::string hf_quantization(ConfigReader& config) {
  std::optional<ConfigReader> stated = config.inside("quantization_config");
  if (!stated) stated = config.inside("compression_config");
  if (stated) {
    std::string name = by_method(*stated);
    if (!name.empty()) return name;
  }
  if (std::optional<ConfigReader> mlx = config.inside("quantization")) return bits(*mlx, "mlx");
  return config.text({"torch_dtype", "dtype"});
}

}  // namespace rigor::adapters
