#include "engine/ffi/loudness/loudness_meter.h"

#include <ebur128.h>

#include <limits>

#include "engine/media/channels.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

namespace {

constexpr int kModes = EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_HISTOGRAM;

Result<ebur128_state*> make_state(int channels) {
  ebur128_state* const state = ebur128_init(static_cast<unsigned>(channels), kProgramSampleRate, kModes);
  if (state == nullptr) return make_error(Errc::io, "no memory for a loudness meter");
  if (channels == kMostChannels) {
    constexpr int kMap[kMostChannels] = {EBUR128_LEFT,   EBUR128_RIGHT,         EBUR128_CENTER,
                                         EBUR128_UNUSED, EBUR128_LEFT_SURROUND, EBUR128_RIGHT_SURROUND};
    for (unsigned c = 0; c < kMostChannels; ++c) (void)ebur128_set_channel(state, c, kMap[c]);
  }
  return state;
}

}  // namespace

struct LoudnessMeter::State {
  ebur128_state* meter = nullptr;
  int channels = 2;
  ~State() { ebur128_destroy(&meter); }
};

LoudnessMeter::LoudnessMeter(std::unique_ptr<State> state) : state_(std::move(state)) {}
LoudnessMeter::~LoudnessMeter() = default;

Result<std::unique_ptr<LoudnessMeter>> LoudnessMeter::make(int channels) {
  MAINSTAY_TRY(ebur128_state* const meter, make_state(channels));
  auto state = std::make_unique<State>();
  state->channels = channels;
  state->meter = meter;
  return std::unique_ptr<LoudnessMeter>(new LoudnessMeter(std::move(state)));
}

void LoudnessMeter::add(std::span<const float> interleaved) {
  // Fails only for want of memory, which it has taken in the beginning.
  (void)ebur128_add_frames_float(state_->meter, interleaved.data(),
                                 interleaved.size() / static_cast<std::size_t>(state_->channels));
}

Loudness LoudnessMeter::now() const {
  Loudness out{-std::numeric_limits<double>::infinity(), -std::numeric_limits<double>::infinity()};
  (void)ebur128_loudness_momentary(state_->meter, &out.momentary);
  (void)ebur128_loudness_shortterm(state_->meter, &out.short_term);
  return out;
}

LongLoudness LoudnessMeter::so_far() const {
  LongLoudness out{-std::numeric_limits<double>::infinity(), 0};
  (void)ebur128_loudness_global(state_->meter, &out.integrated);
  (void)ebur128_loudness_range(state_->meter, &out.range);
  return out;
}

Status LoudnessMeter::reset() {
  MAINSTAY_TRY(ebur128_state* const meter, make_state(state_->channels));
  ebur128_destroy(&state_->meter);
  state_->meter = meter;
  return {};
}

}  // namespace mainstay::ffi
