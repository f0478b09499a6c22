// The show document as a JSON value, for edits by pointer and patch. Text is parse.h's.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include "engine/show/section.h"
#include "engine/show/show.h"

namespace mainstay::show {

/// What parse_show() does with text, for a value.
Parsed parse_value(const Json& document);

/// What differs from its default: parse_value(to_value(s)) is s again.
Json to_value(const Show& show);
/// The same with secrets as "***" (and secret parts of addresses hidden).
Json redacted_value(const Show& show);

/// A document that was shown has "***" where its secrets were: puts those of `before` back, at the same pointers. An
/// error for each that has none there.
std::vector<ShowError> restore_secrets(Show& edited, const Show& before);

/// The value at an RFC 6901 pointer; null when there is none (or the pointer is malformed).
const Json* find_at(const Json& document, const std::string& pointer);
/// Sets it, making the objects on the way. Errc::invalid when the pointer is malformed or leads through a plain value.
Status set_at(Json& document, const std::string& pointer, Json value);
/// Errc::invalid when there is nothing.
Status remove_at(Json& document, const std::string& pointer);
/// RFC 6902. All or nothing; Errc::invalid says which operation fails.
Status patch_document(Json& document, const Json& patch);

}  // namespace mainstay::show
