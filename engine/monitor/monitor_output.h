// The bus that is heard at this machine: takes it from the program and feeds a sound device.
// Owned by the studio's on-air wiring; outlives the program that it listens to. Runs one thread, "monitor".
// Thread-safety: the sink's calls from the program thread; the rest from any.
//
// The program puts a reference to each block into a queue that drops the oldest, and goes on: a device that hangs is
// the thread's affair, and not even it waits for one (media/audio_output.h). Offline nothing is heard.
#pragma once

#include <atomic>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/bounded_queue.h"
#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/monitor/monitor_feed.h"
#include "engine/program/program.h"

namespace mainstay {

class MonitorOutput final : public ProgramSink {
 public:
  MonitorOutput(Clock& clock, Log& log, const std::optional<show::Monitor>& settings, OpenAudioOutput open);
  ~MonitorOutput() override;

  void use(const std::optional<show::Monitor>& settings);
  MonitorStatus status() const;

  void on_video(const FramePtr&, FrameIndex) override {}
  void on_audio(const AudioBlockPtr& block, std::int64_t first_sample) override;
  void on_bus(show::AudioBus bus, const AudioBlockPtr& block, std::int64_t first_sample) override;

 private:
  static constexpr int kNone = -1;

  void run(const std::stop_token& stop);
  void take_settings(MonitorFeed& feed);
  void tell(const MonitorFeed& feed);

  Clock& clock_;
  Log& log_;
  const OpenAudioOutput open_;
  std::atomic<int> bus_{kNone};
  mutable std::mutex mutex_;
  std::optional<show::Monitor> settings_;
  bool fresh_ = true;  // settings_ that the thread has not taken yet
  MonitorStatus status_;
  BoundedQueue<AudioBlockPtr> queue_;  // null: look at the settings
  NamedThread thread_;
};

}  // namespace mainstay
