// A studio without an engine: what the window sees is what a test sets; what the window asks is written down.
// Owned by the test.
// Thread-safety: all members from any thread.
#pragma once

#include <algorithm>
#include <condition_variable>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "engine/studio/command_registry.h"
#include "engine/studio/studio_port.h"

namespace mainstay::ui {

class FakeStudio final : public StudioPort {
 public:
  const CommandRegistry& registry() const override { return registry_; }
  /// Written down as "program.start 0": the command and its parameters' values.
  void call(std::string command, Json params, Caller, Reply reply) override {
    std::unique_lock lock(mutex_);
    std::string line = command;
    for (const auto& [key, value] : params.items())
      line += " " + (value.is_string() ? value.get<std::string>() : value.dump());
    calls_.push_back(std::move(line));
    CallResult result;
    if (command == "show.open" && refuse_with_.empty()) {
      snapshot_.show_path = params["path"];
      if (snapshot_.show_name.empty()) snapshot_.show_name = "Opened";
    } else if (command == "show.open") {
      result = CallResult::failure(CallErrc::invalid_show, refuse_with_.front().message, refuse_with_);
    } else if (!fail_with_.empty()) {
      result = CallResult::failure(CallErrc::failed, fail_with_);
    }
    if (const auto value = values_.find(command); value != values_.end()) result.value = value->second;
    const bool answers = answers_;
    lock.unlock();
    if (answers) reply(std::move(result));
  }

  Snapshot snapshot() const override {
    std::unique_lock lock(mutex_);
    // An engine that hangs: the reader waits until the test lets go.
    released_.wait(lock, [this] { return !hangs_; });
    Snapshot snapshot = snapshot_;
    snapshot.failure = failure_;
    return snapshot;
  }
  FramePtr program_picture() const override {
    std::lock_guard lock(mutex_);
    ++picture_reads_;
    return picture_;
  }
  FramePtr preview_picture() const override {
    std::lock_guard lock(mutex_);
    return preview_picture_;
  }
  FramePtr multiview_picture(const std::string& source) const override {
    std::lock_guard lock(mutex_);
    return source.empty() ? picture_ : nullptr;
  }
  std::vector<Event> events(std::int64_t after, std::size_t limit) const override {
    std::lock_guard lock(mutex_);
    std::vector<Event> out;
    for (const Event& event : events_) {
      if (event.number > after && out.size() < limit) out.push_back(event);
    }
    return out;
  }
  Json state() const override { return Json::object(); }
  std::shared_ptr<void> on_event(std::function<void()>) override { return nullptr; }

  // --- for the test --------------------------------------------------------------------------------------------------
  void set(Snapshot snapshot) {
    std::lock_guard lock(mutex_);
    snapshot_ = std::move(snapshot);
  }
  void set_picture(FramePtr picture) {
    std::lock_guard lock(mutex_);
    picture_ = std::move(picture);
  }
  void add_event(LogLevel level, std::string subject, std::string message, UtcInstant at = {},
                 std::string type = "test") {
    std::lock_guard lock(mutex_);
    events_.push_back({static_cast<std::int64_t>(events_.size()) + 1, at, level, std::move(type), std::move(subject),
                       std::move(message)});
  }
  void refuse_with(std::vector<show::ShowError> errors) {
    std::lock_guard lock(mutex_);
    refuse_with_ = std::move(errors);
  }
  /// What a command gives back.
  void answer(const std::string& command, Json value) {
    std::lock_guard lock(mutex_);
    values_[command] = std::move(value);
  }
  /// Each command from here on fails with this; empty: they succeed.
  void fail_with(std::string message) {
    std::lock_guard lock(mutex_);
    fail_with_ = std::move(message);
  }
  void set_failure(std::string failure) {
    std::lock_guard lock(mutex_);
    failure_ = std::move(failure);
  }
  /// Commands are taken and never answered.
  void never_answer() {
    std::lock_guard lock(mutex_);
    answers_ = false;
  }
  void hang(bool hangs) {
    {
      std::lock_guard lock(mutex_);
      hangs_ = hangs;
    }
    released_.notify_all();
  }
  std::vector<std::string> calls() const {
    std::lock_guard lock(mutex_);
    return calls_;
  }
  bool was_called(const std::string& what) const {
    const std::vector<std::string> all = calls();
    return std::find(all.begin(), all.end(), what) != all.end();
  }
  int picture_reads() const {
    std::lock_guard lock(mutex_);
    return picture_reads_;
  }

 private:
  CommandRegistry registry_;  // empty: a fake takes everything
  mutable std::mutex mutex_;
  mutable std::condition_variable released_;
  Snapshot snapshot_;
  FramePtr picture_;
  FramePtr preview_picture_;
  std::vector<Event> events_;
  std::vector<show::ShowError> refuse_with_;
  std::string fail_with_;
  std::map<std::string, Json> values_;
  std::string failure_;
  std::vector<std::string> calls_;
  mutable int picture_reads_ = 0;
  bool answers_ = true;
  bool hangs_ = false;
};

}  // namespace mainstay::ui
