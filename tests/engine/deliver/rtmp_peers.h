// What the RTMP tests run against: real servers and clients as child processes, ended by pid, in directories of their
// own; scripted servers on loopback; media with known timestamps.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/media/packet.h"

namespace mainstay::testing {

class TempDir {
 public:
  TempDir();
  ~TempDir();
  std::filesystem::path operator/(const std::string& name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A loopback port that nothing listens on.
std::uint16_t free_port();
/// Waits until something accepts on the port; false after ten seconds.
bool wait_for_port(std::uint16_t port);
/// Lets real time pass: for peers that run on it.
void pass(Millis time);

class Process {
 public:
  explicit Process(const std::vector<std::string>& command);
  ~Process();  // SIGKILL
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number);
  /// The exit code; -1 when it does not end within `limit`.
  int wait(Millis limit);

 private:
  int pid_ = -1;
  int pid_fd_ = -1;
};

/// nginx with its RTMP module: application "live" records what it gets, "other" forbids publishing.
class NginxRtmp {
 public:
  NginxRtmp();
  std::uint16_t port() const { return port_; }
  std::string url(const std::string& app = "live") const;
  /// What was recorded for a stream; empty before there is any.
  std::vector<std::filesystem::path> recordings(const std::string& stream) const;
  Process& process() { return *process_; }
  /// Ends it in good order, so that recordings are whole.
  void quit();

 private:
  TempDir dir_;
  std::uint16_t port_;
  std::unique_ptr<Process> process_;
};

/// A server on loopback that runs `serve` on the first connection's descriptor, on a thread of its own.
class FakeServer {
 public:
  using Serve = std::function<void(int fd, std::stop_token stop)>;
  explicit FakeServer(Serve serve);
  ~FakeServer();
  std::uint16_t port() const { return port_; }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  NamedThread thread_;
};

/// Passes bytes on to a loopback port, from client to server at most so many a second, and holds next to none.
class SlowRelay {
 public:
  SlowRelay(std::uint16_t to, int bytes_a_second);
  ~SlowRelay();
  std::uint16_t port() const { return port_; }
  void limit(int bytes_a_second) { *rate_ = bytes_a_second; }

 private:
  int listener_ = -1;
  std::uint16_t port_ = 0;
  const std::shared_ptr<std::atomic<int>> rate_;
  NamedThread thread_;
};

/// Two seconds of H.264 with B-frames (GOP 30, 320×180, 30 fps) and AAC, as our encoders would give them, in decode
/// order, with timestamps shifted by `start` (a whole number of seconds).
struct Media {
  std::vector<StreamInfoPtr> streams;
  std::vector<PacketPtr> packets;
};
Media make_media(Seconds start, int seconds = 2);
/// The same for any FFmpeg video encoder; `audio` or not.
Media make_media_with(const std::string& encoder, const std::vector<std::string>& options, bool audio, int seconds);

/// A packet as a demuxer reads it.
struct ReadPacket {
  bool video = false;
  bool key = false;
  std::int64_t pts_ms = 0;
  std::int64_t dts_ms = 0;
  std::vector<std::uint8_t> bytes;
};
std::vector<ReadPacket> read_media(const std::filesystem::path& file);
/// The decoder configuration record that FFmpeg's muxer wrote for the first video stream.
std::vector<std::uint8_t> read_extradata(const std::filesystem::path& file);

/// Its parameter sets as Annex B, as our encoders give them.
std::vector<std::uint8_t> read_annex_b_extradata(const std::filesystem::path& file);

/// A stream and packets of about this rate whose bytes mean nothing: for load.
Media make_load(int kbps, int seconds);

}  // namespace mainstay::testing
