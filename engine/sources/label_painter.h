// Short texts as pictures, painted on a thread of its own ("labels") and kept: what a multiview writes under its
// pictures.
// Owned by the source rack and the plans that need it.
// Thread-safety: all members from any thread; none waits.
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/media/frame.h"

namespace mainstay {

class LabelPainter {
 public:
  /// `size` of the text in px.
  LabelPainter(Clock& clock, int size) : clock_(clock), size_(size) {}
  ~LabelPainter();

  /// These are painted, and kept until others are wanted.
  void want(const std::set<std::string>& texts);
  /// Null: not painted yet, or it cannot be.
  FramePtr find(const std::string& text) const;

 private:
  void run(const std::stop_token& stop);

  Clock& clock_;
  const int size_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, FramePtr> painted_;  // null: to be painted
  std::set<std::string> broken_;
  NamedThread thread_;  // from the first text on
};

}  // namespace mainstay
