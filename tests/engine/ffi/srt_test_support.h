// What the SRT tests share: a library token with its log, real peers as child processes, temporary folders, and waiting
// for a condition.
// Owned by the test.
// Thread-safety: one thread.
#pragma once

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/ffi/net/resolver.h"
#include "engine/ffi/srt/srt_library.h"

extern char** environ;

namespace mainstay::srt_test {

/// A clock, a log that is kept, a resolver and a running libsrt.
struct SrtWorld {
  SteadyClock clock;
  std::mutex mutex;
  std::string lines;
  Log log{{.level = LogLevel::debug, .sink = [this](std::string_view line) {
             std::lock_guard lock(mutex);
             lines += std::string(line) + "\n";
           }}};
  ffi::Resolver resolver{clock};
  std::unique_ptr<ffi::SrtLibrary> library = std::move(ffi::SrtLibrary::start(clock, log)).value();

  std::string logged() {
    log.flush();
    std::lock_guard lock(mutex);
    return lines;
  }

  /// Waits until `ready()` holds, for at most `limit`.
  bool eventually(const std::function<bool()>& ready, Nanos limit = Seconds{10}) {
    const Instant deadline = clock.now() + limit;
    while (!ready()) {
      if (clock.now() >= deadline) return false;
      clock.wait_until(clock.now() + Millis{5}, {});
    }
    return true;
  }
};

/// A UDP port that nobody uses, nor will until the peer it is for has come up: it is none of those that the system
/// gives to sockets that ask for any, none that this process was given before, and another process begins elsewhere.
inline int free_udp_port() {
  constexpr int kFirst = 12'000;
  constexpr int kPorts = 20'000;  // the system gives ports from 32768 on
  static std::atomic<int> next = getpid() * 97;
  while (true) {
    const int port = kFirst + next++ % kPorts;
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const bool free = bind(fd, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
    close(fd);
    if (free) return port;
  }
}

/// A folder that goes with the test.
class TempDir {
 public:
  TempDir() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mainstay_srt_XXXXXX").string();
    path_ = mkdtemp(pattern.data());
  }
  ~TempDir() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

inline std::string contents(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// A real peer; killed by its pid when the test is done with it.
class ChildProcess {
 public:
  /// Its standard output and error go to `output`.
  ChildProcess(const std::vector<std::string>& command, const std::string& output) {
    std::vector<char*> argv;
    for (const std::string& word : command) argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  ~ChildProcess() {
    if (!running()) return;
    kill(pid_, SIGKILL);
    kill(pid_, SIGCONT);
    waitpid(pid_, nullptr, 0);
  }
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  void signal(int number) const {
    if (pid_ > 0) kill(pid_, number);
  }
  bool running() {
    if (pid_ <= 0 || ended_) return false;
    int status = 0;
    if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
    finish(status);
    return false;
  }
  /// Waits for its end and gives its exit code; 128 and more: killed by a signal.
  int wait() {
    int status = 0;
    if (pid_ > 0 && !ended_ && waitpid(pid_, &status, 0) == pid_) finish(status);
    return exit_code_;
  }

 private:
  void finish(int status) {
    ended_ = true;
    exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  pid_t pid_ = -1;
  bool ended_ = false;
  int exit_code_ = -1;
};

/// Runs a command to its end; its output, and `code` when wanted.
inline std::string run(const std::vector<std::string>& command, int* code = nullptr) {
  TempDir dir;
  ChildProcess child(command, dir.file("output"));
  const int result = child.wait();
  if (code) *code = result;
  return contents(dir.file("output"));
}

}  // namespace mainstay::srt_test
