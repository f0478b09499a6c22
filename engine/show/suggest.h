// "Did you mean …?": the known word nearest to a mistyped one.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace mainstay::show {

/// Near enough to have been meant: few edits away, or the same word with or without its unit ("hold" for "hold_ms").
/// Empty when nothing is.
std::string nearest(std::string_view word, const std::vector<std::string>& known);

/// ": did you mean \"keyint_s\"?", or ": known are a, b, c" when nothing is near ("" when nothing is known).
std::string hint(std::string_view word, const std::vector<std::string>& known);

/// "a, b, c", at most 40 of them.
std::string listed(const std::vector<std::string>& words);

/// A word or text of the user's, quoted for a message: one line, at most 60 characters.
std::string in_quotes(std::string_view text);

}  // namespace mainstay::show
