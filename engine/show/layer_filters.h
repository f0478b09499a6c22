// The filters of layers as the document means them: names that are not written out, kinds, and files that they read.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/show/field_info.h"
#include "engine/show/section.h"
#include "engine/show/show.h"

namespace mainstay::show {

inline constexpr std::size_t kMostFilters = 16;  ///< of a layer

/// "chroma_key", …
std::string_view kind_of(const Filter& filter);
/// All kinds, in the order of the variant.
const std::vector<std::string>& filter_kinds();
/// What is declared of a kind; null: there is none of that name.
const ObjectInfo* filter_info(std::string_view kind);
bool is_enabled(const Filter& filter);
/// Its keys as in the document, those that hold their default too; without type, name and enabled.
Json values_of(const Filter& filter);
/// Empty: none of its own.
const std::string& own_name(const Filter& filter);
/// The name of each filter, first to last: its own, or its kind; further ones of a name get a number ("blur 2").
std::vector<std::string> filter_names(const std::vector<Filter>& filters);
/// The file that a filter reads; empty: none.
std::string file_of(const Filter& filter);

}  // namespace mainstay::show
