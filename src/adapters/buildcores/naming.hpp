// Ids and names of imported entries: the path rule of the catalogue (kind/maker/name, of
// [a-z0-9.+-]), the same for the same set of records whatever their order, and no two alike.
// Layer 10.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace rigor::adapters::buildcores {

/// Lower case, what a path may not have made '-'. Never "." or "..", never starts with '.' or '-',
/// at most `most` bytes; empty when nothing is left.
std::string path_word(std::string_view text, std::size_t most);

/// Two names with the same key would be one name to `rigor catalog`.
std::string name_key(std::string_view kind, std::string_view name);

struct Named {
  std::string record;  ///< id of the record
  std::string kind, maker, name;
  std::string id = {};  ///< set by `give_ids`
};

/// Sets ids, and makes names alike different by the first digits of their records' ids. `former`:
/// ids that records were given by an earlier import; they keep them. Requires: record ids differ.
void give_ids(std::vector<Named>& all, const std::map<std::string, std::string>& former);

}  // namespace rigor::adapters::buildcores
