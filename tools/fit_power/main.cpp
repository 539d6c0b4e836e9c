// usage: rigor_fit_power OUTPUT.csv EVIDENCE.csv
// Fits what power limits do to the rows of evidence/power.csv, holds sources and families out, and
// writes the table. Deterministic; prints the errors.
#include <fmt/format.h>

#include <cmath>
#include <fstream>
#include <iostream>
#include <set>

#include "adapters/files/files.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "fit.hpp"

using namespace rigor;
using evidence::PowerQuantity;
using evidence::PowerRow;
using fit_power::Fitted;

namespace {

Result<evidence::Table> read_table(const std::string& path) {
  const Result<std::string> text = adapters::read_file(path);
  if (!text) return tl::unexpected<Error>(text.error());
  return evidence::parse_csv(*text, path);
}

std::vector<PowerRow> read_rows(const evidence::Table& table, evidence::Library& library) {
  std::vector<PowerRow> rows;
  for (const evidence::Row& row : table.rows) {
    if (!evidence::is_power_row(row)) continue;
    const evidence::ReadPowerRow read = evidence::read_power_row(row, library);
    if (read.row) {
      rows.push_back(*read.row);
    } else {
      fmt::print("  {} left out: {}\n", row["id"], read.reason);
    }
  }
  return rows;
}

/// What is known of a row when its source, or its family, is not.
struct HeldOut {
  double own = 0, source = 0, family = 0;  ///< predictions: all rows in; held out
  bool family_remains = false;             ///< other sources speak of its family and phase
};

using KeyOf = std::string (*)(const PowerRow&);

std::map<std::string, Fitted> folds(const std::vector<PowerRow>& rows, KeyOf key_of) {
  std::set<std::string> keys;
  for (const PowerRow& row : rows) keys.insert(key_of(row));
  std::map<std::string, Fitted> out;
  for (const std::string& key : keys) {
    out[key] = fit_power::fit(rows, [&](const PowerRow& row) { return key_of(row) != key; });
  }
  return out;
}

std::string source_of(const PowerRow& row) {
  return row.source;
}
std::string family_of(const PowerRow& row) {
  return row.family;
}

std::vector<HeldOut> hold_out(const std::vector<PowerRow>& rows, const Fitted& all) {
  const auto by_source = folds(rows, source_of);
  const auto by_family = folds(rows, family_of);
  std::vector<HeldOut> out;
  for (const PowerRow& row : rows) {
    const Fitted& without = by_source.at(row.source);
    out.push_back(
        {.own = row.predict(all.resolve(row.family)),
         .source = row.predict(without.resolve(row.family)),
         .family = row.predict(by_family.at(row.family).resolve(row.family)),
         .family_remains = without.curves.contains(fit_power::curve_name(row.phase, row.family))});
  }
  return out;
}

/// A row that says something of a curve: of a rate, or of a draw that its limit did not bind.
bool counts(const PowerRow& row) {
  return row.quantity == PowerQuantity::rate || row.is_free_draw();
}

void report(const std::vector<PowerRow>& rows, const std::vector<HeldOut>& held) {
  std::map<std::string, std::array<std::vector<double>, 3>> groups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const PowerRow& row = rows[i];
    if (!counts(row)) continue;
    const char* what = row.quantity == PowerQuantity::rate ? "rate" : "draw";
    const char* cards = row.quantity == PowerQuantity::draw && row.cards > 1 ? ", several" : "";
    const std::string phase = fmt::format("{} {}{}", what, to_text(row.phase), cards);
    for (const std::string& key : {phase, phase + ", " + row.family}) {
      auto& errors = groups[key];
      errors[0].push_back(std::abs(held[i].own / row.value - 1));
      if (held[i].family_remains) errors[1].push_back(std::abs(held[i].source / row.value - 1));
      errors[2].push_back(std::abs(held[i].family / row.value - 1));
    }
  }
  fmt::print("{:<42} {:>6} {:>17} {:>22} {:>17}\n", "errors in percent: median, p90", "rows",
             "fitted", "source out", "family out");
  for (const auto& [key, errors] : groups) {
    fmt::print("{:<42} {:>6}", key, errors[0].size());
    for (const auto& of : errors) {
      if (of.empty()) {
        fmt::print(" {:>17}", "-");
      } else {
        fmt::print(" {:>7.1f} {:>9.1f}", 100 * fit_power::quantile(of, 0.5),
                   100 * fit_power::quantile(of, 0.9));
      }
    }
    fmt::print("  ({} rows)\n", errors[1].size());
  }
}

