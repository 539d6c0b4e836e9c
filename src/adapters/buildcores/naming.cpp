#include "adapters/buildcores/naming.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace rigor::adapters::buildcores {
namespace {

constexpr std::size_t kLongestMaker = 40;
constexpr std::size_t kLongestPart = 90;
constexpr std::size_t kShortRecord = 8;

bool belongs_in_path(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '+';
}

/// The name without the maker in front of it.
std::string_view after_maker(std::string_view name, std::string_view maker) {
  const bool repeats = name.size() > maker.size() && lower(name).starts_with(lower(maker)) &&
                       name[maker.size()] == ' ';
  return repeats ? name.substr(maker.size() + 1) : name;
}

std::string plain_id(const Named& one) {
  std::string maker = path_word(one.maker, kLongestMaker);
  std::string part = path_word(after_maker(one.name, one.maker), kLongestPart);
  if (maker.empty()) maker = "other";
  if (part.empty()) part = path_word(one.record, kLongestPart);
  return fmt::format("{}/{}/{}", one.kind, maker, part);
}

std::string digits_of(const std::string& record) {
  return path_word(record.substr(0, kShortRecord), kShortRecord);
}

}  // namespace

std::string path_word(std::string_view text, std::size_t most) {
  std::string word;
  for (const char c : lower(text)) {
    if (belongs_in_path(c)) {
      word += c;
    } else if (!word.empty() && word.back() != '-') {
      word += '-';
    }
  }
  word.erase(0, word.find_first_not_of(".-"));
  if (word.size() > most) word.resize(most);
  while (!word.empty() && (word.back() == '-' || word.back() == '.')) word.pop_back();
  return word;
}

std::string name_key(std::string_view kind, std::string_view name) {
  return fmt::format("{}/{}", kind, join(words(name), " "));
}

void give_ids(std::vector<Named>& all, const std::map<std::string, std::string>& former) {
  std::map<std::string, int> names, ids;
  std::map<std::string_view, Named*> by_record;
  for (Named& one : all) {
    one.id = plain_id(one);
    ++names[name_key(one.kind, one.name)];
    ++ids[one.id];
    by_record[one.record] = &one;
  }
  std::set<std::string> taken, told_apart;
  for (const auto& [record, id] : former) taken.insert(id);
  for (const auto& [record, place] : by_record) {
    Named& one = *place;
    const bool shares_name = names[name_key(one.kind, one.name)] > 1;
    const bool shares_id = ids[one.id] > 1;
    const std::string digits = digits_of(one.record);
    if (shares_name) {
      const std::string longer = fmt::format("{} [{}]", one.name, digits);
      const bool fresh = told_apart.insert(name_key(one.kind, longer)).second;
      one.name = fresh ? longer : fmt::format("{} [{}]", one.name, one.record);
    }
    const auto known = former.find(one.record);
    if (known != former.end()) {
      one.id = known->second;
      continue;
    }
    if (shares_name || shares_id || taken.contains(one.id)) one.id += "-" + digits;
    if (taken.contains(one.id)) one.id += "-" + path_word(one.record, kLongestPart);
    taken.insert(one.id);
  }
}

}  // namespace rigor::adapters::buildcores
