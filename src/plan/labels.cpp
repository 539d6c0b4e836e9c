#include "plan/labels.hpp"

#include <algorithm>
#include <array>

namespace rigor::plan {

namespace {

constexpr std::size_t kMostBounds = 4;
using Scores = std::array<Score, kMostBounds>;

struct Label {
  Score score = 0;
  Cents cash = 0;   ///< above the reserve
  Score bound = 0;  ///< of the whole plan, by the first bound
  std::uint32_t parent = 0;
  std::uint32_t arc = 0;  ///< by which it came
};

std::size_t index(int month) {
  return static_cast<std::size_t>(month);
}

/// What a month's moves and configurations add, looked up once per month instead of once per arc.
struct Month {
  std::vector<Cents> cost = {};         ///< per move
  std::vector<Cents> gain = {};         ///< per configuration: income less running cost
  std::vector<Score> standing = {};     ///< per configuration
  std::vector<Scores> move_bound = {};  ///< per move
  std::vector<Scores> ahead = {};       ///< per configuration
  Scores cash_rate = {};                ///< of a cent that is there before the move
};

class Search {
 public:
  Search(const Graph& graph, const States<Cents>& needed, std::span<const ToGo> bounds,
         const LabelSearch& search)
      : graph_(graph),
        x_(graph.instance()),
        needed_(needed),
        bounds_(bounds.first(std::min(bounds.size(), kMostBounds))),
        search_(search),
        buckets_(index(x_.configurations)) {}

  LabelAnswer run() {
    open();
    for (int t = 0; t < x_.months; ++t) {
      expand(t);
      close();
      if (labels_.size() > search_.most_labels) {
        answer_.exhaustive = false;
        break;
      }
    }
    if (labels_.size() <= search_.most_labels) finish();
    answer_.labels = labels_.size();
    return std::move(answer_);
  }

 private:
  void open() {
    const Cents cash = x_.opening - x_.reserve;
    if (cash < needed_.at(-1)[index(x_.start)]) return;
    labels_.push_back({.score = 0, .cash = cash});
    groups_ = {{x_.start, 0, 1}};
  }

  struct Group {
    int configuration;
    std::size_t first, last;
  };

  /// An arc as labels see it.
  struct Extension {
    std::uint32_t arc = 0;
    Cents gain = 0;
    Score added = 0;
    Scores bound = {};
  };

  [[nodiscard]] Month look_up(int t) const;
  void expand(int t);
  void expand_group(int t, const Month& month, std::size_t group);
  void extend(const Group& group, const Month& month, const Extension& by, Cents needed);
  void close();
  void narrow();
  void finish();

