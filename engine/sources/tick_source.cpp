#include "engine/sources/tick_source.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "engine/core/backoff.h"
#include "engine/sources/resting.h"

namespace mainstay {

namespace {

constexpr FrameIndex kRestartAhead = 4;  // ticks: from the end on, the first of them must not come too late

/// So many frames hold a whole number of samples: after each of them every frame has the samples it had before.
FrameIndex sample_period(Rate rate) {
  return rate.num / std::gcd(std::int64_t{kProgramSampleRate} * rate.den, std::int64_t{rate.num});
}

}  // namespace

TickSource::TickSource(SourceContext context, std::string what, std::unique_ptr<TickMaker> maker, Options options)
    : context_(std::move(context)),
      what_(std::move(what)),
      subject_("source " + context_.name),
      maker_(std::move(maker)),
      options_(options),
      queue_(context_.clock, {.items = options_.ahead, .bytes = kTickQueueBytes}, Overflow::block) {
  maker_->serve([this](const std::string& why) { trouble(why); }, [this] { return wanted(); });
}

FrameIndex TickSource::wanted() const {
  const FrameIndex pulled = pulled_;
  return pulled < 0 ? 0 : pulled + 1 + kRestartAhead;
}

TickSource::~TickSource() {
  maker_->abort();
  queue_.close();
  thread_.stop();
}

void TickSource::start() {
  thread_ = NamedThread("src/" + context_.name, [this](std::stop_token stop) { run(std::move(stop)); });
}

bool TickSource::ready() const {
  if (turning_ && !dead_) return false;
  if (finished_ || status().retries) return true;
  const QueueLevel level = queue_.level();
  return level.items >= options_.ahead || level.bytes >= kTickQueueBytes * 3 / 4;
}

Status TickSource::act(SourceAction action) {
  const auto kind = action == SourceAction::next ? MediaRequest::next : MediaRequest::restart;
  if (!maker_->can(kind)) return Source::act(action);
  paused_ = false;
  return ask(kind);
}

Status TickSource::previous() {
  if (!maker_->can(MediaRequest::previous)) return make_error(Errc::unsupported, "there is no item before it");
  paused_ = false;
  return ask(MediaRequest::previous);
}

void TickSource::seek(Nanos position) {
  if (maker_->can(MediaRequest::seek)) (void)ask(MediaRequest::seek, position);
}

void TickSource::pause(bool paused) {
  paused_ = paused;
}

Status TickSource::ask(MediaRequest::Kind kind, Nanos position) {
  std::lock_guard lock(mutex_);
  action_ = MediaRequest{kind, position, ++requests_, pulled_ + 1};
  if (kind == MediaRequest::seek) sought_ = requests_;
  action_asked_.notify_all();
  return {};
}

// A file may come later than the show (copied, mounted, mended): what does not open is tried again for as long as the
// source runs. Offline nothing changes while the program waits for it.
Status TickSource::open(const std::stop_token& stop) {
  Backoff backoff({}, std::hash<std::string>{}(context_.name));
  for (;;) {
    Status opened = maker_->open();
    if (opened || opened.error().code == Errc::cancelled || opened.error().code == Errc::end ||
        context_.clock.offline())
      return opened;
    trouble(opened.error().describe());
    if (!context_.clock.wait_until(context_.clock.now() + backoff.next(), stop))
      return Error{Errc::cancelled, "stopped", nullptr};
  }
}

void TickSource::trouble(const std::string& why) {
  bool told = false;
  {
    std::lock_guard lock(mutex_);
    told = status_.state == SourceState::failed && status_.detail == why;
    status_.state = SourceState::failed;
    status_.detail = why;
    status_.retries = true;
  }
  if (!told) context_.log.error(subject_, "{}; trying again until it works", why);
}

void TickSource::run(std::stop_token stop) {
  const std::stop_callback abort(stop, [this] { maker_->abort(); });
  struct Over {
    TickSource& source;
    ~Over() {
      source.dead_ = true;
      { std::lock_guard lock(source.mutex_); }
      source.action_asked_.notify_all();
    }
  };
  const Over over{*this};
  const Status opened = open(stop);
  if (!opened) finish(opened.error());
  {
    std::lock_guard lock(mutex_);
    opened_ = true;
  }
  action_asked_.notify_all();
  if (!opened) return;
  set_state(SourceState::opening, maker_->summary());
  context_.log.info(subject_, "{}: {}", what_, maker_->summary());
  do {
    play(stop);
  } while (goes_on(stop));
}

bool TickSource::goes_on(const std::stop_token& stop) {
  if (stop.stop_requested()) return false;
  {
    std::lock_guard lock(mutex_);
    if (!turn_asked_ && end_state_ != SourceState::ended) return false;
  }
  return turn(stop) || await_action(stop);
}

// Until there is nothing more to give.
void TickSource::play(std::stop_token stop) {
  while (!stop.stop_requested()) {
    if (!made_) {
      Status acted;
      if (const auto request = asked()) {
        if (request->kind == MediaRequest::seek) next_frame_ = context_.clock.offline() ? request->frame : wanted();
        acted = maker_->act(*request, next_frame_);
        done_ = request->number;
      }
      auto tick = acted ? maker_->next() : Result<FileTick>(std::move(acted).error());
      note_faults();
      if (!tick) return finish(tick.error());
      next_frame_ = tick->frame + 1;
      tick->request = done_;
      made_ = std::move(*tick);
    }
    if (!queue_.push(*made_, stop)) return;  // it is kept: the queue is closed for a while
    made_.reset();
  }
}

void TickSource::hide(bool hidden) {
  if (options_.when_hidden == show::WhenHidden::run) return;
  const bool anew = options_.on_show == show::OnShow::restart;
  const bool turns = hidden && (anew || options_.when_hidden == show::WhenHidden::close);
  if (turns) turning_ = true;
  {
    std::lock_guard lock(mutex_);
    hidden_ = hidden;
    turn_asked_ = turn_asked_ || turns;
  }
  if (turns) queue_.close();
  if (turns && anew) {
    queue_.clear();
    early_.reset();
  }
  if (hidden) {  // its sound swings in again
    muted_ = true;
    last_level_ = {};
  }
  action_asked_.notify_all();
}

/// What hide() asked for; false when it asked for nothing, or it cannot go on.
bool TickSource::turn(const std::stop_token& stop) {
  const bool anew = options_.on_show == show::OnShow::restart;
  bool closed = false;
  {
    std::unique_lock lock(mutex_);
    if (!turn_asked_) return false;
    turn_asked_ = false;
    if (hidden_ && options_.when_hidden == show::WhenHidden::close) {
      closed = true;
      lock.unlock();
      maker_->close();
      lock.lock();
      context_.clock.wait(lock, action_asked_, stop, kNever, [this] { return !hidden_; });
      turn_asked_ = false;
    }
  }
  if (stop.stop_requested()) return false;
  if (anew) {
    made_.reset();
    next_frame_ = pulled_ + 1;
  }
  Status woken;
  if (closed)
    woken = maker_->reopen(anew, next_frame_);
  else if (anew)
    woken = maker_->act({}, next_frame_);
  if (!woken) return finish(woken.error()), false;
  finished_ = false;
  {
    std::lock_guard lock(mutex_);
    end_state_ = SourceState::ended;
    if (turn_asked_) return true;  // hidden again
    turning_ = false;
    queue_.reopen();
  }
  action_asked_.notify_all();
  return true;
}

void TickSource::await_open() {
  std::unique_lock lock(mutex_);
  context_.clock.wait(lock, action_asked_, {}, kNever, [this] { return opened_; });
}

/// Offline nothing may depend on a thread's pace.
void TickSource::await_turn(const std::stop_token& stop) {
  if (!context_.clock.offline()) return;
  std::unique_lock lock(mutex_);
  const auto follows = [this] { return dead_ || (!turning_ && !(finished_ && action_)); };
  if (!follows()) context_.clock.wait(lock, action_asked_, stop, kNever, follows);
}

std::optional<MediaRequest> TickSource::asked() {
  std::lock_guard lock(mutex_);
  return std::exchange(action_, std::nullopt);
}

void TickSource::finish(const Error& error) {
  {
    std::lock_guard lock(mutex_);
    if (error.code == Errc::end) {
      end_state_ = SourceState::ended;
      end_detail_ = "played to its end";
    } else if (error.code != Errc::cancelled) {
      end_state_ = SourceState::failed;
      end_detail_ = error.describe();
      if (queue_.level().items == 0) {
        status_.state = SourceState::failed;
        status_.detail = end_detail_;
      }
    }
  }
  if (end_state_ == SourceState::failed) context_.log.error(subject_, "{}", end_detail_);
  finished_ = true;
  queue_.close();
}

// After the end: until it is to be played again.
bool TickSource::await_action(std::stop_token stop) {
  {
    std::unique_lock lock(mutex_);
    context_.clock.wait(lock, action_asked_, stop, kNever, [this] { return action_.has_value() || turn_asked_; });
    if (!action_ && !turn_asked_) return false;
    if (turn_asked_) {
      lock.unlock();
      return turn(stop);
    }
  }
  next_frame_ = std::max(next_frame_, wanted());
  queue_.reopen();
  {
    std::lock_guard lock(mutex_);
    finished_ = false;
  }
  action_asked_.notify_all();
  return true;
}

void TickSource::note_faults() {
  const ffi::MediaFaults faults = maker_->faults();
  const std::int64_t sum = faults.packets + faults.frames;
  if (sum == 0) return;
  {
    std::lock_guard lock(mutex_);
    faults_ = faults;
  }
  if (sum < std::max<std::int64_t>(1, faults_noted_ * 2)) return;  // each doubling is worth a line, not each fault
  faults_noted_ = sum;
  context_.log.warning(subject_, "{} is damaged: {} pieces passed over so far", what_, sum);
}

void TickSource::set_state(SourceState state, std::string detail) {
  std::lock_guard lock(mutex_);
  status_.state = state;
  status_.detail = std::move(detail);
  status_.retries = false;
}

std::optional<FileTick> TickSource::take(FrameIndex frame, std::stop_token stop) {
  for (;;) {
    std::optional<FileTick> tick = std::exchange(early_, std::nullopt);
    if (!tick) {
      auto popped = context_.clock.offline() ? queue_.pop(stop) : queue_.try_pop();
      if (!popped) return std::nullopt;
      tick = std::move(*popped);
    }
    if (tick->request < sought_) continue;
    if (tick->frame == frame) return tick;
    if (tick->frame > frame) {
      early_ = std::move(tick);
      return std::nullopt;
    }
    last_picture_ = std::move(tick->video);
    if (tick->item) playing_ = tick->item;
    missing_ = 0;
    std::lock_guard lock(mutex_);
    ++status_.skipped;
  }
}

SourceOutput TickSource::pull(FrameIndex frame, std::stop_token stop) {
  await_turn(stop);
  if (stands()) return stand_still(frame, stop);
  frame -= stood_;
  pulled_ = frame;
  auto tick = take(frame, std::move(stop));
  if (!tick) return stand_in(frame);
  missing_ = 0;
  last_picture_ = tick->video;
  shown_request_ = tick->request;
  SourceOutput out{std::move(tick->video), swing(std::move(tick->audio), context_.rate.samples(frame)), false};
  if (tick->item) playing_ = tick->item;
  std::lock_guard lock(mutex_);
  if (status_.state != SourceState::live || tick->item) {
    status_.state = SourceState::live;
    status_.detail = playing_->summary;
    status_.item = playing_->name;
    status_.retries = false;
  }
  ++status_.frames;
  place_ = MediaPlace{tick->position, playing_ ? playing_->duration : std::nullopt, false};
  return out;
}

/// Paused, or not for as many frames yet that its sound fits its frames again.
bool TickSource::stands() const {
  return last_picture_ && (paused_ || stood_ % sample_period(context_.rate) != 0);
}

SourceOutput TickSource::stand_still(FrameIndex frame, const std::stop_token& stop) {
  const FrameIndex next = frame - stood_++;
  (void)take(next - 1, stop);  // the next one comes to early_
  std::lock_guard lock(mutex_);
  if (early_ && early_->request != shown_request_) {  // it was sent elsewhere: it shows the place, and goes on from it
    last_picture_ = early_->video;
    if (early_->item) playing_ = early_->item;
    place_ = MediaPlace{early_->position, playing_ ? playing_->duration : std::nullopt, true};
    shown_request_ = early_->request;
    stood_ -= early_->frame - next;
  }
  ++status_.frames;
  return {last_picture_, fall(frame), false};
}

AudioBlockPtr TickSource::fall(FrameIndex frame) {
  if (std::exchange(muted_, true) || last_level_ == decltype(last_level_){}) return nullptr;
  auto fall = std::make_shared<AudioBlock>(last_channels_, context_.rate.samples(frame));
  for (int c = 0; c < fall->channels; ++c)
    for (int i = 0; i < std::min(fall->samples, kRampSamples); ++i)
      fall->plane(c)[static_cast<std::size_t>(i)] =
          last_level_[static_cast<std::size_t>(c)] * static_cast<float>(kRampSamples - 1 - i) / kRampSamples;
  return fall;
}

std::optional<MediaPlace> TickSource::place() const {
  std::lock_guard lock(mutex_);
  auto place = place_;
  if (place) place->paused = paused_;
  return place;
}

AudioBlockPtr TickSource::swing(AudioBlockPtr audio, int samples) {
  const bool begins = std::exchange(muted_, false);
  if (begins && audio) {
    auto ramped = std::make_shared<AudioBlock>(*audio);
    for (int c = 0; c < ramped->channels; ++c)
      for (int i = 0; i < std::min(samples, kRampSamples); ++i)
        ramped->plane(c)[static_cast<std::size_t>(i)] *= static_cast<float>(i) / kRampSamples;
    audio = std::move(ramped);
  }
  last_level_ = {};
  if (audio) {
    last_channels_ = std::min(audio->channels, kMostChannels);
    for (int c = 0; c < last_channels_; ++c) last_level_[static_cast<std::size_t>(c)] = audio->plane(c).back();
  }
  return audio;
}

SourceOutput TickSource::stand_in(FrameIndex frame) {
  SourceOutput out;
  const bool over = finished_ && !early_ && queue_.level().items == 0;
  bool hold = true;
  {
    std::lock_guard lock(mutex_);
    if (over) {
      status_.state = end_state_;
      status_.detail = end_detail_;
      hold = end_state_ == SourceState::ended;
    } else if (status_.state == SourceState::ended || sought_ > shown_request_) {
      out.video = last_picture_;  // it is about to be played again
    } else if (last_picture_ && !status_.retries) {
      status_.state = SourceState::stalled;
      status_.detail = fmt::format("{} is not decoded fast enough", what_);
    }
    if (!out.video && (!over || end_state_ == SourceState::failed)) {
      out.repeated = last_picture_ != nullptr;
      ++status_.repeated;
      ++missing_;
      hold = Nanos(context_.rate.begin(missing_)) <= context_.hold;
    }
  }
  if (hold) out.video = last_picture_;
  out.audio = fall(frame);  // what sounded last falls to silence instead of breaking off
  return out;
}

SourceStatus TickSource::status() const {
  std::lock_guard lock(mutex_);
  return hidden_ ? rests(status_) : status_;
}

ffi::MediaFaults TickSource::faults() const {
  std::lock_guard lock(mutex_);
  return faults_;
}

}  // namespace mainstay
