// Internal to engine/remote/obs: a RequestBatch under way.
// Kept by the continuations it waits for.
// Thread-safety: the thread of its session.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/remote/obs/session.h"

namespace mainstay::obs {

struct BatchPlan {
  BatchType type = BatchType::serial_realtime;
  bool halt_on_failure = false;
  std::vector<Json> requests;
};

class Batch : public std::enable_shared_from_this<Batch> {
 public:
  /// `done` gets the results; those after a failure that halted the batch are left out.
  Batch(std::shared_ptr<Session> session, BatchPlan plan, std::function<void(Json)> done)
      : session_(session),
        host_(session->host_),
        link_(session->link_),
        plan_(std::move(plan)),
        done_(std::move(done)) {}

  void start();

 private:
  void run_parallel();
  void run_serial();
  void run_one(std::size_t index, Call::Done done);
  void sleep(const Json& data, Call::Done done);
  void keep(std::size_t index, Answer answer);
  void finish();

  const std::weak_ptr<Session> session_;
  const std::shared_ptr<SessionHost> host_;
  const std::shared_ptr<Link> link_;
  const BatchPlan plan_;
  std::function<void(Json)> done_;
  std::vector<Json> results_;
  std::size_t next_ = 0;
  std::size_t missing_ = 0;
  std::size_t bytes_ = 0;
  bool waiting_ = false;
  bool running_ = false;
};

}  // namespace mainstay::obs
