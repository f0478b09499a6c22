#include "engine/ffi/portaudio/output_stream.h"

#include <fmt/format.h>
#include <portaudio.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cctype>
#include <condition_variable>
#include <mutex>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/core/loose_thread.h"
#include "engine/ffi/portaudio/portaudio_token.h"
#include "engine/media/channels.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

namespace {

constexpr double kLatency = 0.03;     // seconds asked for: low enough to listen by, high enough for a busy machine
constexpr std::size_t kPiece = 1024;  // frames that are brought to the device's layout at once
constexpr std::size_t kRamp = 96;     // frames, 2 ms: where sound begins and ends

/// All that the callback and the stream's thread use. Lives as long as either.
struct Core {
  Core(AudioOutputOptions o, std::shared_ptr<SampleRing> r) : options(std::move(o)), ring(std::move(r)) {}

  const AudioOutputOptions options;
  const std::shared_ptr<SampleRing> ring;
  int channels = 2;                                        // of the device; set before the callback
  std::array<int, kMostChannels> order{0, 1, 2, 3, 4, 5};  // which of ours stands at each of its places
  std::vector<float> taken = {};                           // callback only: out of the ring
  bool started = false;                                    // callback only: enough stood in the ring
  std::atomic<std::int64_t> calls{0};
  std::atomic<std::int64_t> underruns{0};
  std::atomic<bool> finished{false};  // the stream ended by itself
  std::mutex mutex = {};
  std::condition_variable changed = {};
  bool closing = false;
  AudioOutput::Status status = {};
};

void fade(float* frames, std::size_t channels, std::size_t count, bool in) {
  for (std::size_t i = 0; i < count; ++i) {
    const float gain = static_cast<float>(in ? i + 1 : count - i) / static_cast<float>(count + 1);
    for (std::size_t c = 0; c < channels; ++c) frames[i * channels + c] *= gain;
  }
}

/// From the ring's layout to the device's, in the device's order.
void place(const Core& core, std::size_t frames, float* out) {
  const int from = core.options.channels;
  const ChannelMatrix& gains = channel_matrix(from, core.channels);
  const float* in = core.taken.data();
  for (std::size_t i = 0; i < frames; ++i, in += from) {
    for (int c = 0; c < core.channels; ++c) {
      float sum = 0;
      for (int f = 0; f < from; ++f) sum += gains[core.order[c]][f] * in[f];
      *out++ = sum;
    }
  }
}

/// What there is, as the device has it; how many frames. More than `taken` holds is given a piece at a time.
std::size_t take(Core& core, float* out, std::size_t frames) {
  const auto ours = static_cast<std::size_t>(core.options.channels);
  const auto its = static_cast<std::size_t>(core.channels);
  if (core.taken.empty()) return core.ring->read(std::span(out, frames * ours)) / ours;
  std::size_t done = 0;
  while (done < frames) {
    const std::size_t most = std::min(frames - done, core.taken.size() / ours);
    const std::size_t got = core.ring->read(std::span(core.taken).first(most * ours)) / ours;
    place(core, got, out + done * its);
    done += got;
    if (got < most) break;
  }
  return done;
}

int give(const void*, void* output, unsigned long frames, const PaStreamCallbackTimeInfo*, PaStreamCallbackFlags,
         void* opaque) noexcept {
  Core& core = *static_cast<Core*>(opaque);
  auto* out = static_cast<float*>(output);
  core.calls.fetch_add(1, std::memory_order_relaxed);
  const auto channels = static_cast<std::size_t>(core.channels);
  const std::size_t wanted = (core.options.start + frames) * static_cast<std::size_t>(core.options.channels);
  const std::size_t there = core.ring->level();
  const bool starts = !core.started && there >= wanted;
  if (starts) core.ring->skip(there - wanted);  // what came while the device was opened would be a delay for minutes
  const std::size_t got = core.started || starts ? take(core, out, frames) : 0;
  if (starts) {
    core.started = true;
    fade(out, channels, std::min(got, kRamp), true);
  }
  if (core.started && got < frames) {
    core.started = false;
    core.underruns.fetch_add(1, std::memory_order_relaxed);
    const std::size_t ramp = std::min(got, kRamp);
    fade(out + (got - ramp) * channels, channels, ramp, false);
  }
  std::fill(out + got * channels, out + frames * channels, 0.0F);
  return paContinue;
}

void ended(void* opaque) noexcept {
  static_cast<Core*>(opaque)->finished.store(true, std::memory_order_relaxed);
}

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

/// The device of that name, else the first whose name has it in it, else the default when none is named.
Result<PaDeviceIndex> find_device(const std::string& name) {
  if (name.empty()) {
    const PaDeviceIndex device = Pa_GetDefaultOutputDevice();
    if (device == paNoDevice) return Error{Errc::io, "there is no sound device that plays", nullptr};
    return device;
  }
  PaDeviceIndex like = paNoDevice;
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    const PaDeviceInfo* info = Pa_GetDeviceInfo(i);
    if (info == nullptr || info->maxOutputChannels < 1) continue;
    if (name == info->name) return i;
    if (like == paNoDevice && lower(info->name).find(lower(name)) != std::string::npos) like = i;
  }
  if (like == paNoDevice) return make_error(Errc::io, "no sound device that plays is called {}", name);
  return like;
}

