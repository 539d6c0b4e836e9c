#include "report/check_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "base/text.hpp"

namespace rigor::report {
namespace {

using check::Figure;
using check::Finding;
using check::Outcome;
using check::Severity;

constexpr std::size_t kWidth = 80;
constexpr std::size_t kSummaryIndent = 11;
constexpr std::size_t kIndent = 24;  ///< of a finding's text; ids stand before it

/// A text from column `indent` on, broken at spaces before the 80th column.
std::string wrapped(std::string_view text, std::size_t indent) {
  std::string out;
  std::size_t column = indent;
  for (const std::string_view word : split(text, ' ')) {
    const bool first = column == indent;
    if (!first && column + 1 + word.size() > kWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (!first) {
      out += " ";
      ++column;
    }
    out += word;
    column += word.size();
  }
  return out + "\n";
}

struct Heading {
  Severity severity;
  const char* text;
};
constexpr std::array<Heading, 5> kHeadings = {{{Severity::error, "errors"},
                                               {Severity::warning, "warnings"},
                                               {Severity::unknown, "not known"},
                                               {Severity::info, "notes"},
                                               {Severity::ok, "fine"}}};

int count_of(std::span<const Finding> findings, Severity severity) {
  return static_cast<int>(std::count_if(findings.begin(), findings.end(),
                                        [&](const Finding& f) { return f.severity == severity; }));
}

std::string sources(const Finding& finding) {
  std::string text;
  const std::string margin(kIndent, ' ');
  for (const check::Used& used : finding.used) {
    text += margin + wrapped(fmt::format("read: {} of {} = {} [{}, {}, {}]", used.key, used.part,
                                         used.value, to_text(used.provenance.origin),
                                         used.provenance.cite, used.provenance.as_of),
                             kIndent + 2);
  }
  return text;
}

std::string finding_text(const Finding& finding, const CheckView& view) {
  std::string text = fmt::format("  {:<{}}", finding.rule, kIndent - 2);
  text += wrapped(finding.message, kIndent);
  const std::string margin(kIndent, ' ');
  if (!finding.fix.empty()) text += margin + wrapped("fix: " + finding.fix, kIndent + 5);
  if (view.explain) text += sources(finding);
  return text;
}

/// Ids of the rules that found nothing wrong anywhere.
std::string fine_rules(std::span<const Finding> findings) {
  std::vector<std::string> ids;
  for (const check::Rule& rule : check::rules()) {
    bool spoke = false, fine = true;
    for (const Finding& finding : findings) {
      if (finding.rule != rule.id) continue;
      spoke = true;
      fine = fine && finding.severity == Severity::ok;
    }
    if (spoke && fine) ids.emplace_back(rule.id);
  }
  if (ids.empty()) return {};
  return "\nfine\n  " + wrapped(join(ids, ", "), 2);
}

std::string counted(int count, const char* one, const char* many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string verdict_text(std::span<const Finding> findings) {
  const Outcome outcome = check::outcome(findings);
  const std::string counts =
      counted(count_of(findings, Severity::error), "error", "errors") + ", " +
      counted(count_of(findings, Severity::warning), "warning", "warnings") + ", " +
      fmt::format("{} not known", count_of(findings, Severity::unknown));
  switch (outcome) {
    case Outcome::yes: return "these parts work together: " + counts + "\n";
    case Outcome::no: return "these parts do not work together: " + counts + "\n";
    case Outcome::unknown: break;
  }
  return "no verdict, something that decides is not known: " + counts + "\n";
}

void figure(Json& json, std::string_view key, const std::optional<Figure>& figure) {
  json.key(key);
  if (!figure) {
    json.null();
    return;
  }
  json.begin_object().member("number", figure->number).member("unit", figure->unit).end_object();
}

void finding_json(Json& json, const Finding& finding) {
  const auto rules = check::rules();
  const auto rule = std::find_if(rules.begin(), rules.end(),
                                 [&](const check::Rule& one) { return one.id == finding.rule; });
  json.begin_object().member("rule", finding.rule);
  json.member("group", rule->group).member("question", rule->title);
  json.member("decides", rule->decides).member("severity", to_text(finding.severity));
  json.member("message", finding.message);
  figure(json, "value", finding.value);
  figure(json, "limit", finding.limit);
  figure(json, "margin", finding.margin);
  json.member("fix", finding.fix).key("read").begin_list();
  for (const check::Used& used : finding.used) {
    json.begin_object().member("part", used.part).member("key", used.key);
    json.member("value", used.value).member("origin", to_text(used.provenance.origin));
    json.member("source", used.provenance.cite).member("as_of", used.provenance.as_of).end_object();
  }
  json.end_list().key("missing").begin_list();
  for (const check::Missing& missing : finding.missing)
    json.begin_object().member("part", missing.part).member("key", missing.key).end_object();
  json.end_list().end_object();
}

}  // namespace

std::string check_text(const hardware::Rig& rig, std::span<const Finding> findings,
                       const CheckView& view) {
  std::string text = rig.name + "\n";
  if (!rig.summary.empty()) text += rig.summary + "\n";
  for (const Heading& heading : kHeadings) {
    if (heading.severity == Severity::ok && !view.all) continue;
    if (count_of(findings, heading.severity) == 0) continue;
    text += fmt::format("\n{}\n", heading.text);
    for (const Finding& finding : findings) {
      if (finding.severity == heading.severity) text += finding_text(finding, view);
    }
  }
  if (!view.all) text += fine_rules(findings);
  return text + "\n" + verdict_text(findings);
}

std::string check_summary(std::span<const Finding> findings) {
  std::string text = "\nwill it work\n  " + verdict_text(findings);
  for (const Severity severity : {Severity::error, Severity::warning}) {
    for (const Finding& finding : findings) {
      if (finding.severity != severity) continue;
      text += fmt::format("  {:<9}", to_text(severity)) + wrapped(finding.message, kSummaryIndent);
    }
  }
  return text;
}

void check_members(Json& json, std::span<const Finding> findings, Severity least) {
  constexpr std::array<const char*, 3> kOutcomes = {"yes", "no", "unknown"};
  json.member("works", kOutcomes.at(static_cast<std::size_t>(check::outcome(findings))));
  json.member("errors", count_of(findings, Severity::error));
  json.member("warnings", count_of(findings, Severity::warning));
  json.member("unknown", count_of(findings, Severity::unknown)).key("findings").begin_list();
  for (const Finding& finding : findings) {
    if (finding.severity >= least) finding_json(json, finding);
  }
  json.end_list();
}

std::string check_json(const hardware::Rig& rig, std::span<const Finding> findings) {
  Json json;
  json.begin_object().member("schema_version", 1).member("rig", rig.name);
  check_members(json, findings, Severity::ok);
  json.end_object();
  return json.text();
}

std::string rules_text() {
  std::string text;
  std::string_view group;
  for (const check::Rule& rule : check::rules()) {
    if (rule.group != group) text += fmt::format("{}{}\n", text.empty() ? "" : "\n", rule.group);
    group = rule.group;
    text += fmt::format("  {:<{}}{}{}\n", rule.id, kIndent, rule.title,
                        rule.decides ? " (decides)" : "");
  }
  return text;
}

}  // namespace rigor::report
