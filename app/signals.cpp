#include "app/signals.h"

#include <signal.h>
#include <unistd.h>

namespace mainstay {

namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

}  // namespace

Signals::Signals() {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);  // a limit of the file size is an error of that file, as a full disk is
}

void Signals::listen(std::function<bool(int)> on_signal) {
  thread_ = NamedThread("signals", [on_signal = std::move(on_signal)](std::stop_token stop) {
    const sigset_t set = ending_signals();
    constexpr timespec kLook{0, 100'000'000};  // how soon the thread sees that it shall end
    int seen = 0;
    while (!stop.stop_requested()) {
      const int signal = sigtimedwait(&set, nullptr, &kLook);
      if (signal < 0) continue;
      if (on_signal(signal) && ++seen > 1) _exit(1);
    }
  });
}

}  // namespace mainstay
