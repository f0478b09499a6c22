// Paths in a show: relative ones are relative to the show file.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>

namespace mainstay::show {

/// The folder of the show file, for CheckContext and SourceContext; "." for a bare name.
std::string directory_of(const std::string& show_path);

/// The path as it can be opened.
std::string expand_path(const std::string& path, const std::string& show_dir);

}  // namespace mainstay::show
