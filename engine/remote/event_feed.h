// The studio's events for clients that subscribed: each is made a message once, and shared.
// Owned by the API's router and its sessions.
// Thread-safety: made and stopped anywhere; the rest on the server's thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "engine/remote/web_socket.h"
#include "engine/studio/studio_port.h"

namespace mainstay::remote {

class EventFeed : public std::enable_shared_from_this<EventFeed> {
 public:
  using Post = std::function<void(std::function<void()>)>;
  using Send = std::function<void(Message)>;

  /// `post` runs a task on the server's thread.
  static std::shared_ptr<EventFeed> make(StudioPort& studio, Post post);

  struct Wish {
    std::optional<std::int64_t> after;  ///< none: from now on
    std::set<std::string> types;        ///< empty: all
  };
  /// Sends what the history has after `wish.after` and from then on each event; where some are gone already, first a
  /// notification "events.gap" {"from", "to"}. `who` names the subscription; a second one takes the place of the first.
  void subscribe(const void* who, Wish wish, Send send);
  void unsubscribe(const void* who);
  /// The number of the latest event.
  std::int64_t last();
  /// From now on nothing is posted; returns when no post is under way. From any thread, once.
  void stop() { listening_.reset(); }

 private:
  EventFeed(StudioPort& studio, Post post) : studio_(studio), post_(std::move(post)) {}

  struct Subscription {
    Wish wish;
    Send send;
  };
  void pump();
  void replay(const Subscription& subscription);
  static void deliver(const Subscription& subscription, const Event& event, const Message& message);

  StudioPort& studio_;
  const Post post_;
  std::atomic<bool> pump_due_{false};
  std::int64_t last_ = 0;
  std::map<const void*, Subscription> subscriptions_;
  std::shared_ptr<void> listening_;
};

}  // namespace mainstay::remote
