// The reference page of the show document, made from the declarations of its fields: docs/show.md.
// A function without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

namespace mainstay::show {

/// Markdown: every key with type, default, range, unit and help; an example; the caps presets with their sources.
std::string reference_markdown();

}  // namespace mainstay::show
