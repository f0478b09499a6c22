#include "engine/deliver/leg_machine.h"

#include <algorithm>

namespace mainstay {

const char* to_string(LegState state) {
  switch (state) {
    case LegState::idle:
      return "idle";
    case LegState::connecting:
      return "connecting";
    case LegState::live:
      return "live";
    case LegState::degraded:
      return "degraded";
    case LegState::backoff:
      return "backoff";
    case LegState::stopped:
      break;
  }
  return "stopped";
}

void LegMachine::enter(LegState state, Instant now) {
  state_ = state;
  since_ = now;
}

LegAction LegMachine::connect(Instant now) {
  enter(LegState::connecting, now);
  ++attempts_;
  return LegAction::connect;
}

void LegMachine::wait(Instant now) {
  enter(LegState::backoff, now);
  retry_at_ = now + backoff_.next();
}

LegAction LegMachine::start(Instant now) {
  if (state_ != LegState::idle && state_ != LegState::stopped) return LegAction::none;
  backoff_.reset();
  detail_.clear();
  started_ = now;
  first_connect_.reset();
  return connect(now);
}

LegAction LegMachine::stop(Instant now) {
  if (state_ == LegState::stopped) return LegAction::none;
  const bool connected = state_ == LegState::connecting || on_air(state_);
  enter(LegState::stopped, now);
  detail_.clear();
  outage_open_ = false;  // nobody wants delivery any more: what was open stays without a recovery
  return connected ? LegAction::disconnect : LegAction::none;
}

LegAction LegMachine::retry_now(Instant now) {
  return state_ == LegState::backoff ? connect(now) : LegAction::none;
}

LegAction LegMachine::opened(Instant now) {
  // A stop may have crossed the result of the attempt: then the new connection must go.
  if (state_ == LegState::stopped) return LegAction::disconnect;
  if (state_ != LegState::connecting) return LegAction::none;
  enter(LegState::live, now);
  connected_ = now;
  detail_.clear();
  ++connects_;
  if (!first_connect_) first_connect_ = now - started_;
  return LegAction::none;
}

LegAction LegMachine::open_failed(Instant now, const Error& error) {
  if (state_ != LegState::connecting) return LegAction::none;
  detail_ = error.describe();
  wait(now);
  return LegAction::disconnect;
}

LegAction LegMachine::lost(Instant now, Instant last_good, const Error& error) {
  if (!on_air(state_)) return LegAction::none;
  settle(now);
  detail_ = error.describe();
  begin_outage(now, last_good, detail_);
  wait(now);
  return LegAction::disconnect;
}

LegAction LegMachine::streams_changed(Instant now, Instant last_good) {
  if (!on_air(state_)) return LegAction::none;
  settle(now);
  detail_ = "the encoder's parameters changed: connecting again with new headers";
  begin_outage(now, last_good, detail_);
  return connect(now);
}

void LegMachine::delivered(Instant now) {
  if (!on_air(state_)) return;
  if (outage_open_) {
    outages_.back().recover = now;
    outage_open_ = false;
  }
}

LegAction LegMachine::congestion(Instant now, bool on, const std::string& why) {
  if (state_ == LegState::live && on) {
    enter(LegState::degraded, now);
    detail_ = why;
  } else if (state_ == LegState::degraded && on) {
    detail_ = why;
  } else if (state_ == LegState::degraded) {
    enter(LegState::live, now);
    detail_.clear();
  }
  return LegAction::none;
}

LegAction LegMachine::tick(Instant now) {
  settle(now);
  return state_ == LegState::backoff && now >= retry_at_ ? connect(now) : LegAction::none;
}

void LegMachine::settle(Instant now) {
  // Not at opened(): an ingest that accepts and hangs up at once would be tried every second for ever.
  if (on_air(state_) && now - connected_ >= policy_.stable) backoff_.reset();
}

void LegMachine::begin_outage(Instant now, Instant last_good, const std::string& reason) {
  if (outage_open_) return;  // the connection in between delivered nothing: still the same outage
  if (outages_.size() >= policy_.kept_outages) outages_.pop_front();
  outages_.push_back({std::min(last_good, now), now, std::nullopt, reason});
  ++outage_count_;
  outage_open_ = true;
}

}  // namespace mainstay
