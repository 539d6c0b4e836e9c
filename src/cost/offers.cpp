#include "cost/offers.hpp"

#include <fmt/format.h>

#include "catalog/field_reader.hpp"

namespace rigor::cost {
namespace {

using catalog::Catalog;
using catalog::Entry;

using DollarsPerSecond = Quantity<Dimension{.time = -1, .money = 1}>;
using DollarsPerToken = Quantity<Dimension{.token = -1, .money = 1}>;
constexpr auto kPerHour = DollarsPerSecond::from_base(1.0 / 3600);
constexpr auto kPerMtok = DollarsPerToken::from_base(1e-6);

std::string source_of(const Entry& entry, std::string_view key) {
  const catalog::Field* field = entry.find(key);
  if (field == nullptr) return {};
  return fmt::format("{}, {}", field->provenance.cite, field->provenance.as_of);
}

class OfferMaker {
 public:
  OfferMaker(const Catalog& catalog, const Terms& terms) : catalog_(catalog), terms_(terms) {}

  RentOffer machine(const Entry& entry) const {
    Diagnostics judged_by_lint;
    catalog::FieldReader reader(entry, judged_by_lint);
    RentOffer offer;
    offer.name = entry.name;
    offer.gpu = reader.text("gpu");
    offer.count = static_cast<int>(reader.count("count", 1));
    const auto money = [&](std::string_view key) -> std::optional<double> {
      if (!reader.has(key)) return std::nullopt;
      return terms_.from_dollars(reader.quantity<DollarsPerSecond>(key).in(kPerHour));
    };
    offer.price = money("price");
    offer.spot = money("spot");
    offer.committed = money("committed");
    offer.committed_months = static_cast<int>(reader.count("committed_months", 12));
    offer.source = source_of(entry, reader.has("price") ? "price" : "spot");
    return offer;
  }

  ApiPrice api(const Entry& entry) const {
    Diagnostics judged_by_lint;
    catalog::FieldReader reader(entry, judged_by_lint);
    ApiPrice price;
    price.name = entry.name;
    price.model = reader.text("model");
    price.output = terms_.from_dollars(reader.quantity<DollarsPerToken>("output").in(kPerMtok));
    price.input = terms_.from_dollars(reader.quantity<DollarsPerToken>("input").in(kPerMtok));
    price.source = source_of(entry, "output");
    return price;
  }

  Result<RentOffer> stated_machine(const CloudOffer& stated) const {
    RentOffer offer;
    if (!stated.ref.empty()) {
      const Result<const Entry*> entry = find(stated.ref, "cloud", stated.where);
      if (!entry) return tl::unexpected<Error>(entry.error());
      offer = machine(**entry);
    } else {
      const Result<const Entry*> gpu = find(stated.gpu, "gpu", stated.where);
      if (!gpu) return tl::unexpected<Error>(gpu.error());
      offer.gpu = (*gpu)->id;
      offer.count = stated.count;
      offer.name = fmt::format("{}{}{} x {}", stated.provider, stated.provider.empty() ? "" : ", ",
                               stated.count, (*gpu)->name);
      offer.source = "the plan";
    }
    if (!stated.source.empty()) offer.source = stated.source;
    if (stated.price) offer.price = worth(*stated.price);
    if (stated.spot) offer.spot = worth(*stated.spot);
    if (stated.committed) {
      offer.committed = worth(stated.committed->price);
      offer.committed_months = stated.committed->term;
    }
    return offer;
  }

  Result<ApiPrice> stated_api(const ApiOffer& stated) const {
    ApiPrice price;
    if (!stated.ref.empty()) {
      const Result<const Entry*> entry = find(stated.ref, "api", stated.where);
      if (!entry) return tl::unexpected<Error>(entry.error());
      price = api(**entry);
    } else {
      const Result<const Entry*> model = find(stated.model, "architecture", stated.where);
      if (!model) return tl::unexpected<Error>(model.error());
      price.model = (*model)->id;
      price.name = fmt::format("{}{}{}", stated.provider, stated.provider.empty() ? "" : ", ",
                               (*model)->name);
      price.source = "the plan";
    }
    if (!stated.source.empty()) price.source = stated.source;
    if (stated.input) price.input = worth(*stated.input);
    if (stated.output) price.output = worth(*stated.output);
    return price;
  }

 private:
  Result<const Entry*> find(const std::string& words, std::string_view kind,
                            const Location& where) const {
    Result<const Entry*> found = catalog_.find(words, kind);
    if (!found) {
      Error error = found.error();
      error.where = to_text(where);
      return tl::unexpected<Error>(std::move(error));
    }
    return found;
  }
  /// Every currency of a plan has a rate; its reader checked that.
  double worth(const MoneyRate& rate) const {
    const Result<double> worth = terms_.worth(rate);
    RIGOR_ASSERT(worth.has_value());
    return *worth;
  }

  const Catalog& catalog_;
  const Terms& terms_;
};

}  // namespace

namespace {

/// The plan's own offers of one kind.
template <class Stated, class Offer>
Result<void> add_stated(const OfferMaker& maker, const std::vector<Stated>& stated,
                        Result<Offer> (OfferMaker::*make)(const Stated&) const,
                        std::vector<Offer>& into) {
  for (const Stated& one : stated) {
    Result<Offer> offer = (maker.*make)(one);
    if (!offer) return tl::unexpected<Error>(offer.error());
    into.push_back(std::move(*offer));
  }
  return {};
}

/// The catalogue's.
template <class Offer>
Result<void> add_known(const OfferMaker& maker, const Catalog& catalog, std::string_view kind,
                       Offer (OfferMaker::*make)(const Entry&) const, std::vector<Offer>& into) {
  for (const Catalog::Row& row : catalog.list(kind)) {
    const Result<const Entry*> entry = catalog.entry(row.id);
    if (!entry) return tl::unexpected<Error>(entry.error());
    into.push_back((maker.*make)(**entry));
  }
  return {};
}

}  // namespace

Result<Offers> make_offers(const Catalog& catalog, const PlanFile* plan, const Terms& terms) {
  const OfferMaker maker(catalog, terms);
  Offers offers;
  const bool has_clouds = plan != nullptr && !plan->cloud.empty();
  const bool has_apis = plan != nullptr && !plan->api.empty();
  const Result<void> machines =
      has_clouds ? add_stated(maker, plan->cloud, &OfferMaker::stated_machine, offers.machines)
                 : add_known(maker, catalog, "cloud", &OfferMaker::machine, offers.machines);
  if (!machines) return tl::unexpected<Error>(machines.error());
  const Result<void> apis = has_apis
                                ? add_stated(maker, plan->api, &OfferMaker::stated_api, offers.apis)
                                : add_known(maker, catalog, "api", &OfferMaker::api, offers.apis);
  if (!apis) return tl::unexpected<Error>(apis.error());
  return offers;
}

}  // namespace rigor::cost
