// What a console session says, on its way from the session's thread to the panel: in order and bounded, so that a
// script which prints without end costs neither memory nor the window. Owned by the panel and by the callbacks that it
// handed out; it outlives the panel, and is then deaf. Thread-safety: add() from any thread, the rest on the
// user-interface thread.
#pragma once

#include <QObject>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "ui/console_port.h"

namespace mainstay::ui {

class ConsoleFeed {
 public:
  static constexpr std::size_t kMostLines = 5000;
  static constexpr std::size_t kMostBytes = std::size_t{4} * 1024 * 1024;
  /// Of one entry; the rest is cut off, and said to be.
  static constexpr std::size_t kMostText = std::size_t{256} * 1024;

  struct Entry {
    enum class Kind { printed, error, result };
    Kind kind = Kind::printed;
    ConsoleResult result;  ///< of what was run; else its text alone
  };
  struct Batch {
    std::vector<Entry> entries;
    std::size_t lost = 0;  ///< lines between results that were older than what fits
  };

  /// `wake` is called on the receiver's thread when there is something to take(), once until it is taken.
  ConsoleFeed(QObject* receiver, std::function<void()> wake) : receiver_(receiver), wake_(std::move(wake)) {}

  void add(Entry entry);
  Batch take();
  /// From here on nothing arrives any more.
  void close();

 private:
  void drop_oldest_line();

  std::mutex mutex_;
  QObject* receiver_;
  const std::function<void()> wake_;
  std::deque<Entry> entries_;
  std::size_t lines_ = 0;
  std::size_t bytes_ = 0;
  std::size_t lost_ = 0;
  bool posted_ = false;
};

}  // namespace mainstay::ui
