#include "report/conversation_text.hpp"

#include <fmt/format.h>

#include "report/fit_text.hpp"
#include "report/speed_text.hpp"

namespace rigor::report {
namespace {

/// Seconds below two minutes, then minutes, then hours.
std::string time_line(const char* what, const place::Ranged& seconds) {
  const bool hours = seconds.expected >= 7200, minutes = seconds.expected >= 120;
  const double unit = hours ? 3600 : minutes ? 60 : 1;
  return figure_line(what, {seconds.low / unit, seconds.expected / unit, seconds.high / unit},
                     hours     ? "h"
                     : minutes ? "min"
                               : "s");
}

void add_ranged(Json& json, const char* name, const place::Ranged& r) {
  json.key(name).begin_object().member("low", r.low).member("expected", r.expected);
  json.member("high", r.high).end_object();
}

std::string pays(const place::Speculation& s, int sequences) {
  constexpr int kMost = 1024;
  const bool now = s.speed_up_together.expected > 1;
  std::string text =
      sequences == 1 ? fmt::format("drafts {} here", now ? "pay" : "do not pay")
                     : fmt::format("drafts {} for {} users", now ? "pay" : "do not pay", sequences);
  if (s.pays_up_to == 0) return text + ": a step with drafts takes longer than the tokens it gains";
  if (s.pays_up_to >= kMost) return text + ", however many users there are";
  return text + fmt::format(": they are faster up to {} user{} at a time, slower from {} on",
                            s.pays_up_to, s.pays_up_to == 1 ? "" : "s", 2 * s.pays_up_to);
}

}  // namespace

std::string conversation_text(const place::Conversation& c) {
  if (c.turns == 0) return {};
  std::string text = fmt::format(
      "\na conversation of {} turn{}, each with {} tokens to read and {} to write: {} at the end",
      c.turns, c.turns == 1 ? "" : "s", grouped(static_cast<std::int64_t>(c.prompt)),
      grouped(static_cast<std::int64_t>(c.answer)), grouped(static_cast<std::int64_t>(c.held)));
  if (c.at_once > 1) text += fmt::format("; {} such conversations at once", c.at_once);
  text += c.prefix_cache ? "\n" : "; no prefix cache, so that every turn reads all before it\n";
  text += time_line("all turns", c.wall);
  text += time_line("  first token, first turn", c.first);
  if (c.turns > 1) text += time_line("  first token, last turn", c.last);
  text += figure_line("  mean over all", c.rate, "tokens/s");
  text += fmt::format("  {:<26} {:>9} % of the time\n", "  reading prompts",
                      figure_text(100 * c.reading));
  return text;
}

void conversation_json(Json& json, const place::Conversation& c) {
  if (c.turns == 0) return;
  json.key("conversation").begin_object().member("turns", c.turns);
  json.member("prompt_tokens", c.prompt).member("answer_tokens", c.answer);
  json.member("held_tokens", c.held).member("conversations", c.at_once);
  json.member("prefix_cache", c.prefix_cache);
  add_ranged(json, "wall_s", c.wall);
  add_ranged(json, "first_token_first_turn_s", c.first);
  add_ranged(json, "first_token_last_turn_s", c.last);
  add_ranged(json, "mean_tokens_per_s", c.rate);
  json.member("prompt_share", c.reading).end_object();
}

std::string speculation_text(const place::InferenceSpeed& speed) {
  const place::Speculation& s = speed.speculation;
  if (s.drafted == 0) return {};
  std::string text =
      fmt::format("\n{} token{} a step drafted by {}, {} % of them accepted ({})\n", s.drafted,
                  s.drafted == 1 ? "" : "s", s.drafter, figure_text(100 * s.acceptance.expected),
                  s.stated ? "as stated"
                           : fmt::format("assumed, {} to {} %", figure_text(100 * s.acceptance.low),
                                         figure_text(100 * s.acceptance.high)));
  text += figure_line("tokens per step", s.tokens, "");
  text += figure_line("without drafts, one user", s.plain, "tokens/s");
  text += figure_line("speed-up, one user", s.speed_up, "times");
  if (speed.sequences > 1) {
    const std::string what = fmt::format("speed-up, {} users", speed.sequences);
    text += figure_line(what.c_str(), s.speed_up_together, "times");
  }
  return text + pays(s, speed.sequences) + "\n";
}

void speculation_json(Json& json, const place::InferenceSpeed& speed) {
  const place::Speculation& s = speed.speculation;
  if (s.drafted == 0) return;
  json.key("speculation").begin_object().member("draft_tokens", s.drafted);
  json.member("drafter", s.drafter).member("acceptance_stated", s.stated);
  add_ranged(json, "acceptance", s.acceptance);
  add_ranged(json, "tokens_per_step", s.tokens);
  add_ranged(json, "plain_decode_tokens_per_s", s.plain);
  add_ranged(json, "speed_up", s.speed_up);
  add_ranged(json, "speed_up_together", s.speed_up_together);
  json.member("pays", s.speed_up_together.expected > 1).member("pays_up_to", s.pays_up_to);
  for (const auto& [name, time] :
       {std::pair{"draft_terms_s", &s.draft}, std::pair{"verify_terms_s", &s.verify}}) {
    json.key(name).begin_object();
    for (int i = 0; i < estimate::kTimeTerms; ++i) {
      const auto term = static_cast<estimate::TimeTerm>(i);
      json.member(to_text(term), (*time)[term].in(second));
    }
    json.end_object();
  }
  json.end_object();
}

std::string speculation_explain(const place::InferenceSpeed& speed) {
  const place::Speculation& s = speed.speculation;
  if (s.drafted == 0) return {};
  std::string text =
      "drafts: tokens per step = 1 + a + … + a^n = (1 - a^(n+1)) / (1 - a); step = n "
      "steps of the drafter + one of the network with n + 1 tokens per sequence\n";
  text += fmt::format("  n = {}, a = {:.3g} ({})\n", s.drafted, s.acceptance.expected,
                      s.stated ? "stated" : "catalog/choice/drafting.toml");
  const double tokens = s.tokens.expected;
  text += fmt::format("  {:.4g} tokens in {:.4g} + {:.4g} ms\n", tokens,
                      1e3 * s.draft.total().in(second), 1e3 * s.verify.total().in(second));
  return text;
}

}  // namespace rigor::report
