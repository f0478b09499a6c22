// A studio without an engine, for scripts: real commands in a real registry, answered by a thread of its own; a program
// that counts frames on the clock and notes from which frame each scene was shown.
// Owned by the test.
// Thread-safety: all members from any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "engine/core/named_thread.h"
#include "engine/studio/command_registry.h"
#include "engine/studio/event_log.h"
#include "engine/studio/studio_port.h"

namespace mainstay::script {

class FakeStudio final : public StudioPort {
 public:
  FakeStudio(Clock& clock, Log& log);
  ~FakeStudio() override;

  const CommandRegistry& registry() const override { return registry_; }
  void call(std::string command, Json params, Caller caller, Reply reply) override;
  Snapshot snapshot() const override;
  Json state() const override;
  FramePtr program_picture() const override { return nullptr; }
  FramePtr preview_picture() const override { return nullptr; }
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override {
    return events_.after(after, limit);
  }
  std::shared_ptr<void> on_event(std::function<void()> listener) override {
    return events_.listen(std::move(listener));
  }

  // --- for the test --------------------------------------------------------------------------------------------------
  void set_state(Json state);
  void tell(std::string type, std::string subject, Json data = Json::object());
  /// The program's thread tells, in the tick of this frame, that a source has ended.
  void source_ends_at(std::int64_t frame) { ends_at_ = frame; }
  /// Commands are taken and never answered.
  void never_answer() { answers_ = false; }
  /// "destination.start {"name":"platform"}" of every call that was run.
  std::vector<std::string> calls() const;
  /// (program frame, scene) of each change on air.
  std::vector<std::pair<std::int64_t, std::string>> cuts() const;
  Phase phase() const { return phase_; }

 private:
  void declare();
  void start(std::int64_t frames);
  void stop();
  void run_program(const std::stop_token& stop, std::int64_t frames);
  void run_calls(const std::stop_token& stop);
  void note(const std::string& command, const Json& params);

  Clock& clock_;
  EventLog events_;
  CommandRegistry registry_;
  std::atomic<bool> answers_{true};
  std::atomic<std::int64_t> ends_at_{-1};
  std::atomic<Phase> phase_{Phase::off};
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> waiting_;
  Json state_;
  std::string scene_ = "Main";
  std::int64_t rendered_ = 0;
  std::vector<std::string> calls_;
  std::vector<std::pair<std::int64_t, std::string>> cuts_;
  std::vector<Reply> unanswered_;
  NamedThread program_;
  NamedThread control_;
};

}  // namespace mainstay::script
