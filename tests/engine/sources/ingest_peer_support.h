// Real senders for the ingest's tests: ffmpeg pushing a picture whose brightness is its number, and the reading of it.
// Owned by the test.
// Thread-safety: one thread.
#pragma once

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstring>
#include <optional>
#include <string>
#include <vector>

#include "engine/media/frame.h"
#include "engine/sources/ingest/listen_socket.h"

namespace mainstay::test {

/// A child process; killed when it goes out of scope.
class Child {
 public:
  explicit Child(const std::vector<std::string>& arguments) {
    std::vector<char*> argv;
    for (const std::string& a : arguments) argv.push_back(const_cast<char*>(a.c_str()));
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid_, argv[0], &actions, nullptr, argv.data(), environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }
  ~Child() { end(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  bool started() const { return pid_ > 0; }
  void signal(int number) { kill(pid_, number); }
  void end() {
    if (pid_ <= 0) return;
    kill(pid_, SIGCONT);
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = -1;
  }
  /// The exit code, once it has ended by itself.
  std::optional<int> exit_code() {
    int status = 0;
    if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) == pid_) {
      pid_ = -1;
      code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
    }
    return code_;
  }

 private:
  std::optional<int> code_;
  pid_t pid_ = -1;
};

inline constexpr int kNumbers = 44;  ///< pictures are numbered modulo this

/// ffmpeg sending `outputs` (each a tee slave: "[f=flv]rtmp://…") one and the same encode at 30 pictures a second.
inline std::vector<std::string> sender(const std::string& outputs) {
  return {"ffmpeg",
          "-nostdin",
          "-v",
          "error",
          "-re",
          "-f",
          "lavfi",
          "-i",
          "nullsrc=s=128x72:r=30,geq=lum='16+mod(N,44)*5':cb=128:cr=128",
          "-re",
          "-f",
          "lavfi",
          "-i",
          "sine=frequency=440:sample_rate=48000",
          "-map",
          "0:v",
          "-map",
          "1:a",
          "-c:v",
          "libx264",
          "-preset",
          "ultrafast",
          "-tune",
          "zerolatency",
          "-qp",
          "10",
          "-g",
          "15",
          "-threads",
          "1",
          "-flags",
          "+global_header",
          "-bsf:v",
          "dump_extra",
          "-c:a",
          "aac",
          "-ac",
          "2",
          "-f",
          "tee",
          outputs};
}

/// The number in a sender's picture.
inline int number_of(const Frame& frame) {
  long sum = 0;
  for (int y = 0; y < 16; ++y) {
    for (int x = 0; x < 16; ++x) sum += frame.planes[0][(frame.height / 2 + y - 8) * frame.strides[0] + 40 + x];
  }
  return static_cast<int>((sum / 256 - 16 + 2) / 5) % kNumbers;
}

/// A TCP (and, nearly surely, UDP) port that is free now.
inline std::uint16_t free_port() {
  const auto fd = listen_on("127.0.0.1", 0);
  const std::uint16_t port = bound_port(*fd);
  close(*fd);
  return port;
}

}  // namespace mainstay::test
