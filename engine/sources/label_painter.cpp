#include "engine/sources/label_painter.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/ffi/pango/text_painter.h"

namespace mainstay {

LabelPainter::~LabelPainter() {
  thread_.stop();
}

void LabelPainter::want(const std::set<std::string>& texts) {
  {
    std::lock_guard lock(mutex_);
    std::erase_if(painted_, [&](const auto& label) { return !texts.contains(label.first); });
    std::erase_if(broken_, [&](const std::string& text) { return !texts.contains(text); });
    for (const std::string& text : texts) painted_.try_emplace(text);
    if (!thread_.joinable() && !painted_.empty())
      thread_ = NamedThread("labels", [this](std::stop_token stop) { run(stop); });
  }
  changed_.notify_all();
}

FramePtr LabelPainter::find(const std::string& text) const {
  std::lock_guard lock(mutex_);
  const auto found = painted_.find(text);
  return found == painted_.end() ? nullptr : found->second;
}

void LabelPainter::run(const std::stop_token& stop) {
  ffi::TextPainter painter;
  ffi::TextLook look;
  look.size = size_;
  look.background = {0, 0, 0, 160};
  look.padding = std::max(2, size_ / 4);
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    std::optional<std::string> next;
    const auto is_due = [&](const auto& label) { return !label.second && !broken_.contains(label.first); };
    const auto look_for = [&] {
      const auto found = std::find_if(painted_.begin(), painted_.end(), is_due);
      if (found != painted_.end()) next = found->first;
      return next.has_value();
    };
    clock_.wait(lock, changed_, stop, kNever, look_for);
    if (!next) return;
    lock.unlock();
    auto text = painter.paint(*next, look, {});
    lock.lock();
    const auto place = painted_.find(*next);
    if (place == painted_.end()) continue;  // not wanted any more
    if (text)
      place->second = std::move(text->frame);
    else
      broken_.insert(*next);
  }
}

}  // namespace mainstay
