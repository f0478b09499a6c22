#include "engine/audio/mixer.h"

#include <algorithm>

namespace mainstay {

using show::AudioBus;

namespace {

constexpr int index_of(AudioBus bus) {
  return static_cast<int>(bus);
}

MeterReading read(const MeterValues& values, int channels) {
  MeterReading out{.channels = channels};
  for (int c = 0; c < channels; ++c) {
    out.peak_db[c] = values.peak_db[c].load(std::memory_order_relaxed);
    out.held_db[c] = values.held_db[c].load(std::memory_order_relaxed);
    out.rms_db[c] = values.rms_db[c].load(std::memory_order_relaxed);
  }
  out.reduction_db = values.reduction_db.load(std::memory_order_relaxed);
  out.latency_ms = values.latency_ms.load(std::memory_order_relaxed);
  return out;
}

LoudnessReading read(const LoudnessValues& values) {
  return {values.momentary.load(std::memory_order_relaxed), values.short_term.load(std::memory_order_relaxed),
          values.integrated.load(std::memory_order_relaxed), values.range.load(std::memory_order_relaxed),
          values.measured_s.load(std::memory_order_relaxed)};
}

bool same_strips(const auto& board, const std::vector<std::string>& names) {
  return std::equal(board.begin(), board.end(), names.begin(), names.end(),
                    [](const auto& named, const std::string& name) { return named.name == name; });
}

}  // namespace

Mixer::Mixer(int channels)
    : channels_(channels),
      buses_{Bus(channels), Bus(channels), Bus(channels), Bus(channels), Bus(channels), Bus(channels)},
      master_(channels) {}

void Mixer::use(const show::Mixer& settings, const std::vector<std::string>& names, const Wanted& wanted) {
  const auto settings_of = [&](const std::string& name) {
    const auto found = settings.strips.find(name);
    return found == settings.strips.end() ? show::Strip{} : found->second;
  };
  if (!same_strips(*strips_, names)) {
    auto strips = std::make_shared<Board>();
    for (const std::string& name : names) {
      const auto known = std::find_if(strips_->begin(), strips_->end(), [&](const Named& n) { return n.name == name; });
      strips->push_back({name, known != strips_->end()
                                   ? known->strip
                                   : std::make_shared<Strip>(settings_of(name), !running_, channels_)});
    }
    strips_ = std::move(strips);
    std::lock_guard lock(board_mutex_);
    board_ = strips_;
  }
  for (const Named& named : *strips_) named.strip->set(settings_of(named.name));
  for (int i = 0; i < show::kAudioBuses; ++i) buses_[i].set(settings.buses.of(i), !running_);
  master_.set(settings.limiter);
  wanted_ = wanted;
}

const Strip* Mixer::key_of(const Strip& strip) const {
  if (!strip.settings().duck) return nullptr;
  const auto found = std::find_if(strips_->begin(), strips_->end(),
                                  [&](const Named& n) { return n.name == strip.settings().duck->by; });
  return found == strips_->end() ? nullptr : found->strip.get();
}

Mixer::Sound Mixer::mix(std::span<const Input> inputs, int samples) {
  const bool solo =
      std::any_of(strips_->begin(), strips_->end(), [](const Named& named) { return named.strip->settings().solo; });
  monitors_program_.set(solo ? 0 : 1, std::min(kLevelRamp, samples));
  for (std::size_t i = 0; i < strips_->size(); ++i) {
    Strip& strip = *(*strips_)[i].strip;
    const Input input = i < inputs.size() ? inputs[i] : Input{};
    strip.process(input.block, samples, input.level, strip.settings().solo);
  }
  for (const Named& named : *strips_) named.strip->duck(key_of(*named.strip));

  Sound out;
  const AudioBlockPtr program = faded(AudioBus::program, sum(AudioBus::program, samples), samples);
  AudioBlockPtr& on_air = out[index_of(AudioBus::program)] = master_.process(program);
  buses_[index_of(AudioBus::program)].tell_reduction(master_.reduction_db());
  if (on_air) measure(AudioBus::program, on_air, samples);
  out[index_of(AudioBus::monitor)] = monitor(program, samples);
  for (int i = index_of(AudioBus::aux1); i < show::kAudioBuses; ++i) {
    const auto bus = static_cast<AudioBus>(i);
    AudioBlockPtr block = anything(bus) || wanted_[i] ? faded(bus, sum(bus, samples), samples) : nullptr;
    measure(bus, block, samples);
    if (wanted_[i]) out[i] = std::move(block);
  }
  for (const Named& named : *strips_) named.strip->finish(samples);
  running_ = true;
  return out;
}

bool Mixer::anything(AudioBus bus) const {
  return std::any_of(strips_->begin(), strips_->end(), [&](const Named& n) { return !n.strip->is_off(bus); });
}

AudioBlockPtr Mixer::silence(int samples) {
  // A rate has at most two tick lengths: both are kept.
  if (!silences_[0] || silences_[0]->samples != samples) std::swap(silences_[0], silences_[1]);
  if (!silences_[0] || silences_[0]->samples != samples)
    silences_[0] = std::make_shared<const AudioBlock>(channels_, samples);
  return silences_[0];
}

AudioBlockPtr Mixer::sum(AudioBus bus, int samples) {
  Strip* first = nullptr;
  std::shared_ptr<AudioBlock> block;
  for (const Named& named : *strips_) {
    Strip& strip = *named.strip;
    if (strip.is_off(bus)) continue;
    if (first == nullptr && strip.passes(bus)) {
      first = &strip;
      continue;
    }
    if (!block) block = std::make_shared<AudioBlock>(channels_, samples);
    strip.mix(bus, planes_of(*block));
  }
  if (first == nullptr) return block ? block : silence(samples);
  if (!block) {
    ++passed_;
    return first->block();
  }
  first->mix(bus, planes_of(*block));
  return block;
}

AudioBlockPtr Mixer::faded(AudioBus bus, AudioBlockPtr block, int samples) {
  Bus& fader = buses_[index_of(bus)];
  if (fader.is_unity()) return block;
  if (fader.is_off()) return silence(samples);
  const auto out = std::make_shared<AudioBlock>(*block);
  fader.fade(planes_of(*out));
  return out;
}

// The program before its limiter, so that nothing lags, or what is in solo.
AudioBlockPtr Mixer::monitor(const AudioBlockPtr& program, int samples) {
  const bool listens = anything(AudioBus::monitor);
  const bool plain = monitors_program_.is_unity() && !listens;
  if (!wanted_[index_of(AudioBus::monitor)] && plain) {
    measure(AudioBus::monitor, nullptr, samples);
    return nullptr;
  }
  AudioBlockPtr block = program;
  if (!plain) {
    const auto mixed = std::make_shared<AudioBlock>(channels_, samples);
    const Ramp before = monitors_program_;
    for (int c = 0; c < channels_; ++c) {
      monitors_program_ = before;
      monitors_program_.mix(program->plane(c), mixed->plane(c));
    }
    for (const Named& named : *strips_) {
      if (!named.strip->is_off(AudioBus::monitor)) named.strip->mix(AudioBus::monitor, planes_of(*mixed));
    }
    block = mixed;
  }
  block = faded(AudioBus::monitor, std::move(block), samples);
  measure(AudioBus::monitor, block, samples);
  return block;
}

void Mixer::measure(AudioBus bus, const AudioBlockPtr& block, int samples) {
  Bus& meter = buses_[index_of(bus)];
  if (!block || block == silences_[0] || is_silent(*block)) {
    meter.measure_silence(static_cast<std::size_t>(block ? block->samples : samples));
  } else {
    meter.measure(view_of(*block));
  }
}

MixerReadings Mixer::readings() const {
  std::shared_ptr<const Board> board;
  {
    std::lock_guard lock(board_mutex_);
    board = board_;
  }
  MixerReadings out;
  if (board) {
    for (const Named& named : *board) out.strips.emplace_back(named.name, read(named.strip->meter_values(), channels_));
  }
  for (int i = 0; i < show::kAudioBuses; ++i) {
    out.buses[i] = read(buses_[i].meter(), channels_);
    out.loudness[i] = read(buses_[i].loudness());
  }
  return out;
}

}  // namespace mainstay
