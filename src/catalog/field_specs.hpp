// Short forms of FieldSpec, for the tables of schema.cpp alone. Layer 4.
#pragma once

#include "catalog/schema.hpp"

namespace rigor::catalog::specs {

constexpr Dimension kData{.data = 1};
constexpr Dimension kDataRate{.time = -1, .data = 1};
constexpr Dimension kWorkRate{.time = -1, .work = 1};
constexpr Dimension kPower{.time = -1, .energy = 1};
constexpr Dimension kPerSecond{.time = -1};
constexpr Dimension kTime{.time = 1};
constexpr Dimension kLength{.length = 1};
constexpr Dimension kEnergy{.energy = 1};
constexpr Dimension kKelvin{.temperature = 1};
constexpr Dimension kFlow{.time = -1, .length = 3};
constexpr Dimension kVolt{.time = -1, .energy = 1, .current = -1};

constexpr FieldSpec text(std::string_view key) {
  return {key, FieldType::text};
}
constexpr FieldSpec texts(std::string_view key) {
  return {key, FieldType::texts};
}
constexpr FieldSpec flag(std::string_view key) {
  return {key, FieldType::boolean};
}
constexpr FieldSpec date(std::string_view key) {
  return {key, FieldType::date};
}
constexpr FieldSpec price(std::string_view key) {
  return {key, FieldType::price, {}, 0, 0, "429 USD"};
}
constexpr FieldSpec count(std::string_view key, double low, double high) {
  return {key, FieldType::count, {}, low, high, "8"};
}
constexpr FieldSpec real(std::string_view key, double low, double high) {
  return {key, FieldType::real, {}, low, high, "2.5"};
}
constexpr FieldSpec fraction(std::string_view key) {
  return {key, FieldType::fraction, {}, 0, 0, "92 %"};
}
constexpr FieldSpec level(std::string_view key) {
  return {key, FieldType::level, {}, 5, 120, "35 dBA"};
}
constexpr FieldSpec bytes(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, kData, low, high, "24 GiB"};
}
constexpr FieldSpec bus(std::string_view key) {
  return {key, FieldType::quantity, kData, 4, 2048, "384 bit"};
}
constexpr FieldSpec storage(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, kData, low, high, "2 TB"};
}
constexpr FieldSpec rate(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, kDataRate, low, high, "1008 GB/s"};
}
constexpr FieldSpec line_rate(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, kDataRate, low, high, "10 Gbit/s"};
}
constexpr FieldSpec compute(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, kWorkRate, low, high, "209.5 TFLOP/s"};
}
constexpr FieldSpec power(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, kPower, low, high, "300 W"};
}
constexpr FieldSpec current(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, Dimension{.current = 1}, low, high, "9.5 A"};
}
constexpr FieldSpec length(std::string_view key, double low, double high) {
  return {key, FieldType::quantity, kLength, low, high, "304 mm"};
}
constexpr FieldSpec frequency(std::string_view key, double low, double high,
                              std::string_view example) {
  return {key, FieldType::quantity, kPerSecond, low, high, example};
}
constexpr FieldSpec watts(std::string_view key, double low, double high) {
  return {key, FieldType::range, kPower, low, high, "40 W"};
}
constexpr FieldSpec ratio(std::string_view key, double low, double high) {
  return {key, FieldType::range, {}, low, high, "1.5"};
}
constexpr FieldSpec money_per_hour(std::string_view key) {
  return {key, FieldType::quantity, Dimension{.time = -1, .money = 1}, 0, 1e3 / 3600, "1.57 USD/h"};
}
constexpr FieldSpec money_per_token(std::string_view key) {
  return {key, FieldType::quantity, Dimension{.token = -1, .money = 1}, 0, 1e-2, "0.4 USD/Mtok"};
}
constexpr FieldSpec required(FieldSpec spec) {
  spec.required = true;
  return spec;
}

}  // namespace rigor::catalog::specs
