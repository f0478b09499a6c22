// The sources that come live from networks and devices, as the show describes them.
// Plain functions.
// Thread-safety: from any thread.
#pragma once

#include <memory>

#include "engine/show/show.h"
#include "engine/sources/source.h"

namespace mainstay {

// `config` with its secrets resolved. What cannot be opened is a source that says so and tries again.
/// `segments`: for so long HLS may say nothing, whatever the timeout is.
std::unique_ptr<Source> make_stream_source(const show::StreamSource& config, SourceContext context,
                                           Nanos segments = Seconds(15));
std::unique_ptr<Source> make_screen_source(const show::ScreenSource& config, SourceContext context);
std::unique_ptr<Source> make_camera_source(const show::CameraSource& config, SourceContext context);
std::unique_ptr<Source> make_audio_source(const show::AudioSource& config, SourceContext context);

}  // namespace mainstay
