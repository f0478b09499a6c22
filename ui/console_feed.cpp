#include "ui/console_feed.h"

#include <fmt/format.h>

#include <algorithm>

namespace mainstay::ui {

namespace {

void cut(std::string& text) {
  if (text.size() <= ConsoleFeed::kMostText) return;
  std::size_t end = ConsoleFeed::kMostText;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;  // not within a character
  const std::size_t rest = text.size() - end;
  text.resize(end);
  text += fmt::format(" … ({} more bytes)", rest);
}

}  // namespace

void ConsoleFeed::add(Entry entry) {
  cut(entry.result.text);
  cut(entry.result.error);
  cut(entry.result.stack);
  std::lock_guard lock(mutex_);
  if (receiver_ == nullptr) return;
  if (entry.kind != Entry::Kind::result) {
    ++lines_;
    bytes_ += entry.result.text.size();
  }
  entries_.push_back(std::move(entry));
  while (lines_ > kMostLines || bytes_ > kMostBytes) drop_oldest_line();
  if (!std::exchange(posted_, true)) QMetaObject::invokeMethod(receiver_, wake_, Qt::QueuedConnection);
}

// Results stay: there are no more of them than lines may wait at the session.
void ConsoleFeed::drop_oldest_line() {
  const auto oldest =
      std::find_if(entries_.begin(), entries_.end(), [](const Entry& e) { return e.kind != Entry::Kind::result; });
  bytes_ -= oldest->result.text.size();
  --lines_;
  ++lost_;
  entries_.erase(oldest);
}

ConsoleFeed::Batch ConsoleFeed::take() {
  std::lock_guard lock(mutex_);
  Batch batch;
  batch.lost = std::exchange(lost_, 0);
  batch.entries.assign(std::make_move_iterator(entries_.begin()), std::make_move_iterator(entries_.end()));
  entries_.clear();
  lines_ = bytes_ = 0;
  posted_ = false;
  return batch;
}

void ConsoleFeed::close() {
  std::lock_guard lock(mutex_);
  receiver_ = nullptr;
  entries_.clear();
}

}  // namespace mainstay::ui
