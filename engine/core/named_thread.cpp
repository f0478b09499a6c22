#include "engine/core/named_thread.h"

#include <pthread.h>

namespace mainstay {

NamedThread::NamedThread(std::string name, std::function<void(std::stop_token)> body)
    : thread_([name = name.substr(0, 15), body = std::move(body)](std::stop_token stop) {
#if defined(__APPLE__)
        pthread_setname_np(name.c_str());
#else
        pthread_setname_np(pthread_self(), name.c_str());
#endif
        body(std::move(stop));
      }) {
}

void NamedThread::stop() {
  thread_.request_stop();
  join();
}

void NamedThread::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace mainstay
