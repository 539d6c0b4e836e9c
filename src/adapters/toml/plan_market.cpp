// What a plan file says of the market: parts with price paths, rented machines, APIs.
#include <fmt/format.h>

#include "adapters/toml/plan_parts.hpp"

namespace rigor::adapters {
namespace {

constexpr int kMostPieces = 64;
constexpr int kLongest = 600;  // months

/// A path that begins after the plan leaves months without a price.
void check_gap(PlanTable& table, std::string_view key, const cost::PricePath& path,
               cost::Month from) {
  if (path.empty() || from == cost::Month{} || path.points.front().month <= from) return;
  const cost::Month first = path.points.front().month;
  table.error(key,
              fmt::format("{}: no price from {} to {}: the path begins only in {}", key,
                          cost::to_text(from), cost::to_text(first.plus(-1)), cost::to_text(first)),
              fmt::format("state the price of {}, or write available = \"{}\" if it is not sold "
                          "before",
                          cost::to_text(from), cost::to_text(first)));
}

cost::Candidate read_part(const TomlNode& node, const PlanContext& context) {
  PlanTable table(node, "[[part]]", context);
  cost::Candidate part;
  part.where = table.where();
  part.ref = table.plain().required_text("ref");
  part.name = table.text("name");
  part.most = static_cast<int>(table.plain().count("most", 1, 0, kMostPieces));
  part.slot = table.text("slot");
  part.fresh = table.path("new");
  part.used = table.path("used");
  part.curve = table.text("curve");
  part.available = table.month("available");
  part.until = table.month("until");
  part.lead_time = table.duration("lead_time", 0, 60).value_or(0);
  part.source = table.text("source");
  if (part.available && part.until && *part.until < *part.available)
    table.error("until", "until: it ends before it begins",
                fmt::format("available says {}", cost::to_text(*part.available)));
  const cost::Month from = part.available.value_or(context.start);
  check_gap(table, "new", part.fresh, from);
  check_gap(table, "used", part.used, from);
  table.finish();
  return part;
}

std::optional<cost::Commitment> read_commitment(PlanTable& table) {
  const auto term = table.duration("committed_term", 1, kLongest);
  const auto price = table.rate("committed", "h");
  if (term && price) return cost::Commitment{*term, *price};
  if (price)
    table.error("committed", "committed: for how long is not said",
                "add committed_term = \"12 months\"");
  if (term)
    table.error("committed_term", "committed_term: its price is not said",
                "add committed = \"1.20 USD/h\"");
  return std::nullopt;
}

cost::CloudOffer read_cloud(const TomlNode& node, const PlanContext& context) {
  PlanTable table(node, "[[cloud]]", context);
  cost::CloudOffer offer;
  offer.where = table.where();
  offer.ref = table.text("ref");
  offer.provider = table.text("provider");
  offer.gpu = table.text("gpu");
  offer.count = static_cast<int>(table.plain().count("count", 1, 1, kMostPieces));
  offer.price = table.rate("price", "h");
  offer.spot = table.rate("spot", "h");
  offer.committed = read_commitment(table);
  offer.source = table.text("source");
  if (offer.ref.empty() && offer.gpu.empty())
    table.error("gpu", "[[cloud]] has neither \"ref\" nor \"gpu\"",
                "ref names an offer of the catalogue, gpu a card of it");
  if (!offer.ref.empty() && !offer.gpu.empty())
    table.error("gpu", "[[cloud]] has both \"ref\" and \"gpu\"",
                "an offer of the catalogue knows its cards; leave gpu out");
  if (offer.ref.empty() && !offer.price && !offer.spot && !offer.committed)
    table.error("price", "[[cloud]] has no price", "add price = \"1.57 USD/h\"");
  table.finish();
  return offer;
}

cost::ApiOffer read_api(const TomlNode& node, const PlanContext& context) {
  PlanTable table(node, "[[api]]", context);
  cost::ApiOffer offer;
  offer.where = table.where();
  offer.ref = table.text("ref");
  offer.provider = table.text("provider");
  offer.model = table.text("model");
  offer.input = table.rate("input", "Mtok");
  offer.output = table.rate("output", "Mtok");
  offer.source = table.text("source");
  if (offer.ref.empty() && offer.model.empty())
    table.error("model", "[[api]] has neither \"ref\" nor \"model\"",
                "model names the network as the work file does");
  if (offer.ref.empty() && !offer.output)
    table.error("output", "[[api]] has no price of what is written",
                "add output = \"0.90 USD/Mtok\"");
  table.finish();
  return offer;
}

}  // namespace

void read_market(PlanTable& root, const PlanContext& context, cost::PlanFile& plan) {
  for (const TomlNode* node : root.tables("part")) plan.parts.push_back(read_part(*node, context));
  for (const TomlNode* node : root.tables("cloud"))
    plan.cloud.push_back(read_cloud(*node, context));
  for (const TomlNode* node : root.tables("api")) plan.api.push_back(read_api(*node, context));
}

}  // namespace rigor::adapters
