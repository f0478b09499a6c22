#include "engine/deliver/destination.h"

namespace mainstay {

Destination::Destination(DestinationOptions options, PacketBus& bus, TransportFactory main, TransportFactory backup,
                         Clock& clock, Log& log, Leg::Listener listener)
    : options_(std::move(options)),
      bus_(bus),
      clock_(clock),
      log_(log),
      listener_(std::move(listener)),
      policy_(options_.return_mode, options_.return_hold) {
  main_ = make_leg("main", std::move(main));
  if (!backup) return;
  backup_ = make_leg("backup", std::move(backup));
  if (options_.mode == show::LegMode::standby) {
    policy_thread_ =
        NamedThread("dest/" + options_.name, [this](std::stop_token stop) { run_policy(std::move(stop)); });
  }
}

Destination::~Destination() {
  stop();
  policy_thread_.stop();
}

std::unique_ptr<Leg> Destination::make_leg(const std::string& role, TransportFactory transports) {
  LegOptions options = options_.leg;
  options.destination = options_.name;
  options.role = role;
  options.url_redacted = role == "main" ? options_.main_url : options_.backup_url;
  options.seed = options_.seed * 2 + (role == "main" ? 0 : 1);
  return std::make_unique<Leg>(std::move(options), bus_, std::move(transports), clock_, log_,
                               [this](const LegEvent& event) { heard(event); });
}

void Destination::start() {
  {
    std::lock_guard lock(mutex_);
    running_ = true;
  }
  main_->start();
  if (backup_ && options_.mode == show::LegMode::parallel) backup_->start();
}

void Destination::stop() {
  {
    // Under the lock that the policy's thread starts the backup under: afterwards it does not any more.
    std::lock_guard lock(mutex_);
    running_ = false;
    applied_ = false;
  }
  main_->stop();
  if (backup_) backup_->stop();
}

Status Destination::retry_now(const std::string& role) {
  if (!role.empty() && role != "main" && !(role == "backup" && backup_)) {
    return make_error(Errc::invalid, "destination \"{}\" has no leg \"{}\"", options_.name, role);
  }
  if (role.empty() || role == "main") main_->retry_now();
  if (backup_ && (role.empty() || role == "backup")) backup_->retry_now();
  return {};
}

void Destination::network_returned() {
  main_->network_returned();
  if (backup_) backup_->network_returned();
}

Status Destination::take_main() {
  if (!backup_) return make_error(Errc::invalid, "destination \"{}\" has no backup", options_.name);
  if (options_.mode == show::LegMode::parallel) {
    return make_error(Errc::invalid, "destination \"{}\" is parallel: main and backup are both on", options_.name);
  }
  Status taken;
  {
    std::lock_guard lock(mutex_);
    taken = policy_.take_main();
    news_ = true;
  }
  changed_.notify_all();
  return taken;
}

void Destination::heard(const LegEvent& event) {
  if (event.kind == LegEvent::Kind::state && event.role == "main") {
    {
      std::lock_guard lock(mutex_);
      policy_.main_is(event.at, event.to);
      news_ = true;
    }
    changed_.notify_all();
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
        backup_->start();
      } else {
        backup_->stop();
      }
      log_.info("destination " + options_.name, "{}",
                wanted ? "main is lost: the backup takes over" : "back on main: the backup rests");
    }
    clock_.wait(lock, changed_, stop, policy_.next(), [&] { return news_; });
  }
}

DestinationStatus Destination::status() const {
  DestinationStatus s;
  s.name = options_.name;
  s.mode = options_.mode;
  s.legs.push_back(main_->status());
  if (backup_) s.legs.push_back(backup_->status());
  const bool main = on_air(s.legs.front().state);
  const bool backup = backup_ && on_air(s.legs.back().state);
  s.on_air = main && backup ? "both" : main ? "main" : backup ? "backup" : "none";
  return s;
}

}  // namespace mainstay
