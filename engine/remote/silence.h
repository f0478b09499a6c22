// Internal to engine/remote: the connections that nothing is to be answered to, in the order in which they fell silent:
// whoever must make room, or waits too long for a request, is found without a search, and without a timer each.
// Owned by the place where they listen (ListenerState); their places in it by the connections.
// Thread-safety: the thread of its lane.
#pragma once

#include <cstdint>
#include <list>

namespace mainstay::remote {

class Connection;

class SilenceQueue {
 public:
  struct Entry {
    Connection* who = nullptr;
    std::uint64_t number = 0;  ///< rises over all queues of a thread
    std::uint64_t beat = 0;    ///< the queue's, when it came in
  };

  /// A connection's place: in the queue or not. Made with the connection, so that moving costs no memory.
  class Place {
   public:
    Place(SilenceQueue& queue, Connection& who) : queue_(queue), own_(1, Entry{&who}) {}
    ~Place() { leave(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

    /// To the end of the queue, from wherever it was.
    void enter(std::uint64_t number) {
      leave();
      own_.front().number = number;
      own_.front().beat = queue_.beat_;
      queue_.entries_.splice(queue_.entries_.end(), own_);
      at_ = std::prev(queue_.entries_.end());
    }
    void leave() {
      if (own_.empty()) own_.splice(own_.end(), queue_.entries_, at_);
    }

   private:
    SilenceQueue& queue_;
    std::list<Entry> own_;  // its entry, while it is not in the queue
    std::list<Entry>::iterator at_;
  };

  /// The one longest silent; null: nobody is.
  const Entry* longest() const { return entries_.empty() ? nullptr : &entries_.front(); }

  static constexpr std::uint64_t kBeats = 4;
  /// To be called kBeats times in the time that may pass in silence. The one longest silent, if it has been for
  /// longer; to be asked again until it is null.
  void beat() { ++beat_; }
  Connection* overdue() const {
    return !entries_.empty() && beat_ - entries_.front().beat > kBeats ? entries_.front().who : nullptr;
  }

 private:
  std::list<Entry> entries_;
  std::uint64_t beat_ = 0;
};

}  // namespace mainstay::remote
