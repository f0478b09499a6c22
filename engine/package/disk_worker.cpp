#include "engine/package/disk_worker.h"

#include <condition_variable>
#include <mutex>
#include <optional>
#include <utility>

#include "engine/core/loose_thread.h"

namespace mainstay::package {

struct DiskWorker::State {
  std::mutex mutex;
  std::condition_variable_any changed;
  std::function<Status()> call;
  bool busy = false;
  bool quit = false;
  std::optional<Status> result;
};

DiskWorker::DiskWorker(Clock& clock, std::string name) : clock_(clock), state_(std::make_shared<State>()) {
  start_loose_thread(std::move(name), [state = state_] {
    std::unique_lock lock(state->mutex);
    while (true) {
      state->changed.wait(lock, [&] { return state->quit || state->call; });
      if (!state->call) return;
      const std::function<Status()> call = std::exchange(state->call, nullptr);
      lock.unlock();
      Status result = call();
      lock.lock();
      state->result = std::move(result);
      state->busy = false;
      state->changed.notify_all();
    }
  });
}

DiskWorker::~DiskWorker() {
  {
    std::lock_guard lock(state_->mutex);
    state_->quit = true;
  }
  state_->changed.notify_all();
}

Status DiskWorker::run(std::function<Status()> call, Nanos limit, const std::stop_token& stop) {
  State& state = *state_;
  const Instant deadline = clock_.offline() ? kNever : clock_.now() + limit;
  std::unique_lock lock(state.mutex);
  const auto idle = [&] { return !state.busy; };
  if (!clock_.wait(lock, state.changed, stop, deadline, idle)) {
    if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
    return Error{Errc::again, "the disk does not answer", nullptr};
  }
  state.busy = true;
  state.result.reset();
  state.call = std::move(call);
  state.changed.notify_all();
  if (clock_.wait(lock, state.changed, stop, deadline, idle)) return std::move(*state.result);
  if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
  return Error{Errc::again, "the disk does not answer", nullptr};
}

}  // namespace mainstay::package
