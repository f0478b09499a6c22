// What differs between two show documents, as a list of places.
// Functions without state.
// Thread-safety: from any thread.
//
// Two documents are equal when their values are; the order of keys in an object does not matter, and 1 is 1.0.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "engine/show/section.h"

namespace mainstay::show {

inline constexpr std::size_t kMostPointers = 100;

/// RFC 6901 pointers of the smallest values that differ, are added or removed, in the order of the documents, at most
/// `limit`. A list whose length changed is one place: an entry's index says little when those before it moved.
std::vector<std::string> differing_pointers(const Json& from, const Json& to, std::size_t limit = kMostPointers);
bool same_document(const Json& a, const Json& b);

}  // namespace mainstay::show
