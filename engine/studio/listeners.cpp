#include "engine/studio/listeners.h"

namespace mainstay {

std::shared_ptr<void> Listeners::add(std::function<void()> call) {
  auto listener = std::make_shared<Listener>();
  listener->call = std::move(call);
  std::lock_guard lock(mutex_);
  listeners_.push_back(listener);
  return std::shared_ptr<void>(listener.get(), [listener](void*) mutable {
    std::unique_lock quiet(listener->mutex);
    listener->call = {};
    quiet.unlock();
    listener.reset();
  });
}

void Listeners::tell() {
  std::vector<std::shared_ptr<Listener>> listeners;
  {
    std::lock_guard lock(mutex_);
    std::erase_if(listeners_, [](const auto& weak) { return weak.expired(); });
    for (const auto& weak : listeners_) {
      if (auto listener = weak.lock()) listeners.push_back(std::move(listener));
    }
  }
  for (const auto& listener : listeners) {
    std::lock_guard quiet(listener->mutex);
    if (listener->call) listener->call();
  }
}

}  // namespace mainstay
