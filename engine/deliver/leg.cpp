#include "engine/deliver/leg.h"

#include <algorithm>
#include <exception>

namespace mainstay {

namespace {

// What a library throws ends the connection, not the thread.
template <class F>
auto contained(F&& f) -> decltype(f()) {
  try {
    return f();
  } catch (const std::exception& e) {
    return make_error(Errc::io, "the connection broke inside a library: {}", e.what());
  } catch (...) {
    return make_error(Errc::io, "the connection broke inside a library");
  }
}

LogLevel level_of(LegState state) {
  return state == LegState::backoff || state == LegState::degraded ? LogLevel::warning : LogLevel::info;
}

}  // namespace

std::string describe(const LegEvent& event) {
  std::string text = to_string(event.to);
  // While it connects, the detail is that of the attempt before.
  if (!event.detail.empty() && event.to != LegState::connecting) text += ": " + event.detail;
  if (event.to == LegState::backoff) text += fmt::format("; next try in {:.1f} s", seconds(event.retry_in));
  return text;
}

std::string describe(const LegStep& step) {
  std::string text = fmt::format("steps {} from {} to {}", step.down ? "down" : "up", step.from, step.to);
  if (step.height > 0) text += fmt::format(" ({} lines)", step.height);
  return step.reason.empty() ? text : text + ": " + step.reason;
}

Leg::Leg(LegOptions options, PacketBus& bus, TransportFactory transports, Clock& clock, Log& log, Listener listener)
    : options_(std::move(options)),
      who_(fmt::format("leg {}/{}", options_.destination, options_.role)),
      bus_(bus),
      transports_(std::move(transports)),
      clock_(clock),
      log_(log),
      listener_(std::move(listener)),
      machine_(options_.policy, options_.seed),
      ladder_(options_.ladder),
      rendition_(options_.selection.video),
      steps_(options_.ladder, options_.steps),
      watch_(clock, fmt::format("lw/{}/{}", options_.role, options_.destination)),
      thread_(fmt::format("leg/{}/{}", options_.role, options_.destination),
              [this](std::stop_token stop) { run(std::move(stop)); }) {}

Leg::~Leg() {
  stop();
  thread_.stop();
}

void Leg::start() {
  {
    std::lock_guard lock(mutex_);
    start_wanted_ = true;
  }
  wake_.notify_all();
}

void Leg::stop() {
  {
    std::lock_guard lock(mutex_);
    start_wanted_ = false;
    // A second stop() must not move the deadline of the first.
    if (!std::exchange(stop_wanted_, true)) {
      // An attempt has nothing to bring to an end in good order.
      const bool connecting = machine_.state() == LegState::connecting;
      stop_deadline_ = connecting ? clock_.now() : clock_.now() + options_.stop_limit;
      watch_.cap(stop_deadline_);
      attempt_stop_.request_stop();
      if (subscription_ != nullptr) subscription_->close();
    }
  }
  wake_.notify_all();
}

void Leg::retry_now() {
  {
    std::lock_guard lock(mutex_);
    retry_wanted_ = true;
  }
  wake_.notify_all();
}

template <class Event>
LegAction Leg::feed(Event&& event) {
  LegEvent state;
  state.destination = options_.destination;
  state.role = options_.role;
  state.at = clock_.now();
  LegEvent outage = state;
  LegAction action = LegAction::none;
  bool outage_changed = false;
  {
    std::lock_guard lock(mutex_);
    const bool was_open = machine_.outage_open();
    state.from = machine_.state();
    action = event(machine_, state.at);
    state.to = machine_.state();
    state.detail = machine_.detail();
    if (state.to == LegState::backoff) state.retry_in = machine_.retry_at() - state.at;
    outage_changed = machine_.outage_open() != was_open;
    if (outage_changed) {
      outage.kind = was_open ? LegEvent::Kind::outage_ended : LegEvent::Kind::outage_began;
      outage.from = outage.to = state.to;
      outage.outage = machine_.outages().back();
      outage.detail = outage.outage->reason;
    }
    if (action == LegAction::connect) {
      work_ = true;
      attempt_stop_ = std::stop_source();
      if (stop_wanted_) attempt_stop_.request_stop();
    }
  }
  if (state.from != state.to) {
    log_.write(level_of(state.to), who_, describe(state));
    if (listener_) listener_(state);
  }
  if (outage_changed && listener_) listener_(outage);
  return action;
}

void Leg::run(std::stop_token stop) {
  while (true) {
    take_commands();
    bool work = false;
    {
      std::lock_guard lock(mutex_);
      work = std::exchange(work_, false);
    }
    if (work) {
      attempt();
    } else if (stop.stop_requested()) {
      return;
    } else {
      wait_for_work(stop);
    }
  }
}

void Leg::take_commands() {
  bool stop = false;
  bool start = false;
  bool retry = false;
  {
    std::lock_guard lock(mutex_);
    stop = std::exchange(stop_wanted_, false);
    start = std::exchange(start_wanted_, false);
    retry = std::exchange(retry_wanted_, false);
    if (stop) work_ = false;
  }
  if (stop) feed([](LegMachine& m, Instant now) { return m.stop(now); });
  if (start) {
    watch_.cap(kNever);
    feed([](LegMachine& m, Instant now) { return m.start(now); });
  }
  if (retry) feed([](LegMachine& m, Instant now) { return m.retry_now(now); });
  feed([](LegMachine& m, Instant now) { return m.tick(now); });
}

void Leg::wait_for_work(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  clock_.wait(lock, wake_, stop, machine_.retry_at(),
              [&] { return work_ || start_wanted_ || stop_wanted_ || retry_wanted_; });
}

void Leg::set_ladder(LegLadder ladder) {
  std::lock_guard lock(mutex_);
  if (ladder_ == ladder) return;
  ladder_ = std::move(ladder);
  ladder_is_new_ = true;
}

std::optional<LegLadder> Leg::new_ladder() {
  std::lock_guard lock(mutex_);
  if (!std::exchange(ladder_is_new_, false)) return std::nullopt;
  LegLadder ladder = ladder_;
  // Of nothing to step to what shall be sent is still one.
  if (ladder.rungs.empty()) ladder.rungs.push_back({options_.selection.video, 0});
  if (subscription_ != nullptr) subscription_->limit(queue_for(ladder.steps()));
  return ladder;
}

Selection Leg::taken() const {
  Selection selection = options_.selection;
  if (steps_.rungs().size() < 2) return selection;
  for (const Rung& rung : steps_.rungs()) selection.rungs.push_back(rung.name);
  return selection;
}

Selection Leg::sent_first() const {
  Selection selection = options_.selection;
  if (steps_.rungs().size() > 1) selection.video = steps_.rungs()[steps_.wanted()].name;
  return selection;
}

void Leg::attempt() {
  if (auto ladder = new_ladder()) steps_.change(*std::move(ladder));
  const Selection taken = this->taken();
  const QueueLimits& limits = queue_for(!taken.rungs.empty());
  std::unique_ptr<Subscription> subscription;
  // Offline nothing may be missed, so the program waits for the first connection; live the newest GOP is what counts.
  if (clock_.offline()) subscription = bus_.subscribe(taken, limits);
  auto streams = contained([&] { return await_streams(); });
  if (!streams && streams.error().code == Errc::end) {  // the program is over
    feed([](LegMachine& m, Instant now) { return m.stop(now); });
    return;
  }
  auto transport = streams ? contained([&] { return open(*streams); }) : std::move(streams).error();
  if (!transport) {
    const Error& error = transport.error();
    if (error.code != Errc::cancelled || !stop_requested()) {
      feed([&](LegMachine& m, Instant now) { return m.open_failed(now, error); });
    }
    return;
  }
  if (!subscription) subscription = bus_.subscribe(taken, limits);
  feed([](LegMachine& m, Instant now) { return m.opened(now); });
  deliver(std::move(*transport), std::move(*streams), std::move(subscription));
}

Result<std::vector<StreamInfoPtr>> Leg::await_streams() {
  std::stop_token stop;
  {
    std::lock_guard lock(mutex_);
    stop = attempt_stop_.get_token();
  }
  return bus_.streams(sent_first(), stop, kNever);
}

Result<std::unique_ptr<Transport>> Leg::open(const std::vector<StreamInfoPtr>& streams) {
  std::stop_token stop;
  {
    std::lock_guard lock(mutex_);
    stop = attempt_stop_.get_token();
  }
  MAINSTAY_TRY(auto transport, transports_());
  const Status opened = watch_.call(*transport, options_.connect_limit, [&] { return transport->open(streams, stop); });
  if (opened) return transport;
  if (watch_.fired() && !stop.stop_requested()) {
    return make_error(Errc::io, "no connection within {} s", options_.connect_limit / Seconds(1));
  }
  return opened.error();
}

void Leg::deliver(std::unique_ptr<Transport> transport, std::vector<StreamInfoPtr> streams,
                  std::unique_ptr<Subscription> subscription) {
  SessionEnd end;
  end.last_good = clock_.now();
  {
    std::lock_guard lock(mutex_);
    subscription_ = subscription.get();
    if (stop_wanted_) subscription_->close();
  }
  for (const StreamInfoPtr& stream : streams) {
    if (stream->kind == MediaKind::video) on_rendition(stream);
  }
  const Status ran = contained([&]() -> Status {
    LegSession session(clock_, watch_, *this, options_.session, *transport, std::move(streams), *subscription, taken(),
                       steps_);
    end = session.run();
    return {};
  });
  if (!ran) {
    end.why = SessionEnd::Why::lost;
    end.error = ran.error();
  }
  if (end.why != SessionEnd::Why::lost) {
    close(*transport);
    transport.reset();  // before the leg says that it has ended: the one that follows may connect at once
  }
  {
    std::lock_guard lock(mutex_);
    subscription_ = nullptr;
    before_.bytes += now_.bytes;
    before_.packets += now_.packets;
    before_.dropped += now_.dropped;
    now_ = {};
  }
  if (end.why == SessionEnd::Why::lost) steps_.lost(clock_.now());
  feed([&](LegMachine& m, Instant now) {
    switch (end.why) {
      case SessionEnd::Why::lost:
        return m.lost(now, end.last_good, end.error);
      case SessionEnd::Why::streams_changed:
        return m.streams_changed(now, end.last_good);
      case SessionEnd::Why::stopped:
        break;
    }
    return m.stop(now);
  });
}

void Leg::close(Transport& transport) noexcept {
  Instant deadline = clock_.now() + options_.stop_limit;
  {
    std::lock_guard lock(mutex_);
    if (stop_wanted_) deadline = std::min(deadline, stop_deadline_);
  }
  // A little earlier than the watch, which then has nothing to do with a transport that keeps to its deadline.
  constexpr Nanos kMargin = Millis(100);
  watch_.call(transport, options_.stop_limit, [&] { transport.close(deadline - kMargin); });
}

bool Leg::stop_requested() {
  std::lock_guard lock(mutex_);
  return stop_wanted_;
}

void Leg::on_first_packet() {
  feed([](LegMachine& m, Instant now) {
    m.delivered(now);
    return LegAction::none;
  });
}

void Leg::on_congestion(bool on, const std::string& why) {
  feed([&](LegMachine& m, Instant now) { return m.congestion(now, on, why); });
}

void Leg::on_figures(const SessionFigures& figures) {
  std::lock_guard lock(mutex_);
  now_ = figures;
}

void Leg::on_rendition(const StreamInfoPtr& video) {
  LegEvent event;
  event.kind = LegEvent::Kind::step;
  event.destination = options_.destination;
  event.role = options_.role;
  event.at = clock_.now();
  {
    std::lock_guard lock(mutex_);
    rendition_height_ = video->height;
    if (video->name == rendition_) return;  // with other parameters
    LegStep step{event.at, rendition_, video->name, video->height, false, steps_.why()};
    const auto place = [&](const std::string& name) {
      const auto& rungs = steps_.rungs();
      return std::find_if(rungs.begin(), rungs.end(), [&](const Rung& rung) { return rung.name == name; });
    };
    step.down = place(step.to) > place(step.from);
    rendition_ = video->name;
    event.from = event.to = machine_.state();
    event.detail = step.reason;
    if (stepped_.size() >= options_.kept_steps) stepped_.pop_front();
    stepped_.push_back(step);
    ++step_count_;
    event.step = std::move(step);
  }
  log_.write(event.step->down ? LogLevel::warning : LogLevel::info, who_, describe(*event.step));
  if (listener_) listener_(event);
}

LegStatus Leg::status() const {
  std::lock_guard lock(mutex_);
  LegStatus s;
  s.destination = options_.destination;
  s.role = options_.role;
  s.url_redacted = options_.url_redacted;
  s.state = machine_.state();
  s.since = machine_.since();
  s.detail = machine_.detail();
  if (s.state == LegState::backoff) s.retry_in = std::max(Nanos{0}, machine_.retry_at() - clock_.now());
  s.attempts = machine_.attempts();
  s.connects = machine_.connects();
  s.bytes = before_.bytes + now_.bytes;
  s.packets = before_.packets + now_.packets;
  s.dropped = before_.dropped + now_.dropped;
  s.kbps = now_.kbps;
  s.queued = now_.queued;
  s.rtt = now_.rtt;
  s.first_connect = machine_.first_connect();
  s.outages.assign(machine_.outages().begin(), machine_.outages().end());
  s.outage_count = machine_.outage_count();
  s.details = now_.details;
  s.rendition = rendition_;
  s.rendition_height = rendition_height_;
  s.full = options_.selection.video;
  s.steps.assign(stepped_.begin(), stepped_.end());
  s.step_count = step_count_;
  return s;
}

}  // namespace mainstay
