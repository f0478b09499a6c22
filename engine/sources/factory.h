// Makes the source that a show describes.
// Plain function.
// Thread-safety: from any thread.
#pragma once

#include <memory>

#include "engine/show/show.h"
#include "engine/sources/source.h"

namespace mainstay {

/// `config` with its secrets resolved. Never fails: what cannot be played is a source in state `failed` that says why.
std::unique_ptr<Source> make_source(const show::Source& config, SourceContext context);

}  // namespace mainstay
