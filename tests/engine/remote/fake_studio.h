// A studio without an engine, for tests of the remote faces: a few commands, and events as the test says.
// Owned by a test.
// Thread-safety: as StudioPort's.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/bounded_queue.h"
#include "engine/core/named_thread.h"
#include "engine/studio/command_registry.h"
#include "engine/studio/event_log.h"
#include "engine/studio/studio_port.h"

namespace mainstay::remote {

/// Commands: test.echo(value) -> value (view, reads); test.add(a, [b=1]) -> a+b on the studio's own thread (operate);
/// test.fail(code) fails so; test.held() is answered by release(); test.admin() needs admin.
class FakeStudio final : public StudioPort {
 public:
  FakeStudio();
  ~FakeStudio() override;

  const CommandRegistry& registry() const override { return registry_; }
  void call(std::string command, Json params, Caller caller, Reply reply) override;
  Snapshot snapshot() const override;
  Json state() const override { return Json::object(); }
  FramePtr program_picture() const override { return nullptr; }
  FramePtr preview_picture() const override { return nullptr; }
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override {
    return events_.after(after, limit);
  }
  std::shared_ptr<void> on_event(std::function<void()> listener) override {
    return events_.listen(std::move(listener));
  }

  void happen(const std::string& type, const std::string& message) {
    events_.add(LogLevel::info, type, "subject", message, {{"key", "value"}});
  }
  /// Answers all calls of test.held there are; how many.
  int release();
  /// Waits until so many calls of test.held wait.
  bool wait_held(std::size_t count);
  /// All callers so far, in order.
  std::vector<Caller> callers() const;

 private:
  struct Task {
    CommandRegistry::Run run;
    Caller caller;
    Reply reply;
  };

  ManualClock clock_;
  SteadyClock steady_;
  Log log_{{.level = LogLevel::off}};
  CommandRegistry registry_;
  EventLog events_{clock_, log_};
  BoundedQueue<Task> tasks_{steady_, {.items = 100'000}, Overflow::block};
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Reply> held_;
  std::vector<Caller> callers_;
  NamedThread thread_;
};

}  // namespace mainstay::remote
