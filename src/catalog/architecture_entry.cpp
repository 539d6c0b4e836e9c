#include "catalog/architecture_entry.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "catalog/architecture_layers.hpp"
#include "catalog/architecture_reader.hpp"

namespace rigor::catalog {
namespace {

using llm::Architecture;

constexpr int kMostTokens = 1 << 27;  // positions
constexpr int kMostWords = 1 << 23;   // vocabulary
constexpr int kWidest = 1 << 20;
constexpr int kMostExperts = 1 << 13;
constexpr int kMost = 1 << 16;  // heads, ranks, depths, kernel lengths
constexpr int kFew = 64;

/// A whole number of a table and the member it fills. Tables lack nothing that is marked so.
enum class Need : std::uint8_t { optional, always };
template <class Table>
struct CountKey {
  std::string_view key;
  int Table::* member;
  int high;
  Need need = Need::optional;
};

constexpr std::array kCounts = {
    CountKey<Architecture>{"vocabulary", &Architecture::vocabulary, kMostWords},
    CountKey<Architecture>{"hidden", &Architecture::hidden, 1 << 18},
    CountKey<Architecture>{"context", &Architecture::context, kMostTokens},
    CountKey<Architecture>{"sliding_window", &Architecture::sliding_window, kMostTokens},
    CountKey<Architecture>{"learned_positions", &Architecture::learned_positions, kWidest},
    CountKey<Architecture>{"token_types", &Architecture::token_types, kMost},
    CountKey<Architecture>{"decoder_layers", &Architecture::decoder_layers, 1024},
    CountKey<Architecture>{"mel_bins", &Architecture::mel_bins, kMost},
    CountKey<Architecture>{"audio_positions", &Architecture::audio_positions, kWidest},
    CountKey<Architecture>{"rope_factors", &Architecture::rope_factors, kMost},
    CountKey<Architecture>{"scalars_per_layer", &Architecture::scalars_per_layer, kFew},
};

struct FlagKey {
  std::string_view key;
  bool Architecture::* member;
};
constexpr std::array kFlags = {
    FlagKey{"causal", &Architecture::causal},
    FlagKey{"tied_embeddings", &Architecture::tied_embeddings},
    FlagKey{"head_bias", &Architecture::head_bias},
    FlagKey{"pooler", &Architecture::pooler},
    FlagKey{"qkv_bias", &Architecture::qkv_bias},
    FlagKey{"o_bias", &Architecture::o_bias},
    FlagKey{"mlp_bias", &Architecture::mlp_bias},
    FlagKey{"gated", &Architecture::gated},
    FlagKey{"output_gate", &Architecture::output_gate},
    FlagKey{"sinks", &Architecture::sinks},
    FlagKey{"fused_qkv", &Architecture::fused_qkv},
    FlagKey{"fused_gate_up", &Architecture::fused_gate_up},
    FlagKey{"one_block_per_layer", &Architecture::mixer_or_feed_forward},
};

using llm::Experts;
constexpr std::array kExperts = {
    CountKey<Experts>{"experts", &Experts::count, kMostExperts, Need::always},
    CountKey<Experts>{"used", &Experts::used, kMostExperts, Need::always},
    CountKey<Experts>{"width", &Experts::width, kWidest, Need::always},
    CountKey<Experts>{"shared_width", &Experts::shared_width, kWidest},
};
using llm::Mla;
constexpr std::array kMla = {
    CountKey<Mla>{"q_rank", &Mla::q_rank, kMost},
    CountKey<Mla>{"kv_rank", &Mla::kv_rank, kMost, Need::always},
    CountKey<Mla>{"rope_dim", &Mla::rope_dim, kMost},
    CountKey<Mla>{"nope_dim", &Mla::nope_dim, kMost, Need::always},
    CountKey<Mla>{"v_dim", &Mla::v_dim, kMost, Need::always},
    CountKey<Mla>{"index_heads", &Mla::index_heads, kMost},
    CountKey<Mla>{"index_dim", &Mla::index_dim, kMost},
    CountKey<Mla>{"index_top", &Mla::index_top, kMostTokens},
};
using llm::DeltaNet;
constexpr std::array kDeltaNet = {
    CountKey<DeltaNet>{"key_heads", &DeltaNet::key_heads, kMost, Need::always},
    CountKey<DeltaNet>{"value_heads", &DeltaNet::value_heads, kMost, Need::always},
    CountKey<DeltaNet>{"key_dim", &DeltaNet::key_dim, kMost, Need::always},
    CountKey<DeltaNet>{"value_dim", &DeltaNet::value_dim, kMost, Need::always},
    CountKey<DeltaNet>{"convolution", &DeltaNet::convolution, kFew, Need::always},
};
using llm::StateSpace;
constexpr std::array kStateSpace = {
    CountKey<StateSpace>{"heads", &StateSpace::heads, kMost},
    CountKey<StateSpace>{"head_dim", &StateSpace::head_dim, kMost},
    CountKey<StateSpace>{"state", &StateSpace::state, kMost, Need::always},
    CountKey<StateSpace>{"groups", &StateSpace::groups, kMost},
    CountKey<StateSpace>{"convolution", &StateSpace::convolution, kFew, Need::always},
    CountKey<StateSpace>{"inner", &StateSpace::inner, kWidest},
    CountKey<StateSpace>{"dt_rank", &StateSpace::dt_rank, kMost},
};
using llm::ShortConvolution;
constexpr std::array kShortConvolution = {
    CountKey<ShortConvolution>{"cache", &ShortConvolution::cache, kFew, Need::always},
    CountKey<ShortConvolution>{"width", &ShortConvolution::width, kWidest, Need::always},
};
using llm::PerLayerEmbedding;
constexpr std::array kPerLayerEmbedding = {
    CountKey<PerLayerEmbedding>{"width", &PerLayerEmbedding::width, kMost, Need::always},
    CountKey<PerLayerEmbedding>{"vocabulary", &PerLayerEmbedding::vocabulary, kMostWords,
                                Need::always},
};
using llm::AltUp;
constexpr std::array kAltUp = {
    CountKey<AltUp>{"inputs", &AltUp::inputs, kFew, Need::always},
    CountKey<AltUp>{"laurel_rank", &AltUp::laurel_rank, kMost, Need::always},
};
using llm::Mtp;
constexpr std::array kMtp = {CountKey<Mtp>{"layers", &Mtp::layers, kFew, Need::always}};
using llm::Vision;
constexpr std::array kVision = {
    CountKey<Vision>{"hidden", &Vision::hidden, kMost, Need::always},
    CountKey<Vision>{"width", &Vision::width, kWidest, Need::always},
    CountKey<Vision>{"depth", &Vision::depth, 1024, Need::always},
    CountKey<Vision>{"heads", &Vision::heads, kMost, Need::always},
    CountKey<Vision>{"head_dim", &Vision::head_dim, kMost},
    CountKey<Vision>{"patch", &Vision::patch, 1024, Need::always},
    CountKey<Vision>{"merge", &Vision::merge, kFew},
    CountKey<Vision>{"temporal_patch", &Vision::temporal_patch, kFew},
    CountKey<Vision>{"positions", &Vision::positions, kWidest},
    CountKey<Vision>{"image", &Vision::image, kMost},
    CountKey<Vision>{"projector", &Vision::projector, kMost},
    CountKey<Vision>{"output", &Vision::output, kMost},
};
using llm::DeepSeekV4;
constexpr std::array kDeepSeekV4 = {
    CountKey<DeepSeekV4>{"q_rank", &DeepSeekV4::q_rank, kMost, Need::always},
    CountKey<DeepSeekV4>{"o_rank", &DeepSeekV4::o_rank, kMost, Need::always},
    CountKey<DeepSeekV4>{"o_groups", &DeepSeekV4::o_groups, kMost, Need::always},
    CountKey<DeepSeekV4>{"rope_dim", &DeepSeekV4::rope_dim, kMost, Need::always},
    CountKey<DeepSeekV4>{"index_heads", &DeepSeekV4::index_heads, kMost, Need::always},
    CountKey<DeepSeekV4>{"index_dim", &DeepSeekV4::index_dim, kMost, Need::always},
    CountKey<DeepSeekV4>{"index_top", &DeepSeekV4::index_top, kMostTokens, Need::always},
    CountKey<DeepSeekV4>{"hyper", &DeepSeekV4::hyper, kFew, Need::always},
};
using llm::Flux;
constexpr std::array kFlux = {
    CountKey<Flux>{"depth", &Flux::depth, 512, Need::always},
    CountKey<Flux>{"depth_single", &Flux::depth_single, 512, Need::always},
    CountKey<Flux>{"in_channels", &Flux::in_channels, kMost, Need::always},
    CountKey<Flux>{"context_in", &Flux::context_in, kMost, Need::always},
    CountKey<Flux>{"vector_in", &Flux::vector_in, kMost, Need::always},
};

using llm::Norm;
using llm::Plan;
using llm::QkNorm;
constexpr std::array kPlans = {
    Choice<Plan>{"decoder", Plan::decoder},         Choice<Plan>{"bert", Plan::bert},
    Choice<Plan>{"nomic_bert", Plan::nomic_bert},   Choice<Plan>{"t5", Plan::t5},
    Choice<Plan>{"whisper", Plan::whisper},         Choice<Plan>{"mamba", Plan::mamba},
    Choice<Plan>{"deepseek_v4", Plan::deepseek_v4}, Choice<Plan>{"flux", Plan::flux},
    Choice<Plan>{"sizes_only", Plan::sizes_only}};
constexpr std::array kNorms = {Choice<Norm>{"rms", Norm::rms}, Choice<Norm>{"layer", Norm::layer},
                               Choice<Norm>{"layer_without_bias", Norm::layer_without_bias}};
constexpr std::array kQkNorms = {Choice<QkNorm>{"none", QkNorm::none},
                                 Choice<QkNorm>{"head", QkNorm::head},
                                 Choice<QkNorm>{"full", QkNorm::full}};
using llm::MtpKind;
using llm::VisionKind;
constexpr std::array kMtpKinds = {Choice<MtpKind>{"qwen", MtpKind::qwen},
                                  Choice<MtpKind>{"deepseek", MtpKind::deepseek},
                                  Choice<MtpKind>{"deepseek_v4", MtpKind::deepseek_v4}};
constexpr std::array kVisionKinds = {Choice<VisionKind>{"qwen3vl", VisionKind::qwen3vl},
                                     Choice<VisionKind>{"siglip", VisionKind::siglip},
                                     Choice<VisionKind>{"pixtral", VisionKind::pixtral},
                                     Choice<VisionKind>{"llama4", VisionKind::llama4},
                                     Choice<VisionKind>{"gemma4", VisionKind::gemma4}};

/// The table `name` (which ends with a dot), or nothing when the entry has no key of it.
template <class Table, std::size_t N>
std::optional<Table> read_table(ArchitectureReader& r, std::string_view name,
                                const std::array<CountKey<Table>, N>& keys) {
  const bool stated = r.has_table(name);
  Table table;
  for (const CountKey<Table>& key : keys) {
    const std::string full = std::string(name) + std::string(key.key);
    table.*key.member = r.count(full, key.high, table.*key.member);
    if (stated && key.need == Need::always && table.*key.member == 0)
      r.error(full, "it is missing");
  }
  return stated ? std::optional<Table>(table) : std::nullopt;
}

void read_experts(ArchitectureReader& r, Architecture& a) {
  a.experts = read_table(r, "moe.", kExperts);
  Experts rest = a.experts.value_or(Experts{});
  rest.shared_gate = r.flag("moe.shared_gate");
  rest.correction_bias = r.flag("moe.correction_bias");
  rest.expert_bias = r.flag("moe.expert_bias");
  rest.router_bias = r.flag("moe.router_bias");
  rest.fused_gate_up = r.flag("moe.fused_gate_up");
  rest.router_extra = r.count("moe.router_extra", kWidest);
  if (!a.experts) return;
  a.experts = rest;
  if (rest.used > rest.count) {
    r.error("moe.used", fmt::format("{} of {} experts cannot be used", rest.used, rest.count));
  }
}

void read_tables(ArchitectureReader& r, Architecture& a) {
  read_experts(r, a);
  a.mla = read_table(r, "mla.", kMla);
  a.delta_net = read_table(r, "delta_net.", kDeltaNet);
  const bool fused = r.flag("delta_net.fused_beta_alpha");
  if (a.delta_net) a.delta_net->fused_beta_alpha = fused;
  a.state_space = read_table(r, "state_space.", kStateSpace);
  a.short_convolution = read_table(r, "short_convolution.", kShortConvolution);
  a.per_layer_embedding = read_table(r, "per_layer_embedding.", kPerLayerEmbedding);
  a.alt_up = read_table(r, "alt_up.", kAltUp);
  a.deepseek_v4 = read_table(r, "deepseek_v4.", kDeepSeekV4);
  a.flux = read_table(r, "flux.", kFlux);
  const bool guidance = r.flag("flux.guidance");
  if (a.flux) a.flux->guidance = guidance;
}

void read_extras(ArchitectureReader& r, Architecture& a) {
  a.mtp = read_table(r, "mtp.", kMtp);
  Mtp mtp = a.mtp.value_or(Mtp{});
  mtp.kind = r.choice("mtp.kind", kMtpKinds, mtp.kind);
  mtp.stores_embedding_copies = r.flag("mtp.embedding_copies");
  if (a.mtp) a.mtp = mtp;
  a.vision = read_table(r, "vision.", kVision);
  Vision vision = a.vision.value_or(Vision{});
  vision.kind = r.choice("vision.kind", kVisionKinds, vision.kind);
  vision.standardize = r.flag("vision.standardize");
  if (a.vision) a.vision = vision;
}

void read_published(ArchitectureReader& r, Architecture& a) {
  a.published_parameters = r.large_count("published_parameters");
  for (const std::string& part : r.texts("published_with")) {
    if (part == "vision") {
      a.published_with_vision = true;
    } else if (part == "mtp") {
      a.published_with_mtp = true;
    } else {
      r.error("published_with", fmt::format("unknown part \"{}\"", part),
              "write \"vision\" or \"mtp\"");
    }
  }
}

void read_scalars(ArchitectureReader& r, Architecture& a) {
  a.family = r.text("family");
  a.gguf = r.text("gguf");
  r.text("released");
  a.plan = r.choice("plan", kPlans, Plan::decoder);
  a.norm = r.choice("norm", kNorms, Norm::rms);
  a.qk_norm = r.choice("qk_norm", kQkNorms, QkNorm::none);
  a.norms_per_layer = r.count("norms_per_layer", kFew, a.norms_per_layer);
  for (const auto& key : kCounts) a.*key.member = r.count(key.key, key.high);
  for (const FlagKey& key : kFlags) a.*key.member = r.flag(key.key, a.*key.member);
}

void check_plan(ArchitectureReader& r, const Architecture& a) {
  r.require("family");
  if (a.plan == Plan::sizes_only) return r.require("published_parameters");
  if (a.hidden == 0) r.error("hidden", "it is missing");
  if (a.plan != Plan::flux && a.vocabulary == 0) r.error("vocabulary", "it is missing");
  if ((a.plan == Plan::flux) != a.flux.has_value())
    r.error("plan", "plan flux and [flux] go together");
  if ((a.plan == Plan::deepseek_v4) != a.deepseek_v4.has_value()) {
    r.error("plan", "plan deepseek_v4 and [deepseek_v4] go together");
  }
  if (a.plan == Plan::deepseek_v4 && !a.experts) r.error("plan", "plan deepseek_v4 needs [moe]");
  const bool two_stacks = a.plan == Plan::t5 || a.plan == Plan::whisper;
  if (two_stacks != (a.decoder_layers > 0)) {
    r.error("decoder_layers", "plans t5 and whisper have decoder layers, others have none");
  }
}

void check_tables(ArchitectureReader& r, const Architecture& a) {
  if (a.state_space && (a.state_space->heads == 0) == (a.state_space->inner == 0)) {
    r.error("state_space.state",
            "[state_space] states heads (Mamba 2) or inner (Mamba 1), not both");
  }
  if (a.mla && a.mla->index_heads > 0 && a.mla->q_rank == 0) {
    r.error("mla.index_heads", "an indexer needs compressed queries", "state mla.q_rank");
  }
  if (a.mtp && std::none_of(a.layers.begin(), a.layers.end(), [](const llm::Layer& layer) {
        return layer.mixer == llm::Mixer::attention || layer.mixer == llm::Mixer::mla;
      })) {
    r.error("mtp.layers", "an MTP layer is built like a layer that attends, but there is none");
  }
}

}  // namespace

Architecture to_architecture(const Entry& entry, Diagnostics& diagnostics) {
  ArchitectureReader reader(entry, diagnostics);
  Architecture a;
  a.id = entry.id;
  a.name = entry.name;
  read_scalars(reader, a);
  read_tables(reader, a);
  read_extras(reader, a);
  read_published(reader, a);
  a.layers = read_layers(reader, a);
  check_plan(reader, a);
  check_tables(reader, a);
  reader.report_unknown_keys();
  return a;
}

Result<Architecture> to_architecture(const Entry& entry) {
  Diagnostics diagnostics;
  Architecture architecture = to_architecture(entry, diagnostics);
  if (!diagnostics.has_errors()) return architecture;
  const Diagnostic& first = diagnostics.all().front();
  return fail(ErrorCode::malformed, first.message, to_text(first.where), first.hint);
}

}  // namespace rigor::catalog
