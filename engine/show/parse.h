// The show document as text: JSON to Show with every error found, and back.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/show/show.h"

namespace mainstay::show {

/// One thing wrong with a show: where (an RFC 6901 JSON pointer; "" is the whole document) and what, in one line.
/// Never holds a secret.
struct ShowError {
  std::string pointer;
  std::string message;
  friend bool operator==(const ShowError&, const ShowError&) = default;
};

/// "POINTER: message", the line that `mainstay check` prints.
std::string to_line(const ShowError& error);

/// With an error, `show` is an empty one: a show is used whole or not at all.
struct Parsed {
  Show show;
  std::vector<ShowError> errors;
  bool ok() const { return errors.empty(); }
};

inline constexpr std::size_t kMaxShowBytes = 4 * 1024 * 1024;
inline constexpr int kMaxShowNesting = 64;
inline constexpr std::size_t kMaxShowText = 64 * 1024;

/// Reads a document (UTF-8, at most kMaxShowBytes). Checks each value by itself; check() does the rest.
Parsed parse_show(std::string_view json);

/// Reads a file. What stops it from being read at all is one error with the pointer "".
Parsed load_show(const std::string& path);

/// The document, indented. Without `defaults` only what differs from its default. parse_show(to_json(s)) is s again.
std::string to_json(const Show& show, bool defaults = false);

/// The document with secrets as "***"; references (${secret:NAME}) stay, as they say nothing.
std::string redacted_json(const Show& show);

}  // namespace mainstay::show
