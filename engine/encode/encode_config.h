// From the show to what the encoders are opened with.
// Plain functions.
// Thread-safety: any thread.
#pragma once

#include <string>

#include "engine/encode/audio_stage.h"
#include "engine/encode/video_stage.h"
#include "engine/show/show.h"

namespace mainstay {

struct VideoConfig {
  VideoStage::Options stage;
  std::string note;  ///< what the caps changed, for the operator; empty: nothing
};

/// `effective`: show::effective_caps(show, video). check() has refused what breaks a cap; here the caps bound what the
/// show leaves open (B-frames, profile) and the rate control (plan_rate). The origin of the IDR grid is the program's
/// first frame; set stage.first_frame when the program starts elsewhere.
VideoConfig make_video_config(const show::Show& show, const show::VideoEncode& video, const show::Caps& effective);
AudioStage::Options make_audio_config(const show::Show& show, const show::AudioEncode& audio,
                                      const show::Caps& effective);

}  // namespace mainstay
