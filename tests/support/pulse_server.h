// A PulseAudio server of the test's own, with a sink that nobody hears ("mainstay") and its monitor; and ALSA's and
// PortAudio's way to it as their default device. Needs pulseaudio, pulseaudio-utils and libasound2-plugins.
// Owned by a test; one at a time in a process, made before anything touches PortAudio.
// Thread-safety: the test's thread.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/core/clock.h"

namespace mainstay::testing {

class PulseServer {
 public:
  PulseServer() {
    // One place a process: what was read of ALSA's settings may be kept by a stream that is still closing.
    folder_ = std::filesystem::temp_directory_path() / ("mainstay-pulse-" + std::to_string(::getpid()));
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "asound.conf") << "</usr/share/alsa/alsa.conf>\n"
                                           << "pcm.!default { type pulse server \"" << address() << "\" }\n"
                                           << "ctl.!default { type pulse server \"" << address() << "\" }\n";
    ::setenv("ALSA_CONFIG_PATH", (folder_ / "asound.conf").c_str(), 1);
    ::setenv("PULSE_SERVER", address().c_str(), 1);
    start();
  }
  ~PulseServer() {
    resume();
    kill();
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  PulseServer(const PulseServer&) = delete;
  PulseServer& operator=(const PulseServer&) = delete;

  std::string address() const { return "unix:" + (folder_ / "native").string(); }
  std::filesystem::path folder() const { return folder_; }

  /// Waits until it answers.
  void start() {
    server_ = spawn({"pulseaudio", "-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1",
                     "--disable-shm=yes", "--log-level=error", "--load=module-null-sink sink_name=mainstay rate=48000",
                     "--load=module-native-protocol-unix auth-anonymous=1 socket=" + (folder_ / "native").string()},
                    "/dev/null");
    const Instant limit = clock_.now() + Seconds(20);
    while (run({"pactl", "info"}) != 0 && clock_.now() < limit) clock_.wait_until(clock_.now() + Millis(50), {});
  }
  void kill() {
    if (server_ < 0) return;
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
    server_ = -1;
  }
  /// Stops to answer, and goes on.
  void pause() { ::kill(server_, SIGSTOP); }
  void resume() {
    if (server_ > 0) ::kill(server_, SIGCONT);
  }

  /// From now on the default is a device with six outputs.
  void add_surround() {
    const std::string channels = std::string("channel_map=") + kSurround;
    run({"pactl", "load-module", "module-null-sink", "sink_name=wide", "rate=48000", "channels=6", channels});
    run({"pactl", "set-default-sink", "wide"});
  }
  /// What it hears: L R C LFE Ls Rs in turn.
  std::vector<float> record_surround(double seconds) {
    return record(seconds, 6, "wide", {std::string("--channel-map=") + kSurround});
  }

  /// What is heard, left and right in turn, at 48 kHz.
  std::vector<float> record(double seconds) { return record(seconds, 2, "mainstay", {}); }

 private:
  static constexpr const char* kSurround = "front-left,front-right,front-center,lfe,rear-left,rear-right";

  std::vector<float> record(double seconds, int channels, const std::string& sink, std::vector<std::string> more) {
    const std::string file = folder_ / "heard.raw";
    std::vector<std::string> command{"parec",
                                     "--device=" + sink + ".monitor",
                                     "--format=float32le",
                                     "--rate=48000",
                                     "--channels=" + std::to_string(channels),
                                     "--raw",
                                     "--latency-msec=20"};
    command.insert(command.end(), more.begin(), more.end());
    const pid_t recorder = spawn(std::move(command), file);
    const auto wanted = static_cast<std::uintmax_t>(seconds * 48000 * channels * sizeof(float));
    const Instant limit = clock_.now() + Nanos(static_cast<std::int64_t>((seconds + 20) * 1e9));
    std::error_code none;
    while (clock_.now() < limit) {
      const std::uintmax_t size = std::filesystem::file_size(file, none);
      if (!none && size >= wanted) break;
      clock_.wait_until(clock_.now() + Millis(20), {});
    }
    ::kill(recorder, SIGKILL);
    ::waitpid(recorder, nullptr, 0);
    std::ifstream in(file, std::ios::binary);
    std::vector<float> samples(wanted / sizeof(float));
    in.read(reinterpret_cast<char*>(samples.data()), static_cast<std::streamsize>(wanted));
    samples.resize(static_cast<std::size_t>(in.gcount()) / sizeof(float));
    return samples;
  }

  pid_t spawn(std::vector<std::string> command, const std::string& output) const {
    std::vector<char*> arguments;
    for (std::string& word : command) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    std::vector<std::string> words;
    for (char** entry = environ; *entry != nullptr; ++entry) words.emplace_back(*entry);
    for (const char* key : {"HOME=", "XDG_RUNTIME_DIR=", "PULSE_RUNTIME_PATH=", "PULSE_STATE_PATH="})
      words.push_back(key + folder_.string());
    words.push_back("PULSE_COOKIE=" + (folder_ / "cookie").string());
    std::vector<char*> environment;
    for (std::string& word : words) environment.insert(environment.begin(), word.data());  // ours first
    environment.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, output.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const int failed = ::posix_spawnp(&pid, arguments[0], &actions, nullptr, arguments.data(), environment.data());
    posix_spawn_file_actions_destroy(&actions);
    EXPECT_EQ(failed, 0) << arguments[0] << " cannot be started";
    return failed == 0 ? pid : -1;
  }
  int run(std::vector<std::string> command) const {
    const pid_t pid = spawn(std::move(command), "/dev/null");
    int status = 1;
    if (pid > 0) ::waitpid(pid, &status, 0);
    return status;
  }

  SteadyClock clock_;
  std::filesystem::path folder_;
  pid_t server_ = -1;
};

}  // namespace mainstay::testing
