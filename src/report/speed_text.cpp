#include "report/speed_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/conversation_text.hpp"
#include "report/fit_text.hpp"
#include "report/link_text.hpp"
#include "report/own_text.hpp"
#include "report/power_text.hpp"
#include "report/traffic_text.hpp"
#include "units/unit_text.hpp"

namespace rigor::report {
namespace {

using estimate::Factor;
using estimate::StepTime;
using estimate::Support;
using estimate::TimeTerm;

/// Three figures: 0.0123, 1.23, 12.3, 123, 1,230.
std::string figure(double value) {
  if (value >= 1000) {
    const double unit = value >= 1e5 ? 1000 : value >= 1e4 ? 100 : 10;
    return grouped(static_cast<std::int64_t>(unit) * std::llround(value / unit));
  }
  if (value >= 100) return fmt::format("{:.0f}", value);
  if (value >= 10) return fmt::format("{:.1f}", value);
  return fmt::format("{:.3g}", value);
}

place::Ranged scaled(const place::Ranged& r, double factor) {
  return {factor * r.low, factor * r.expected, factor * r.high};
}

/// The largest term.
TimeTerm bottleneck(const StepTime& time) {
  const auto largest = std::max_element(time.terms.begin(), time.terms.end());
  return static_cast<TimeTerm>(largest - time.terms.begin());
}

template <class Term, class Time>
std::string shares(const char* title, const Time& time) {
  const double total = time.total().in(second);
  std::string text = fmt::format("{} {} ms\n", title, figure(1e3 * total));
  for (std::size_t i = 0; i < time.terms.size(); ++i) {
    const double part = time.terms[i].in(second);
    if (part < 0.005 * total) continue;
    const auto width = static_cast<std::size_t>(std::max(1.0, 30 * part / total));
    text += fmt::format("  {:<24} {:>9} ms {:>4.0f} %  {}\n", to_text(static_cast<Term>(i)),
                        figure(1e3 * part), 100 * part / total, std::string(width, '#'));
  }
  return text;
}

template <class Speed>
std::string basis(const Speed& speed) {
  switch (speed.support) {
    case Support::device:
      return fmt::format("calibrated on {} measurements of the {}", speed.support_rows,
                         speed.supporter);
    case Support::family:
      return fmt::format("no measurement of this device: {} of its family ({})", speed.support_rows,
                         speed.supporter);
    case Support::extrapolated: break;
  }
  return "extrapolated: nothing of this family was measured with this backend";
}

/// Of a plain step, or of the two parts of a step with drafts.
std::string step_shares(const place::InferenceSpeed& speed) {
  const place::Speculation& drafts = speed.speculation;
  const StepTime& checked = drafts.drafted > 0 ? drafts.verify : speed.decode_step;
  const auto most = [](const StepTime& time) {
    return fmt::format("the most: {}\n", to_text(bottleneck(time)));
  };
  if (drafts.drafted == 0) return shares<TimeTerm>("one token takes", checked) + most(checked);
  std::string text;
  if (drafts.draft.total() > Seconds{})
    text = shares<TimeTerm>("the drafts of a step take", drafts.draft) + "\n";
  return text + shares<TimeTerm>("checking them takes", checked) + most(checked);
}

std::string formula_of(TimeTerm term) {
  switch (term) {
    case TimeTerm::attention:
    case TimeTerm::recurrent:
    case TimeTerm::feed_forward:
    case TimeTerm::head:
      return "sqrt((bytes / (stream x bandwidth))^2 + (2 x elements x tokens / (compute x "
             "peak))^2)";
    case TimeTerm::experts:
      return "the same over the distinct experts read, E (1 - (1 - k/E)^tokens), and the k used";
    case TimeTerm::cache:
      return "generating: cached bytes seen / (cache x bandwidth); prompts: 2 x multiply-adds of "
             "all pairs / (attention x peak)";
    case TimeTerm::state: return "states read and written / (stream x bandwidth)";
    case TimeTerm::launch: return "kernels x seconds of one";
    case TimeTerm::communication:
      return "a hop per stage, or two all-reduces per layer: latency + bytes / (wire x link)";
    case TimeTerm::network:
      return "the same over the network: delay + bytes / what Ethernet gives (page 34)";
    case TimeTerm::transfer: return "bytes of host weights / link to the host";
    case TimeTerm::step: return "sampling and the program, per step";
  }
  return {};
}

void add_ranged(Json& json, const char* name, const place::Ranged& r) {
  json.key(name).begin_object().member("low", r.low).member("expected", r.expected);
  json.member("high", r.high).end_object();
}

/// Rates of a training run, a line each.
std::string training_rates(const place::Question& question, const place::TrainingSpeed& speed,
                           double epoch_tokens) {
  const workload::Workload& workload = question.workload;
  std::string text = figure_line("training", speed.tokens, "tokens/s");
  constexpr double kAll = 0.9995;
  if (speed.time.useful < kAll) {
    const std::string what =
        fmt::format("  without padding ({:.0f} %)", 100 * (1 - speed.time.useful));
    text += figure_line(what.c_str(), speed.useful, "tokens/s");
  }
  text += figure_line(workload.finetune.sample_tokens > 0 ? "samples" : "full sequences",
                      speed.samples, "per s");
  text += figure_line("one optimizer step", speed.step, "s");
  if (epoch_tokens <= 0) return text;
  text += figure_line("one epoch", hours_of(epoch_tokens, speed), "h");
  const double epochs = workload.epochs.value_or(1);
  if (epochs != 1) {
    const std::string what = fmt::format("{:g} epochs", epochs);
    text += figure_line(what.c_str(), hours_of(epochs * epoch_tokens, speed), "h");
  }
  return text;
}

}  // namespace

std::string figure_text(double value) {
  return figure(value);
}

place::Ranged hours_of(double tokens, const place::TrainingSpeed& speed) {
  const auto hours = [&](double rate) { return tokens / rate / 3600; };
  return {hours(speed.useful.high), hours(speed.useful.expected), hours(speed.useful.low)};
}

std::string figure_line(const char* what, const place::Ranged& value, const char* unit) {
  return fmt::format("  {:<26} {:>9} {:<9} {} to {}\n", what, figure(value.expected), unit,
                     figure(value.low), figure(value.high));
}

std::string ranged_text(const place::Ranged& value) {
  return fmt::format("{} ({} to {})", figure(value.expected), figure(value.low),
                     figure(value.high));
}

std::string speed_line(const place::InferenceSpeed& speed) {
  std::string text = fmt::format("about {} tokens/s when generating", ranged_text(speed.decode));
  if (speed.sequences > 1) text += fmt::format(", {} together", ranged_text(speed.aggregate));
  return text + fmt::format("; prompts {} tokens/s", ranged_text(speed.prefill));
}

std::string speed_text(const place::Question& question, const place::Answer& answer,
                       const place::InferenceSpeed& speed, const place::PowerUse& power) {
  std::string text = workload_title(question) + "\n";
  text += placement_text(question, answer.placement) + "\n";
  text += verdict_text(question, answer) + "\n\n";
  text += fmt::format("  {:<26} {:>9} {:<9} {}\n", "", "expected", "", "90 % interval");
  text += figure_line("generating, one user", speed.decode, "tokens/s");
  text += figure_line("  one token", scaled(speed.per_token, 1e3), "ms");
  if (speed.sequences > 1) {
    const std::string what = fmt::format("generating, {} users", speed.sequences);
    text += figure_line(what.c_str(), speed.aggregate, "tokens/s");
  }
  text += figure_line("reading a prompt", speed.prefill, "tokens/s");
  const std::string first = fmt::format("  first token after {}", figure(speed.prompt));
  text += figure_line(first.c_str(), speed.first_token, "s");
  text += energy_text(power);
  text += fmt::format("\nat {} tokens of context; {}\n", figure(speed.depth), basis(speed));
  text += own_text(speed);
  text += limit_text(power) + energy_note(power);
  text += links_text(question, answer.placement, speed.link_is_assumed);
  text += machines_line(question, answer.placement, speed);
  text += speculation_text(speed) + "\n" + step_shares(speed);
  text += "\n" + shares<TimeTerm>("the prompt takes", speed.prompt_time);
  return text;
}

std::string speed_explain(const place::Question& question, const place::Answer& answer,
                          const place::InferenceSpeed& speed, const estimate::SpeedRig& rig) {
  std::string text = "terms (docs/models/30-inference-speed.md)\n";
  for (int i = 0; i < estimate::kTimeTerms; ++i) {
    const auto term = static_cast<TimeTerm>(i);
    if (speed.decode_step[term] + speed.prompt_time[term] <= Seconds{}) continue;
    text += fmt::format("  {}: {}\n", to_text(term), formula_of(term));
  }
  text += speculation_explain(speed);
  if (answer.placement.devices == 0) return text;
  const auto first = answer.placement.accelerator(0);
  const hardware::Accelerator& device = question.accelerators[first];
  const estimate::Executor& executor = rig.devices[first];
  text += fmt::format("{}: bandwidth {}, peak {}\n", device.name, to_text(executor.bandwidth),
                      to_text(executor.peak));
  text += "constants (calibration/speed.csv), " + basis(speed) + "\n";
  for (int i = 0; i < estimate::kFactors; ++i) {
    const auto factor = static_cast<Factor>(i);
    text +=
        fmt::format("  {} = {:.4g}\n", estimate::factor_name(factor), executor.constants[factor]);
  }
  return text;
}

std::string second_text(const place::Question& question, const place::Candidate& candidate) {
  return fmt::format("{}: {} tokens/s", placement_text(question, candidate.answer.placement),
                     figure(candidate.tokens_per_s));
}

std::string ranking_text(const place::Question& question,
                         const std::vector<place::Candidate>& ranking) {
  if (ranking.size() < 2) return {};
  constexpr std::size_t kShown = 5;
  std::string text = "placements that fit, fastest first\n";
  for (std::size_t i = 0; i < std::min(kShown, ranking.size()); ++i) {
    const place::Candidate& one = ranking[i];
    text += fmt::format("  {:>9} tokens/s, {} free  {}{}\n", figure(one.tokens_per_s),
                        to_text_binary(one.answer.verdict.headroom),
                        placement_text(question, one.answer.placement),
                        i == 0         ? " (taken)"
                        : one.on_front ? " (more free memory)"
                                       : "");
  }
  return text;
}

void ranking_json(Json& json, const place::Question& question,
                  const std::vector<place::Candidate>& ranking) {
  json.key("placements").begin_list();
  for (const place::Candidate& one : ranking) {
    json.begin_object().member("placement", placement_text(question, one.answer.placement));
    json.member("tokens_per_s", one.tokens_per_s);
    json.member("headroom_bytes", one.answer.verdict.headroom.in(byte));
    json.member("on_front", one.on_front).end_object();
  }
  json.end_list();
}

std::string training_speed_line(const place::TrainingSpeed& speed, double epoch_tokens) {
  std::string text = fmt::format("about {} tokens/s, a step takes {} s", ranged_text(speed.tokens),
                                 figure(speed.step.expected));
  if (epoch_tokens > 0)
    text += fmt::format(", an epoch {} h", ranged_text(hours_of(epoch_tokens, speed)));
  return text;
}

std::string training_speed_text(const place::Question& question, const place::Answer& answer,
                                const place::TrainingSpeed& speed, const place::PowerUse& power,
                                double epoch_tokens) {
  const int machines = question.workload.finetune.machines;
  std::string text = workload_title(question) + "\n";
  text += machines_text(question, answer.placement) + "\n";
  text += verdict_text(question, answer) + "\n\n";
  text += fmt::format("  {:<26} {:>9} {:<9} {}\n", "", "expected", "", "90 % interval");
  text += training_rates(question, speed, epoch_tokens);
  text += energy_text(power);
  text += fmt::format("  {:<26} {:>9} % of the 16-bit peak\n", "utilisation",
                      figure(100 * speed.utilisation));
  const double rate = speed.tokens.expected;
  if (machines > 1)
    text += fmt::format("  {:<26} {:>9} times one machine\n", "speed-up",
                        figure(rate / speed.one_machine));
  if (answer.placement.devices > 1)
    text +=
        fmt::format("  {:<26} {:>9} times one device\n", "speed-up", figure(rate / speed.alone));
  if (machines > 1 || answer.placement.devices > 1)
    text += fmt::format("  {:<26} {:>9} % of the time\n", "communication",
                        figure(100 * speed.communication));
  text += "\n" + basis(speed) + "\n" + own_text(speed) + limit_text(power) + energy_note(power);
  text += links_text(question, answer.placement, speed.link_is_assumed);
  text += training_traffic_text(question, speed);
  text += "\n" + shares<estimate::StepTerm>("one optimizer step takes", speed.time);
  return text;
}

void training_speed_json(Json& json, const place::Question& question,
                         const place::TrainingSpeed& speed, double epoch_tokens) {
  add_ranged(json, "training_tokens_per_s", speed.tokens);
  add_ranged(json, "useful_tokens_per_s", speed.useful);
  add_ranged(json, "samples_per_s", speed.samples);
  add_ranged(json, "step_s", speed.step);
  json.member("utilisation", speed.utilisation).member("tokens_per_step", speed.time.tokens);
  json.member("useful_share", speed.time.useful);
  json.member("speed_up", speed.tokens.expected / speed.alone);
  json.member("support", to_text(speed.support)).member("support_rows", speed.support_rows);
  training_traffic_json(json, question, speed);
  own_json(json, speed);
  json.key("epoch_h");
  if (epoch_tokens > 0) {
    const double epoch = hours_of(epoch_tokens, speed).expected;
    json.value(epoch).member("job_h", question.workload.epochs.value_or(1) * epoch);
  } else {
    json.null().member("reason", "neither --samples nor --epoch-tokens is given");
  }
  json.key("step_terms_s").begin_object();
  for (int i = 0; i < estimate::kStepTerms; ++i) {
    json.member(to_text(static_cast<estimate::StepTerm>(i)),
                speed.time.terms[static_cast<std::size_t>(i)].in(second));
  }
  json.end_object();
}

void speed_json(Json& json, const place::InferenceSpeed& speed) {
  add_ranged(json, "decode_tokens_per_s", speed.decode);
  add_ranged(json, "prefill_tokens_per_s", speed.prefill);
  add_ranged(json, "first_token_s", speed.first_token);
  add_ranged(json, "aggregate_tokens_per_s", speed.aggregate);
  json.member("sequences", speed.sequences).member("prompt_tokens", speed.prompt);
  json.member("depth_tokens", speed.depth).member("support", to_text(speed.support));
  json.member("support_rows", speed.support_rows);
  own_json(json, speed);
  speculation_json(json, speed);
  json.member("bottleneck", to_text(bottleneck(speed.decode_step)));
  for (const auto& [name, time] : {std::pair{"decode_terms_s", &speed.decode_step},
                                   std::pair{"prompt_terms_s", &speed.prompt_time}}) {
    json.key(name).begin_object();
    for (int i = 0; i < estimate::kTimeTerms; ++i) {
      json.member(to_text(static_cast<TimeTerm>(i)),
                  time->terms[static_cast<std::size_t>(i)].in(second));
    }
    json.end_object();
  }
}

}  // namespace rigor::report
