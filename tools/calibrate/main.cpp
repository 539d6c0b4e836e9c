// usage: rigor_calibrate EVIDENCE.csv OUTPUT.csv [--loo] [--residuals FILE]
// Fits the speed model to measured rows and writes the calibration. Deterministic.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <sstream>

#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "fit.hpp"

using namespace rigor;
using calibrate::Model;
using calibrate::Sample;

namespace {

std::string slurp(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

double quantile(std::vector<double> values, double share) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const double place = share * static_cast<double>(values.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, values.size() - 1);
  return values[low] + (place - static_cast<double>(low)) * (values[high] - values[low]);
}

void report(const std::string& title, const std::vector<std::pair<std::string, double>>& errors) {
  std::map<std::string, std::vector<double>> groups;
  for (const auto& [key, error] : errors) groups[key].push_back(std::abs(std::expm1(error)));
  fmt::print("{}\n", title);
  for (const auto& [key, values] : groups) {
    fmt::print("  {:<44} {:>6} rows  median {:5.1f} %  p90 {:6.1f} %\n", key, values.size(),
               100 * quantile(values, 0.5), 100 * quantile(values, 0.9));
  }
}

std::string kind_of(const Sample& s) {
  return fmt::format("{}{}", s.row->quantity(), s.row->devices_used > 1 ? " n>1" : "");
}

using KeyOf = std::string (*)(const Sample&);

/// Residuals of each sample when everything with its key is left out.
std::vector<double> left_out(const Model& model, const std::vector<double>& full, KeyOf key_of) {
  std::set<std::string> keys;
  for (const Sample& s : model.samples) keys.insert(key_of(s));
  std::vector<double> out(model.samples.size());
  for (const std::string& key : keys) {
    const auto kept = [&](const Sample& s) { return key_of(s) != key; };
    std::vector<double> start = full;
    const std::vector<double> effects = calibrate::fit(model, kept, start, 5);
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (!kept(model.samples[i])) out[i] = residual(model, model.samples[i], effects);
    }
  }
  return out;
}

/// 5th and 95th percentile of measured over predicted, by group; small groups are no group.
void write_ranges(std::ostream& out, const Model& model, const std::vector<double>& device,
                  const std::vector<double>& network) {
  using estimate::Support;
  std::map<std::string, std::vector<double>> groups;
  for (std::size_t i = 0; i < model.samples.size(); ++i) {
    const evidence::TimedRow& row = *model.samples[i].row;
    for (const Support support : {Support::device, Support::family, Support::extrapolated}) {
      const double error = support == Support::device ? network[i] : device[i];
      for (const std::string& key : range_keys(row.quantity(), row.scope, support))
        groups[key].push_back(-error);
    }
  }
  constexpr std::size_t kFewest = 12;
  for (const auto& [key, errors] : groups) {
    if (errors.size() < kFewest) continue;
    out << fmt::format("range,{},{:.4g},{:.4g},{}\n", key, std::exp(quantile(errors, 0.05)),
                       std::exp(quantile(errors, 0.95)), errors.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: rigor_calibrate EVIDENCE.csv OUTPUT.csv [--loo] [--residuals FILE]\n";
    return 2;
  }
  const std::set<std::string> flags(argv + 3, argv + argc);
  const std::string text = slurp(argv[1]);
  const auto table = evidence::parse_csv(text, argv[1]);
  if (!table) {
    std::cerr << table.error().message << "\n";
    return 2;
  }
  const catalog::Catalog catalog(catalog::packed_catalogue(), &adapters::read_entry);
  evidence::Library library(catalog);
  std::vector<std::unique_ptr<evidence::TimedRow>> rows;
  std::vector<const evidence::TimedRow*> used;
  std::map<std::string, int> refused;
  for (const evidence::Row& row : table->rows) {
    const bool trains = evidence::is_training_speed_row(row);
    if (!trains && !evidence::is_speed_row(row)) continue;
    auto read = trains ? evidence::read_training_speed_row(row, library)
                       : evidence::read_speed_row(row, library);
    if (read.question == nullptr) {
      ++refused[read.reason];
      continue;
    }
    if (!read.question->impossible().empty()) {
      ++refused["impossible"];
      continue;
    }
    used.push_back(read.question.get());
    rows.push_back(std::move(read.question));
  }
  std::vector<std::pair<int, std::string>> reasons;
  for (const auto& [reason, count] : refused) reasons.emplace_back(-count, reason);
  std::sort(reasons.begin(), reasons.end());
  for (std::size_t i = 0; i < std::min<std::size_t>(40, reasons.size()); ++i)
    fmt::print("  {:>5} {}\n", -reasons[i].first, reasons[i].second);
  const Model model = calibrate::make_model(used);
  fmt::print("{} rows, {} effects\n", used.size(), model.effects.size());
  const auto effects = calibrate::fit(model, [](const Sample&) { return true; }, {}, 60);
  std::vector<double> own;
  for (const Sample& s : model.samples) own.push_back(residual(model, s, effects));
  const auto keyed = [&](const std::vector<double>& errors, auto key) {
    std::vector<std::pair<std::string, double>> out;
    for (std::size_t i = 0; i < errors.size(); ++i)
      out.emplace_back(key(model.samples[i]), errors[i]);
    return out;
  };
  const auto by_backend = [](const Sample& s) {
    return kind_of(s) + " " + s.row->scope.engine + "/" + s.row->scope.backend;
  };
  report("in sample", keyed(own, kind_of));
  report("in sample, by engine", keyed(own, by_backend));
  std::vector<double> device(own.size()), network(own.size());
  if (flags.count("--loo")) {
    device = left_out(model, effects, [](const Sample& s) { return s.row->scope.device; });
    network = left_out(model, effects, [](const Sample& s) { return s.row->model(); });
    report("leave one device out", keyed(device, kind_of));
    report("leave one device out, by engine", keyed(device, by_backend));
    report("leave one model out", keyed(network, kind_of));
    report("leave one model out, by engine", keyed(network, by_backend));
  }
  std::ofstream out(argv[2]);
  out << "kind,key,value,high,rows\n";
  for (std::size_t e = 0; e < effects.size(); ++e) {
    out << fmt::format("effect,{},{:.5g},0,{}\n", model.effects[e].key, std::exp(effects[e]),
                       model.effects[e].rows);
  }
  if (flags.count("--loo")) write_ranges(out, model, device, network);
  std::ofstream residuals(std::string(argv[2]) + ".residuals");
  residuals << "id,metric,engine,backend,family,device,model,quant,prompt,depth,measured,own,loo_"
               "device,loo_model,notes\n";
  for (std::size_t i = 0; i < own.size(); ++i) {
    const auto& r = *model.samples[i].row;
    residuals << fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{},{:.4f},{:.4f},{:.4f},{}\n", (*r.row)["id"], r.quantity(),
        r.scope.engine, r.scope.backend, r.scope.family, r.scope.device, r.model(),
        evidence::csv_field((*r.row)["quant"]), r.scope.program, r.devices_used, r.measured, own[i],
        device[i], network[i], evidence::csv_field((*r.row)["notes"]));
  }
  return 0;
}
