#include "llm/inventory.hpp"

namespace rigor::llm {

void Inventory::matrix(Role role, Size columns, Size rows) {
  if (columns <= 0 || rows <= 0) return;
  tensors_.push_back({.role = role, .layer = layer_, .columns = columns, .rows = rows});
}

void Inventory::linear(Role role, Size columns, Size rows, Bias bias) {
  matrix(role, columns, rows);
  if (bias == Bias::with) vector(role == Role::vision ? Role::vision : Role::bias, rows);
}

void Inventory::vector(Role role, Size elements) {
  if (elements <= 0) return;
  tensors_.push_back({.role = role, .layer = layer_, .columns = elements, .dimensions = 1});
}

void Inventory::stack(Role role, Size columns, Size rows, int count) {
  if (columns <= 0 || rows <= 0 || count <= 0) return;
  tensors_.push_back({.role = role,
                      .layer = layer_,
                      .columns = columns,
                      .rows = rows * count,
                      .dimensions = 3,
                      .experts = count});
}

void Inventory::norm(Norm kind, Size width) {
  vector(Role::norm, width);
  if (kind == Norm::layer) vector(Role::norm, width);
}

}  // namespace rigor::llm
