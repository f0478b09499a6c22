// A console session without a script engine: what is run is written down, and answered when the test says so.
// Owned by the test.
// Thread-safety: all members from any thread.
#pragma once

#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ui/console_port.h"

namespace mainstay::ui {

class FakeConsole final : public ConsolePort {
 public:
  static constexpr std::size_t kMostWaiting = 3;

  bool evaluate(std::string source, std::function<void(ConsoleResult)> done) override {
    std::lock_guard lock(mutex_);
    if (waiting_.size() >= kMostWaiting) return false;
    sources_.push_back(std::move(source));
    waiting_.push_back(std::move(done));
    return true;
  }
  void interrupt() override {
    std::lock_guard lock(mutex_);
    ++interruptions_;
  }
  bool is_stuck() const override {
    std::lock_guard lock(mutex_);
    return stuck_;
  }
  bool unfinished(std::string_view source) const override {
    return source.find('{') != source.npos && source.find('}') == source.npos;
  }
  ConsoleCompletion complete(std::string_view line, std::size_t cursor) const override {
    ConsoleCompletion completion;
    const std::string_view typed = line.substr(0, cursor);
    const std::size_t dot = typed.rfind('.');
    completion.begin = dot == typed.npos ? 0 : dot + 1;
    for (const ConsoleCandidate& candidate : candidates_) {
      if (candidate.text.rfind(typed.substr(completion.begin), 0) == 0) completion.candidates.push_back(candidate);
    }
    return completion;
  }
  std::vector<std::string> history() const override { return {"first", "second"}; }
  void remember(std::string source) override {
    std::lock_guard lock(mutex_);
    remembered_.push_back(std::move(source));
  }
  void on_output(std::function<void(ConsoleLine)> listener) override {
    std::lock_guard lock(mutex_);
    listener_ = std::move(listener);
  }

  // --- for the test --------------------------------------------------------------------------------------------------
  /// Answers the oldest line that waits; false when none does.
  bool answer(ConsoleResult result) {
    std::unique_lock lock(mutex_);
    if (waiting_.empty()) return false;
    const auto done = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    done(std::move(result));
    return true;
  }
  void print(std::string line) { say({std::move(line)}); }
  /// As an event listener of the script's that throws.
  void fail(std::string error) { say({std::move(error), true}); }
  void be_stuck() {
    std::lock_guard lock(mutex_);
    stuck_ = true;
  }
  std::vector<std::string> sources() const {
    std::lock_guard lock(mutex_);
    return sources_;
  }
  std::vector<std::string> remembered() const {
    std::lock_guard lock(mutex_);
    return remembered_;
  }
  int interruptions() const {
    std::lock_guard lock(mutex_);
    return interruptions_;
  }
  bool is_listened_to() const {
    std::lock_guard lock(mutex_);
    return static_cast<bool>(listener_);
  }

 private:
  void say(ConsoleLine line) {
    std::unique_lock lock(mutex_);
    const auto listener = listener_;
    lock.unlock();
    if (listener) listener(std::move(line));
  }

  const std::vector<ConsoleCandidate> candidates_{
      {"cut", "program.cut(scene): Puts a scene on air, in the next frame."},
      {"start", "program.start([frames]): Puts the open show on air."},
      {"stop", "program.stop(): Ends the show in good order."}};
  mutable std::mutex mutex_;
  std::vector<std::string> sources_;
  std::vector<std::string> remembered_;
  std::deque<std::function<void(ConsoleResult)>> waiting_;
  std::function<void(ConsoleLine)> listener_;
  int interruptions_ = 0;
  bool stuck_ = false;
};

}  // namespace mainstay::ui
