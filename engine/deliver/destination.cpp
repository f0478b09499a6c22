#include "engine/deliver/destination.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

bool has_ended(const std::weak_ptr<Leg>& leg) {
  const std::shared_ptr<Leg> known = leg.lock();
  if (!known) return true;
  const LegState state = known->status().state;
  return state == LegState::stopped || state == LegState::idle;
}

}  // namespace

void Destination::Side::start() {
  due = true;
  look();
}

void Destination::Side::stop() {
  due = false;
  leg->stop();
}

void Destination::Side::look() {
  if (!due) return;
  std::erase_if(before, has_ended);
  if (!before.empty()) return;
  due = false;
  leg->start();
}

Destination::Destination(DestinationOptions options, PacketBus& bus, TransportFactory main, TransportFactory backup,
                         Clock& clock, Log& log, Leg::Listener listener)
    : name_(options.name),
      options_(std::move(options)),
      bus_(bus),
      clock_(clock),
      log_(log),
      listener_(std::move(listener)),
      policy_(options_.return_mode, options_.return_hold) {
  main_.leg = make_leg("main", std::move(main));
  main_generation_ = generation_;
  if (backup) backup_.leg = make_leg("backup", std::move(backup));
  start_policy();
}

Destination::~Destination() {
  stop();
  policy_thread_.stop();
}

void Destination::start_policy() {
  if (!backup_ || backup_always_on()) return;
  policy_thread_ = NamedThread("dest/" + name_, [this](std::stop_token stop) { run_policy(std::move(stop)); });
}

std::shared_ptr<Leg> Destination::make_leg(const std::string& role, TransportFactory transports) {
  LegOptions options = options_.leg;
  options.destination = name_;
  options.role = role;
  options.url_redacted = role == "main" ? options_.main_url : options_.backup_url;
  options.seed = options_.seed * 2 + (role == "main" ? 0 : 1);
  return std::make_shared<Leg>(std::move(options), bus_, std::move(transports), clock_, log_,
                               [this, generation = ++generation_](const LegEvent& event) { heard(event, generation); });
}

void Destination::start() {
  std::lock_guard lock(mutex_);
  running_ = true;
  main_.start();
  if (backup_ && backup_always_on()) backup_.start();
}

void Destination::stop() {
  // Under the lock that the policy's thread starts the backup under: afterwards it does not any more.
  std::lock_guard lock(mutex_);
  running_ = false;
  applied_ = false;
  main_.stop();
  if (backup_) backup_.stop();
}

void Destination::replace(Side& side, const std::string& role, TransportFactory transports, bool start,
                          std::vector<std::shared_ptr<Leg>>& ended) {
  Side old = std::exchange(side, {});
  if (old) {
    old.stop();
    // One that never came to start may itself still have been waiting: the new one waits for all of them.
    side.before = std::move(old.before);
    std::erase_if(side.before, has_ended);
    side.before.push_back(old.leg);
    ended.push_back(std::move(old.leg));
  }
  if (!transports) return;
  side.leg = make_leg(role, std::move(transports));
  if (start) side.start();
}

std::vector<std::shared_ptr<Leg>> Destination::change(DestinationOptions options, std::optional<TransportFactory> main,
                                                      std::optional<TransportFactory> backup, bool on) {
  policy_thread_.stop();
  std::vector<std::shared_ptr<Leg>> ended;
  {
    std::lock_guard lock(mutex_);
    const bool backup_was_on = running_ && backup_ && (backup_always_on() || applied_);
    const bool goes_on = running_ && on;
    options_ = std::move(options);
    if (main) {
      replace(main_, "main", std::move(*main), goes_on, ended);
      main_generation_ = generation_;
    }
    const bool backup_starts = goes_on && (backup_always_on() || backup_was_on);
    if (backup) replace(backup_, "backup", std::move(*backup), backup_starts, ended);
    for (Side* side : {&main_, &backup_}) {
      if (*side) side->leg->set_ladder(options_.leg.ladder);
    }
    policy_ = StandbyPolicy(options_.return_mode, options_.return_hold);
    policy_.main_is(clock_.now(), main_.leg->status().state);
    // From parallel to standby the backup goes on until the policy lets it rest.
    applied_ = backup_ && backup_was_on;
    if (goes_on && backup_ && !backup && backup_always_on()) backup_.start();
  }
  if (on && !running_) start();
  if (!on && running_) stop();
  start_policy();
  look();
  return ended;
}

void Destination::look() {
  std::lock_guard lock(mutex_);
  main_.look();
  backup_.look();
}

Status Destination::retry_now(const std::string& role) {
  std::lock_guard lock(mutex_);
  if (!role.empty() && role != "main" && !(role == "backup" && backup_)) {
    return make_error(Errc::invalid, "destination \"{}\" has no leg \"{}\"", name_, role);
  }
  if (role.empty() || role == "main") main_.leg->retry_now();
  if (backup_ && (role.empty() || role == "backup")) backup_.leg->retry_now();
  return {};
}

void Destination::network_returned() {
  (void)retry_now();
}

Status Destination::take_main() {
  Status taken;
  {
    std::lock_guard lock(mutex_);
    if (!backup_) return make_error(Errc::invalid, "destination \"{}\" has no backup", name_);
    if (backup_always_on()) {
      return make_error(Errc::invalid, "destination \"{}\" is parallel: main and backup are both on", name_);
    }
    taken = policy_.take_main();
    news_ = true;
  }
  changed_.notify_all();
  return taken;
}

void Destination::heard(const LegEvent& event, int generation) {
  if (event.kind == LegEvent::Kind::state) {
    std::lock_guard lock(mutex_);
    if (generation == main_generation_) {
      policy_.main_is(event.at, event.to);
      news_ = true;
      changed_.notify_all();
    }
  }
  if (listener_) listener_(event);
}

void Destination::run_policy(std::stop_token stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    news_ = false;
    policy_.tick(clock_.now());
    const bool wanted = running_ && policy_.backup_wanted();
    if (wanted != applied_) {
      applied_ = wanted;
      // A leg's start() and stop() only leave word for its thread.
      if (wanted) {
        backup_.start();
      } else {
        backup_.stop();
      }
      log_.info("destination " + name_, "{}",
                wanted ? "main is lost: the backup takes over" : "back on main: the backup rests");
    }
    clock_.wait(lock, changed_, stop, policy_.next(), [&] { return news_; });
  }
}

bool DestinationStatus::settled() const {
  return std::all_of(legs.begin(), legs.end(), [&](const LegStatus& leg) {
    const bool rests = leg.state == LegState::idle && leg.role == "backup" && mode == show::LegMode::standby;
    return rests || mainstay::on_air(leg.state) || leg.state == LegState::stopped;
  });
}

DestinationStatus Destination::status() const {
  std::lock_guard lock(mutex_);
  DestinationStatus s;
  s.name = name_;
  s.mode = options_.mode;
  s.legs.push_back(main_.leg->status());
  if (backup_) s.legs.push_back(backup_.leg->status());
  const bool main = on_air(s.legs.front().state);
  const bool backup = backup_ && on_air(s.legs.back().state);
  s.on_air = main && backup ? "both" : main ? "main" : backup ? "backup" : "none";
  return s;
}

}  // namespace mainstay
