#include "evidence/draft_words.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

#include "base/text.hpp"
#include "estimate/speed/speculative.hpp"
#include "evidence/memory_row.hpp"
#include "units/unit_text.hpp"

namespace rigor::evidence {
namespace {

using workload::Drafter;

/// Where runs name their draft network in short.
struct DraftName {
  std::string_view words, model;
};
constexpr std::array kDraftNetworks = {
    DraftName{"--tli-qwen06-k", "qwen3-0.6b"}, DraftName{"/tli-qwen06-k", "qwen3-0.6b"},
    DraftName{"--tli-qwen17-k", "qwen3-1.7b"}, DraftName{"--tli-tinyllama-k", "tinyllama-1.1b"}};

/// How rows write the number of tokens that the MTP layer drafts, and that n-grams do.
constexpr std::array<std::string_view, 4> kMtp = {"draft-mtp n-max ", "MTP nspec=", "kv=mtp-",
                                                  "/mtp-k"};
constexpr std::array<std::string_view, 2> kNgram = {"--ngram-k", "/ngram-k"};

/// Numbers from `at` to the next ';'.
std::vector<double> numbers_from(std::string_view text, std::size_t at) {
  std::vector<double> out;
  text = text.substr(at, text.find(';', at) - at);
  for (std::size_t i = 0; i < text.size(); ++i) {
    std::size_t end = i;
    while (end < text.size() && ((text[end] >= '0' && text[end] <= '9') || text[end] == '.')) ++end;
    if (end == i) continue;
    if (const Result<double> number = parse_number(text.substr(i, end - i))) out.push_back(*number);
    i = end;
  }
  return out;
}

/// Programs print accepted / drafted, n to a step: the probability a for which a + a^2 + … + a^n is
/// n times that share.
double probability_of(double share, int drafted) {
  double low = 0, high = 1;
  for (int i = 0; i < 40; ++i) {
    const double middle = (low + high) / 2;
    const bool less = estimate::tokens_per_step(middle, drafted) < 1 + drafted * share;
    (less ? low : high) = middle;
  }
  return (low + high) / 2;
}

/// "acceptance 0.78", a range "0.60-0.94" (its middle), or a range with its mean behind it.
void read_acceptance(std::string_view notes, Drafted& out) {
  constexpr std::string_view kWord = "acceptance ";
  const std::size_t at = notes.find(kWord);
  if (at == notes.npos) return;
  const std::vector<double> numbers = numbers_from(notes, at + kWord.size());
  if (numbers.empty()) return;
  const double share = numbers.size() == 2 ? (numbers[0] + numbers[1]) / 2 : numbers.back();
  out.stated = share > 0 && share <= 1;
  if (out.stated) out.acceptance = probability_of(share, out.tokens);
}

template <class Words>
int first_number(std::string_view notes, const Words& words) {
  for (const std::string_view word : words) {
    if (const auto found = number_after(notes, word)) return static_cast<int>(*found);
  }
  return 0;
}

}  // namespace

std::string read_drafts(const Row& row, Library& library, Drafted& out) {
  const std::string_view notes = row["notes"];
  if (contains(lower(notes), "dflash")) return "drafts that a diffusion network makes";
  if (contains(notes, "rest CPU")) return "part of the network on the host: layout not stated";
  if (out.tokens = first_number(notes, kMtp); out.tokens > 0) out.drafter = Drafter::mtp;
  if (out.tokens == 0) {
    out.tokens = first_number(notes, kNgram);
    out.drafter = Drafter::ngram;
  }
  for (const DraftName& known : kDraftNetworks) {
    if (out.tokens > 0) break;
    out.tokens = static_cast<int>(number_after(notes, known.words).value_or(0));
    out.drafter = Drafter::network;
    out.network = library.network(known.model, "bf16");
  }
  if (out.tokens == 0) return "speculative decoding: how many tokens are drafted is not stated";
  read_acceptance(notes, out);
  if (!out.stated) out.acceptance = library.drafts().of(out.drafter).expected;
  return {};
}

}  // namespace rigor::evidence
