#include "catalog/entry.hpp"

namespace rigor::catalog {

std::string_view to_text(Origin origin) {
  switch (origin) {
    case Origin::vendor_spec: return "vendor_spec";
    case Origin::measured: return "measured";
    case Origin::derived: return "derived";
    case Origin::assumed: return "assumed";
  }
  return "assumed";
}

const Field* Entry::find(std::string_view key) const {
  for (const Field& field : fields) {
    if (field.key == key) return &field;
  }
  return nullptr;
}

std::string_view Entry::kind() const {
  const std::string_view view = id;
  return view.substr(0, view.find('/'));
}

}  // namespace rigor::catalog
