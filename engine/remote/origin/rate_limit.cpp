#include "engine/remote/origin/rate_limit.h"

#include <algorithm>

namespace mainstay::remote {

std::string_view household(std::string_view ip) {
  if (ip.find(':') == std::string_view::npos) return ip;
  std::size_t end = 0;
  for (int group = 0; group < 4 && end != std::string_view::npos; ++group) {
    if (ip.substr(end, 2) == "::") break;
    end = ip.find(':', end + 1);
  }
  return ip.substr(0, end);
}

void RateLimit::set(int per_second) {
  std::lock_guard lock(mutex_);
  if (per_second_ == per_second) return;
  per_second_ = per_second;
  places_.clear();
  buckets_.clear();
}

bool RateLimit::take(std::string_view ip) {
  if (per_second_ <= 0) return true;
  const Instant now = clock_.now();
  std::lock_guard lock(mutex_);
  const double most = static_cast<double>(per_second_) * kBurstSeconds;
  const std::string_view key = household(ip);
  if (const auto found = places_.find(key); found != places_.end()) {
    buckets_.splice(buckets_.begin(), buckets_, found->second);
  } else {
    if (buckets_.size() >= kMostAddresses) {
      places_.erase(buckets_.back().key);
      buckets_.pop_back();
    }
    buckets_.push_front({std::string(key), most, now});
    places_[buckets_.front().key] = buckets_.begin();
  }
  Bucket& bucket = buckets_.front();
  bucket.left = std::min(most, bucket.left + seconds(now - bucket.at) * per_second_);
  bucket.at = now;
  if (bucket.left < 1) return false;
  bucket.left -= 1;
  return true;
}

std::size_t RateLimit::addresses() const {
  std::lock_guard lock(mutex_);
  return buckets_.size();
}

}  // namespace mainstay::remote
