// What FFmpeg's grabbers are told, as a show's source asks for it.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/ffi/v4l2/camera_list.h"
#include "engine/media/rate.h"
#include "engine/show/show.h"

namespace mainstay {

/// `program`: the rate where the source names none.
std::vector<std::pair<std::string, std::string>> screen_settings(const show::ScreenSource& config, Rate program);

std::vector<std::pair<std::string, std::string>> camera_settings(const ffi::CameraChoice& choice);

}  // namespace mainstay
