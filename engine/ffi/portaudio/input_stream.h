// Sound from a device: PortAudio's input, 48 kHz where it can, one, two or six channels of it, into one lock-free ring.
// Owned by the audio source's feed.
// Thread-safety: open(), read() and the destructor on one thread, which they may block (a sound server that hangs); the
// device's callback touches the ring and nothing else.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "engine/core/result.h"
#include "engine/core/sample_ring.h"

namespace mainstay::ffi {

class PortAudioToken;

struct AudioDevice {
  std::string name;
  std::string system;      ///< PortAudio's name of the sound system: "ALSA", "JACK Audio Connection Kit"
  int channels = 0;        ///< at most
  double sample_rate = 0;  ///< its own, Hz
  bool is_default = false;
};

/// Devices that sound can be taken from. What was plugged in since PortAudio started is there only when nothing else
/// uses PortAudio.
Result<std::vector<AudioDevice>> list_audio_inputs();

/// Which of `devices` is meant: by its whole name, else by the beginning of it; empty: the default one. -1: none.
int find_audio_device(std::span<const AudioDevice> devices, const std::string& wanted);

class InputStream {
 public:
  struct Options {
    std::string device = {};  ///< see find_audio_device
    int channels = 2;         ///< 1, 2 or 6
    int first_channel = 1;    ///< of the device, counted from 1
  };
  /// Opens and starts. Errc::io: no such device, or it does not start; trying again may help.
  static Result<std::unique_ptr<InputStream>> open(const Options& options);
  ~InputStream();
  InputStream(const InputStream&) = delete;
  InputStream& operator=(const InputStream&) = delete;

  /// Interleaved samples, `channels` a frame, whole frames only; how many frames there were. Does not wait.
  std::size_t read(std::span<float> into);
  /// False when the device has stopped by itself.
  bool running() const;
  /// Frames that found no room in the ring because nobody read.
  std::uint64_t lost() const { return lost_.load(std::memory_order_relaxed); }
  int channels() const { return channels_; }
  /// 48000, or the device's own rate when it does not run at that.
  int rate() const { return rate_; }
  const std::string& device() const { return device_; }

 private:
  struct Callback;
  InputStream(int channels, int skipped, std::string device);
  void put(std::span<const float> samples) noexcept;

  std::shared_ptr<PortAudioToken> token_;
  void* stream_ = nullptr;  // PaStream
  const int channels_;
  const int skipped_;  // channels of the device before ours
  const std::string device_;
  int rate_ = 0;
  SampleRing ring_;
  std::atomic<std::uint64_t> lost_{0};
};

}  // namespace mainstay::ffi
