// What a config.json says about how the weights are stored, in a few words. Layer 10.
#pragma once

#include <string>

#include "adapters/hf/config_reader.hpp"

namespace rigor::adapters {

/// "gptq 4-bit g128", "awq 4-bit g128", "bitsandbytes nf4", "fp8", "mxfp4", "compressed-tensors
/// 4-bit", or the plain type ("bfloat16"); empty when the file says neither.
std::string hf_quantization(ConfigReader& config);

}  // namespace rigor::adapters
