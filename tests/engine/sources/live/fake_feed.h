// A peer that does what the test says: what a live source's feed would meet.
// Owned by the test, shared with the feeds.
// Thread-safety: all members from any thread.
#pragma once

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "engine/sources/live/live_feed.h"

namespace mainstay::test {

class FakePeer {
 public:
  /// What the next open() answers.
  void answer(Result<LiveInfo> result) {
    std::lock_guard lock(mutex_);
    answers_.push_back(std::move(result));
    changed_.notify_all();
  }
  void accept() { answer(LiveInfo{true, true, "a picture and a sound"}); }
  /// What the next read() gives.
  void give(Result<LiveItem> item) {
    std::lock_guard lock(mutex_);
    items_.push_back(std::move(item));
    changed_.notify_all();
  }
  void picture(Nanos pts) {
    auto frame = std::make_shared<Frame>();
    frame->width = 2;
    give(LiveItem(LivePicture{std::move(frame), pts}));
  }
  /// Calls do not return at their abort, as in a driver that hangs.
  void hang(bool hangs) {
    std::lock_guard lock(mutex_);
    hangs_ = hangs;
    changed_.notify_all();
  }
  int made() const {
    std::lock_guard lock(mutex_);
    return made_;
  }
  int closed() const {
    std::lock_guard lock(mutex_);
    return closed_;
  }
  /// Items that were thrown away.
  int passed() const {
    std::lock_guard lock(mutex_);
    return passed_;
  }
  /// Whether all that was given has been read.
  bool empty() const {
    std::lock_guard lock(mutex_);
    return items_.empty() && answers_.empty();
  }

  static MakeLiveFeed feeds(std::shared_ptr<FakePeer> peer) {
    return [peer] { return std::make_unique<Feed>(peer); };
  }

 private:
  class Feed final : public LiveFeed {
   public:
    explicit Feed(std::shared_ptr<FakePeer> peer) : peer_(std::move(peer)) {
      std::lock_guard lock(peer_->mutex_);
      ++peer_->made_;
    }
    ~Feed() override {
      std::lock_guard lock(peer_->mutex_);
      ++peer_->closed_;
    }
    Result<LiveInfo> open() override { return take(peer_->answers_); }
    Result<LiveItem> read() override { return take(peer_->items_); }
    Result<LiveItem> pass() override {
      auto passed = LiveFeed::pass();
      std::lock_guard lock(peer_->mutex_);
      if (passed) ++peer_->passed_;
      return passed;
    }
    void abort() noexcept override {
      std::lock_guard lock(peer_->mutex_);
      aborted_ = true;
      peer_->changed_.notify_all();
    }

   private:
    template <class T>
    Result<T> take(std::deque<Result<T>>& from) {
      std::unique_lock lock(peer_->mutex_);
      peer_->changed_.wait(lock, [&] { return (aborted_ && !peer_->hangs_) || (!aborted_ && !from.empty()); });
      if (aborted_) return Error{Errc::cancelled, "stopped", nullptr};
      Result<T> taken = std::move(from.front());
      from.pop_front();
      return taken;
    }

    const std::shared_ptr<FakePeer> peer_;
    bool aborted_ = false;
  };

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<Result<LiveInfo>> answers_;
  std::deque<Result<LiveItem>> items_;
  bool hangs_ = false;
  int made_ = 0;
  int closed_ = 0;
  int passed_ = 0;
};

}  // namespace mainstay::test
