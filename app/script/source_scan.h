// Looks at the outline of JavaScript source: brackets, strings, templates, comments.
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <string_view>

namespace mainstay::script {

/// True when a bracket, a template or a comment is still open: more is to come.
bool is_unfinished(std::string_view source);

/// A console's line so that what it declares is still there in the next one: the engine forgets let, const and class of
/// one evaluation, so those of the outermost level become var. Lines stay the same.
std::string with_lasting_names(std::string_view source);

}  // namespace mainstay::script
