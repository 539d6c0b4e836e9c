// usage: rigor_calibrate OUTPUT.csv EVIDENCE.csv… [--loo]
// Fits the speed model to measured rows and writes the calibration. Deterministic.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <fstream>
#include <iostream>
#include <map>
#include <set>
#include <thread>

#include "adapters/files/files.hpp"
#include "adapters/toml/entry_reader.hpp"
#include "catalog/packed.hpp"
#include "fit.hpp"
#include "ranges.hpp"

using namespace rigor;
using calibrate::Model;
using calibrate::Sample;

namespace {

Result<evidence::Table> read_table(const std::string& path) {
  const Result<std::string> text = adapters::read_file(path);
  if (!text) return tl::unexpected<Error>(text.error());
  return evidence::parse_csv(*text, path);
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

/// Which keys are held out together: those with many rows alone, the others in turns.
std::map<std::string, int> folds_of(const Model& model, KeyOf key_of) {
  constexpr int kMany = 120, kShared = 16;
  std::map<std::string, int> rows, fold;
  for (const Sample& s : model.samples) ++rows[key_of(s)];
  int alone = kShared, turn = 0;
  for (const auto& [key, count] : rows) fold[key] = count >= kMany ? alone++ : turn++ % kShared;
  return fold;
}

/// Residuals of each sample when its fold is left out of the fit.
struct Held {
  std::vector<double> errors;  ///< as an answer has them, which does not know the program
  std::vector<double> known;   ///< with the effect of the row's program
};

Held left_out(const Model& model, const std::vector<double>& full, KeyOf key_of) {
  const std::map<std::string, int> fold = folds_of(model, key_of);
  const auto fold_of = [&](const Sample& s) { return fold.at(key_of(s)); };
  std::set<int> all;
  for (const auto& [key, number] : fold) all.insert(number);
  Held out{std::vector<double>(model.samples.size()), std::vector<double>(model.samples.size())};
  const calibrate::Linearised whole(model, full);
  const auto hold_out = [&](int held) {
    std::vector<double> effects =
        whole.without([&](const Sample& s) { return fold_of(s) == held; });
    const auto fill = [&](std::vector<double>& errors) {
      for (std::size_t i = 0; i < errors.size(); ++i) {
        const Sample& sample = model.samples[i];
        if (fold_of(sample) == held) errors[i] = residual(model, sample, effects);
      }
    };
    fill(out.known);
    for (std::size_t e = 0; e < effects.size(); ++e) {
      if (model.effects[e].key.find('%') != std::string::npos) effects[e] = 0;
    }
    fill(out.errors);
    fmt::print(stderr, ".");
  };
  std::atomic<std::size_t> next = 0;
  const std::vector<int> queue(all.begin(), all.end());
  std::vector<std::jthread> workers(std::max(1u, std::thread::hardware_concurrency()));
  for (std::jthread& worker : workers) {
    worker = std::jthread([&] {
      for (std::size_t i = next++; i < queue.size(); i = next++) hold_out(queue[i]);
    });
  }
  workers.clear();
  return out;
}

/// A fitted file: residuals of its rows in sample and with their device, network or family held
/// out.
struct Fitted {
  Model model;
  std::vector<double> effects, own;
  Held device, network, family;
};

/// What was held out, and the errors, that speak for a support.
std::pair<std::string, const Held*> held_for(const Fitted& fitted, const Sample& sample,
                                             estimate::Support support) {
  using estimate::Support;
  const estimate::SpeedScope& scope = sample.row->scope;
  if (support == Support::device) return {sample.row->model(), &fitted.network};
  if (support == Support::family) return {scope.device, &fitted.device};
  return {scope.family, &fitted.family};
}

void write_ranges(std::ostream& out, const Fitted& fitted) {
  using estimate::Support;
  for (const Support support : {Support::device, Support::family, Support::extrapolated}) {
    std::vector<calibrate::HeldRow> rows;
    for (std::size_t i = 0; i < fitted.model.samples.size(); ++i) {
      const Sample& sample = fitted.model.samples[i];
      const auto [unit, held] = held_for(fitted, sample, support);
      rows.push_back(
          {range_keys(sample.row->quantity(), sample.row->scope, support), unit, -held->errors[i]});
    }
    for (const auto& [key, range] : calibrate::intervals(rows)) {
      out << fmt::format("range,{},{:.4g},{:.4g},{}\n", key, std::exp(range.low),
                         std::exp(range.high), range.rows);
    }
  }
}

/// The rows that can be predicted; prints why the others cannot.
std::vector<std::unique_ptr<evidence::TimedRow>> read_rows(const evidence::Table& table,
                                                           evidence::Library& library) {
  std::vector<std::unique_ptr<evidence::TimedRow>> rows;
  std::map<std::string, int> refused;
  for (const evidence::Row& row : table.rows) {
    const bool trains = evidence::is_training_speed_row(row);
    if (!trains && !evidence::is_speed_row(row)) continue;
    auto read = trains ? evidence::read_training_speed_row(row, library)
                       : evidence::read_speed_row(row, library);
    const bool gated = read.question != nullptr && !read.question->impossible().empty();
    const bool fitted = gated || read.question == nullptr || read.question->fitted;
    if (read.question == nullptr || gated || !fitted) {
      ++refused[gated ? "impossible" : fitted ? read.reason : "acceptance of drafts not stated"];
    } else {
      rows.push_back(std::move(read.question));
    }
  }
  for (const auto& [reason, count] : refused) fmt::print("  {:>5} {}\n", count, reason);
  return rows;
}

std::string by_engine(const Sample& s) {
  return kind_of(s) + " " + s.row->scope.engine + "/" + s.row->scope.backend;
}

void report_all(const Fitted& fitted, bool held_out) {
  const auto keyed = [&](const std::vector<double>& errors, KeyOf key) {
    std::vector<std::pair<std::string, double>> out;
    for (std::size_t i = 0; i < errors.size(); ++i)
      out.emplace_back(key(fitted.model.samples[i]), errors[i]);
    return out;
  };
  for (const KeyOf key : {&kind_of, &by_engine}) {
    report("in sample", keyed(fitted.own, key));
    if (!held_out) continue;
    report("leave one device out", keyed(fitted.device.errors, key));
    report("leave one model out", keyed(fitted.network.errors, key));
  }
}

Fitted fit_rows(const std::vector<std::unique_ptr<evidence::TimedRow>>& rows, bool held_out) {
  std::vector<const evidence::TimedRow*> used;
  for (const auto& row : rows) used.push_back(row.get());
  Fitted out;
  out.model = calibrate::make_model(used);
  fmt::print("{} rows, {} effects\n", used.size(), out.model.effects.size());
  constexpr int kIterations = 60;
  out.effects = calibrate::fit(out.model, [](const Sample&) { return true; }, {}, kIterations, 2);
  for (const Sample& s : out.model.samples) out.own.push_back(residual(out.model, s, out.effects));
  out.device = out.network = out.family = {out.own, out.own};
  if (!held_out) return out;
  out.device =
      left_out(out.model, out.effects, [](const Sample& s) { return s.row->scope.device; });
  out.family = left_out(out.model, out.effects, [](const Sample& s) {
    return s.row->scope.backend + ":" + s.row->scope.family;
  });
  out.network = left_out(out.model, out.effects, [](const Sample& s) { return s.row->model(); });
  return out;
}

void write_residuals(std::ostream& out, const Fitted& fitted) {
  for (std::size_t i = 0; i < fitted.own.size(); ++i) {
    const evidence::TimedRow& r = *fitted.model.samples[i].row;
    out << fmt::format(
        "{},{},{},{},{},{},{},{},{},{:.4f},{:.4f},{:.4f},{:.5g},{:.4f},{:.4f},{:.4f}\n",
        (*r.row)["id"], r.quantity(), r.scope.engine, r.scope.backend, r.scope.family,
        r.scope.device, r.model(), r.devices_used, r.measured, fitted.own[i],
        fitted.device.errors[i], fitted.network.errors[i], r.thumb(), fitted.device.known[i],
        fitted.network.known[i], fitted.family.errors[i]);
  }
}

void write_effects(std::ostream& out, const Fitted& fitted) {
  for (std::size_t e = 0; e < fitted.effects.size(); ++e) {
    const calibrate::Effect& effect = fitted.model.effects[e];
    // Of those that change nothing, only what support and epochs are told by.
    constexpr double kNothing = 0.002;
    const bool counts =
        effect.key.starts_with("stream|") || effect.key.starts_with("train_compute|");
    if (std::abs(fitted.effects[e]) < kNothing && !counts) continue;
    out << fmt::format("effect,{},{:.5g},0,{}\n", effect.key, std::exp(fitted.effects[e]),
                       effect.rows);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  const bool held_out = std::erase(words, "--loo") > 0;
  if (words.size() < 2) {
    std::cerr << "usage: rigor_calibrate OUTPUT.csv EVIDENCE.csv… [--loo]\n";
    return 2;
  }
  const catalog::Catalog catalog(catalog::packed_catalogue(), &adapters::read_entry);
  // Rows under a power limit are slower by its curves, which rigor_fit_power fitted before.
  estimate::Calibration powers;
  const auto power = estimate::PowerCalibration::parse(catalog::packed_power_calibration());
  if (!power) {
    std::cerr << power.error().message << "\n";
    return 2;
  }
  powers.set_power(*power);
  evidence::Library library(catalog, powers);
  std::ofstream out(words[0]), residuals(words[0] + ".residuals");
  out << "kind,key,value,high,rows\n";
  residuals << "id,metric,engine,backend,family,device,model,devices,measured,own,loo_device,"
               "loo_model,thumb,known_device,known_model,loo_family\n";
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto table = read_table(words[i]);
    if (!table) {
      std::cerr << table.error().where << ": " << table.error().message << "\n";
      return 2;
    }
    fmt::print("{}\n", words[i]);
    const auto rows = read_rows(*table, library);
    const Fitted fitted = fit_rows(rows, held_out);
    report_all(fitted, held_out);
    write_effects(out, fitted);
    if (held_out) write_ranges(out, fitted);
    write_residuals(residuals, fitted);
  }
  return out.good() ? 0 : 1;
}
