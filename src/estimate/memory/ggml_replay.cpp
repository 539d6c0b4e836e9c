// ggml's scheduler and allocator, as far as sizes go: splits by device, copies of what crosses
// them, best-fit blocks. Rules: docs/models/11-llama-cpp-memory.md, "Replay".
#include <algorithm>
#include <unordered_map>

#include "estimate/memory/ggml_graph.hpp"

namespace rigor::estimate {
namespace {

std::size_t slot(int device) {
  return static_cast<std::size_t>(device) + 1;
}
std::size_t index(TensorId id) {
  return static_cast<std::size_t>(id);
}

/// One device's buffer: free blocks in order of their offsets; the last one has no end.
class BlockAllocator {
 public:
  explicit BlockAllocator(std::int64_t alignment) : alignment_(alignment) {}

  std::int64_t take(std::int64_t bytes) {
    const std::int64_t size = aligned(bytes);
    const std::size_t best = best_fit(size);
    Block& block = free_[best];
    const std::int64_t offset = block.offset;
    block.offset += size;
    block.size -= size;
    if (block.size == 0) free_.erase(free_.begin() + static_cast<std::ptrdiff_t>(best));
    peak_ = std::max(peak_, offset + size);
    return offset;
  }

  void give_back(std::int64_t offset, std::int64_t bytes) {
    const std::int64_t size = aligned(bytes);
    const auto after = std::find_if(free_.begin(), free_.end(),
                                    [&](const Block& block) { return block.offset > offset; });
    const auto at = free_.insert(after, {offset, size});
    const auto next = at + 1;
    if (next != free_.end() && at->offset + at->size == next->offset) {
      at->size += next->size;
      free_.erase(next);
    }
    if (at == free_.begin()) return;
    const auto before = at - 1;
    if (before->offset + before->size == at->offset) {
      before->size += at->size;
      free_.erase(at);
    }
  }

  [[nodiscard]] std::int64_t peak() const { return peak_; }

 private:
  struct Block {
    std::int64_t offset = 0, size = 0;
  };
  static constexpr std::int64_t kEndless = std::int64_t{1} << 60;

  [[nodiscard]] std::int64_t aligned(std::int64_t bytes) const {
    return (bytes + alignment_ - 1) / alignment_ * alignment_;
  }
  /// The last of the smallest blocks that fit, the endless one only when no other does.
  [[nodiscard]] std::size_t best_fit(std::int64_t size) const {
    std::size_t best = free_.size() - 1;
    std::int64_t smallest = kEndless * 2;
    for (std::size_t i = 0; i + 1 < free_.size(); ++i) {
      if (free_[i].size < size || free_[i].size > smallest) continue;
      best = i;
      smallest = free_[i].size;
    }
    return best;
  }

  std::vector<Block> free_ = {{0, kEndless}};
  std::int64_t alignment_;
  std::int64_t peak_ = 0;
};

struct Schedule {
  std::vector<TensorId> inputs;  ///< allocated before anything is computed
  std::vector<TensorId> order;
};

/// Cuts the order into runs on one device and lets each run begin with copies of what it reads
/// from other devices. With pipeline copies every such tensor exists `copies` times for good.
class Splitter {
 public:
  Splitter(TensorGraph& graph, int copies) : graph_(graph), copies_(copies) {}

  Schedule run() {
    for (const TensorId id : graph_.order()) {
      if (graph_.at(id).kind == TensorKind::input) add_input(id);
    }
    for (const TensorId id : graph_.order()) {
      if (graph_.at(id).kind != TensorKind::input) place(id);
    }
    flush();
    return std::move(schedule_);
  }

 private:
  void add_input(TensorId id) {
    if (copies_ > 1) graph_.at(id).output = true;
    schedule_.inputs.push_back(id);
  }

  void place(TensorId id) {
    const int device = graph_.at(id).device;
    if (!open_ || device != device_ || needs_weight(id)) {
      flush();
      device_ = device;
      open_ = true;
    }
    for (int i = 0; i < graph_.at(id).source_count; ++i) {
      const TensorId source = graph_.at(id).sources[static_cast<std::size_t>(i)];
      if (graph_.at(source).device == device) continue;
      const TensorId copy = copy_of(source);
      graph_.at(id).sources[static_cast<std::size_t>(i)] = copy;
    }
    body_.push_back(id);
  }

  /// A weight that lies elsewhere and is not copied yet begins a new run.
  [[nodiscard]] bool needs_weight(TensorId id) const {
    const GraphTensor& tensor = graph_.at(id);
    if (tensor.kind == TensorKind::view) return false;
    for (int i = 0; i < tensor.source_count; ++i) {
      const TensorId source = tensor.sources[static_cast<std::size_t>(i)];
      const GraphTensor& read = graph_.at(source);
      const bool elsewhere = read.kind == TensorKind::weight && read.device != tensor.device;
      if (elsewhere && !known_.contains(key(source, tensor.device))) return true;
    }
    return false;
  }

  [[nodiscard]] std::int64_t key(TensorId source, int device) const {
    return std::int64_t{source} * 64 + device + 1;
  }

  TensorId copy_of(TensorId source) {
    const auto found = known_.find(key(source, device_));
    if (found != known_.end()) return found->second;
    const GraphTensor read = graph_.at(source);
    const bool lasting = copies_ > 1;
    GraphTensor copy{.kind = lasting ? TensorKind::input : TensorKind::operation,
                     .element = read.element,
                     .output = lasting,
                     .device = device_,
                     .dimensions = read.dimensions,
                     .bytes = read.bytes};
    const TensorId id = graph_.add(copy);
    known_.emplace(key(source, device_), id);
    if (lasting) repeat(source, copy);
    if (lasting) schedule_.inputs.push_back(id);
    if (read.kind != TensorKind::weight) head_.push_back(transfer(source));
    if (!lasting) head_.push_back(id);
    return id;
  }

