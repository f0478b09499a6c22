#include "app/script/script_host.h"

namespace mainstay::script {

namespace {

Outcome dropped(const std::string& file) {
  Outcome outcome;
  outcome.end = End::interrupted;
  outcome.message = file + ": interrupted";
  return outcome;
}

}  // namespace

ScriptHost::ScriptHost(const Services& services, Options options)
    : services_(services),
      options_(std::move(options)),
      meter_(services.wall),
      time_(services, meter_),
      watchdog_(services.wall, options_.limits, meter_, [this](End why) { end_running(why); }),
      thread_("script", [this](std::stop_token stop) { run_thread(stop); }) {}

ScriptHost::~ScriptHost() {
  finish(kNever - Instant{});
}

bool ScriptHost::evaluate(Evaluation evaluation, Done done) {
  {
    std::lock_guard lock(mutex_);
    if (closing_ || waiting_.size() >= kMostWaiting) return false;
    waiting_.push_back({std::move(evaluation), std::move(done)});
  }
  time_.wake();
  return true;
}

std::optional<Outcome> ScriptHost::run(Evaluation evaluation, std::stop_token stop) {
  auto ended = std::make_shared<std::optional<Outcome>>();
  const std::string file = evaluation.file;
  const bool taken = evaluate(std::move(evaluation), [this, ended](Outcome outcome) {
    std::lock_guard lock(mutex_);
    *ended = std::move(outcome);
    changed_.notify_all();
  });
  if (!taken) return dropped(file);
  const std::stop_callback interrupts(stop, [this] { interrupt(); });
  std::unique_lock lock(mutex_);
  const auto done = [&] { return ended->has_value(); };
  while (!done()) {
    const auto asked = asked_to_end_;
    const Instant until = asked ? *asked + kGrace : kNever;
    services_.wall.wait(lock, changed_, {}, until, [&] { return done() || asked_to_end_ != asked; });
    if (!done() && asked && asked == asked_to_end_ && services_.wall.now() >= until) return std::nullopt;
  }
  return std::move(**ended);
}

std::vector<ScriptHost::Task> ScriptHost::take_waiting() {
  std::lock_guard lock(mutex_);
  std::vector<Task> tasks(std::make_move_iterator(waiting_.begin()), std::make_move_iterator(waiting_.end()));
  waiting_.clear();
  return tasks;
}

void ScriptHost::end_running(End why) {
  std::lock_guard lock(mutex_);
  if (engine_ == nullptr) return;
  engine_->interrupt(why);
  time_.interrupt();
  if (!asked_to_end_) asked_to_end_ = services_.wall.now();
  changed_.notify_all();
}

void ScriptHost::interrupt() {
  for (Task& task : take_waiting()) task.done(dropped(task.evaluation.file));
  end_running(End::interrupted);
}

bool ScriptHost::finish(Nanos limit) {
  {
    std::lock_guard lock(mutex_);
    closing_ = true;
  }
  interrupt();
  thread_.request_stop();
  std::unique_lock lock(mutex_);
  const Instant until = limit == kNever - Instant{} ? kNever : services_.wall.now() + limit;
  return services_.wall.wait(lock, changed_, {}, until, [&] { return finished_; });
}

bool ScriptHost::is_stuck() const {
  std::lock_guard lock(mutex_);
  return asked_to_end_ && services_.wall.now() >= *asked_to_end_ + kGrace;
}

std::vector<TestResult> ScriptHost::tests() const {
  std::lock_guard lock(mutex_);
  return tests_;
}

std::vector<std::string> ScriptHost::globals() const {
  std::lock_guard lock(mutex_);
  return globals_;
}

void ScriptHost::on_error(std::function<void(const Outcome&)> listener) {
  std::lock_guard lock(mutex_);
  on_error_ = std::move(listener);
}

Outcome ScriptHost::guarded(ScriptEngine& engine, const std::function<Outcome()>& act) {
  {
    std::lock_guard lock(mutex_);
    engine_ = closing_ ? nullptr : &engine;
    if (closing_) return dropped("the script");
  }
  meter_.reset();
  meter_.resume();
  watchdog_.begin();
  Outcome outcome = act();
  watchdog_.end();
  meter_.pause();
  {
    std::lock_guard lock(mutex_);
    engine_ = nullptr;
    asked_to_end_.reset();
    engine.resume();
    time_.resume();
  }
  auto names = engine.globals();
  std::lock_guard lock(mutex_);
  globals_ = std::move(names);
  return outcome;
}

void ScriptHost::run_task(ScriptEngine& engine, Task task) {
  Outcome outcome = guarded(engine, [&] {
    const Evaluation& e = task.evaluation;
    return engine.evaluate(e.source, e.file, e.shown);
  });
  task.done(std::move(outcome));
}

void ScriptHost::run_listeners(ScriptEngine& engine) {
  const Outcome outcome = guarded(engine, [&] { return engine.dispatch("event listener"); });
  std::function<void(const Outcome&)> tell;
  {
    std::lock_guard lock(mutex_);
    if (!closing_) tell = on_error_;  // whoever listened may be gone
  }
  if (!outcome.ok() && tell) tell(outcome);
}

void ScriptHost::run_thread(const std::stop_token& stop) {
  {
    ScriptEngine engine(services_, options_, time_, meter_, [this](TestResult result) {
      std::lock_guard lock(mutex_);
      if (tests_.size() < kMostTests) tests_.push_back(std::move(result));
    });
    while (!stop.stop_requested()) {
      std::optional<Task> task;
      {
        std::lock_guard lock(mutex_);
        if (!waiting_.empty()) {
          task = std::move(waiting_.front());
          waiting_.pop_front();
          engine_ = &engine;  // from here on it can be interrupted
        }
      }
      if (task) {
        run_task(engine, std::move(*task));
      } else if (time_.idle(stop)) {
        run_listeners(engine);
      }
    }
  }
  std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

}  // namespace mainstay::script
