// One client of obs-websocket, as a state machine: messages in, messages and a close code out.
//
//   opened --Hello--> unidentified --Identify--> identified --Request, RequestBatch, Reidentify--> identified
//   any state --wrong message--> closed, with its code
//
// Shared by its connection and, weakly, by what it waits for. When `SessionLimits::waiting`
// messages wait, the link stops reading. Requests run one after the other and are answered in the order they came.
// Thread-safety: the thread of its link.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "engine/core/log.h"
#include "engine/remote/access.h"
#include "engine/remote/obs/authentication.h"
#include "engine/remote/obs/codec.h"
#include "engine/remote/obs/link.h"
#include "engine/remote/obs/request_table.h"

namespace mainstay::obs {

struct SessionLimits {
  std::size_t waiting = 256;  ///< messages not yet run
  std::size_t waiting_bytes = 4 * 1024 * 1024;
  std::size_t batch = 4096;                   ///< requests in one
  std::size_t batch_bytes = 4 * 1024 * 1024;  ///< of a batch's results
  double requests_per_s = 2000;               ///< on average; faster clients are slowed down
  double burst = 4000;                        ///< requests without a pause
  Nanos identify = Seconds(10);               ///< from Hello to Identify
};

/// What all sessions of a hub share.
struct SessionHost {
  SessionHost(StudioPort& studio, Clock& clock, Log& log_in, std::shared_ptr<remote::Throttle> throttle_in,
              Role open_role_in, SessionLimits limits_in)
      : services{.studio = studio, .clock = clock, .table = table, .usage = {}, .broadcast = {}},
        log(log_in),
        throttle(std::move(throttle_in)),
        open_role(open_role_in),
        limits(limits_in) {}
  SessionHost(const SessionHost&) = delete;
  SessionHost& operator=(const SessionHost&) = delete;

  const RequestTable table;
  Services services;
  Log& log;
  const std::shared_ptr<remote::Throttle> throttle;  ///< of wrong passwords, shared with the other faces
  std::shared_ptr<const Authentication> authentication;
  const Role open_role;  ///< of everybody, when no password is set
  const SessionLimits limits;
};

struct SessionOptions {
  Encoding encoding = Encoding::json;
  std::string address;  ///< without the port: what is throttled
  std::string client;   ///< as it calls itself, for the history
};

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(std::shared_ptr<SessionHost> host, std::shared_ptr<Link> link, SessionOptions options);
  ~Session();

  /// Says Hello. First, once.
  void open();
  void on_message(std::string_view bytes, bool text);
  /// The connection is gone.
  void on_closed();

  bool identified() const { return identified_; }
  Encoding encoding() const { return options_.encoding; }
  /// An event of this category is wanted.
  bool subscribed(std::uint32_t intent) const { return identified_ && !closed_ && (subscriptions_ & intent) != 0; }
  /// A message that was encoded before.
  void send_encoded(std::string bytes);
  /// Ends the session; the client must not come back by itself.
  void kick(std::string reason) { close(CloseCode::session_invalidated, std::move(reason)); }

 private:
  friend class Batch;
  using Job = std::function<void()>;

  void handle(const Json& message);
  void identify(const Json& data);
  void reidentify(const Json& data);
  void request(const Json& data);
  void batch(const Json& data);
  bool authenticate(const Json& data);
  bool take_subscriptions(const Json& data);
  /// Volume meters, every 50 ms as long as they are wanted.
  void meter();
  void meter_later();

  // Jobs run one at a time; each ends with finished().
  void enqueue(Job job, double cost);
  void pump();
  void finished();
  bool enough_to_do() const;
  /// How long the next job has to wait for the client's rate.
  Nanos pay(double cost);

  void run_request(const std::string& type, const Json& data, Call::Done done);
  void send(const Json& message);
  void close(CloseCode code, std::string reason);
  std::string who() const;

  const std::shared_ptr<SessionHost> host_;
  const std::shared_ptr<Link> link_;
  const SessionOptions options_;
  std::string challenge_;
  Caller caller_;
  std::uint32_t subscriptions_ = 0;
  bool identified_ = false;
  bool meters_ = false;  // the next one is on its way
  bool closed_ = false;

  struct Waiting {
    Job job;
    double cost = 1;
    std::size_t bytes = 0;
  };
  std::deque<Waiting> waiting_;
  std::size_t waiting_bytes_ = 0;
  std::size_t message_bytes_ = 0;  // of the message at hand
  bool busy_ = false;
  bool pumping_ = false;
  bool paused_ = false;
  double tokens_ = 0;
  Instant tokens_at_{};
};

}  // namespace mainstay::obs
