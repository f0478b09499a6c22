#include "engine/audio/strip.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mainstay {

using show::AudioBus;

namespace {

constexpr int kSettled = kProgramSampleRate;  // of silence: longer than what filters still give out

int delay_of(const show::Strip& settings) {
  return static_cast<int>(std::lround(settings.delay_ms * kProgramSampleRate / 1000));
}

// (1 - m)·own side + m·mean: written as a difference, so that what is mono already stays bit for bit.
void fold(Ramp& amount, std::span<float> left, std::span<float> right, PlanesBuffer& scratch) {
  const Planes towards = scratch.resize(all_of(2), left.size());
  for (std::size_t i = 0; i < left.size(); ++i) {
    towards.data[0][i] = (right[i] - left[i]) / 2;
    towards.data[1][i] = -towards.data[0][i];
  }
  Ramp other = amount;
  amount.mix(towards.plane(0), left);
  other.mix(towards.plane(1), right);
}

// Sides in front, and sides behind; what is in the middle stays.
void to_mono(Ramp& amount, const Planes& data, PlanesBuffer& scratch) {
  const Ramp before = amount;
  amount.skip(data.size());
  for (int i = 0; i + 1 < data.count; ++i) {
    const bool sides = data.channel(i) == kLeft || data.channel(i) == kLeftSurround;
    if (!sides || data.channel(i + 1) != data.channel(i) + 1) continue;
    Ramp own = before;
    fold(own, data.plane(i), data.plane(i + 1), scratch);
  }
}

}  // namespace

Strip::Strip(const show::Strip& settings, bool fresh, int channels)
    : channels_(channels), settings_(settings), fresh_(fresh), meter_(channels) {
  configure();
  equaliser_.set(settings.eq, true);
  delay_.jump(own_delay());
  mono_.jump(settings.mono ? 1 : 0);
}

void Strip::set(const show::Strip& settings) {
  if (settings == settings_) return;
  settings_ = settings;
  changed_ = true;
  configure();
}

void Strip::configure() {
  denoiser_.set(settings_.denoise);
  gate_.set(settings_.gate);
  equaliser_.set(settings_.eq, asleep_);
  compressor_.set(settings_.compressor);
  limiter_.set(settings_.limiter);
  ducker_.set(settings_.duck);
  delay_.set(own_delay());
  mono_.set(settings_.mono ? 1 : 0, kLevelRamp);
}

bool Strip::filters_idle() const {
  return denoiser_.is_idle() && gate_.is_idle() && equaliser_.is_idle() && compressor_.is_idle() && limiter_.is_idle();
}

/// What of the delay that is asked for the denoiser has not made already.
int Strip::own_delay() const {
  return std::max(0, delay_of(settings_) - denoiser_.latency());
}

int Strip::latency() const {
  return std::max(0, denoiser_.latency() - delay_of(settings_));
}

bool Strip::thru() const {
  return filters_idle() && delay_.is_idle() && mono_.is_off();
}

void Strip::fall_asleep() {
  if (std::exchange(asleep_, true)) return;
  denoiser_.clear();
  equaliser_.clear();
  equaliser_.set(settings_.eq, true);
  delay_.clear();
  set_ = 0;
}

/// Planes of its own, with what the signal holds.
Planes Strip::own(ChannelSet set, std::size_t samples) {
  const PlanesView before = signal_;
  const Planes data = buffer_.resize(set, samples);
  if (before.size() == samples && before.set() == set && before.data[0] != data.data[0]) copy(before, data);
  signal_ = data;
  block_ = nullptr;
  return data;
}

/// Nothing is to be done to it: the signal is the block.
bool Strip::take_as_it_is(const AudioBlockPtr& block, int samples) {
  if (block->samples != samples || !thru()) return false;
  if (block->channels == channels_) {
    block_ = block;
    signal_ = view_of(*block);
    return true;
  }
  if (channels_ < kMostChannels) return false;
  narrow_ = block;
  signal_ = placed_in_surround(*block);
  return true;
}

