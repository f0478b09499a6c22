#include "engine/audio/strip.h"

#include <algorithm>
#include <cmath>

namespace mainstay {

using show::AudioBus;

namespace {

constexpr int kSettled = kProgramSampleRate;  // of silence: longer than what filters still give out

int delay_of(const show::Strip& settings) {
  return static_cast<int>(std::lround(settings.delay_ms * kProgramSampleRate / 1000));
}

// (1 - m)·own side + m·mean: written as a difference, so that what is mono already stays bit for bit.
void to_mono(Ramp& amount, StereoSpan data, StereoBuffer& scratch) {
  const StereoSpan towards = scratch.resize(data.size());
  for (std::size_t i = 0; i < data.size(); ++i) {
    towards.left[i] = (data.right[i] - data.left[i]) / 2;
    towards.right[i] = -towards.left[i];
  }
  Ramp other = amount;
  amount.mix(towards.left, data.left);
  other.mix(towards.right, data.right);
}

}  // namespace

Strip::Strip(const show::Strip& settings, bool fresh) : settings_(settings), fresh_(fresh) {
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
}

StereoSpan Strip::own(std::size_t samples) {
  const StereoSpan data = buffer_.resize(samples);
  if (signal_.size() == samples && signal_.left.data() != data.left.data()) {
    std::copy(signal_.left.begin(), signal_.left.end(), data.left.begin());
    std::copy(signal_.right.begin(), signal_.right.end(), data.right.begin());
  }
  signal_ = data;
  block_ = nullptr;
  return data;
}

void Strip::process(const AudioBlockPtr& block, int samples, Level level, bool listen) {
  set_targets(level, listen, samples);
  mixed_.fill(false);
  signal_ = {};
  block_ = nullptr;
  const bool silent = !block || block == known_silent_ || mainstay::is_silent(*block);
  known_silent_ = silent ? block : nullptr;
  quiet_ = silent ? std::min(quiet_ + samples, 2 * DelayLine::kMost) : 0;
  if (silent && (thru() || quiet_ > kSettled + std::max(delay_.delay(), delay_of(settings_)))) {
    mono_.skip(static_cast<std::size_t>(samples));
    return fall_asleep();
  }
  asleep_ = false;
  const bool fits = !silent && block->channels == 2 && block->samples == samples;
  if (fits && thru()) {
    block_ = block;
    signal_ = view_of(*block);
    return;
  }
  const StereoSpan data = own(static_cast<std::size_t>(samples));
  if (silent) {
    std::fill(data.left.begin(), data.left.end(), 0.0F);
    std::fill(data.right.begin(), data.right.end(), 0.0F);
  } else {
    to_stereo(*block, data);
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
  const StereoSpan data = own(signal_.size());
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
  const auto pan = static_cast<float>(s.pan);
  const float left = fader * std::min(1.0F, 1 - pan);
  const float right = fader * std::min(1.0F, 1 + pan);
  const float heard = s.mute ? 0.0F : s.follow_video ? level.value : 1.0F;
  // A level that is set tick after tick is a fader in somebody's hand, or a transition: no steps between the ticks.
  const bool dragged = since_change_ <= 2 * samples;
  const int ramp = (s.follow_video && level.glides) || dragged ? samples : std::min(kLevelRamp, samples);
  fader_ = {left, right};
  const float program = s.program ? heard : 0.0F;
  const std::array<float, 2> before{buses_[0][0].target(), buses_[0][1].target()};
  set_bus(static_cast<int>(AudioBus::program), left * program, right * program, ramp);
  set_bus(static_cast<int>(AudioBus::monitor), listen ? 1.0F : 0.0F, listen ? 1.0F : 0.0F, ramp);
  for (int aux = 0; aux < 4; ++aux) {
    const auto& send = s.sends.of(aux);
    const float gain = send ? gain_of(send->gain_db) : 0.0F;
    const bool pre = send && send->pre_fader;
    set_bus(static_cast<int>(AudioBus::aux1) + aux, gain * (pre ? 1 : left * heard), gain * (pre ? 1 : right * heard),
            ramp);
  }
  const bool changed = before[0] != buses_[0][0].target() || before[1] != buses_[0][1].target();
  since_change_ = changed && !fresh_ ? 0 : std::min(since_change_ + samples, 1 << 20);
  fresh_ = false;
}

void Strip::set_bus(int bus, float left, float right, int samples) {
  const std::array<float, 2> wanted{left, right};
  for (int side = 0; side < 2; ++side) {
    if (fresh_) {
      buses_[bus][side].jump(wanted[side]);
    } else {
      buses_[bus][side].set(wanted[side], samples);
    }
  }
}

float Strip::program_gain() const {
  const Sides& sides = buses_[static_cast<int>(AudioBus::program)];
  return std::max(sides[0].target(), sides[1].target());
}

bool Strip::is_off(AudioBus bus) const {
  const Sides& sides = buses_[static_cast<int>(bus)];
  return is_silent() || (sides[0].is_off() && sides[1].is_off());
}

bool Strip::passes(AudioBus bus) const {
  const Sides& sides = buses_[static_cast<int>(bus)];
  return block_ && sides[0].is_unity() && sides[1].is_unity();
}

void Strip::mix(AudioBus bus, StereoSpan out) {
  Sides& sides = buses_[static_cast<int>(bus)];
  mixed_[static_cast<int>(bus)] = true;
  for (int side = 0; side < 2; ++side) sides[side].mix(signal_.side(side), out.side(side));
}

void Strip::finish(int samples) {
  for (int bus = 0; bus < show::kAudioBuses; ++bus) {
    if (mixed_[bus]) continue;
    for (Ramp& side : buses_[bus]) side.skip(static_cast<std::size_t>(samples));
  }
  if (is_silent()) {
    meter_.silence(static_cast<std::size_t>(samples));
  } else {
    meter_.add(signal_, fader_);
  }
  tell_reduction();
}

void Strip::tell_reduction() {
  const float gain = std::max(gate_.gain() * limiter_.gain() * ducker_.gain(), 1e-6F);
  meter_.tell_latency(static_cast<float>(latency()) * 1000 / kProgramSampleRate);
  meter_.tell_reduction(compressor_.reduction_db() - db_of(gain));
}

}  // namespace mainstay
