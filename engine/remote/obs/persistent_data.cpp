#include "engine/remote/obs/persistent_data.h"

#include "engine/remote/obs/codec.h"

namespace mainstay::obs {

Json PersistentData::get(const std::string& realm, const std::string& slot) const {
  std::lock_guard lock(mutex_);
  const auto found = slots_.find({realm, slot});
  return found == slots_.end() ? Json() : found->second.value;
}

bool PersistentData::set(const std::string& realm, const std::string& slot, Json value) {
  std::lock_guard lock(mutex_);
  const auto found = slots_.find({realm, slot});
  const std::size_t before = found == slots_.end() ? 0 : found->second.bytes;
  if (value.is_null()) {
    if (found != slots_.end()) slots_.erase(found);
    bytes_ -= before;
    return true;
  }
  const std::size_t bytes = realm.size() + slot.size() + encoded_size(value);
  if (bytes_ - before + bytes > kMostBytes) return false;
  if (found == slots_.end() && slots_.size() >= kMostSlots) return false;
  bytes_ = bytes_ - before + bytes;
  slots_.insert_or_assign({realm, slot}, Kept{std::move(value), bytes});
  return true;
}

}  // namespace mainstay::obs
