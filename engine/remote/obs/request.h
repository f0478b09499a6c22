// A request under way, and what its handler may use.
// A Call is shared by the session that waits for the answer and by the handler until it has given it; Services are the
// hub's.
// Thread-safety: the thread of the hub's sessions; continuations of studio calls come back to it.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "engine/core/clock.h"
#include "engine/remote/obs/persistent_data.h"
#include "engine/remote/obs/screenshots.h"
#include "engine/remote/obs/usage_meter.h"
#include "engine/studio/studio_port.h"

namespace mainstay::obs {

class RequestTable;

/// What all sessions share and requests may use.
struct Services {
  StudioPort& studio;
  Clock& clock;
  const RequestTable& table;
  UsageMeter usage;
  /// To every session that subscribed to it.
  std::function<void(const ObsEvent&)> broadcast;
  /// False when too many wait.
  std::function<bool(PictureOrder)> screenshot = {};
  std::shared_ptr<PersistentData> data = std::make_shared<PersistentData>();
  std::int64_t messages_in = 0;
  std::int64_t messages_out = 0;
};

class Call {
 public:
  using Done = std::function<void(Answer)>;
  /// Brings work back to the sessions' thread; may drop it when nobody waits any more.
  using Resume = std::function<void(std::function<void()>)>;

  Call(std::shared_ptr<Services> services_in, Caller caller_in, Json data_in, Resume resume, Done done)
      : services(*services_in),
        caller(std::move(caller_in)),
        data(std::move(data_in)),
        owner_(std::move(services_in)),
        resume_(std::move(resume)),
        done_(std::move(done)) {}

  Services& services;
  const Caller caller;
  const Json data;  ///< an object, checked against the table's row

  /// The answer; only the first counts.
  void answer(Answer answer) {
    if (Done done = std::exchange(done_, nullptr)) done(std::move(answer));
  }
  void succeed(Json response = nullptr) { answer({RequestStatus::success, {}, std::move(response)}); }
  void fail(RequestStatus status, std::string comment) { answer(Answer::failure(status, std::move(comment))); }

  /// Brings work back to the sessions' thread; from any thread. It is dropped when nobody waits any more.
  void resume(std::function<void()> work) const { resume_(std::move(work)); }

  /// The field as text; empty when it was not given.
  std::string text(const char* field) const {
    const auto found = data.find(field);
    return found != data.end() && found->is_string() ? found->get<std::string>() : std::string();
  }
  bool given(const char* field) const {
    const auto found = data.find(field);
    return found != data.end() && !found->is_null();
  }

 private:
  friend void command(const std::shared_ptr<Call>& call, std::string name, Json params,
                      std::function<void(CallResult)> then);
  const std::shared_ptr<Services> owner_;
  const Resume resume_;
  Done done_;
};

using CallPtr = std::shared_ptr<Call>;
using Handler = std::function<void(const CallPtr&)>;

/// Calls the studio as the request's client; `then` runs on the sessions' thread.
void command(const CallPtr& call, std::string name, Json params, std::function<void(CallResult)> then);
/// The same, answering with the failure, or, when it went well, with no data.
void command(const CallPtr& call, std::string name, Json params);
/// The same; a failure is answered, the value goes on to `then`.
void command_value(const CallPtr& call, std::string name, Json params, std::function<void(const Json&)> then);

}  // namespace mainstay::obs
