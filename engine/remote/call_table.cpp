#include "engine/remote/call_table.h"

#include <limits>

namespace mainstay::remote {

int CallTable::next_id() {
  std::lock_guard lock(mutex_);
  last_id_ = last_id_ == std::numeric_limits<int>::max() ? 1 : last_id_ + 1;
  return last_id_;
}

bool CallTable::add(int id, Call& call) {
  std::lock_guard lock(mutex_);
  if (!call.own) {
    if (counted_ >= most_ || (counted_ > 0 && bytes_ + call.bytes > most_bytes_)) return false;
    ++counted_;
    bytes_ += call.bytes;
  }
  calls_.insert_or_assign(id, std::move(call));
  return true;
}

void CallTable::forget(const Call& call) {
  if (call.own) return;
  --counted_;
  bytes_ -= call.bytes;
}

std::optional<CallTable::Call> CallTable::take(int id) {
  std::lock_guard lock(mutex_);
  const auto found = calls_.find(id);
  if (found == calls_.end()) return std::nullopt;
  Call call = std::move(found->second);
  calls_.erase(found);
  forget(call);
  return call;
}

bool CallTable::contains(int id) const {
  std::lock_guard lock(mutex_);
  return calls_.contains(id);
}

std::vector<CallTable::Call> CallTable::take_late(Instant now) {
  std::lock_guard lock(mutex_);
  std::vector<Call> late;
  for (auto at = calls_.begin(); at != calls_.end();) {
    if (at->second.deadline > now) {
      ++at;
      continue;
    }
    forget(at->second);
    late.push_back(std::move(at->second));
    at = calls_.erase(at);
  }
  return late;
}

std::vector<CallTable::Call> CallTable::take_all() {
  return take_late(kNever);
}

}  // namespace mainstay::remote
