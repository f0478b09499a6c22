// Whether the media files a show names can be played: the part of a show's check that needs a demuxer.
// A function without state.
// Thread-safety: any thread; it opens each file, so not where nothing may block.
#pragma once

#include <string>
#include <vector>

#include "engine/core/log.h"
#include "engine/show/parse.h"

namespace mainstay {

/// One error for each `file` source whose media cannot be opened.
std::vector<show::ShowError> probe(const show::Show& show, const std::string& show_dir, Log& log);

}  // namespace mainstay
