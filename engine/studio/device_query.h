// Asks for the devices of this machine without waiting for them: drivers and servers that hang keep only their own
// answer back.
// Owned by the command source.devices.
// Thread-safety: ask() from any thread.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/studio/command.h"

namespace mainstay {

class DeviceQuery {
 public:
  /// Runs on a thread that may be left behind, so it may hold nothing that ends with the studio.
  using List = std::function<Result<Json>()>;

  explicit DeviceQuery(Clock& clock, Nanos limit = Seconds(5)) : clock_(clock), limit_(limit) {}
  /// What was not answered yet is cancelled.
  ~DeviceQuery();

  /// Answers with what `list` gives, or says that it takes too long; then it is not begun again before it is back.
  void ask(const std::string& kind, List list, Reply reply);

 private:
  struct Job;
  struct Question {
    std::string kind;
    List list;
    Reply reply;
  };

  void run(const std::stop_token& stop);
  CallResult answer(const Question& question, const std::stop_token& stop);

  Clock& clock_;
  const Nanos limit_;
  std::map<std::string, std::shared_ptr<Job>> hung_;  // of the thread
  std::mutex mutex_;
  std::condition_variable_any asked_;
  std::deque<Question> questions_;
  NamedThread thread_;  // started by the first question
};

/// The lists of source.devices, and that of monitor.devices. They block.
Result<Json> list_audio_devices();
Result<Json> list_output_devices();
Result<Json> list_camera_devices();
Result<Json> list_screen_devices(const std::string& display);

}  // namespace mainstay
