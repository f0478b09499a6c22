// Whether the media files and pictures a show names can be played: the part of a show's check that needs FFmpeg.
// A function without state.
// Thread-safety: any thread; it opens each file, so not where nothing may block.
#pragma once

#include <string>
#include <vector>

#include "engine/core/log.h"
#include "engine/show/parse.h"

namespace mainstay {

/// One error for each `file` source whose media cannot be opened and each `image` source whose picture is none.
std::vector<show::ShowError> probe(const show::Show& show, const std::string& show_dir, Log& log);

}  // namespace mainstay
