// The engine as the window knows it: the latest snapshot, new events, and commands that never wait.
// Owned by run_window() (or by a test); the port and the clock outlive it.
// Thread-safety: the user-interface thread only. A thread of its own ("ui/studio") does all that talks to the engine,
// ten times a second and after each command, so that an engine that hangs leaves the window alive; what it saw arrives
// here as queued calls, the latest replacing what was not taken yet.
#pragma once

#include <QObject>
#include <QString>
#include <QTimer>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/studio/studio_port.h"

namespace mainstay::ui {

class StudioModel : public QObject {
  Q_OBJECT

 public:
  StudioModel(StudioPort& port, Clock& clock, QObject* parent = nullptr);
  ~StudioModel() override;

  const Snapshot& snapshot() const { return snapshot_; }
  /// False while the engine has not let itself be looked at for two seconds.
  bool answering() const { return answering_; }
  /// Anything but off: a wrong click could cost the stream.
  bool busy() const { return snapshot_.phase != Phase::off; }

  void open_show(const QString& path);
  /// `frames` > 0 ends the show after exactly that many.
  void start(std::int64_t frames = 0);
  void stop();
  /// Saves to the show's own file.
  void save();
  void undo();
  void redo();
  /// The show as its file now is, where that was changed from outside.
  void take_over();
  void run_macro(const std::string& name);
  /// What is in preview; in its place, without studio mode, `scene`.
  void cut(const std::string& scene = {});
  void take(const std::string& scene = {});
  /// The T-bar, 0 to 1. While a position is on its way to the engine, only the newest is kept.
  void move_bar(double position);
  void fade_to_black();
  void set_studio_mode(bool on);
  void set_preview(const std::string& scene);
  void choose_transition(const std::string& name, std::optional<Millis> duration);
  void set_layer(const std::string& scene, const std::string& layer, const std::string& key, bool value);
  /// source.pause, source.play, source.restart, source.next.
  void act_on_source(const std::string& source, const char* command);
  void seek_source(const std::string& source, Millis position);
  /// `key`: "source", or "nested" for a scene.
  void add_layer(const std::string& scene, const char* key, const std::string& name);
  void move_layer(const std::string& scene, const std::string& layer, int position);
  /// `values`: keys that it is to begin with.
  void add_filter(const std::string& scene, const std::string& layer, const std::string& kind, Json values);
  /// Of a slider in somebody's hand many a second.
  void set_filter(const std::string& scene, const std::string& layer, const std::string& filter, Json values);
  void enable_filter(const std::string& scene, const std::string& layer, const std::string& filter, bool enabled);
  void move_filter(const std::string& scene, const std::string& layer, const std::string& filter, int position);
  void remove_filter(const std::string& scene, const std::string& layer, const std::string& filter);
  /// mixer.set and mixer.bus with those values; of a fader in somebody's hand many a second.
  void set_strip(const std::string& strip, Json values);
  void set_bus(const std::string& bus, Json values);
  /// `settings`: some of its keys, or all bands of the equaliser; null: it is taken away.
  void set_strip_filter(const std::string& strip, const std::string& filter, Json settings);
  /// The sound at this machine; of its fader many a second.
  void set_monitor(Json values);
  /// Answered by monitor_devices_listed.
  void list_monitor_devices();
  /// Integrated loudness and range of the program start anew.
  void reset_loudness();
  void retry_now(const std::string& destination, const std::string& role);
  /// All legs of all destinations that wait for their next attempt.
  void retry_all();
  /// Standby destinations go back to their main leg.
  void take_main_all();

  /// The watchdog's step; the timer calls it twice a second.
  void check_answering();

 signals:
  void updated();
  void events_added(const std::vector<mainstay::Event>& events);
  void show_opened(const QString& path);
  void show_refused(const QString& path, const std::vector<mainstay::show::ShowError>& errors);
  /// The show is off air again; `failure` says why it failed, empty when it ended in good order.
  void show_ended(const QString& failure);
  void start_failed(const QString& why);
  /// `what` is the command in words ("Go on air"), `why` the engine's message.
  void command_failed(const QString& what, const QString& why);
  void answering_changed(bool answering);
  /// As monitor.devices gives them; `failure`: why they are not known.
  void monitor_devices_listed(const mainstay::Json& devices, const QString& failure);

 private:
  using Work = std::function<void()>;

  /// Where callbacks of the engine find the model, if it still lives.
  struct Address {
    std::mutex mutex;
    StudioModel* model = nullptr;
  };
  /// What the worker saw and the window has not taken yet.
  struct Sight {
    Snapshot snapshot;
    std::vector<Event> events;
    std::string failure;
    bool posted = false;
  };

  void work(const std::stop_token& stop);
  void look(std::int64_t& last_event);
  void take_sight();
  /// False, with the failure told, when the engine has too much to do already.
  bool send(const QString& what, Work command);
  /// A callback that reports an error of `what` on the user-interface thread.
  void call(const QString& what, std::string command, Json params, bool starts = false);
  Reply reports(const QString& what, bool starts = false);
  static void post(const std::shared_ptr<Address>& address, std::function<void(StudioModel&)> call);

  StudioPort& port_;
  Clock& clock_;
  Snapshot snapshot_;
  bool answering_ = true;
  int silent_checks_ = 0;
  QTimer watchdog_;
  std::shared_ptr<Address> address_ = std::make_shared<Address>();

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<Work> commands_;
  std::optional<double> bar_;  // wanted, not sent yet
  Sight sight_;
  NamedThread worker_;  // last: stops before what it uses goes
};

}  // namespace mainstay::ui
