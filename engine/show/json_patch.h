// RFC 6902 JSON Patch, made and applied.
// Functions without state.
// Thread-safety: from any thread.
//
// Applying is our own work: the JSON library aborts the process on some patches that do not fit, and patches come from
// clients and from files.
#pragma once

#include "engine/core/result.h"
#include "engine/show/section.h"

namespace mainstay::show {

inline constexpr std::size_t kMostPatchOperations = 100'000;

/// The operations (add, remove, replace) that make `to` of `from`; an empty list when they are equal. What a list has
/// in common at both ends is not touched: an entry that was put in or taken out is one operation.
Json make_patch(const Json& from, const Json& to);

/// `document` becomes what the patch makes of it: add, remove, replace, move, copy, test. Errc::invalid, with the
/// number of the operation (from 0) and its pointer but no values, when it does not fit; `document` is then half
/// changed.
Status apply_patch(Json& document, const Json& patch);

}  // namespace mainstay::show