/// What the device is given: as many channels as the ring has where it has so many, else stereo.
void choose_channels(Core& core, const PaDeviceInfo& info) {
  core.channels = info.maxOutputChannels >= core.options.channels ? core.options.channels : 2;
  const PaHostApiInfo* api = Pa_GetHostApiInfo(info.hostApi);
  const bool alsa = api != nullptr && api->type == paALSA;
  // ALSA's order of 5.1: the surrounds come before centre and LFE.
  if (alsa && core.channels == kMostChannels)
    core.order = {kLeft, kRight, kLeftSurround, kRightSurround, kCentre, kLfe};
  const bool as_it_is = core.channels == core.options.channels && core.channels < kMostChannels;
  if (as_it_is) return;
  core.taken.resize(kPiece * static_cast<std::size_t>(core.options.channels));
  (void)channel_matrix(core.options.channels, core.channels);  // made here, not in the callback
}

Result<PaStream*> open(Core& core) {
  std::lock_guard lock(PortAudioToken::mutex());
  MAINSTAY_TRY(const PaDeviceIndex device, find_device(core.options.device));
  const PaDeviceInfo* info = Pa_GetDeviceInfo(device);
  PaStreamParameters parameters{};
  parameters.device = device;
  choose_channels(core, *info);
  parameters.channelCount = core.channels;
  parameters.sampleFormat = paFloat32;
  parameters.suggestedLatency = std::max(kLatency, info->defaultLowOutputLatency);
  PaStream* stream = nullptr;
  PaError error = Pa_OpenStream(&stream, nullptr, &parameters, kProgramSampleRate, paFramesPerBufferUnspecified,
                                paNoFlag, &give, &core);
  if (error == paNoError) {
    Pa_SetStreamFinishedCallback(stream, &ended);
    error = Pa_StartStream(stream);
    if (error != paNoError) Pa_CloseStream(stream);
  }
  if (error != paNoError) return make_error(Errc::io, "{}: {}", info->name, Pa_GetErrorText(error));
  std::lock_guard status_lock(core.mutex);
  core.status.state = AudioOutput::State::playing;
  core.status.device = info->name;
  if (const PaStreamInfo* now = Pa_GetStreamInfo(stream))
    core.status.latency = Nanos(static_cast<std::int64_t>(now->outputLatency * 1e9));
  return stream;
}

void fail(Core& core, const Error& error) {
  std::lock_guard lock(core.mutex);
  core.status.state = AudioOutput::State::failed;
  core.status.detail = error.describe();
}

void run(const std::shared_ptr<Core>& core) {
  const auto token = PortAudioToken::acquire();
  if (!token) return fail(*core, token.error());
  const Result<PaStream*> stream = open(*core);
  if (!stream) return fail(*core, stream.error());
  {
    std::unique_lock lock(core->mutex);
    core->changed.wait(lock, [&] { return core->closing; });
  }
  Pa_AbortStream(*stream);  // where a device that is gone hangs: not while others wait for the mutex
  std::lock_guard lock(PortAudioToken::mutex());
  Pa_CloseStream(*stream);
}

class OutputStream final : public AudioOutput {
 public:
  explicit OutputStream(std::shared_ptr<Core> core) : core_(std::move(core)) {
    start_loose_thread("monitor/dev", [core = core_] { run(core); });
  }
  ~OutputStream() override {
    {
      std::lock_guard lock(core_->mutex);
      core_->closing = true;
    }
    core_->changed.notify_all();
  }

  Status status() const override {
    std::unique_lock lock(core_->mutex);
    Status status = core_->status;
    lock.unlock();
    status.calls = core_->calls.load(std::memory_order_relaxed);
    status.underruns = core_->underruns.load(std::memory_order_relaxed);
    if (status.state == State::playing && core_->finished.load(std::memory_order_relaxed)) {
      status.state = State::failed;
      status.detail = status.device + ": the device is gone";
    }
    return status;
  }

 private:
  const std::shared_ptr<Core> core_;
};

}  // namespace

std::unique_ptr<AudioOutput> open_output(const AudioOutputOptions& options, std::shared_ptr<SampleRing> ring) {
  return std::make_unique<OutputStream>(std::make_shared<Core>(options, std::move(ring)));
}

Result<std::vector<OutputDevice>> list_outputs() {
  MAINSTAY_TRY(const auto token, PortAudioToken::acquire());
  std::lock_guard lock(PortAudioToken::mutex());
  std::vector<OutputDevice> out;
  const PaDeviceIndex usual = Pa_GetDefaultOutputDevice();
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    const PaDeviceInfo* info = Pa_GetDeviceInfo(i);
    if (info == nullptr || info->maxOutputChannels < 1) continue;
    const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
    out.push_back(
        {info->name, api != nullptr ? api->name : "", info->maxOutputChannels, info->defaultSampleRate, i == usual});
  }
  return out;
}

}  // namespace mainstay::ffi
