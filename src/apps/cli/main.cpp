#include <cstdio>
#include <exception>
#include <string>
#include <vector>

#include "apps/cli/session.hpp"

int main(int argc, char** argv) {
  rigor::apps::Session session = rigor::apps::make_session();
  rigor::apps::Exit exit = rigor::apps::Exit::internal;
  try {
    exit = rigor::apps::run(std::vector<std::string>(argv + 1, argv + argc), session);
  } catch (const std::exception& bug) {
    session.err += std::string("rigor: internal error: ") + bug.what() + "\n";
  }
  std::fwrite(session.out.data(), 1, session.out.size(), stdout);
  std::fwrite(session.err.data(), 1, session.err.size(), stderr);
  return static_cast<int>(exit);
}
