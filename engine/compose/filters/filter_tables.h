// What a filter works by, made of its settings and of the file it reads: a chroma key's table of 65,536 colours, a
// LUT's nodes as integers, a mask. It takes milliseconds, a LUT of 65³ tens of them, so it is made beside the program.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <memory>

#include "engine/compose/filters/filter_files.h"
#include "engine/show/show_filters.h"

namespace mainstay {

/// Null: it needs nothing, or its file is not there. Null `files`: what reads files gets none.
std::shared_ptr<const void> prepare_filter(const show::Filter& filter, const FilterFiles* files);
/// Whether prepare_filter() has something to work out.
bool needs_table(const show::Filter& filter);
/// Whether what was made for `a` serves `b` as well: they differ by their names at most.
bool same_table(const show::Filter& a, const show::Filter& b);

}  // namespace mainstay
