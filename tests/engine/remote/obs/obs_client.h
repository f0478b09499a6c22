// A hub without sockets: time and the sessions' thread move when the test says so; and a client of it.
// Owned by the test.
// Thread-safety: the test's thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/log.h"
#include "engine/remote/obs/hub.h"
#include "tests/engine/remote/obs/fake_port.h"

namespace mainstay::obs {

/// The sessions' thread.
class Loop {
 public:
  explicit Loop(ManualClock& clock) : clock_(clock) {}
  void post(std::function<void()> work) {
    {
      std::lock_guard lock(mutex_);
      posted_.push_back(std::move(work));
    }
    news_.notify_all();
  }
  void after(Nanos delay, std::function<void()> work) { timers_.emplace(clock_.now() + delay, std::move(work)); }
  /// Runs all there is to run now.
  void run();
  /// Waits until a thread of its own has posted something, and runs it.
  void wait();
  void advance(Nanos by) {
    clock_.advance(by);
    run();
  }

 private:
  ManualClock& clock_;
  std::mutex mutex_;
  std::condition_variable news_;
  std::deque<std::function<void()>> posted_;
  std::multimap<Instant, std::function<void()>> timers_;
};

struct Closed {
  int code = 0;
  std::string reason;
};

class FakeLink final : public Link {
 public:
  explicit FakeLink(Loop& loop) : loop_(loop) {}
  void send(std::string bytes, bool text) override { sent.push_back({std::move(bytes), text}); }
  void close(int code, std::string reason) override { closed = Closed{code, std::move(reason)}; }
  void pause() override { paused = true; }
  void resume() override { paused = false; }
  void post(std::function<void()> work) override { loop_.post(std::move(work)); }
  void after(Nanos delay, std::function<void()> work) override { loop_.after(delay, std::move(work)); }

  std::deque<std::pair<std::string, bool>> sent;
  std::optional<Closed> closed;
  bool paused = false;

 private:
  Loop& loop_;
};

class ObsClient {
 public:
  ObsClient(Hub& hub, Loop& loop, Encoding encoding = Encoding::json, std::string address = "192.0.2.7");
  ~ObsClient();

  void send(const Json& message);
  void send_bytes(std::string_view bytes, bool text);
  /// The next message; null when there is none.
  Json next();
  /// The next message that is no event.
  Json answer();
  /// Events so far, by type.
  std::vector<Json> events();
  /// Hello and Identify; `extra` goes into the latter.
  Json identify(Json extra = Json::object(), const std::string& password = {});
  /// One request, answered: the "d" of the response.
  Json request(const std::string& type, Json data = nullptr);
  /// The same for one whose work is done on a thread of its own.
  Json slow_request(const std::string& type, Json data = nullptr);
  Json batch(Json requests, Json extra = Json::object());
  std::optional<Closed> closed() const { return link_->closed; }
  FakeLink& link() { return *link_; }
  Session& session() { return *session_; }
  void disconnect();

 private:
  std::string ask(const std::string& type, Json data);
  Json answered(const std::string& type, const std::string& id, Json message);

  Loop& loop_;
  Encoding encoding_;
  std::shared_ptr<FakeLink> link_;
  std::shared_ptr<Session> session_;
  int ids_ = 0;
};

/// All of it together.
struct ObsBench {
  explicit ObsBench(Hub::Options options = {});
  ObsClient client(Encoding encoding = Encoding::json) { return ObsClient(*hub, loop, encoding); }

  ManualClock clock;
  Log log{{.level = LogLevel::off}};
  FakePort studio;
  Loop loop{clock};
  std::shared_ptr<Hub> hub;
};

}  // namespace mainstay::obs
