// The other end of a WebSocket session, for tests without a socket: keeps what the session sends.
// Owned by a test.
// Thread-safety: all members from any thread.
#pragma once

#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "engine/remote/web_socket.h"

namespace mainstay::remote {

class FakePeer final : public WsPeer {
 public:
  void send_text(Message message) override {
    std::lock_guard lock(mutex_);
    texts_.push_back(*message);
    changed_.notify_all();
  }
  void send_binary(Message message) override { send_text(std::move(message)); }
  void close(std::uint16_t code, std::string) override {
    std::lock_guard lock(mutex_);
    close_code_ = code;
  }
  void pause() override {
    std::lock_guard lock(mutex_);
    paused_ = true;
  }
  void resume() override {
    std::lock_guard lock(mutex_);
    paused_ = false;
  }
  std::size_t queued_bytes() const override { return 0; }

  /// All that was sent, once there are at least `count` messages.
  std::vector<Json> sent(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, std::chrono::seconds(10), [&] { return texts_.size() >= count; });
    std::vector<Json> out;
    for (const std::string& text : texts_) out.push_back(Json::parse(text));
    return out;
  }
  int close_code() const {
    std::lock_guard lock(mutex_);
    return close_code_;
  }
  bool paused() const {
    std::lock_guard lock(mutex_);
    return paused_;
  }

 private:
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> texts_;
  int close_code_ = 0;
  bool paused_ = false;
};

}  // namespace mainstay::remote