  const Graph& graph_;
  const Instance& x_;
  const States<Cents>& needed_;
  std::span<const ToGo> bounds_;
  LabelSearch search_;
  std::vector<Label> labels_ = {};           ///< of all months
  std::vector<Group> groups_ = {};           ///< those of the month before
  std::vector<std::vector<Label>> buckets_;  ///< those of the month, per configuration
  std::vector<std::uint32_t> touched_ = {};
  LabelAnswer answer_ = {};
};

Month Search::look_up(int t) const {
  Month month;
  const auto moves = static_cast<std::size_t>(x_.moves);
  month.cost.resize(moves);
  month.move_bound.resize(moves);
  month.gain.resize(buckets_.size());
  month.standing.resize(buckets_.size());
  month.ahead.resize(buckets_.size());
  for (std::size_t b = 0; b < bounds_.size(); ++b)
    month.cash_rate[b] = bounds_[b].multipliers.rest[index(t + 1)];
  for (std::size_t m = 0; m < moves; ++m) {
    month.cost[m] = x_.cost_of(t, static_cast<std::uint32_t>(m));
    if (month.cost[m] == kNever) continue;
    for (std::size_t b = 0; b < bounds_.size(); ++b)
      month.move_bound[m][b] = (x_.weight[index(t)] + month.cash_rate[b]) * month.cost[m];
  }
  for (std::size_t j = 0; j < buckets_.size(); ++j) {
    const int configuration = static_cast<int>(j);
    const Cents running = x_.running_of(t, configuration);
    if (running == kNever) continue;
    month.gain[j] = x_.income[index(t)] - running;
    month.standing[j] = x_.standing_score(t, configuration);
    for (std::size_t b = 0; b < bounds_.size(); ++b)
      month.ahead[j][b] = month.standing[j] + bounds_[b].to_go.at(t)[j] -
                          month.cash_rate[b] * month.gain[j] - bounds_[b].fixed[index(t + 1)];
  }
  return month;
}

void Search::expand_group(int t, const Month& month, std::size_t which) {
  const Group group = groups_[which];
  Scores least;  // of any label of the group, cash priced
  least.fill(kBlocked);
  for (std::size_t l = group.first; l < group.last; ++l)
    for (std::size_t b = 0; b < bounds_.size(); ++b)
      least[b] = std::min(least[b], labels_[l].score - month.cash_rate[b] * labels_[l].cash);
  const auto needed = needed_.at(t);
  for (const std::uint32_t a : graph_.arcs(t, group.configuration)) {
    const Arc arc = x_.arcs[a];
    const Scores& by_move = month.move_bound[arc.move];
    const Scores& ahead = month.ahead[arc.to];
    bool hopeless = false;
    for (std::size_t b = 0; b < bounds_.size(); ++b)
      hopeless |= least[b] + by_move[b] + ahead[b] >= search_.limit;
    if (hopeless) continue;
    Extension extension{
        .arc = a,
        .gain = month.gain[arc.to] - month.cost[arc.move],
        .added = x_.weight[index(t)] * month.cost[arc.move] + month.standing[arc.to]};
    for (std::size_t b = 0; b < bounds_.size(); ++b) extension.bound[b] = by_move[b] + ahead[b];
    extend(group, month, extension, needed[arc.to]);
  }
}

/// All labels of a group along one arc.
void Search::extend(const Group& group, const Month& month, const Extension& by, Cents needed) {
  const std::uint32_t to = x_.arcs[by.arc].to;
  auto& bucket = buckets_[to];
  const bool was_empty = bucket.empty();
  for (std::size_t l = group.first; l < group.last; ++l) {
    const Label& label = labels_[l];
    if (label.cash + by.gain < needed) break;  // the next ones have less
    ++answer_.tried;
    Scores bound = {};
    bool useless = false;
    for (std::size_t b = 0; b < bounds_.size(); ++b) {
      bound[b] = label.score - month.cash_rate[b] * label.cash + by.bound[b];
      useless |= bound[b] >= search_.limit;
    }
    if (!useless)
      bucket.push_back({label.score + by.added, label.cash + by.gain, bound[0],
                        static_cast<std::uint32_t>(l), by.arc});
  }
  if (was_empty && !bucket.empty()) touched_.push_back(to);
}

void Search::expand(int t) {
  const Month month = look_up(t);
  for (std::size_t g = 0; g < groups_.size(); ++g) expand_group(t, month, g);
}

/// Keeps the labels of a month that no other dominates, most cash first.
void Search::close() {
  std::sort(touched_.begin(), touched_.end());
  for (const std::uint32_t j : touched_) {
    auto& bucket = buckets_[j];
    std::sort(bucket.begin(), bucket.end(), [](const Label& a, const Label& b) {
      return a.cash != b.cash ? a.cash > b.cash : a.score < b.score;
    });
    Score least = kBlocked;
    std::erase_if(bucket, [&](const Label& label) {
      if (label.score >= least) return true;
      least = label.score;
      return false;
    });
  }
  narrow();
  groups_.clear();
  for (const std::uint32_t j : touched_) {
    auto& bucket = buckets_[j];
    if (!bucket.empty())
      groups_.push_back({static_cast<int>(j), labels_.size(), labels_.size() + bucket.size()});
    labels_.insert(labels_.end(), bucket.begin(), bucket.end());
    bucket.clear();
  }
  touched_.clear();
}

/// Cuts a month down to the width of the search.
void Search::narrow() {
  std::vector<Score> bounds;
  for (const std::uint32_t j : touched_)
    for (const Label& label : buckets_[j]) bounds.push_back(label.bound);
  if (bounds.size() <= search_.width) return;
  answer_.exhaustive = false;
  const auto last = bounds.begin() + static_cast<std::ptrdiff_t>(search_.width);
  std::nth_element(bounds.begin(), last, bounds.end());
  for (const std::uint32_t j : touched_)
    std::erase_if(buckets_[j], [&](const Label& label) { return label.bound > *last; });
}

void Search::finish() {
  std::size_t best = labels_.size();
  for (const Group& group : groups_)
    for (std::size_t l = group.first; l < group.last; ++l) {
      const Score score =
          labels_[l].score - x_.weight.back() * x_.salvage[index(group.configuration)];
      if (score < std::min(answer_.score, search_.limit)) {
        answer_.score = score;
        best = l;
      }
    }
  if (best == labels_.size()) return;
  Path path;
  path.arcs.resize(index(x_.months));
  for (int t = x_.months - 1; t >= 0; --t) {
    path.arcs[index(t)] = labels_[best].arc;
    best = labels_[best].parent;
  }
  answer_.path = std::move(path);
}

}  // namespace

LabelAnswer search_labels(const Graph& graph, const States<Cents>& needed,
                          std::span<const ToGo> bounds, const LabelSearch& search) {
  return Search(graph, needed, bounds, search).run();
}

}  // namespace rigor::plan
