// What differs between two show documents: as a list of places, and as an RFC 6902 patch.
// Functions without state.
// Thread-safety: from any thread.
//
// Two documents are equal when their values are; the order of keys in an object does not matter, and 1 is 1.0.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/show/section.h"

namespace mainstay {

inline constexpr std::size_t kMostPointers = 100;

/// RFC 6901 pointers of the smallest values that differ, are added or removed, in the order of the documents, at most
/// `limit`. A list whose length changed is one place: an entry's index says little when those before it moved.
std::vector<std::string> changed_pointers(const show::Json& from, const show::Json& to,
                                          std::size_t limit = kMostPointers);
bool same_document(const show::Json& a, const show::Json& b);

/// The RFC 6902 operations that make `to` of `from`; an empty list when they are equal.
show::Json make_patch(const show::Json& from, const show::Json& to);
/// `document` becomes what the patch makes of it. On an error (Errc::invalid) it is left half changed.
Status apply_patch(show::Json& document, const show::Json& patch);

}  // namespace mainstay
