#include "base/result.hpp"

#include <cstdio>
#include <cstdlib>

namespace rigor {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "rigor: internal error: %s does not hold (%s:%d)\n", expression, file, line);
  std::abort();
}

}  // namespace rigor
