#include "engine/core/loose_thread.h"

#include <pthread.h>

#include <thread>
#include <utility>

namespace mainstay {

void start_loose_thread(std::string name, std::function<void()> body) {
  std::thread([name = name.substr(0, 15), body = std::move(body)]() mutable {
#if defined(__APPLE__)
    pthread_setname_np(name.c_str());
#else
    pthread_setname_np(pthread_self(), name.c_str());
#endif
    body();
    body = nullptr;  // what it shares goes before the thread does
  }).detach();
}

}  // namespace mainstay