void Strip::see_channels(const AudioBlock* block) {
  if (block == nullptr) return;
  const ChannelSet comes = channels_in(*block, channels_);
  const bool centre = channels_ == kMostChannels && (comes | set_) == 1U << kCentre;
  if (centre == is_centre_) return;
  is_centre_ = centre;
  changed_ = true;
  if (!centre || !asleep_) return;
  // Nothing has sounded: the sides, which other sound would have been heard in, do not fade out.
  for (Faders& faders : buses_) {
    faders[kLeft].jump(0);
    faders[kRight].jump(0);
  }
}

void Strip::process(const AudioBlockPtr& block, int samples, Level level, bool listen) {
  const bool silent = !block || block == known_silent_ || mainstay::is_silent(*block);
  see_channels(silent ? nullptr : block.get());
  set_targets(level, listen, samples);
  mixed_.fill(false);
  signal_ = {};
  block_ = nullptr;
  narrow_ = nullptr;
  known_silent_ = silent ? block : nullptr;
  quiet_ = silent ? std::min(quiet_ + samples, 2 * DelayLine::kMost) : 0;
  if (silent && (thru() || quiet_ > kSettled + std::max(delay_.delay(), delay_of(settings_)))) {
    mono_.skip(static_cast<std::size_t>(samples));
    return fall_asleep();
  }
  asleep_ = false;
  if (!silent && take_as_it_is(block, samples)) {
    set_ = 0;
    return;
  }
  // What filters and delay still hold of a channel comes out, also when no more of it comes.
  if (!silent) set_ |= channels_in(*block, channels_);
  if (set_ == 0) set_ = all_of(std::min(channels_, 2));
  const Planes data = own(set_, static_cast<std::size_t>(samples));
  if (silent) {
    for (int c = 0; c < data.count; ++c) std::fill_n(data.data[c], data.samples, 0.0F);
  } else {
    to_layout(*block, channels_, data);
  }
  if (!denoiser_.is_idle()) denoiser_.process(data);
  if (!gate_.is_idle()) gate_.process(data);
  if (!equaliser_.is_idle()) equaliser_.process(data);
  if (!compressor_.is_idle()) compressor_.process(data);
  if (!limiter_.is_idle()) limiter_.process(data);
  if (!delay_.is_idle()) delay_.process(data);
  if (!mono_.is_off()) to_mono(mono_, data, scratch_);
}

void Strip::duck(const Strip* key) {
  if (is_silent() || ducker_.is_idle()) return;
  const Planes data = own(signal_.set(), signal_.size());
  if (key != nullptr && !key->is_silent()) {
    ducker_.process(key->signal(), key->program_gain(), data);
  } else {
    ducker_.process(data, 0, data);
  }
}

// --- levels ----------------------------------------------------------------------------------------------------------

void Strip::set_targets(Level level, bool listen, int samples) {
  if (!changed_ && level.value == level_.value && listen == listen_) {
    since_change_ = std::min(since_change_ + samples, 1 << 20);
    return;
  }
  changed_ = false;
  level_ = level;
  listen_ = listen;
  const show::Strip& s = settings_;
  const float fader = gain_of(s.gain_db);
  const ChannelGains middle = placed(0);
  ChannelGains post = placed(s.pan);
  for (float& gain : post) gain *= fader;
  const float heard = s.mute ? 0.0F : s.follow_video ? level.value : 1.0F;
  // A level that is set tick after tick is a fader in somebody's hand, or a transition: no steps between the ticks.
  const bool dragged = since_change_ <= 2 * samples;
  const int ramp = (s.follow_video && level.glides) || dragged ? samples : std::min(kLevelRamp, samples);
  fader_ = post;
  const auto times = [](ChannelGains gains, float factor) {
    for (float& gain : gains) gain *= factor;
    return gains;
  };
  const Faders before = buses_[static_cast<int>(AudioBus::program)];
  set_bus(static_cast<int>(AudioBus::program), times(post, s.program ? heard : 0.0F), ramp);
  set_bus(static_cast<int>(AudioBus::monitor), times(middle, listen ? 1.0F : 0.0F), ramp);
  for (int aux = 0; aux < 4; ++aux) {
    const auto& send = s.sends.of(aux);
    const float gain = send ? gain_of(send->gain_db) : 0.0F;
    const bool pre = send && send->pre_fader;
    set_bus(static_cast<int>(AudioBus::aux1) + aux, pre ? times(middle, gain) : times(post, gain * heard), ramp);
  }
  const Faders& now = buses_[static_cast<int>(AudioBus::program)];
  const bool changed = !std::equal(before.begin(), before.begin() + channels_, now.begin(),
                                   [](const Ramp& a, const Ramp& b) { return a.target() == b.target(); });
  since_change_ = changed && !fresh_ ? 0 : std::min(since_change_ + samples, 1 << 20);
  fresh_ = false;
}

