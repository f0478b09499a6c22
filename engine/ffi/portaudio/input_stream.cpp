#include "engine/ffi/portaudio/input_stream.h"

#include <fmt/core.h>
#include <portaudio.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>

#include "engine/ffi/portaudio/portaudio_token.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

namespace {

constexpr double kLatency = 0.02;  // s: less is not worth the drop-outs of a busy machine
constexpr std::size_t kRingFrames = kProgramSampleRate;
constexpr int kMostChannels = 64;

std::string text_of(const char* text) {
  return text != nullptr ? text : "";
}

std::string error_text(PaError error) {
  if (error == paUnanticipatedHostError) {
    const PaHostErrorInfo* info = Pa_GetLastHostErrorInfo();
    if (info != nullptr && info->errorText != nullptr && *info->errorText != '\0') return info->errorText;
  }
  return Pa_GetErrorText(error);
}

/// With PortAudio's number of each. Under the token's mutex.
std::pair<std::vector<AudioDevice>, std::vector<PaDeviceIndex>> inputs() {
  std::pair<std::vector<AudioDevice>, std::vector<PaDeviceIndex>> found;
  const PaDeviceIndex first = Pa_GetDefaultInputDevice();
  for (PaDeviceIndex i = 0; i < Pa_GetDeviceCount(); ++i) {
    const PaDeviceInfo* info = Pa_GetDeviceInfo(i);
    if (info == nullptr || info->maxInputChannels < 1) continue;
    const PaHostApiInfo* api = Pa_GetHostApiInfo(info->hostApi);
    found.first.push_back({text_of(info->name), api != nullptr ? text_of(api->name) : "", info->maxInputChannels,
                           info->defaultSampleRate, i == first});
    found.second.push_back(i);
  }
  return found;
}

std::string names_of(const std::vector<AudioDevice>& devices) {
  std::string text;
  for (const AudioDevice& device : devices) text += fmt::format("{}\"{}\"", text.empty() ? "" : ", ", device.name);
  return text.empty() ? "none" : text;
}

}  // namespace

Result<std::vector<AudioDevice>> list_audio_inputs() {
  MAINSTAY_TRY(const auto token, PortAudioToken::acquire());
  std::lock_guard lock(PortAudioToken::mutex());
  return inputs().first;
}

int find_audio_device(std::span<const AudioDevice> devices, const std::string& wanted) {
  const auto number = [&](auto matches) {
    const auto found = std::find_if(devices.begin(), devices.end(), matches);
    return found == devices.end() ? -1 : static_cast<int>(found - devices.begin());
  };
  if (wanted.empty()) return number([](const AudioDevice& device) { return device.is_default; });
  const int exact = number([&](const AudioDevice& device) { return device.name == wanted; });
  return exact >= 0 ? exact : number([&](const AudioDevice& device) { return device.name.starts_with(wanted); });
}

struct InputStream::Callback {
  static int take(const void* input, void*, unsigned long frames, const PaStreamCallbackTimeInfo*,
                  PaStreamCallbackFlags, void* self) noexcept {
    auto& stream = *static_cast<InputStream*>(self);
    const auto* samples = static_cast<const float*>(input);
    if (samples == nullptr) return paContinue;
    const std::size_t count = frames * static_cast<std::size_t>(stream.channels_);
    if (stream.skipped_ == 0) {
      stream.put({samples, count});
      return paContinue;
    }
    // The channels before ours are left out, a piece at a time.
    std::array<float, 512> piece;
    const std::size_t stride = static_cast<std::size_t>(stream.skipped_ + stream.channels_);
    std::size_t filled = 0;
    for (unsigned long frame = 0; frame < frames; ++frame) {
      for (int c = 0; c < stream.channels_; ++c)
        piece[filled++] = samples[frame * stride + static_cast<std::size_t>(stream.skipped_ + c)];
      if (filled + static_cast<std::size_t>(stream.channels_) > piece.size() || frame + 1 == frames) {
        stream.put({piece.data(), filled});
        filled = 0;
      }
    }
    return paContinue;
  }
};

InputStream::InputStream(int channels, int skipped, std::string device)
    : channels_(channels),
      skipped_(skipped),
      device_(std::move(device)),
      ring_(kRingFrames * static_cast<std::size_t>(channels)) {}

// Whole frames or nothing, so that the channels stay in order.
void InputStream::put(std::span<const float> samples) noexcept {
  const std::size_t room = ring_.capacity() - ring_.level();
  if (room >= samples.size()) {
    ring_.write(samples);
  } else {
    lost_.fetch_add(samples.size() / static_cast<std::size_t>(channels_), std::memory_order_relaxed);
  }
}

Result<std::unique_ptr<InputStream>> InputStream::open(const Options& options) {
  MAINSTAY_TRY(auto token, PortAudioToken::acquire());
  std::lock_guard lock(PortAudioToken::mutex());
  const auto [devices, numbers] = inputs();
  const int which = find_audio_device(devices, options.device);
  if (which < 0 && options.device.empty())
    return make_error(Errc::io, "this machine has no sound input (there are: {})", names_of(devices));
  if (which < 0)
    return make_error(Errc::io, "there is no sound input \"{}\"; there are: {}", options.device, names_of(devices));
  const AudioDevice& device = devices[static_cast<std::size_t>(which)];
  const int channels = std::clamp(options.channels, 1, 6);
  const int skipped = std::clamp(options.first_channel, 1, kMostChannels) - 1;
  if (skipped + channels > device.channels) {
    return make_error(Errc::io, "the sound input \"{}\" has {} channels, not {}", device.name, device.channels,
                      skipped + channels);
  }
  std::unique_ptr<InputStream> stream(new InputStream(channels, skipped, device.name));
  const PaDeviceIndex number = numbers[static_cast<std::size_t>(which)];
  PaStreamParameters parameters{};
  parameters.device = number;
  parameters.channelCount = skipped + channels;
  parameters.sampleFormat = paFloat32;
  parameters.suggestedLatency = std::max(kLatency, Pa_GetDeviceInfo(number)->defaultLowInputLatency);
  const auto open_at = [&](int rate) {
    stream->rate_ = rate;
    return Pa_OpenStream(&stream->stream_, &parameters, nullptr, rate, paFramesPerBufferUnspecified, paNoFlag,
                         &Callback::take, stream.get());
  };
  PaError error = open_at(kProgramSampleRate);
  if (error == paInvalidSampleRate) error = open_at(static_cast<int>(device.sample_rate));
  if (error == paNoError) {
    error = Pa_StartStream(stream->stream_);
    if (error != paNoError) Pa_CloseStream(std::exchange(stream->stream_, nullptr));
  }
  if (error != paNoError)
    return make_error(Errc::io, "the sound input \"{}\" does not open: {}", device.name, error_text(error));
  stream->token_ = std::move(token);
  return stream;
}

InputStream::~InputStream() {
  if (stream_ == nullptr) return;
  std::lock_guard lock(PortAudioToken::mutex());
  Pa_AbortStream(stream_);
  Pa_CloseStream(stream_);
}

std::size_t InputStream::read(std::span<float> into) {
  const std::size_t channels = static_cast<std::size_t>(channels_);
  return ring_.read(into.first(into.size() / channels * channels)) / channels;
}

bool InputStream::running() const {
  return Pa_IsStreamActive(stream_) == 1;
}

}  // namespace mainstay::ffi
