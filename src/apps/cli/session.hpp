// One run of the program: what it knows, what it prints. Verbs write into strings, so that a test
// can run them without a process. Layer 11.
#pragma once

#include <string>
#include <vector>

#include "apps/cli/command.hpp"
#include "base/diagnostic.hpp"
#include "catalog/catalog.hpp"

namespace rigor::apps {

struct Session {
  catalog::Catalog catalog;
  std::string out = {};  ///< the answer
  std::string err = {};  ///< everything else
  bool colour = false;

  /// Prints the error and gives the exit code that suits it.
  Exit refuse(const Error& error);
  Exit refuse(const Diagnostics& diagnostics);
};

/// A session with the compiled-in catalogue.
Session make_session();

/// The whole program: words as after `rigor`. Never throws; bugs become exit 4 in main.
Exit run(const std::vector<std::string>& words, Session& session);

}  // namespace rigor::apps
