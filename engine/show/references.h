// References in a show's texts: ${secret:NAME} and ${env:NAME}, resolved at use (secrets.h).
// Functions without state.
// Thread-safety: from any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/core/result.h"

namespace mainstay::show {

enum class ReferenceKind { secret, env };

/// True when the text holds "${".
bool has_reference(std::string_view text);

/// True when the text is references and nothing else, so that showing it gives nothing away.
bool is_only_references(std::string_view text);

/// The text with each reference replaced by what `look_up` gives for it. Errc::invalid for a reference that is not
/// well formed; look_up's error otherwise.
Result<std::string> replace_references(
    std::string_view text, const std::function<Result<std::string>(ReferenceKind, const std::string& name)>& look_up);

}  // namespace mainstay::show
