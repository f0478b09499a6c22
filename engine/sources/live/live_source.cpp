#include "engine/sources/live/live_source.h"

#include <utility>

namespace mainstay {

namespace {

constexpr const char* kNotOffline = "it is taken as it comes and cannot run offline";
constexpr Nanos kBufferRoom = Millis(1500);  // beyond the delay

LiveLink::Options named(LiveLink::Options options, const std::string& source) {
  options.source = source;
  return options;
}

}  // namespace

LiveSource::LiveSource(SourceContext context, Nanos delay, LiveLink::Options link, MakeLiveFeed make)
    : context_(std::move(context)),
      delay_(delay),
      what_(link.what),
      buffer_(context_.clock, {.span = delay + kBufferRoom}),
      playout_({.rate = context_.rate, .delay = delay, .rules = {}, .keep = context_.hold}, context_.clock.now(),
               buffer_, nullptr),
      link_(named(std::move(link), context_.name), context_.clock, context_.log, buffer_, std::move(make)) {}

void LiveSource::start() {
  if (context_.clock.offline()) {
    context_.log.error("source " + context_.name, "{}: {}", what_, kNotOffline);
    return;
  }
  link_.start();
}

bool LiveSource::ready() const {
  if (context_.clock.offline()) return true;
  const std::int64_t failures = link_.status().failures;
  {
    std::lock_guard lock(mutex_);
    if (hidden_ || failures > forgiven_) return true;
  }
  return buffer_.view().startable(context_.clock.now(), delay_);
}

void LiveSource::hide(bool hidden) {
  if (context_.clock.offline()) return;
  const std::int64_t failures = link_.status().failures;
  {
    std::lock_guard lock(mutex_);
    hidden_ = hidden;
    playing_ = shown_ = false;
    forgiven_ = failures;
    status_.av_offset.reset();
  }
  link_.rest(hidden);
}

SourceOutput LiveSource::pull(FrameIndex frame, std::stop_token) {
  if (context_.clock.offline()) return {};
  SourceOutput out = playout_.pull(frame, context_.clock.now());
  const bool missing = !playout_.playing();
  out.repeated = missing && out.video != nullptr;

  std::lock_guard lock(mutex_);
  ++status_.frames;
  if (missing) ++status_.repeated;
  counts_ = playout_.counts();
  status_.skipped = counts_.skipped;
  status_.av_offset = playout_.player(playout_.on_air()).av_offset();
  playing_ = !missing;
  shown_ = shown_ || playing_;
  return out;
}

SourceStatus LiveSource::status() const {
  const LiveLinkStatus link = link_.status();
  std::lock_guard lock(mutex_);
  SourceStatus status = status_;
  if (context_.clock.offline()) {
    status.state = SourceState::failed;
    status.detail = fmt::format("{}: {}", what_, kNotOffline);
    return status;
  }
  const bool open = link.phase == LivePhase::open;
  const bool fails = link.phase == LivePhase::waiting || link.phase == LivePhase::hung || link.failures > forgiven_;
  if (hidden_ && (open || !fails)) {
    status.state = SourceState::resting;
    status.detail = link.phase == LivePhase::closed ? "closed: nobody sees it" : "stands still: nobody sees it";
  } else if (open && playing_) {
    status.state = SourceState::live;
    status.detail = link.summary;
  } else if (open && shown_) {
    status.state = SourceState::stalled;
    status.detail = "nothing comes";
  } else if (open || !fails) {
    status.state = SourceState::opening;
    status.detail = open ? link.summary : what_;
  } else {
    status.state = link.lost ? SourceState::stalled : SourceState::failed;
    status.detail = link.lost ? fmt::format("lost: {}; it is opened again", link.trouble) : link.trouble;
    status.retries = true;
  }
  return status;
}

PlayerCounts LiveSource::counts() const {
  std::lock_guard lock(mutex_);
  return counts_;
}

}  // namespace mainstay
