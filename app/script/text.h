// Small pieces of text that several parts of the script host write.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>

namespace mainstay::script {

/// "FILE:LINE: " or "FILE:LINE:COLUMN: "; without a line "FILE: ", without a file "".
std::string place_of(std::string_view file, int line, int column = 0);

}  // namespace mainstay::script
