#include "engine/remote/event_feed.h"

#include "engine/remote/json_rpc.h"
#include "engine/studio/event_json.h"

namespace mainstay::remote {

namespace {

constexpr std::size_t kAtOnce = 256;

Message event_message(const Event& event) {
  return make_message(rpc_notification("event", to_json(event)));
}

Message gap_message(std::int64_t from, std::int64_t to) {
  return make_message(rpc_notification("events.gap", {{"from", from}, {"to", to}}));
}

}  // namespace

std::shared_ptr<EventFeed> EventFeed::make(StudioPort& studio, Post post) {
  std::shared_ptr<EventFeed> feed(new EventFeed(studio, std::move(post)));
  feed->listening_ = studio.on_event([weak = std::weak_ptr(feed)] {
    const auto self = weak.lock();
    if (!self || self->pump_due_.exchange(true)) return;
    self->post_([weak] {
      if (const auto again = weak.lock()) again->pump();
    });
  });
  return feed;
}

void EventFeed::pump() {
  pump_due_ = false;
  for (;;) {
    const std::vector<Event> events = studio_.events(last_, kAtOnce);
    if (events.empty()) return;
    if (events.front().number > last_ + 1) {
      const Message gap = gap_message(last_ + 1, events.front().number - 1);
      for (const auto& [who, subscription] : subscriptions_) subscription.send(gap);
    }
    for (const Event& event : events) {
      last_ = event.number;
      if (subscriptions_.empty()) continue;
      const Message message = event_message(event);
      for (const auto& [who, subscription] : subscriptions_) deliver(subscription, event, message);
    }
  }
}

void EventFeed::deliver(const Subscription& subscription, const Event& event, const Message& message) {
  if (subscription.wish.types.empty() || subscription.wish.types.contains(event.type)) subscription.send(message);
}

std::int64_t EventFeed::last() {
  pump();
  return last_;
}

void EventFeed::subscribe(const void* who, Wish wish, Send send) {
  subscriptions_.erase(who);
  pump();  // all others are up to date, and the new one will be after its replay
  const Subscription subscription{std::move(wish), std::move(send)};
  if (subscription.wish.after) replay(subscription);
  subscriptions_.emplace(who, subscription);
}

void EventFeed::replay(const Subscription& subscription) {
  std::int64_t sent = *subscription.wish.after;
  while (sent < last_) {
    const std::vector<Event> events = studio_.events(sent, kAtOnce);
    if (events.empty()) return;
    if (events.front().number > sent + 1) subscription.send(gap_message(sent + 1, events.front().number - 1));
    for (const Event& event : events) {
      if (event.number > last_) return;
      deliver(subscription, event, event_message(event));
      sent = event.number;
    }
  }
}

void EventFeed::unsubscribe(const void* who) {
  subscriptions_.erase(who);
}

}  // namespace mainstay::remote
