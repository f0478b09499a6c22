#include "engine/core/named_thread.h"

#include <pthread.h>
#include <sched.h>

namespace mainstay {

namespace {

void set_name(const std::string& name) {
#if defined(__APPLE__)
  pthread_setname_np(name.c_str());
#else
  pthread_setname_np(pthread_self(), name.c_str());
#endif
}

// docs/decisions/0011-prompt-threads.md: what was measured, and why neither nice values nor slices do.
void make_prompt() {
#if defined(__linux__)
  sched_param lowest{};
  lowest.sched_priority = sched_get_priority_min(SCHED_RR);
  (void)sched_setscheduler(0, SCHED_RR | SCHED_RESET_ON_FORK, &lowest);
#endif
}

}  // namespace

NamedThread::NamedThread(std::string name, Scheduling scheduling, std::function<void(std::stop_token)> body)
    : thread_([name = name.substr(0, 15), body = std::move(body), scheduling](std::stop_token stop) {
        set_name(name);
        if (scheduling == Scheduling::prompt) make_prompt();
        body(std::move(stop));
      }) {}

void NamedThread::stop() {
  thread_.request_stop();
  join();
}

void NamedThread::join() {
  if (thread_.joinable()) thread_.join();
}

}  // namespace mainstay
