#include "catalog/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::catalog {
namespace {

constexpr int kDeepestBase = 4;

bool of_kind(std::string_view id, std::string_view kind) {
  return kind.empty() || (id.starts_with(kind) && id.size() > kind.size() && id[kind.size()] == '/');
}

bool contains_all(const std::vector<std::string>& wanted, const std::vector<std::string>& offered) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
    return std::find(offered.begin(), offered.end(), word) != offered.end();
  });
}

/// 0: the very id; 1: an alias, a name or the end of the id; 2+n: all words occur, n others stand beside.
/// -1: no match.
int rank(std::string_view id, std::string_view name, std::string_view aliases, std::string_view typed,
         const std::vector<std::string>& wanted) {
  if (id == typed) return 0;
  const std::string joined = join(wanted, " ");
  int best = -1;
  const auto consider = [&](std::string_view candidate) {
    if (candidate.empty()) return;
    const std::vector<std::string> offered = words(candidate);
    if (join(offered, " ") == joined) {
      best = 1;
    } else if (best != 1 && contains_all(wanted, offered)) {
      const int extra = 2 + static_cast<int>(offered.size() - std::min(offered.size(), wanted.size()));
      best = best < 0 ? extra : std::min(best, extra);
    }
  };
  consider(id.substr(id.rfind('/') + 1));
  consider(id);
  consider(name);
  for (const std::string_view alias : split(aliases, '\n')) consider(alias);
  return best;
}

void inherit(Entry& entry, const Entry& base) {
  for (const Field& field : base.fields) {
    if (entry.find(field.key) == nullptr) entry.fields.push_back(field);
  }
}

}  // namespace

Catalog::Catalog(std::span<const PackedEntry> packed, Parser parser) : parser_(parser) {
  known_.reserve(packed.size());
  for (const PackedEntry& p : packed) known_.push_back({p.id, p.name, p.aliases, p.base, p.text});
}

void Catalog::overlay(Entry entry) {
  const std::string aliases = join(entry.aliases, "\n");
  const auto keep = [&](const std::string& text) -> std::string_view {
    return storage_.emplace_back(text);
  };
  const Known row{keep(entry.id), keep(entry.name), keep(aliases), keep(entry.base), {}};
  const auto place = std::lower_bound(known_.begin(), known_.end(), row.id,
                                      [](const Known& k, std::string_view id) { return k.id < id; });
  if (place != known_.end() && place->id == row.id) {
    *place = row;
  } else {
    known_.insert(place, row);
  }
  loaded_.clear();
  overlay_.insert_or_assign(entry.id, std::move(entry));
}

const Catalog::Known* Catalog::known(std::string_view id) const {
  const auto place = std::lower_bound(known_.begin(), known_.end(), id,
                                      [](const Known& k, std::string_view wanted) { return k.id < wanted; });
  return place != known_.end() && place->id == id ? &*place : nullptr;
}

Result<Entry> Catalog::load(const Known& row, int depth) const {
  const auto own = overlay_.find(row.id);
  const std::string id(row.id);
  Result<Entry> entry =
      own != overlay_.end() ? Result<Entry>(own->second) : parser_(row.text, id, "catalog/" + id + ".toml");
  if (!entry || entry->base.empty()) return entry;
  if (depth >= kDeepestBase) {
    return fail(ErrorCode::malformed, fmt::format("the base entries of {} go in a circle", id));
  }
  const Known* base_row = known(entry->base);
  if (base_row == nullptr) {
    return fail(ErrorCode::not_found, fmt::format("{} has the unknown base \"{}\"", id, entry->base));
  }
  const Result<Entry> base = load(*base_row, depth + 1);
  if (!base) return base;
  inherit(*entry, *base);
  return entry;
}

Result<const Entry*> Catalog::entry(std::string_view id) const {
  if (const auto found = loaded_.find(id); found != loaded_.end()) return &found->second;
  const Known* row = known(id);
  if (row == nullptr) return fail(ErrorCode::not_found, fmt::format("no catalogue entry \"{}\"", id));
  Result<Entry> entry = load(*row, 0);
  if (!entry) return tl::unexpected<Error>(entry.error());
  return &loaded_.emplace(std::string(id), std::move(*entry)).first->second;
}

std::vector<std::string> Catalog::spellings(std::string_view kind) const {
  std::vector<std::string> all;
  for (const Known& row : known_) {
    if (!of_kind(row.id, kind)) continue;
    all.emplace_back(row.id);
    all.emplace_back(row.id.substr(row.id.rfind('/') + 1));
  }
  return all;
}

Result<std::string> Catalog::resolve(std::string_view typed, std::string_view kind) const {
  if (known(typed) != nullptr && of_kind(typed, kind)) return std::string(typed);
  const std::vector<std::string> wanted = words(typed);
  const std::string what = kind.empty() ? "entry" : std::string(kind);
  if (wanted.empty()) return fail(ErrorCode::not_found, fmt::format("\"{}\" names no {}", typed, what));
  int best = -1;
  std::vector<std::string> candidates;
  for (const Known& row : known_) {
    if (!of_kind(row.id, kind)) continue;
    const int r = rank(row.id, row.name, row.aliases, typed, wanted);
    if (r < 0 || (best >= 0 && r > best)) continue;
    if (best < 0 || r < best) candidates.clear();
    best = r;
    candidates.emplace_back(row.id);
  }
  if (candidates.size() == 1) return candidates.front();
  if (candidates.empty()) {
    std::string hint = did_you_mean(typed, spellings(kind));
    const std::string list = kind.empty() ? "list" : "list " + std::string(kind);
    if (hint.empty()) hint = fmt::format("rigor catalog {} shows what there is", list);
    return fail(ErrorCode::not_found, fmt::format("unknown {} \"{}\"", what, typed), {}, hint);
  }
  if (candidates.size() > 8) candidates.resize(8);
  return fail(ErrorCode::ambiguous, fmt::format("\"{}\" could be several {}", typed, kind.empty() ? "entries" : std::string(kind) + " entries"), {},
              "write one of: " + join(candidates, ", "));
}

Result<const Entry*> Catalog::find(std::string_view typed, std::string_view kind) const {
  const Result<std::string> id = resolve(typed, kind);
  if (!id) return tl::unexpected<Error>(id.error());
  return entry(*id);
}

std::vector<Catalog::Row> Catalog::list(std::string_view kind, std::string_view filter) const {
  const std::vector<std::string> wanted = words(filter);
  std::vector<Row> rows;
  for (const Known& row : known_) {
    if (!of_kind(row.id, kind)) continue;
    const std::vector<std::string> offered =
        words(std::string(row.id) + " " + std::string(row.name) + " " + std::string(row.aliases));
    if (contains_all(wanted, offered)) rows.push_back({row.id, row.name});
  }
  return rows;
}

}  // namespace rigor::catalog
