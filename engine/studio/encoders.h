// All renditions of a show: what the program makes goes in, packets in one decode-ordered sequence come out.
// Owned by OnAir.
// Thread-safety: on_video(), on_audio() from the program thread; prepare(), commit(), look(), drain() from one thread
// at a time (the control thread, or works for it); everything else from any.
//
// While on air the renditions can change: one that did not is not touched; one whose settings did gets a new encoder,
// which starts with an IDR on the old grid while the old encoder still gives out what it holds.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <variant>
#include <vector>

#include "engine/audio/down_mix.h"
#include "engine/core/clock.h"
#include "engine/deliver/interleaver.h"
#include "engine/deliver/packet_bus.h"
#include "engine/encode/encode_thread.h"
#include "engine/program/program.h"
#include "engine/show/show.h"
#include "engine/studio/event_log.h"
#include "engine/studio/reaper.h"
#include "engine/studio/rendition_output.h"
#include "engine/studio/snapshot.h"

namespace mainstay {

class Encoders final : public ProgramSink {
 public:
  struct Services {
    Interleaver& interleaver;
    PacketBus& bus;
    Clock& clock;
    EventLog& events;
    Reaper& reaper;
  };
  Encoders(Services services, FrameIndex first_frame) : services_(services), first_frame_(first_frame) {}
  ~Encoders() override;

  /// One rendition and its encoder.
  struct Rendition {
    std::variant<show::VideoEncode, show::AudioEncode> config;
    show::Caps caps;   ///< that hold for it
    std::string text;  ///< "libx264 1920×1080 6000 kb/s"
    std::shared_ptr<VideoEncodeThread> video;
    std::shared_ptr<AudioEncodeThread> audio;
    std::shared_ptr<RenditionOutput> output;
    int channels = 0;    ///< of sound: 1, 2 or 6
    bool fresh = false;  ///< made by prepare(), not in use yet

    const std::string& name() const;
    EncodeStats stats() const { return video ? video->stats() : audio->stats(); }
    StreamInfoPtr stream() const { return video ? video->stream() : audio->stream(); }
  };
  struct Prepared {
    std::vector<Rendition> renditions;
  };
  /// Opens the encoders that are new or changed. One that cannot be opened is an error: a show does not run with less
  /// than it asks for.
  Result<Prepared> prepare(const show::Show& show);
  /// Whether prepare() would open any.
  bool would_open(const show::Show& show) const;
  void commit(Prepared prepared);
  /// Lets go of encoders that have given out their last packet.
  void look();
  /// How many were replaced and still give out what they hold.
  std::size_t leaving() const;

  void on_video(const FramePtr& frame, FrameIndex n) override;
  void on_audio(const AudioBlockPtr& block, std::int64_t first_sample) override;
  void on_bus(show::AudioBus bus, const AudioBlockPtr& block, std::int64_t first_sample) override;

  /// Encodes what is queued and gives out what the encoders hold back; at most `limit` when not offline.
  void drain(Nanos limit);

  std::vector<EncoderSnapshot> snapshot() const;

  /// What a rendition in another layout than the bus's is made from; on the program thread.
  struct Fit {
    show::AudioBus bus;
    int channels;
    auto operator<=>(const Fit&) const = default;
  };

 private:
  using List = std::shared_ptr<const std::vector<Rendition>>;
  List current() const;
  Result<Rendition> make_video(const show::Show& show, const show::VideoEncode& video, show::Caps caps);
  Result<Rendition> make_audio(const show::Show& show, const show::AudioEncode& audio, show::Caps caps);
  void flush_fits(const std::vector<Rendition>& list);
  EmitNotice notice();
  /// What the encode thread that writes to `output` calls when it has ended.
  std::function<void()> done(std::weak_ptr<RenditionOutput> output);
  /// The latest output that a rendition had or has; null: none any more.
  std::shared_ptr<RenditionOutput> output_before(const std::string& name) const;

  const Services services_;
  const FrameIndex first_frame_;
  const std::shared_ptr<ScaleLadder> scaling_ = std::make_shared<ScaleLadder>();
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  List renditions_ = std::make_shared<const std::vector<Rendition>>();
  std::vector<Rendition> leaving_;  // oldest first
  std::map<Fit, DownMix> fits_;     // program thread; in drain() it has ended
};

}  // namespace mainstay
