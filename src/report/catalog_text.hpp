// Catalogue entries for people and for programs. Layer 9.
#pragma once

#include <string>
#include <vector>

#include "catalog/catalog.hpp"

namespace rigor::report {

std::string catalog_list_text(const std::vector<catalog::Catalog::Row>& rows);
std::string catalog_list_json(const std::vector<catalog::Catalog::Row>& rows);
/// Every value with its origin, source and date.
std::string entry_text(const catalog::Entry& entry);
std::string entry_json(const catalog::Entry& entry);

}  // namespace rigor::report
