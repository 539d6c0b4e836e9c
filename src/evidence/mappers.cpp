#include <array>

#include "evidence/llama_row.hpp"
#include "evidence/mapper.hpp"
#include "evidence/memory_row.hpp"
#include "evidence/power_row.hpp"
#include "evidence/settings_row.hpp"
#include "evidence/speed_row.hpp"
#include "evidence/training_setup.hpp"

namespace rigor::evidence {
namespace {

constexpr std::array kMappers = {
    Mapper{"rigor's own words", accepts_settings, predict_settings},
    Mapper{"power", accepts_power, predict_power},
    Mapper{"inference speed", accepts_speed, predict_speed},
    Mapper{"llama.cpp memory", accepts_llama_cpp, predict_llama_cpp},
    Mapper{"vLLM memory", accepts_vllm, predict_vllm},
    Mapper{"transformers memory", accepts_transformers, predict_transformers},
    Mapper{"MLX memory", accepts_mlx, predict_mlx},
    Mapper{"ExLlama memory", accepts_exllama, predict_exllama},
    Mapper{"training memory", accepts_training, predict_training},
    Mapper{"engines without estimator", accepts_unmodelled, predict_unmodelled},
};

}  // namespace

std::span<const Mapper> mappers() {
  return kMappers;
}

}  // namespace rigor::evidence
