// Small text helpers with no locale and no regular expressions. Layer 0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rigor {

std::string_view trim(std::string_view text);
std::string lower(std::string_view text);
/// Pieces between separators; empty pieces are kept.
std::vector<std::string_view> split(std::string_view text, char separator);
std::string join(const std::vector<std::string>& pieces, std::string_view separator);
/// Lower case letters and digits only, split where letters meet digits: "RTX 5060Ti" ->
/// {rtx,5060,ti}.
std::vector<std::string> words(std::string_view text);

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
int edit_distance(std::string_view a, std::string_view b);
/// The candidates nearest to `word`, best first, none farther than a third of its length.
std::vector<std::string> nearest(std::string_view word, const std::vector<std::string>& candidates,
                                 std::size_t most = 3);
/// `did you mean "a" or "b"?`, or empty when nothing is near.
std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates);

}  // namespace rigor
