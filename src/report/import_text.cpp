#include "report/import_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/json.hpp"

namespace rigor::report {
namespace {

constexpr std::size_t kShown = 3;

std::string plural(int count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string reasons_text(const Tally& tally) {
  std::string text;
  for (const Tally::Reason& reason : tally.reasons()) {
    text += fmt::format("  {:>6}  {}\n", reason.count, reason.why);
    std::vector<std::string> names = reason.first;
    if (names.size() > kShown) names.resize(kShown);
    if (names.empty()) continue;
    const bool more = static_cast<std::size_t>(reason.count) > names.size();
    text += fmt::format("          {}{}\n", join(names, "; "), more ? "; …" : "");
  }
  return text;
}

std::string kinds_text(const Import& import) {
  std::string text = fmt::format("  {:<8} {:>8} {:>8}\n", "kind", "records", "taken");
  for (const auto& [kind, count] : import.kinds)
    text += fmt::format("  {:<8} {:>8} {:>8}\n", kind, count.records, count.imported);
  return text;
}

std::string outcome(const Import& import) {
  std::string text = fmt::format("{} {}: {} new, {} changed there, {} as before\n",
                                 import.only_looked ? "would write into" : "written into",
                                 import.into, import.added, import.updated, import.unchanged);
  if (import.kept.total() > 0)
    text +=
        fmt::format("{} (see --force)\n{}",
                    plural(import.kept.total(), "file stays as it is", "files stay as they are"),
                    reasons_text(import.kept));
  return text;
}

void reasons_json(Json& json, std::string_view key, const Tally& tally) {
  json.key(key).begin_list();
  for (const Tally::Reason& reason : tally.reasons()) {
    json.begin_object().member("why", reason.why).member("count", reason.count);
    json.key("first").begin_list();
    for (const std::string& name : reason.first) json.value(name);
    json.end_list().end_object();
  }
  json.end_list();
}

}  // namespace

void Tally::add(const std::string& why, std::string_view name) {
  Reason& reason = reasons_[why];
  ++reason.count;
  if (reason.first.size() < kNamed) reason.first.emplace_back(name);
}

std::vector<Tally::Reason> Tally::reasons() const {
  std::vector<Reason> all;
  for (const auto& [why, reason] : reasons_) {
    all.push_back(reason);
    all.back().why = why;
  }
  std::sort(all.begin(), all.end(), [](const Reason& a, const Reason& b) {
    return a.count != b.count ? a.count > b.count : a.why < b.why;
  });
  return all;
}

int Tally::total() const {
  int total = 0;
  for (const auto& [why, reason] : reasons_) total += reason.count;
  return total;
}

std::string import_text(const Import& import) {
  std::string text = import.database;
  if (!import.commit.empty()) text += ", commit " + import.commit.substr(0, 10);
  text += fmt::format(", as of {}\n{}", import.date, kinds_text(import));
  if (import.skipped.total() > 0)
    text += fmt::format("\nnot taken: {}\n{}", plural(import.skipped.total(), "record", "records"),
                        reasons_text(import.skipped));
  if (import.left_out.total() > 0)
    text += fmt::format("\nleft out of what was taken: {}\n{}",
                        plural(import.left_out.total(), "value", "values"),
                        reasons_text(import.left_out));
  return text + "\n" + outcome(import);
}

std::string import_json(const Import& import) {
  Json json;
  json.begin_object().member("schema_version", 1).member("database", import.database);
  json.key("commit");
  if (import.commit.empty()) {
    json.null();
  } else {
    json.value(import.commit);
  }
  json.member("as_of", import.date).member("into", import.into);
  json.member("written", !import.only_looked);
  json.key("kinds").begin_list();
  for (const auto& [kind, count] : import.kinds) {
    json.begin_object().member("kind", kind).member("records", count.records);
    json.member("taken", count.imported).end_object();
  }
  json.end_list();
  json.member("new", import.added).member("changed", import.updated);
  json.member("unchanged", import.unchanged);
  reasons_json(json, "skipped", import.skipped);
  reasons_json(json, "left_out", import.left_out);
  reasons_json(json, "kept", import.kept);
  json.end_object();
  return json.text();
}

}  // namespace rigor::report
