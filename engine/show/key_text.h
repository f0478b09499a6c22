// Keys of a keyboard as a show writes them: "F5", "Ctrl+1", "Ctrl+Shift+PgDown".
//
//   key  = *(modifier "+") name
//   modifier = Ctrl | Alt | Shift | Meta, each at most once, in any order
//   name = F1 … F24, and with Ctrl, Alt or Meta also A … Z, 0 … 9, Space, Return, Ins, Del, Home, End, PgUp, PgDown,
//          Up, Down, Left, Right
//
// Case does not count. What types or moves a cursor by itself is no key here: it would start macros while one writes.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace mainstay::show {

/// The same key in its one form (Meta, Ctrl, Alt, Shift in this order); none when it is no key.
std::optional<std::string> canonical_key(std::string_view text);

/// True also for nothing at all: no key.
bool is_key_or_empty(std::string_view text);

}  // namespace mainstay::show
