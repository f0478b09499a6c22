// The link between two stages: a queue with a limit, an overflow policy, a stop and a dropped counter.
// Owned by whoever joins the two stages; both ends hold a reference.
// Thread-safety: all members from any thread; made for one producer and one consumer.
//
// Draining: after close() no push is taken, pop() gives what is left and then Errc::end. A consumer that stops early
// just goes away; a producer blocked in push() wakes by its own stop token or by close().
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <limits>
#include <mutex>
#include <stop_token>
#include <utility>

#include "engine/core/clock.h"
#include "engine/core/result.h"

namespace mainstay {

enum class Overflow {
  block,             ///< the producer waits: lossless
  drop_oldest,       ///< the oldest items go
  drop_to_keyframe,  ///< what is queued goes up to the next keyframe, and new items until one comes
};

/// What a queue must know of its items. Specialise for types with a size, a time or keyframes.
template <class T>
struct QueueTraits {
  static std::int64_t bytes(const T&) { return 0; }
  /// The item's place in its stream; a queue's span is newest minus oldest.
  static Nanos time(const T&) { return Nanos{0}; }
  static bool keyframe(const T&) { return true; }
};

struct QueueLimits {
  std::size_t items = std::numeric_limits<std::size_t>::max();
  std::int64_t bytes = std::numeric_limits<std::int64_t>::max();
  Nanos span = Nanos::max();
};

/// What is in a queue now, and what has been lost to its policy since it was made.
struct QueueLevel {
  std::size_t items = 0;
  std::int64_t bytes = 0;
  Nanos span{0};
  std::int64_t dropped = 0;
};

template <class T>
class BoundedQueue {
 public:
  BoundedQueue(Clock& clock, QueueLimits limits, Overflow policy) : clock_(clock), limits_(limits), policy_(policy) {}

  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  /// True when the item is in the queue; false when it was dropped, or the queue is closed, or `stop` was requested.
  /// Blocks only under Overflow::block. An item that alone exceeds the limits is taken when the queue is empty.
  bool push(T item, std::stop_token stop = {}) {
    std::unique_lock lock(mutex_);
    if (policy_ == Overflow::block) {
      clock_.wait(lock, changed_, stop, kNever, [&] { return closed_ || fits(item); });
      if (closed_ || stop.stop_requested()) return false;
    } else if (closed_ || !make_room(item)) {
      return false;
    }
    bytes_ += QueueTraits<T>::bytes(item);
    items_.push_back(std::move(item));
    lock.unlock();
    changed_.notify_all();
    return true;
  }

  /// The next item. Errc::again at the deadline, Errc::cancelled on stop, Errc::end when closed and empty.
  Result<T> pop(std::stop_token stop = {}, Instant deadline = kNever) {
    std::unique_lock lock(mutex_);
    clock_.wait(lock, changed_, stop, deadline, [&] { return closed_ || !items_.empty(); });
    if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
    if (items_.empty()) {
      if (closed_) return Error{Errc::end, "the queue was closed", nullptr};
      return Error{Errc::again, "nothing in the queue", nullptr};
    }
    T item = std::move(items_.front());
    bytes_ -= QueueTraits<T>::bytes(item);
    items_.pop_front();
    lock.unlock();
    changed_.notify_all();
    return item;
  }

  Result<T> try_pop() { return pop({}, Instant::min()); }

  /// No further push is taken.
  void close() {
    {
      std::lock_guard lock(mutex_);
      closed_ = true;
    }
    changed_.notify_all();
  }

  /// Pushes are taken again.
  void reopen() {
    std::lock_guard lock(mutex_);
    closed_ = false;
  }

  /// Empties the queue without counting drops; new items wait for a keyframe under drop_to_keyframe.
  void clear() {
    {
      std::lock_guard lock(mutex_);
      items_.clear();
      bytes_ = 0;
      skipping_ = policy_ == Overflow::drop_to_keyframe;
    }
    changed_.notify_all();
  }

  /// From the next push on. What is queued beyond them goes then, as the policy says; a producer that waits looks
  /// again.
  void set_limits(QueueLimits limits) {
    {
      std::lock_guard lock(mutex_);
      limits_ = limits;
    }
    changed_.notify_all();
  }

  QueueLevel level() const {
    std::lock_guard lock(mutex_);
    return {items_.size(), bytes_, span(), dropped_};
  }

 private:
  Nanos span() const {
    if (items_.empty()) return Nanos{0};
    return QueueTraits<T>::time(items_.back()) - QueueTraits<T>::time(items_.front());
  }

  bool fits(const T& item) const {
    if (items_.empty()) return true;
    if (items_.size() + 1 > limits_.items) return false;
    if (bytes_ + QueueTraits<T>::bytes(item) > limits_.bytes) return false;
    return QueueTraits<T>::time(item) - QueueTraits<T>::time(items_.front()) <= limits_.span;
  }

  void drop_front() {
    bytes_ -= QueueTraits<T>::bytes(items_.front());
    items_.pop_front();
    ++dropped_;
  }

  bool make_room(const T& item) {
    if (policy_ == Overflow::drop_oldest) {
      while (!fits(item)) drop_front();
      return true;
    }
    if (!fits(item)) {
      // Up to the next keyframe that makes room; without one, everything, and what comes until one arrives.
      do drop_front();
      while (!items_.empty() && !(QueueTraits<T>::keyframe(items_.front()) && fits(item)));
      if (items_.empty()) skipping_ = true;
    }
    if (skipping_) {
      if (!QueueTraits<T>::keyframe(item)) {
        ++dropped_;
        return false;
      }
      skipping_ = false;
    }
    return true;
  }

  Clock& clock_;
  QueueLimits limits_;
  const Overflow policy_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<T> items_;
  std::int64_t bytes_ = 0;
  std::int64_t dropped_ = 0;
  bool closed_ = false;
  bool skipping_ = false;
};

}  // namespace mainstay
