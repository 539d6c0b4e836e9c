#include "adapters/toml/plan_values.hpp"

#include <fmt/format.h>

#include <cmath>

#include "base/text.hpp"
#include "units/unit_text.hpp"

namespace rigor::adapters {
namespace {

constexpr double kMostMoney = 1e9;  // per hour, month or million tokens

/// "8 %" as 0.08, with a sign where one is written.
Result<double> signed_percent(std::string_view text) {
  const std::string_view whole = trim(text);
  if (whole.ends_with('%')) {
    const Result<double> number = parse_number(trim(whole.substr(0, whole.size() - 1)));
    if (number) return *number / 100;
  }
  return fail(ErrorCode::malformed, fmt::format("\"{}\" is not a percentage", whole));
}

std::string percent(double share) {
  return fmt::format("{:g} %", 100 * share);
}

struct Written {
  double amount;
  std::string_view code, unit;
};

/// "1.57 USD/h" in its pieces.
std::optional<Written> pieces_of(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::size_t slash = text.find('/');
  if (space == std::string_view::npos || slash == std::string_view::npos || slash < space)
    return std::nullopt;
  const Result<double> amount = parse_number(text.substr(0, space));
  if (!amount) return std::nullopt;
  return Written{*amount, trim(text.substr(space, slash - space)), trim(text.substr(slash + 1))};
}

}  // namespace

const TomlNode* PlanTable::text_at(std::string_view key, std::string_view example) {
  const TomlNode* node = table_.take(key);
  if (node == nullptr || node->type == TomlNode::Type::text || node->type == TomlNode::Type::date)
    return node;
  table_.error(*node, fmt::format("{}: the number has no unit", key),
               fmt::format("write it like \"{}\"", example));
  return nullptr;
}

void PlanTable::error(std::string_view key, std::string message, std::string hint) {
  const TomlNode* node = node_.find(key);
  context_.diagnostics.error(node != nullptr ? node->where : node_.where, std::move(message),
                             std::move(hint));
}

std::optional<double> PlanTable::share(std::string_view key, std::string_view example,
                                       ShareRange range) {
  const TomlNode* node = text_at(key, example);
  if (node == nullptr) return std::nullopt;
  const Result<double> value = signed_percent(node->text);
  const std::string hint = fmt::format("write it like \"{}\"", example);
  if (!value) {
    table_.error(*node, fmt::format("{}: {}", key, value.error().message), hint);
  } else if (*value < 0 && range.low >= 0) {
    table_.error(*node, fmt::format("{}: \"{}\" is negative", key, node->text), hint);
  } else if (*value < range.low || *value > range.high) {
    table_.error(*node, fmt::format("{}: \"{}\" is not between {} and {}", key, node->text,
                                    percent(range.low), percent(range.high)));
  } else {
    return *value;
  }
  return std::nullopt;
}

std::optional<cost::Month> PlanTable::month(std::string_view key) {
  const TomlNode* node = text_at(key, "2025-10");
  if (node == nullptr) return std::nullopt;
  const Result<cost::Month> month = cost::parse_month(node->text);
  if (month) return *month;
  table_.error(*node, fmt::format("{}: {}", key, month.error().message), month.error().hint);
  return std::nullopt;
}

std::optional<int> PlanTable::duration(std::string_view key, int low, int high) {
  const TomlNode* node = text_at(key, "36 months");
  if (node == nullptr) return std::nullopt;
  const Result<int> months = cost::parse_duration(node->text);
  if (!months) {
    table_.error(*node, fmt::format("{}: {}", key, months.error().message), months.error().hint);
  } else if (*months < low || *months > high) {
    table_.error(
        *node,
        fmt::format("{}: \"{}\" is not between {} and {} months", key, node->text, low, high),
        "write it like \"36 months\" or \"3 years\"");
  } else {
    return *months;
  }
  return std::nullopt;
}

bool PlanTable::check_currency(const TomlNode& node, std::string_view key, Currency currency) {
  if (currency == context_.currency || context_.rates.dollars({1, currency, {}})) return true;
  table_.error(
      node, fmt::format("{}: no exchange rate for {}", key, currency.text()),
      fmt::format("state it in the file: [rates] with {} = \"0.27 USD\"", currency.text()));
  return false;
}

std::optional<Price> PlanTable::price(std::string_view key) {
  std::optional<Price> price = table_.price(key);
  if (!price || !check_currency(*node_.find(key), key, price->currency)) return std::nullopt;
  return price;
}

std::optional<cost::MoneyRate> PlanTable::rate(std::string_view key, std::string_view unit) {
  const std::string example = fmt::format("1.50 {}/{}", context_.currency.text(), unit);
  const TomlNode* node = text_at(key, example);
  if (node == nullptr) return std::nullopt;
  const std::string hint = fmt::format("write it like \"{}\"", example);
  const auto written = pieces_of(trim(node->text));
  if (!written || written->unit != unit) {
    table_.error(*node, fmt::format("{}: \"{}\" is not money per {}", key, node->text, unit), hint);
    return std::nullopt;
  }
  const Result<Currency> currency = parse_currency(written->code);
  if (!currency) {
    table_.error(*node, fmt::format("{}: {}", key, currency.error().message),
                 currency.error().hint);
    return std::nullopt;
  }
  if (written->amount < 0 || written->amount > kMostMoney) {
    table_.error(*node,
                 fmt::format("{}: \"{}\" is {}", key, node->text,
                             written->amount < 0 ? "negative" : "too large"),
                 hint);
    return std::nullopt;
  }
  if (!check_currency(*node, key, *currency)) return std::nullopt;
  return cost::MoneyRate{written->amount, *currency};
}

std::optional<double> PlanTable::hours(std::string_view key, double high) {
  const TomlNode* node = text_at(key, "320 h");
  if (node == nullptr) return std::nullopt;
  std::string_view number = trim(node->text);
  const bool has_unit = number.ends_with('h');
  if (has_unit) number = trim(number.substr(0, number.size() - 1));
  const Result<double> value = parse_number(number);
  if (has_unit && value && *value >= 0 && *value <= high) return *value;
  table_.error(*node, fmt::format("{}: \"{}\" is not between 0 and {:g} h", key, node->text, high),
               "hours of a month, like \"320 h\"");
  return std::nullopt;
}

std::optional<cost::PricePoint> PlanTable::point(std::string_view key, const TomlMember& member,
                                                 std::optional<Currency>& currency) {
  const TomlNode& node = member.value;
  const Result<cost::Month> month = cost::parse_month(member.key);
  if (!month) {
    table_.error(node, fmt::format("{}: {}", key, month.error().message),
                 "prices by month: { \"2025-10\" = \"8250 USD\" }");
    return std::nullopt;
  }
  const Result<Price> price = node.type == TomlNode::Type::text
                                  ? parse_price(node.text)
                                  : fail(ErrorCode::malformed, "a price needs its currency", {},
                                         "write it like \"8250 USD\"");
  if (!price) {
    table_.error(node, fmt::format("{}: {}", key, price.error().message), price.error().hint);
  } else if (price->minor < 0) {
    table_.error(node, fmt::format("{}: a price is not negative", key));
  } else if (currency && price->currency != *currency) {
    table_.error(
        node,
        fmt::format("{}: {} among prices in {}", key, price->currency.text(), currency->text()),
        "one currency for all prices of a path");
  } else if (check_currency(node, key, price->currency)) {
    currency = price->currency;
    return cost::PricePoint{*month, price->minor};
  }
  return std::nullopt;
}

cost::PricePath PlanTable::path(std::string_view key) {
  const TomlNode* node = table_.take(key);
  cost::PricePath path;
  if (node == nullptr) return path;
  if (node->type != TomlNode::Type::table || node->members.empty()) {
    table_.error(*node, fmt::format("{}: prices by month are wanted", key),
                 "{ \"2025-10\" = \"8250 USD\", \"2026-10\" = \"7000 USD\" }");
    return path;
  }
  std::optional<Currency> currency;
  for (const TomlMember& member : node->members) {
    const auto one = point(key, member, currency);
    if (!one) continue;
    if (!path.points.empty() && one->month <= path.points.back().month) {
      table_.error(member.value,
                   fmt::format("{}: {} does not come after {}", key, member.key,
                               cost::to_text(path.points.back().month)),
                   "state each month once, the earliest first");
      continue;
    }
    path.points.push_back(*one);
  }
  path.currency = currency.value_or(context_.currency);
  return path;
}

std::vector<const TomlNode*> PlanTable::tables(std::string_view key) {
  std::vector<const TomlNode*> list;
  const TomlNode* node = table_.take(key);
  if (node == nullptr) return list;
  if (node->type == TomlNode::Type::array) {
    for (const TomlNode& item : node->items) {
      if (item.type == TomlNode::Type::table) list.push_back(&item);
    }
    if (list.size() == node->items.size()) return list;
  }
  table_.error(*node, fmt::format("{}: a list of tables is wanted", key),
               fmt::format("write [[{}]] with two brackets, or {} = [{{ … }}]", key, key));
  return {};
}

}  // namespace rigor::adapters