using Groups = std::map<std::string, std::vector<double>>;

/// Errors of rates over their scale; near the limit that a row is relative to it says little.
void add_rate(Groups& groups, const PowerRow& row, const HeldOut& held) {
  constexpr double kLeastGivenUp = 0.1;
  const double given_up = row.reference - row.limit;
  if (given_up < kLeastGivenUp) return;
  const auto error = [&](double predicted) {
    const double rate = std::min(1.0, predicted);
    return std::log(row.value / predicted) / estimate::error_scale(rate, 1 - given_up);
  };
  const std::string key = fmt::format("rate|{}", to_text(row.phase));
  groups[key + "|far"].push_back(error(held.family));
  groups["rate|far"].push_back(error(held.family));
  if (!held.family_remains) return;
  groups[key].push_back(error(held.source));
  groups[fmt::format("{}:{}", key, row.family)].push_back(error(held.source));
}

void add_draw(Groups& groups, const PowerRow& row, const HeldOut& held) {
  const std::string key = fmt::format("draw|{}", to_text(row.phase));
  if (row.cards > 1) groups[key + "|several"].push_back(row.value / held.own);
  groups[key + "|far"].push_back(row.value / held.family);
  groups["draw|far"].push_back(row.value / held.family);
  if (row.cards > 1 || !held.family_remains) return;
  groups[key].push_back(row.value / held.source);
}

void write_ranges(std::ostream& out, const std::vector<PowerRow>& rows,
                  const std::vector<HeldOut>& held) {
  Groups groups;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].quantity == PowerQuantity::rate) add_rate(groups, rows[i], held[i]);
    if (rows[i].is_free_draw()) add_draw(groups, rows[i], held[i]);
  }
  constexpr std::size_t kFewest = 12;
  for (const auto& [key, errors] : groups) {
    if (errors.size() < kFewest) continue;
    // Few sources agree by chance; the figure itself always lies well inside.
    const bool rates = key.starts_with("rate");
    const double least_low = rates ? -0.3 : 0.95, least_high = rates ? 0.3 : 1.05;
    const double low = std::min(fit_power::quantile(errors, 0.05), least_low);
    const double high = std::max(fit_power::quantile(errors, 0.95), least_high);
    out << fmt::format("range,{},{:.4g},{:.4g},{}\n", key, low, high, errors.size());
  }
}

void write_curves(std::ostream& out, const Fitted& fitted) {
  for (const auto& [name, curve] : fitted.curves) {
    const bool general = name.find(':') == name.npos;
    for (const estimate::CurveField& field : estimate::kCurveFields) {
      const int rows = field.name == "draw" ? curve.draws : curve.rates;
      if (rows == 0 && !general) continue;  // the phase's value stands
      out << fmt::format("constant,{}|{},{:.4g},0,{}\n", field.name, name,
                         curve.curve.*field.member, rows);
    }
  }
  out << fmt::format("constant,idle,{:.4g},0,{}\n", fitted.idle, fitted.idle_rows);
}

/// Rates over that at the default limit, for charts.
void write_points(std::ostream& out, const std::vector<PowerRow>& rows) {
  for (const PowerRow& row : rows) {
    if (row.quantity != PowerQuantity::rate || row.reference < 1) continue;
    out << fmt::format("point,{}|{},{:.4g},{:.4g},1\n", to_text(row.phase), row.device, row.limit,
                       row.value);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: rigor_fit_power OUTPUT.csv EVIDENCE.csv\n";
    return 2;
  }
  const catalog::Catalog catalog(catalog::packed_catalogue(), &adapters::read_entry);
  evidence::Library library(catalog);
  const auto table = read_table(argv[2]);
  if (!table) {
    std::cerr << table.error().where << ": " << table.error().message << "\n";
    return 2;
  }
  const std::vector<PowerRow> rows = read_rows(*table, library);
  const Fitted fitted = fit_power::fit(rows, [](const PowerRow&) { return true; });
  const std::vector<HeldOut> held = hold_out(rows, fitted);
  report(rows, held);
  std::ofstream out(argv[1], std::ios::binary);
  out << "kind,key,value,high,rows\n";
  write_curves(out, fitted);
  write_ranges(out, rows, held);
  write_points(out, rows);
  return out.good() ? 0 : 1;
}
