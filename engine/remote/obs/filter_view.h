// Filters as clients of obs-websocket see them. There they belong to an input, here to the layers that show it: an
// input's filters are those of the first of its layers that has any, and what is done to one is done to the filter of
// that name of all its layers.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/remote/obs/show_view.h"

namespace mainstay::obs {

struct FilterView {
  std::string name;  ///< as commands know it (show::filter_names)
  std::string kind;  ///< "blur"
  bool enabled = true;
  Json settings;  ///< without type, name and enabled
  friend bool operator==(const FilterView&, const FilterView&) = default;
};

/// A layer that shows an input.
struct FilterPlace {
  std::string scene;
  std::string layer;
  Json written;  ///< its filters as in the document
  std::vector<FilterView> filters;
};

std::vector<FilterPlace> filter_places(const ShowView& view, std::string_view input);
std::vector<FilterView> input_filters(const ShowView& view, std::string_view input);
/// As they stand in a document, for another layer of the input; an empty list: none.
Json written_filters(const ShowView& view, std::string_view input);

/// {filterName, filterKind, filterIndex, filterEnabled, filterSettings}
Json filter_entry(const FilterView& filter, std::size_t index);
/// What a kind's settings are when nothing is said of them; none: there is no such kind.
std::optional<Json> filter_defaults(std::string_view kind);

}  // namespace mainstay::obs
