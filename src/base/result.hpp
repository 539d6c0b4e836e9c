// Errors as values. A bad input or a failing world is a `Result`; a programming mistake is a
// `RIGOR_ASSERT`; an answer that is "no" is neither: it is a value of the estimate. Layer 0.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace rigor {

enum class ErrorCode {
  usage,        ///< the command line is wrong
  not_found,    ///< a name, file or entry does not exist
  ambiguous,    ///< a name means several things
  malformed,    ///< the input breaks its own format
  unsupported,  ///< the input is valid but beyond what rigor knows
  io,           ///< the operating system refused
  network,      ///< a remote place did not answer as it should
  limit,        ///< the input exceeds a stated bound
  internal,     ///< a bug of ours
};

/// What went wrong, where, and what the user can do about it. All three are for people to read.
struct Error {
  ErrorCode code = ErrorCode::internal;
  std::string message;
  std::string where = {};  ///< file:line:column, flag, or address; may be empty
  std::string hint = {};   ///< the remedy; may be empty
};

template <class T>
using Result = tl::expected<T, Error>;

/// `return fail(ErrorCode::io, "cannot open", path);`
[[nodiscard]] inline tl::unexpected<Error> fail(ErrorCode code, std::string message,
                                                std::string where = {}, std::string hint = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(where), std::move(hint)});
}

[[noreturn]] void assertion_failed(const char* expression, const char* file, int line);

}  // namespace rigor

/// Always on: states what the program relies on; aborts with the expression when it does not hold.
#define RIGOR_ASSERT(expression) \
  ((expression) ? (void)0 : ::rigor::assertion_failed(#expression, __FILE__, __LINE__))
