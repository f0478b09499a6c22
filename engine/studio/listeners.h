// Those who want to be told that something happened, each until its handle is gone.
// Owned by what tells them.
// Thread-safety: all members from any thread.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace mainstay {

class Listeners {
 public:
  /// `call` must not block. It is not called any more, and no call of it is under way, once the handle is gone.
  std::shared_ptr<void> add(std::function<void()> call);
  /// Calls them all, on this thread.
  void tell();

 private:
  struct Listener {
    std::mutex mutex;  // held during a call
    std::function<void()> call;
  };

  std::mutex mutex_;
  std::vector<std::weak_ptr<Listener>> listeners_;
};

}  // namespace mainstay
