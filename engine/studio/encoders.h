// All renditions of a show: what the program makes goes in, packets in one decode-ordered sequence come out.
// Owned by OnAir.
// Thread-safety: on_video(), on_audio() from the program thread; drain() from the control thread; snapshot() from any.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/deliver/interleaver.h"
#include "engine/deliver/packet_bus.h"
#include "engine/encode/encode_thread.h"
#include "engine/program/program.h"
#include "engine/show/show.h"
#include "engine/studio/event_log.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

class Encoders final : public ProgramSink {
 public:
  /// Opens the encoder of every rendition and announces its stream on the bus. An encoder that cannot be opened is an
  /// error: a show does not go on air with less than it asks for.
  static Result<std::unique_ptr<Encoders>> make(const show::Show& show, FrameIndex first_frame,
                                                Interleaver& interleaver, PacketBus& bus, Clock& clock,
                                                EventLog& events);
  ~Encoders() override;

  void on_video(const FramePtr& frame, FrameIndex n) override;
  void on_audio(const AudioBlockPtr& block, std::int64_t first_sample) override;

  /// Encodes what is queued and gives out what the encoders hold back; at most `limit` when not offline.
  void drain(Nanos limit);

  std::vector<EncoderSnapshot> snapshot() const;

 private:
  Encoders(Interleaver& interleaver, Clock& clock, EventLog& events)
      : interleaver_(interleaver), clock_(clock), events_(events) {}

  Status add_video(const show::Show& show, const show::VideoEncode& video, FrameIndex first_frame);
  Status add_audio(const show::Show& show, const show::AudioEncode& audio);
  EmitPacket emit();
  EmitNotice notice();
  std::function<void()> done(std::string name);

  struct Described {
    std::string name;
    std::string text;  ///< "libx264 1920×1080 6000 kb/s"
  };

  Interleaver& interleaver_;
  Clock& clock_;
  EventLog& events_;
  std::vector<Described> described_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::size_t running_ = 0;
  std::vector<std::unique_ptr<VideoEncodeThread>> video_;
  std::vector<std::unique_ptr<AudioEncodeThread>> audio_;
};

}  // namespace mainstay