/// What a pan makes of each channel.
ChannelGains Strip::placed(double pan) const {
  ChannelGains out = kUnity;
  if (channels_ == 1) return out;
  const float left = std::min(1.0F, 1 - static_cast<float>(pan));
  const float right = std::min(1.0F, 1 + static_cast<float>(pan));
  if (!is_centre_) {
    out[kLeft] = out[kLeftSurround] = left;
    out[kRight] = out[kRightSurround] = right;
    return out;
  }
  // Mono in 5.1 goes from the centre to a side with its power unchanged.
  const double angle = std::abs(pan) * std::numbers::pi / 2;
  const float side = pan == 0 ? 0.0F : static_cast<float>(std::sin(angle));
  out[kLeft] = pan < 0 ? side : 0;
  out[kRight] = pan > 0 ? side : 0;
  out[kCentre] = std::abs(pan) >= 1 ? 0.0F : static_cast<float>(std::cos(angle));
  return out;
}

void Strip::set_bus(int bus, const ChannelGains& gains, int samples) {
  for (int c = 0; c < channels_; ++c) {
    if (fresh_) {
      buses_[bus][c].jump(gains[c]);
    } else {
      buses_[bus][c].set(gains[c], samples);
    }
  }
}

float Strip::program_gain() const {
  const Faders& faders = buses_[static_cast<int>(AudioBus::program)];
  float most = 0;
  for (int c = 0; c < channels_; ++c) most = std::max(most, faders[c].target());
  return most;
}

bool Strip::is_off(AudioBus bus) const {
  if (is_silent()) return true;
  const Faders& faders = buses_[static_cast<int>(bus)];
  return std::all_of(faders.begin(), faders.begin() + channels_, [](const Ramp& fader) { return fader.is_off(); });
}

bool Strip::passes(AudioBus bus) const {
  if (!block_) return false;
  const Faders& faders = buses_[static_cast<int>(bus)];
  return std::all_of(faders.begin(), faders.begin() + channels_, [](const Ramp& fader) { return fader.is_unity(); });
}

/// The signal by the channels that it is heard in: what is mono in 5.1 may be in three.
PlanesView Strip::heard() const {
  if (!is_centre_ || signal_.count != 1) return signal_;
  PlanesView out{.samples = signal_.samples};
  for (const int channel : {kLeft, kRight, kCentre}) out.add(channel, signal_.data[0]);
  return out;
}

void Strip::mix(AudioBus bus, const Planes& out) {
  Faders& faders = buses_[static_cast<int>(bus)];
  mixed_[static_cast<int>(bus)] = true;
  const PlanesView from = heard();
  int next = 0;  // of the planes
  for (int channel = 0; channel < channels_; ++channel) {
    if (next < from.count && from.channel(next) == channel) {
      faders[channel].mix(from.plane(next++), out.plane(channel));
    } else {
      faders[channel].skip(out.size());
    }
  }
}

void Strip::finish(int samples) {
  for (int bus = 0; bus < show::kAudioBuses; ++bus) {
    if (mixed_[bus]) continue;
    for (int c = 0; c < channels_; ++c) buses_[bus][c].skip(static_cast<std::size_t>(samples));
  }
  if (is_silent()) {
    meter_.silence(static_cast<std::size_t>(samples));
  } else {
    meter_.add(heard(), fader_);
  }
  tell_reduction();
}

void Strip::tell_reduction() {
  const float gain = std::max(gate_.gain() * limiter_.gain() * ducker_.gain(), 1e-6F);
  meter_.tell_latency(static_cast<float>(latency()) * 1000 / kProgramSampleRate);
  meter_.tell_reduction(compressor_.reduction_db() - db_of(gain));
}

}  // namespace mainstay
