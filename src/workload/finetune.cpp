#include "workload/finetune.hpp"

#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::workload {
namespace {

/// A value and how users write it; of several names of one value the first is printed.
template <class T, std::size_t N>
using Names = std::array<std::pair<T, std::string_view>, N>;

constexpr Names<Method, 3> kMethods = {
    {{Method::full, "full"}, {Method::lora, "lora"}, {Method::qlora, "qlora"}}};

constexpr Names<Optimizer, 14> kOptimizers = {{{Optimizer::adamw, "adamw"},
                                               {Optimizer::adamw, "adam"},
                                               {Optimizer::adamw_bf16, "adamw-bf16"},
                                               {Optimizer::adamw_8bit, "adamw-8bit"},
                                               {Optimizer::adamw_8bit, "adam-8bit"},
                                               {Optimizer::paged_adamw_8bit, "paged-adamw-8bit"},
                                               {Optimizer::adamw_4bit, "adamw-4bit"},
                                               {Optimizer::adafactor, "adafactor"},
                                               {Optimizer::sgd, "sgd"},
                                               {Optimizer::sgd_momentum, "sgd-momentum"},
                                               {Optimizer::lion, "lion"},
                                               {Optimizer::muon, "muon"},
                                               {Optimizer::galore, "galore"},
                                               {Optimizer::galore, "galore-adamw"}}};

constexpr Names<Recipe, 4> kRecipes = {{{Recipe::mixed, "mixed"},
                                        {Recipe::bf16, "bf16"},
                                        {Recipe::amp, "amp"},
                                        {Recipe::fp32, "fp32"}}};

constexpr Names<Attention, 3> kAttentions = {{{Attention::flash, "flash"},
                                              {Attention::flash_repeated, "flash-repeated"},
                                              {Attention::eager, "eager"}}};

constexpr Names<Checkpointing, 4> kCheckpointing = {{{Checkpointing::none, "none"},
                                                     {Checkpointing::full, "full"},
                                                     {Checkpointing::selective, "selective"},
                                                     {Checkpointing::offloaded, "offloaded"}}};

constexpr Names<Loss, 2> kLosses = {{{Loss::plain, "plain"}, {Loss::fused, "fused"}}};

constexpr Names<BaseFormat, 7> kBaseFormats = {{{BaseFormat::nf4, "nf4"},
                                                {BaseFormat::gptq4, "gptq4"},
                                                {BaseFormat::gptq4_ungrouped, "gptq4-ungrouped"},
                                                {BaseFormat::gptq8, "gptq8"},
                                                {BaseFormat::int8, "int8"},
                                                {BaseFormat::awq4, "awq4"},
                                                {BaseFormat::aqlm2, "aqlm2"}}};

constexpr Names<Target, kTargets> kTargetNames = {{{Target::q, "q"},
                                                   {Target::k, "k"},
                                                   {Target::v, "v"},
                                                   {Target::o, "o"},
                                                   {Target::gate, "gate"},
                                                   {Target::up, "up"},
                                                   {Target::down, "down"}}};

constexpr Names<Sharding, 5> kShardings = {{{Sharding::none, "none"},
                                            {Sharding::zero1, "zero1"},
                                            {Sharding::zero2, "zero2"},
                                            {Sharding::zero3, "zero3"},
                                            {Sharding::fsdp, "fsdp"}}};

constexpr Names<Offload, 3> kOffloads = {
    {{Offload::none, "none"}, {Offload::host, "host"}, {Offload::nvme, "nvme"}}};

template <class T, std::size_t N>
std::optional<T> find(const Names<T, N>& names, std::string_view wanted) {
  for (const auto& [value, name] : names) {
    if (name == wanted) return value;
  }
  return std::nullopt;
}

template <class T, std::size_t N>
std::string_view first(const Names<T, N>& names, T wanted) {
  for (const auto& [value, name] : names) {
    if (value == wanted) return name;
  }
  return {};
}

}  // namespace

Result<BytesPerSecond> parse_line_rate(std::string_view text) {
  const std::string low = lower(trim(text));
  BytesPerSecond rate;
  if (low.ends_with("gbe")) {
    const Result<double> number = parse_number(trim(low.substr(0, low.size() - 3)));
    if (!number) return fail(ErrorCode::usage, fmt::format("\"{}\" is no network rate", text));
    rate = *number * 0.125 * GB / second;
  } else {
    const Result<BytesPerSecond> parsed = parse<BytesPerSecond>(text, "10 Gbit/s");
    if (!parsed) return tl::unexpected<Error>(parsed.error());
    rate = *parsed;
  }
  if (rate < 1.25e-4 * GB / second || rate > 1250 * GB / second)
    return fail(ErrorCode::usage, fmt::format("\"{}\" is not 1 Mbit/s to 10 Tbit/s", text));
  return rate;
}

std::optional<Method> parse_method(std::string_view name) {
  return find(kMethods, name);
}
std::optional<Optimizer> parse_optimizer(std::string_view name) {
  return find(kOptimizers, name);
}
std::optional<Recipe> parse_recipe(std::string_view name) {
  return find(kRecipes, name);
}
std::optional<Checkpointing> parse_checkpointing(std::string_view name) {
  return find(kCheckpointing, name);
}
std::optional<BaseFormat> parse_base_format(std::string_view name) {
  return find(kBaseFormats, name);
}
std::optional<Target> parse_target(std::string_view name) {
  return find(kTargetNames, name);
}

std::string_view to_text(Method method) {
  return first(kMethods, method);
}
std::string_view to_text(Optimizer optimizer) {
  return first(kOptimizers, optimizer);
}
std::string_view to_text(Recipe recipe) {
  return first(kRecipes, recipe);
}
std::string_view to_text(Attention attention) {
  return first(kAttentions, attention);
}
std::string_view to_text(Checkpointing checkpointing) {
  return first(kCheckpointing, checkpointing);
}
std::string_view to_text(Loss loss) {
  return first(kLosses, loss);
}
std::string_view to_text(BaseFormat format) {
  return first(kBaseFormats, format);
}
std::string_view to_text(Target target) {
  return first(kTargetNames, target);
}
std::string_view to_text(Sharding sharding) {
  return first(kShardings, sharding);
}
std::string_view to_text(Offload offload) {
  return first(kOffloads, offload);
}

}  // namespace rigor::workload
