#include "catalog/catalog.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::catalog {
namespace {

constexpr int kDeepestBase = 4;
constexpr std::size_t kMostListed = 8;

bool of_kind(std::string_view id, std::string_view kind) {
  return kind.empty() ||
         (id.starts_with(kind) && id.size() > kind.size() && id[kind.size()] == '/');
}

bool contains_all(const std::vector<std::string>& wanted, const std::vector<std::string>& offered) {
  return std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
    return std::find(offered.begin(), offered.end(), word) != offered.end();
  });
}

/// How well an entry's names fit what was typed.
struct NameFit {
  bool whole = false;  ///< an alias, the name or the end of the id is just that
  std::vector<std::string>
      shortest;  ///< words of the shortest name that has all the typed ones; empty: none
};

NameFit name_fit(std::string_view id, std::string_view name, std::string_view aliases,
                 const std::vector<std::string>& wanted) {
  NameFit fit;
  const auto consider = [&](std::string_view candidate) {
    if (candidate.empty()) return;
    std::vector<std::string> offered = words(candidate);
    fit.whole = fit.whole || offered == wanted;
    if (!contains_all(wanted, offered)) return;
    if (fit.shortest.empty() || offered.size() < fit.shortest.size())
      fit.shortest = std::move(offered);
  };
  consider(id.substr(id.rfind('/') + 1));
  consider(id);
  consider(name);
  for (const std::string_view alias : split(aliases, '\n')) consider(alias);
  return fit;
}

/// Does the text mention the lower-case word, whatever the text's case? A cheap test before words
/// are split.
bool mentions(std::string_view text, std::string_view word) {
  const auto same = [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a - 'A' + 'a' : a) == b; };
  return std::search(text.begin(), text.end(), word.begin(), word.end(), same) != text.end();
}

struct Candidate {
  std::string_view id, base;
  std::vector<std::string> words;
};

/// Variants of another candidate give way to it.
void drop_variants(std::vector<Candidate>& candidates) {
  const std::vector<Candidate> all = candidates;
  std::erase_if(candidates, [&](const Candidate& c) {
    return std::any_of(all.begin(), all.end(),
                       [&](const Candidate& other) { return other.id == c.base; });
  });
}

/// The candidate whose words all others have too: "3090" means the RTX 3090, which the 3090 Ti
/// names as well.
const Candidate* most_general(const std::vector<Candidate>& candidates) {
  for (const Candidate& c : candidates) {
    const bool general =
        std::all_of(candidates.begin(), candidates.end(), [&](const Candidate& other) {
          return contains_all(c.words, other.words) &&
                 (other.id == c.id || other.words.size() > c.words.size());
        });
    if (general) return &c;
  }
  return nullptr;
}

/// Offers carry the names of what they sell, so words mean them only where their kind is asked for.
bool is_sought(std::string_view id, std::string_view kind) {
  if (!kind.empty()) return of_kind(id, kind);
  return !id.starts_with("cloud/") && !id.starts_with("api/");
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
  const auto place =
      std::lower_bound(known_.begin(), known_.end(), row.id,
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
  const auto place =
      std::lower_bound(known_.begin(), known_.end(), id,
                       [](const Known& k, std::string_view wanted) { return k.id < wanted; });
  return place != known_.end() && place->id == id ? &*place : nullptr;
}

Result<Entry> Catalog::load(const Known& row, int depth) const {
  const auto own = overlay_.find(row.id);
  const std::string id(row.id);
  Result<Entry> entry = own != overlay_.end() ? Result<Entry>(own->second)
                                              : parser_(row.text, id, "catalog/" + id + ".toml");
  if (!entry || entry->base.empty()) return entry;
  if (depth >= kDeepestBase) {
    return fail(ErrorCode::malformed, fmt::format("the base entries of {} go in a circle", id));
  }
  const Known* base_row = known(entry->base);
  if (base_row == nullptr) {
    return fail(ErrorCode::not_found,
                fmt::format("{} has the unknown base \"{}\"", id, entry->base));
  }
  Result<Entry> base = load(*base_row, depth + 1);
  if (!base) return base;
  inherit(*entry, *base);
  return entry;
}

Result<const Entry*> Catalog::entry(std::string_view id) const {
  if (const auto found = loaded_.find(id); found != loaded_.end()) return &found->second;
  const Known* row = known(id);
  if (row == nullptr)
    return fail(ErrorCode::not_found, fmt::format("no catalogue entry \"{}\"", id));
  Result<Entry> entry = load(*row, 0);
  if (!entry) return tl::unexpected<Error>(entry.error());
  return &loaded_.emplace(std::string(id), std::move(*entry)).first->second;
}

Result<std::string> Catalog::resolve(std::string_view typed, std::string_view kind) const {
  if (known(typed) != nullptr && of_kind(typed, kind)) return std::string(typed);
  const std::vector<std::string> wanted = words(typed);
  if (wanted.empty()) return unknown(typed, kind);
  std::vector<Candidate> whole;
  std::vector<Candidate> partial;
  for (const Known& row : known_) {
    const bool possible =
        is_sought(row.id, kind) &&
        std::all_of(wanted.begin(), wanted.end(), [&](const std::string& word) {
          return mentions(row.id, word) || mentions(row.name, word) || mentions(row.aliases, word);
        });
    if (!possible) continue;
    NameFit fit = name_fit(row.id, row.name, row.aliases, wanted);
    if (fit.whole) {
      whole.push_back({row.id, row.base, std::move(fit.shortest)});
    } else if (!fit.shortest.empty()) {
      partial.push_back({row.id, row.base, std::move(fit.shortest)});
    }
  }
  std::vector<Candidate>& candidates = whole.empty() ? partial : whole;
  if (candidates.size() > 1) drop_variants(candidates);
  if (candidates.empty()) return unknown(typed, kind);
  if (candidates.size() == 1) return std::string(candidates.front().id);
  if (const Candidate* general = most_general(candidates)) return std::string(general->id);
  std::vector<std::string> ids;
  ids.reserve(candidates.size());
  for (const Candidate& c : candidates) ids.emplace_back(c.id);
  const std::size_t more = ids.size() > kMostListed ? ids.size() - kMostListed : 0;
  ids.resize(ids.size() - more);
  return fail(
      ErrorCode::ambiguous,
      fmt::format("\"{}\" could be several {}", typed,
                  kind.empty() ? "entries" : std::string(kind) + " entries"),
      {}, "write one of: " + join(ids, ", ") + (more > 0 ? fmt::format(", … {} more", more) : ""));
}

tl::unexpected<Error> Catalog::unknown(std::string_view typed, std::string_view kind) const {
  const bool typed_id = typed.find('/') != std::string_view::npos;
  std::vector<std::string> names;
  for (const Known& row : known_) {
    if (!is_sought(row.id, kind)) continue;
    names.emplace_back(typed_id ? row.id : row.id.substr(row.id.rfind('/') + 1));
  }
  std::string hint = did_you_mean(typed, names);
  if (hint.empty())
    hint = fmt::format("rigor catalog list{}{} shows what there is", kind.empty() ? "" : " ", kind);
  return fail(ErrorCode::not_found,
              fmt::format("unknown {} \"{}\"", kind.empty() ? "entry" : kind, typed), {}, hint);
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
