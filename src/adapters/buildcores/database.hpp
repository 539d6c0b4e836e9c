// A checkout of the BuildCores open database on disk: where its categories lie, which state it is.
// Layer 10.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace rigor::adapters::buildcores {

struct Checkout {
  std::string folder;                   ///< the one that holds the categories
  std::vector<std::string> categories;  ///< names of its folders, sorted
  std::string commit;                   ///< 40 hex digits; empty: no git checkout
  std::string date;                     ///< of that state, "2026-08-17"; empty: unknown
};

/// `path` is the checkout, or the folder open-db in it. Errors: no folder, no category in it.
Result<Checkout> open_checkout(const std::string& path);

/// The date (UTC) of the last line of git's log of HEAD; empty when the line is none.
std::string date_of_git_log(std::string_view log);

}  // namespace rigor::adapters::buildcores
