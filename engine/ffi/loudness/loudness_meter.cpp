#include "engine/ffi/loudness/loudness_meter.h"

#include <ebur128.h>

#include <limits>

#include "engine/media/rate.h"

namespace mainstay::ffi {

namespace {

constexpr int kModes = EBUR128_MODE_M | EBUR128_MODE_S | EBUR128_MODE_I | EBUR128_MODE_LRA | EBUR128_MODE_HISTOGRAM;

Result<ebur128_state*> make_state() {
  ebur128_state* const state = ebur128_init(2, kProgramSampleRate, kModes);
  if (state == nullptr) return make_error(Errc::io, "no memory for a loudness meter");
  return state;
}

}  // namespace

struct LoudnessMeter::State {
  ebur128_state* meter = nullptr;
  ~State() { ebur128_destroy(&meter); }
};

LoudnessMeter::LoudnessMeter(std::unique_ptr<State> state) : state_(std::move(state)) {}
LoudnessMeter::~LoudnessMeter() = default;

Result<std::unique_ptr<LoudnessMeter>> LoudnessMeter::make() {
  MAINSTAY_TRY(ebur128_state* const meter, make_state());
  auto state = std::make_unique<State>();
  state->meter = meter;
  return std::unique_ptr<LoudnessMeter>(new LoudnessMeter(std::move(state)));
}

void LoudnessMeter::add(std::span<const float> interleaved) {
  // Fails only for want of memory, which it has taken in the beginning.
  (void)ebur128_add_frames_float(state_->meter, interleaved.data(), interleaved.size() / 2);
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
  MAINSTAY_TRY(ebur128_state* const meter, make_state());
  ebur128_destroy(&state_->meter);
  state_->meter = meter;
  return {};
}

}  // namespace mainstay::ffi
