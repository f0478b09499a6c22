// A last mile in a box: passes UDP on between one caller and one peer, at a limited rate, with loss, and writes down
// when what came. Owned by the test; runs on a thread of its own. Thread-safety: setters and getters from any thread.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include "engine/core/clock.h"

namespace mainstay::srt_test {

class UdpRelay {
 public:
  struct Arrival {
    Instant at;
    std::size_t bytes;
  };

  explicit UdpRelay(int target_port) : front_(bound()), back_(bound()) {
    target_.sin_family = AF_INET;
    target_.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    target_.sin_port = htons(static_cast<std::uint16_t>(target_port));
    thread_ = std::jthread([this](std::stop_token stop) { run(stop); });
  }
  ~UdpRelay() {
    thread_.request_stop();
    thread_.join();
    close(front_);
    close(back_);
  }

  int port() const {
    sockaddr_in address{};
    socklen_t length = sizeof address;
    getsockname(front_, reinterpret_cast<sockaddr*>(&address), &length);
    return ntohs(address.sin_port);
  }
  /// Towards the peer: bytes a second (0: no limit), behind a queue of so long; what finds it full is lost.
  void limit(std::int64_t bytes_per_s, Millis queue) {
    most_queued_ = bytes_per_s * queue.count() / 1000;
    rate_ = bytes_per_s;
  }
  /// Of each hundred datagrams towards the peer, so many get lost.
  void lose(int percent) { loss_ = percent; }
  std::vector<Arrival> arrivals() const {
    std::lock_guard lock(mutex_);
    return arrivals_;
  }

 private:
  static int bound() {
    const int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (bind(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) abort();
    return fd;
  }

  void run(std::stop_token stop) {
    Instant last = clock_.now();
    while (!stop.stop_requested()) {
      std::array<pollfd, 2> fds{pollfd{front_, POLLIN, 0}, pollfd{back_, POLLIN, 0}};
      poll(fds.data(), fds.size(), 1);
      const Instant now = clock_.now();
      take_front(now);
      pass_back();
      const std::int64_t rate = rate_;
      credit_ = std::min(credit_ + static_cast<double>(rate) * seconds(now - last), 3000.0);
      last = now;
      while (!queue_.empty() && (rate == 0 || credit_ > 0)) {
        sendto(back_, queue_.front().data(), queue_.front().size(), 0, reinterpret_cast<const sockaddr*>(&target_),
               sizeof target_);
        // What passed without a limit is no debt of the one that comes.
        if (rate > 0) credit_ -= static_cast<double>(queue_.front().size());
        queued_ -= queue_.front().size();
        queue_.pop_front();
      }
    }
  }

  void take_front(Instant now) {
    std::array<char, 2048> buffer;
    while (true) {
      socklen_t length = sizeof caller_;
      const ssize_t size =
          recvfrom(front_, buffer.data(), buffer.size(), 0, reinterpret_cast<sockaddr*>(&caller_), &length);
      if (size <= 0) return;
      {
        std::lock_guard lock(mutex_);
        arrivals_.push_back({now, static_cast<std::size_t>(size)});
      }
      if (static_cast<int>(random_() % 100) < loss_) continue;
      if (rate_ > 0 && static_cast<std::int64_t>(queued_) > most_queued_) continue;
      queue_.emplace_back(buffer.data(), buffer.data() + size);
      queued_ += static_cast<std::size_t>(size);
    }
  }

  void pass_back() {
    std::array<char, 2048> buffer;
    while (true) {
      const ssize_t size = recv(back_, buffer.data(), buffer.size(), 0);
      if (size <= 0) return;
      sendto(front_, buffer.data(), static_cast<std::size_t>(size), 0, reinterpret_cast<const sockaddr*>(&caller_),
             sizeof caller_);
    }
  }

  SteadyClock clock_;
  int front_;
  int back_;
  sockaddr_in target_{};
  sockaddr_in caller_{};
  std::atomic<std::int64_t> rate_{0};
  std::atomic<std::int64_t> most_queued_{0};
  std::atomic<int> loss_{0};
  std::mt19937 random_{1};
  double credit_ = 0;
  std::size_t queued_ = 0;
  std::deque<std::vector<char>> queue_;
  mutable std::mutex mutex_;
  std::vector<Arrival> arrivals_;
  std::jthread thread_;
};

}  // namespace mainstay::srt_test