  /// The further copies; a graph input is repeated where it lies, too, but once.
  void repeat(TensorId source, const GraphTensor& copy) {
    for (int i = 1; i < copies_; ++i) schedule_.inputs.push_back(graph_.add(copy));
    if (graph_.at(source).kind != TensorKind::input) return;
    if (!known_.emplace(key(source, graph_.at(source).device), source).second) return;
    for (int i = 1; i < copies_; ++i) {
      const GraphTensor again = graph_.at(source);
      schedule_.inputs.push_back(graph_.add(again));
    }
  }

  TensorId transfer(TensorId source) {
    GraphTensor reader{.kind = TensorKind::transfer, .device = graph_.at(source).device};
    reader.sources[0] = source;
    reader.source_count = 1;
    return graph_.add(reader);
  }

  void flush() {
    for (std::vector<TensorId>* part : {&head_, &body_}) {
      schedule_.order.insert(schedule_.order.end(), part->begin(), part->end());
      part->clear();
    }
  }

  TensorGraph& graph_;
  int copies_;
  int device_ = kOnHost;
  bool open_ = false;
  std::unordered_map<std::int64_t, TensorId> known_;
  std::vector<TensorId> head_, body_;
  Schedule schedule_;
};

/// Walks a schedule, gives every tensor its place and frees it after its last reader.
class Allocation {
 public:
  Allocation(const TensorGraph& graph, int devices) : graph_(graph) {
    constexpr std::int64_t kHostAlignment = 32, kDeviceAlignment = 128;
    buffers_.emplace_back(kHostAlignment);
    for (int i = 0; i < devices; ++i) buffers_.emplace_back(kDeviceAlignment);
    state_.resize(static_cast<std::size_t>(graph.size()));
  }

  void run(const Schedule& schedule) {
    for (const TensorId id : schedule.order) count_readers(id);
    for (const TensorId id : schedule.inputs) allocate(id);
    for (const TensorId id : schedule.order) {
      const GraphTensor& tensor = graph_.at(id);
      for (int i = 0; i < tensor.source_count; ++i) allocate(source(tensor, i));
      allocate(id);
      for (int i = 0; i < tensor.source_count; ++i) release(source(tensor, i));
    }
  }

  [[nodiscard]] std::vector<Bytes> peaks() const {
    std::vector<Bytes> peaks;
    peaks.reserve(buffers_.size());
    for (const BlockAllocator& buffer : buffers_) {
      peaks.push_back(static_cast<double>(buffer.peak()) * byte);
    }
    return peaks;
  }

 private:
  struct State {
    int readers = 0;
    int views = 0;
    bool placed = false;
    std::int64_t offset = 0, bytes = 0;
  };

  static TensorId source(const GraphTensor& tensor, int i) {
    return tensor.sources[static_cast<std::size_t>(i)];
  }
  State& state(TensorId id) { return state_[index(id)]; }

  [[nodiscard]] TensorId root(TensorId id) const {
    while (graph_.at(id).view_of != kNoTensor) id = graph_.at(id).view_of;
    return id;
  }

  void count_readers(TensorId id) {
    const GraphTensor& tensor = graph_.at(id);
    if (tensor.view_of != kNoTensor) ++state(root(id)).views;
    for (int i = 0; i < tensor.source_count; ++i) ++state(source(tensor, i)).readers;
  }

  void allocate(TensorId id) {
    const GraphTensor& tensor = graph_.at(id);
    const bool needs_place =
        tensor.kind == TensorKind::input || tensor.kind == TensorKind::operation;
    State& own = state(id);
    if (!needs_place || own.placed) return;
    own.placed = true;
    if (tensor.may_replace_source && take_over(tensor, own)) return;
    own.bytes = tensor.bytes;
    own.offset = buffers_[slot(tensor.device)].take(tensor.bytes);
  }

  bool take_over(const GraphTensor& tensor, State& own) {
    for (int i = 0; i < tensor.source_count; ++i) {
      const GraphTensor& old = graph_.at(source(tensor, i));
      State& theirs = state(source(tensor, i));
      const bool alike = old.dimensions == tensor.dimensions && old.element == tensor.element &&
                         old.device == tensor.device;
      const bool free = theirs.placed && !old.output && old.kind != TensorKind::view &&
                        old.kind != TensorKind::weight;
      if (!alike || !free || theirs.readers != 1 || theirs.views != 0) continue;
      own.offset = theirs.offset;
      own.bytes = theirs.bytes;
      theirs.placed = false;
      return true;
    }
    return false;
  }

  void release(TensorId id) {
    State& read = state(id);
    if (--read.readers > 0 || read.views > 0) return;
    if (graph_.at(id).view_of == kNoTensor) return free(id);
    const TensorId owner = root(id);
    State& owned = state(owner);
    if (--owned.views == 0 && owned.readers == 0) free(owner);
  }

  void free(TensorId id) {
    State& own = state(id);
    const GraphTensor& tensor = graph_.at(id);
    if (!own.placed || tensor.output || tensor.kind == TensorKind::weight) return;
    own.placed = false;
    buffers_[slot(tensor.device)].give_back(own.offset, own.bytes);
  }

  const TensorGraph& graph_;
  std::vector<BlockAllocator> buffers_;
  std::vector<State> state_;
};

}  // namespace

std::vector<Bytes> replay_allocation(TensorGraph graph, int devices, int copies) {
  const Schedule schedule = Splitter(graph, copies).run();
  Allocation allocation(graph, devices);
  allocation.run(schedule);
  return allocation.peaks();
}

}  // namespace rigor::estimate
