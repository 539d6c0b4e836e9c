#include "workload/workload.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace rigor::workload {

bool Workload::is_given(std::string_view setting) const {
  return std::find(given.begin(), given.end(), setting) != given.end();
}

std::optional<Backend> parse_backend(std::string_view name) {
  for (const Backend backend :
       {Backend::cuda, Backend::rocm, Backend::vulkan, Backend::metal, Backend::cpu}) {
    if (lower(to_text(backend)) == lower(name)) return backend;
  }
  return std::nullopt;
}

}  // namespace rigor::workload
