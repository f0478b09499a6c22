#include "ui/studio_model.h"

#include <algorithm>

namespace mainstay::ui {

namespace {

constexpr Millis kLookEvery{100};
constexpr int kWatchdogMs = 500;
constexpr int kSilentChecks = 4;  // two seconds
constexpr std::size_t kMostCommands = 64;
constexpr std::size_t kMostEvents = 1000;

}  // namespace

StudioModel::StudioModel(StudioPort& port, Clock& clock, QObject* parent)
    : QObject(parent), port_(port), clock_(clock) {
  address_->model = this;
  connect(&watchdog_, &QTimer::timeout, this, &StudioModel::check_answering);
  watchdog_.start(kWatchdogMs);
  worker_ = NamedThread("ui/studio", [this](const std::stop_token& stop) { work(stop); });
}

StudioModel::~StudioModel() {
  std::lock_guard lock(address_->mutex);
  address_->model = nullptr;
}

void StudioModel::work(const std::stop_token& stop) {
  std::int64_t last_event = 0;
  std::deque<Work> commands;
  while (!stop.stop_requested()) {
    for (const Work& command : commands) command();
    commands.clear();
    look(last_event);
    std::unique_lock lock(mutex_);
    clock_.wait(lock, wake_, stop, clock_.now() + kLookEvery, [this] { return !commands_.empty(); });
    commands.swap(commands_);
  }
}

void StudioModel::look(std::int64_t& last_event) {
  Snapshot snapshot = port_.snapshot();
  std::vector<Event> events = port_.events(last_event, kMostEvents);
  if (!events.empty()) last_event = events.back().number;
  std::string failure = snapshot.phase == Phase::off ? snapshot.failure : std::string();

  std::unique_lock lock(mutex_);
  sight_.snapshot = std::move(snapshot);
  sight_.failure = std::move(failure);
  sight_.events.insert(sight_.events.end(), std::make_move_iterator(events.begin()),
                       std::make_move_iterator(events.end()));
  if (sight_.events.size() > kMostEvents) {  // a window that does not take them: the oldest go
    sight_.events.erase(sight_.events.begin(), sight_.events.end() - static_cast<std::ptrdiff_t>(kMostEvents));
  }
  if (std::exchange(sight_.posted, true)) return;
  lock.unlock();
  post(address_, [](StudioModel& model) { model.take_sight(); });
}

void StudioModel::take_sight() {
  std::vector<Event> events;
  std::string failure;
  const bool was_busy = busy();
  {
    std::lock_guard lock(mutex_);
    failure = std::move(sight_.failure);
    snapshot_ = std::move(sight_.snapshot);
    events = std::move(sight_.events);
    sight_ = {};
  }
  silent_checks_ = 0;
  if (!answering_) {
    answering_ = true;
    emit answering_changed(true);
  }
  if (!events.empty()) emit events_added(events);
  emit updated();
  if (was_busy && !busy()) emit show_ended(QString::fromStdString(failure));
}

void StudioModel::check_answering() {
  // Counted in checks, not in time: when the window itself was held up, the engine is not to blame.
  if (++silent_checks_ < kSilentChecks || !answering_) return;
  answering_ = false;
  emit answering_changed(false);
}

void StudioModel::post(const std::shared_ptr<Address>& address, std::function<void(StudioModel&)> call) {
  std::lock_guard lock(address->mutex);
  StudioModel* const model = address->model;
  if (model == nullptr) return;
  QMetaObject::invokeMethod(
      model, [model, call = std::move(call)] { call(*model); }, Qt::QueuedConnection);
}

Reply StudioModel::reports(const QString& what, bool starts) {
  return [address = address_, what, starts](const CallResult& result) {
    if (result.ok()) return;
    const QString why = QString::fromStdString(result.error->message);
    post(address, [what, why, starts](StudioModel& model) {
      emit model.command_failed(what, why);
      if (starts) emit model.start_failed(why);
    });
  };
}

void StudioModel::call(const QString& what, std::string command, Json params, bool starts) {
  send(what, [this, command = std::move(command), params = std::move(params), reply = reports(what, starts)] {
    port_.call(command, params, {.face = Face::window}, reply);
  });
}

bool StudioModel::send(const QString& what, Work command) {
  {
    std::lock_guard lock(mutex_);
    if (commands_.size() < kMostCommands) {
      commands_.push_back(std::move(command));
      wake_.notify_all();
      return true;
    }
  }
  emit command_failed(what, tr("the engine does not answer; the command was not sent"));
  return false;
}

void StudioModel::open_show(const QString& path) {
  send(tr("Open show"), [this, path, address = address_] {
    const auto opened = [address, path](const CallResult& result) {
      post(address, [path, error = result.error](StudioModel& model) {
        if (!error) {
          emit model.show_opened(path);
        } else {
          emit model.show_refused(
              path, error->errors.empty() ? std::vector<show::ShowError>{{"", error->message}} : error->errors);
        }
      });
    };
    port_.call("show.open", {{"path", path.toStdString()}}, {.face = Face::window}, opened);
  });
}

void StudioModel::start(std::int64_t frames) {
  call(tr("Go on air"), "program.start", {{"frames", frames}}, true);
}

void StudioModel::stop() {
  call(tr("End show"), "program.stop", nullptr);
}

void StudioModel::save() {
  call(tr("Save show"), "show.save", nullptr);
}

void StudioModel::undo() {
  call(tr("Undo"), "show.undo", nullptr);
}

void StudioModel::redo() {
  call(tr("Redo"), "show.redo", nullptr);
}

void StudioModel::take_over() {
  call(tr("Take over file"), "show.reload", nullptr);
}

void StudioModel::run_macro(const std::string& name) {
  call(tr("Macro"), "macro.run", {{"name", name}});
}

void StudioModel::cut(const std::string& scene) {
  call(tr("Cut"), "program.cut", scene.empty() ? Json::object() : Json{{"scene", scene}});
}

void StudioModel::take(const std::string& scene) {
  call(tr("Auto"), "program.auto", scene.empty() ? Json::object() : Json{{"scene", scene}});
}

void StudioModel::move_bar(double position) {
  {
    std::lock_guard lock(mutex_);
    if (std::exchange(bar_, position)) return;  // the one on its way takes this along
  }
  const bool sent = send(tr("T-bar"), [this, reply = reports(tr("T-bar"))] {
    std::unique_lock lock(mutex_);
    const double wanted = std::exchange(bar_, std::nullopt).value_or(0);
    lock.unlock();
    port_.call("program.transition", {{"position", wanted}}, {.face = Face::window}, reply);
  });
  std::lock_guard lock(mutex_);
  if (!sent) bar_.reset();
}

void StudioModel::fade_to_black() {
  call(tr("Fade to black"), "program.fade_to_black", Json::object());
}

void StudioModel::set_studio_mode(bool on) {
  call(tr("Studio mode"), "preview.studio_mode", {{"on", on}});
}

void StudioModel::set_preview(const std::string& scene) {
  call(tr("Preview"), "preview.set", {{"scene", scene}});
}

void StudioModel::choose_transition(const std::string& name, std::optional<Millis> duration) {
  Json params{{"name", name}};
  if (duration) params["duration_ms"] = duration->count();
  call(tr("Transition"), "transition.choose", std::move(params));
}

void StudioModel::set_layer(const std::string& scene, const std::string& layer, const std::string& key, bool value) {
  call(tr("Layer"), "layer.set", {{"scene", scene}, {"layer", layer}, {"values", {{key, value}}}});
}

void StudioModel::add_layer(const std::string& scene, const char* key, const std::string& name) {
  call(tr("Layer"), "layer.add", {{"scene", scene}, {key, name}});
}

void StudioModel::move_layer(const std::string& scene, const std::string& layer, int position) {
  call(tr("Layer"), "layer.move", {{"scene", scene}, {"layer", layer}, {"position", position}});
}

void StudioModel::add_filter(const std::string& scene, const std::string& layer, const std::string& kind, Json values) {
  Json params{{"scene", scene}, {"layer", layer}, {"type", kind}};
  if (!values.empty()) params["values"] = std::move(values);
  call(tr("Filter"), "filter.add", std::move(params));
}

void StudioModel::set_filter(const std::string& scene, const std::string& layer, const std::string& filter,
                             Json values) {
  call(tr("Filter"), "filter.set",
       {{"scene", scene}, {"layer", layer}, {"filter", filter}, {"values", std::move(values)}});
}

void StudioModel::enable_filter(const std::string& scene, const std::string& layer, const std::string& filter,
                                bool enabled) {
  call(tr("Filter"), "filter.enable", {{"scene", scene}, {"layer", layer}, {"filter", filter}, {"enabled", enabled}});
}

void StudioModel::move_filter(const std::string& scene, const std::string& layer, const std::string& filter,
                              int position) {
  call(tr("Filter"), "filter.move", {{"scene", scene}, {"layer", layer}, {"filter", filter}, {"position", position}});
}

void StudioModel::remove_filter(const std::string& scene, const std::string& layer, const std::string& filter) {
  call(tr("Filter"), "filter.remove", {{"scene", scene}, {"layer", layer}, {"filter", filter}});
}

void StudioModel::act_on_source(const std::string& source, const char* command) {
  call(tr("Source"), command, {{"name", source}});
}

void StudioModel::seek_source(const std::string& source, Millis position) {
  call(tr("Source"), "source.seek", {{"name", source}, {"position_ms", position.count()}});
}

void StudioModel::set_strip(const std::string& strip, Json values) {
  values["strip"] = strip;
  call(tr("Mixer"), "mixer.set", std::move(values));
}

void StudioModel::set_bus(const std::string& bus, Json values) {
  values["bus"] = bus;
  call(tr("Mixer"), "mixer.bus", std::move(values));
}

void StudioModel::set_strip_filter(const std::string& strip, const std::string& filter, Json settings) {
  Json params{{"strip", strip}, {"filter", filter}};
  if (!settings.is_null()) params["settings"] = std::move(settings);
  call(tr("Mixer"), "mixer.filter", std::move(params));
}

void StudioModel::set_monitor(Json values) {
  call(tr("Monitor"), "monitor.set", std::move(values));
}

void StudioModel::list_monitor_devices() {
  send(tr("Devices"), [this, address = address_] {
    port_.call("monitor.devices", Json::object(), {.face = Face::window}, [address](const CallResult& result) {
      const QString failure = result.ok() ? QString() : QString::fromStdString(result.error->message);
      post(address, [devices = result.value, failure](StudioModel& model) {
        emit model.monitor_devices_listed(devices, failure);
      });
    });
  });
}

void StudioModel::reset_loudness() {
  call(tr("Reset loudness"), "mixer.reset_loudness", {{"bus", "program"}});
}

void StudioModel::retry_now(const std::string& destination, const std::string& role) {
  call(tr("Retry"), "destination.retry", {{"name", destination}, {"role", role}});
}

void StudioModel::retry_all() {
  for (const LegSnapshot& leg : snapshot_.legs) {
    if (leg.state == LegState::backoff) retry_now(leg.destination, leg.role);
  }
}

void StudioModel::take_main_all() {
  std::vector<std::string> destinations;
  for (const LegSnapshot& leg : snapshot_.legs) {
    const bool known = std::find(destinations.begin(), destinations.end(), leg.destination) != destinations.end();
    if (leg.role == "backup" && !known) destinations.push_back(leg.destination);
  }
  for (const std::string& destination : destinations) {
    call(tr("Take main"), "destination.take_main", {{"name", destination}});
  }
}

}  // namespace mainstay::ui
