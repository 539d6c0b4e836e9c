#include "plan/model.hpp"

#include <doctest/doctest.h>

#include "plan/decision.hpp"
#include "plan/policy.hpp"

namespace rigor::plan {
namespace {

/// A card that does 100 tokens/s each and a supply that bears one or three; two years, in cents.
Model workstation(Cents income, double hours, bool keep_private = false) {
  const int months = 6;
  const auto flat = [&](Cents price) { return std::vector<Cents>(6, price); };
  PartOption card{.ref = "card", .name = "card", .kind = "gpu", .owned = 1, .most = 3};
  for (int t = 0; t < months; ++t) card.buy.push_back(500'00 - t * 20'00);
  for (int t = 0; t <= months; ++t) card.sale.push_back(350'00 - t * 20'00);
  const PartOption small{.ref = "small",
                         .name = "small supply",
                         .kind = "psu",
                         .owned = 1,
                         .is_single = true,
                         .buy = flat(kNever),
                         .sale = std::vector<Cents>(7, 40'00)};
  const PartOption large{.ref = "large",
                         .name = "large supply",
                         .kind = "psu",
                         .is_single = true,
                         .buy = flat(200'00),
                         .sale = std::vector<Cents>(7, 150'00)};
  Task task{.name = "task", .keep_private = keep_private, .rented_rate = 200, .offer = "cloud"};
  for (int t = 0; t < months; ++t) {
    task.tokens.push_back(hours * 3600 * 100 * (1 + t));
    task.rented.push_back(2.0);
  }
  Purse purse{.months = months, .income = flat(income), .opening = 100'00};
  purse.tariff.assign(6, 0.20);
  purse.fixed.assign(6, 1.5);
  purse.hours_on = 600;
  return {{card, small, large}, {task}, purse};
}

/// Three cards need the large supply.
Judgement judge(const Counts& counts) {
  Judgement judgement{.idle_watts = 50.0 + 10 * counts[0]};
  if (counts[0] > 1 && counts[2] == 0) {
    judgement.errors.emplace_back("supply: too small");
    judgement.more_never_helps = true;
  }
  judgement.abilities = {
      {.fits = counts[0] > 0, .tokens_per_s = 100.0 * counts[0], .watts = 100.0 + 300 * counts[0]}};
  return judgement;
}

TEST_CASE("combinations have one supply, and only those that stand are kept") {
  Model model = workstation(400'00, 100);
  REQUIRE(model.enumerate(judge, 100));
  CHECK(model.combinations() == 8);  // 0 to 3 cards, one of two supplies
  CHECK(model.judged() == 7);        // three cards on the small supply fail because two do
  // Small: 0 or 1 card. Large: 0 to 3.
  REQUIRE(model.configurations().size() == 6);
  CHECK(model.configurations().front().counts == Counts{1, 1, 0});
  CHECK(model.find({3, 0, 1}) > 0);
  CHECK(model.find({3, 1, 0}) == -1);
  const auto too_many = model.enumerate(judge, 7);
  REQUIRE_FALSE(too_many);
  CHECK(too_many.error().message ==
        "the candidate parts make 8 combinations, at most 7 are judged");
}

TEST_CASE("a month's bill: energy, rent, what is not done") {
  Model model = workstation(400'00, 100);
  // Month 0: 100 h on one card. 100 h x 400 W + 500 h x 60 W = 70 kWh at 0.20, and 1.50 fixed.
  MonthBill bill = model.bill(0, judge({1, 1, 0}));
  CHECK(bill.energy == 14'00);
  CHECK(bill.rented == 0);
  CHECK(bill.total() == 15'50);
  // Month 5: 600 h of one card; all of them. 600 x 0.4 kWh.
  bill = model.bill(5, judge({1, 1, 0}));
  CHECK(bill.energy == 48'00);
  CHECK(bill.busy_hours == doctest::Approx(600));
  // Without cards 600 h of 100 tokens/s are rented: 300 h at 200 tokens/s and 2.00 an hour.
  bill = model.bill(5, judge({0, 1, 0}));
  CHECK(bill.rented == 600'00);
  CHECK(bill.energy == 6'00);
  CHECK(bill.unserved == 0);
  // What is private is not rented.
  bill = workstation(400'00, 100, true).bill(5, judge({0, 1, 0}));
  CHECK(bill.rented == 0);
  CHECK(bill.unserved == 1);
  // 150 h x 6 = 900 h of one card in month 5: 600 h here, a third is rented.
  bill = workstation(400'00, 150).bill(5, judge({1, 1, 0}));
  CHECK(bill.shares[0].local == doctest::Approx(2.0 / 3));
  CHECK(bill.rented == 300'00);
}

TEST_CASE("moves are paid by the month's prices") {
  Model model = workstation(400'00, 100);
  // Two cards at 460 in month 2, the large supply for 200, the small one sold for 40.
  CHECK(model.move_cost(2, {1, 1, 0}, {3, 0, 1}) == (2 * 460 + 200 - 40) * 100);
  CHECK(Model::purchases({1, 1, 0}, {3, 0, 1}) == 3);
  CHECK(model.move_cost(2, {3, 0, 1}, {1, 1, 0}) == kNever);  // the small one is not on sale
  CHECK(model.move_cost(1, {3, 0, 1}, {2, 0, 1}) == -330'00);
  CHECK(model.salvage({2, 0, 1}) == 2 * 230'00 + 150'00);
}

struct Solved {
  Model model;
  Instance instance;
  Answer answer;
};

Solved solved(Cents income, double hours, Objective objective = Objective::work) {
  Model model = workstation(income, hours);
  REQUIRE(model.enumerate(judge, 100));
  Instance instance = model.instance(objective);
  REQUIRE(validate(instance));
  return {model, instance, solve(instance)};
}

TEST_CASE("the best plan's course has the books of its path, and no named course beats it") {
  for (const Cents income : {50'00, 150'00, 400'00, 2'000'00})
    for (const double hours : {20.0, 100.0, 250.0, 700.0}) {
      CAPTURE(income);
      CAPTURE(hours);
      const auto [model, instance, answer] = solved(income, hours);
      if (!answer.solution) continue;
      const Books& books = answer.solution->books;
      const Course best =
          follow(model, purchases_of(model, instance, answer.solution->path), judge);
      CHECK(best.score + instance.unserved_weight * best.unserved == books.score);
      CHECK(best.cash == books.cash);
      CHECK(best.is_feasible());
      CHECK(answer.solution->proof.plans_tried > 0);
      for (const Course& course : named_courses(model, instance, judge)) {
        CAPTURE(course.name);
        // "full" may buy more at once than a month of the plan allows.
        if (!course.is_feasible() || course.name == "full") continue;
        CHECK(course.score + instance.unserved_weight * course.unserved >= books.score);
      }
    }
}

TEST_CASE("a path that somebody wrote down is followed, its troubles named") {
  const auto [model, instance, answer] = solved(100'00, 100);
  const Course course = follow(
      model,
      {{.month = 1, .counts = {3, 1, 0}, .beside = 10'00, .is_priced = true, .price = 900'00}},
      judge);
  CHECK_FALSE(course.is_feasible());
  REQUIRE(course.troubles.size() == 2);
  CHECK(course.troubles[0].what == "supply: too small");
  CHECK(course.troubles[1].what == "the cash falls below the reserve");
  CHECK(course.troubles[1].month == 1);
  // 100 at first, 100 each month; 15.50 in month 0; 910 and the month's bill in month 1.
  CHECK(course.cash[0] == 200'00 - 15'50);
  CHECK(course.cash[1] ==
        course.cash[0] + 100'00 - 910'00 - model.bill(1, judge({3, 1, 0})).total());
}

TEST_CASE("a part's switch price is where the optimum changes, to the cent") {
  int found = 0;
  for (const double hours : {20.0, 250.0, 700.0}) {
    CAPTURE(hours);
    const auto [model, instance, answer] = solved(2'000'00, hours);
    REQUIRE(answer.solution);
    for (const SwitchPrice& price : switch_prices(model, instance, *answer.solution)) {
      if (!price.flips_at || *price.flips_at == 0) continue;
      ++found;
      // The model with that price, and a cent to the other side.
      const auto buys = [&](Cents at) {
        std::vector<PartOption> options = model.options();
        options[price.option].buy[0] = at;
        Model other(options, model.tasks(), model.purse());
        REQUIRE(other.enumerate(judge, 100));
        const Answer changed = solve(other.instance(Objective::work));
        REQUIRE(changed.solution);
        const auto first = static_cast<std::size_t>(changed.solution->books.configuration.front());
        return other.configurations()[first].counts[price.option] > other.today()[price.option];
      };
      const Cents flip = *price.flips_at;
      CHECK(buys(flip) != price.is_bought_now);
      CHECK(buys(price.is_bought_now ? flip - 1 : flip + 1) == price.is_bought_now);
    }
  }
  CHECK(found >= 2);
}

}  // namespace
}  // namespace rigor::plan
