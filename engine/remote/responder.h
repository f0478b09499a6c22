// How a handler answers a request: once, now or later, on any thread, also when the client has gone. When the last copy
// goes without an answer, the client gets a 500.
// Owned by whoever answers, together.
// Thread-safety: from any thread, but finish(), which is for who has not handed it on yet.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <utility>

#include "engine/remote/http.h"

namespace mainstay::remote {

class Responder {
 public:
  using Task = std::function<void()>;

  /// Answers go to `answer`; there is no thread that serves, so that aside() does at once what it is given.
  explicit Responder(std::function<void(HttpResponse)> answer) : Responder(to(AtOnce{std::move(answer)})) {}
  /// Answers go to `sink`, a value with `void take(HttpResponse)` and `void aside(Task)`.
  template <class Sink>
  static Responder to(Sink sink) {
    return Responder(std::make_shared<StateOf<Sink>>(std::move(sink)));
  }

  /// The second and further answers are ignored.
  void operator()(HttpResponse response) const { state_->answer(std::move(response)); }
  /// Runs `task` on the thread that serves this request, soon: for those that learn the answer on one that has other
  /// things to do. Dropped when the server has ended.
  void aside(Task task) const { state_->aside(std::move(task)); }
  /// What is done to the answer, after what was to be done already.
  void finish(std::function<void(HttpResponse&)> then) const;

 private:
  class State {
   public:
    virtual ~State() = default;
    virtual void aside(Task task) = 0;
    void answer(HttpResponse response) {
      if (answered_.exchange(true)) return;
      if (finish) finish(response);
      take(std::move(response));
    }
    std::function<void(HttpResponse&)> finish;

   protected:
    virtual void take(HttpResponse response) = 0;
    bool answered() const { return answered_; }

   private:
    std::atomic<bool> answered_{false};
  };
  template <class Sink>
  class StateOf final : public State {
   public:
    explicit StateOf(Sink sink) : sink_(std::move(sink)) {}
    ~StateOf() override {
      if (!answered()) answer(HttpResponse::refusal(500, "the request was given up"));
    }
    void aside(Task task) override { sink_.aside(std::move(task)); }

   private:
    void take(HttpResponse response) override { sink_.take(std::move(response)); }
    Sink sink_;
  };
  struct AtOnce {
    std::function<void(HttpResponse)> answer;
    void take(HttpResponse response) const { answer(std::move(response)); }
    void aside(const Task& task) const { task(); }
  };

  explicit Responder(std::shared_ptr<State> state) : state_(std::move(state)) {}

  std::shared_ptr<State> state_;
};

}  // namespace mainstay::remote
