// Brings the pictures of program, preview or the multiview to the screen's size and format, away from the user-interface thread. The
// latest wins; a picture that is already shown is not drawn again; nothing happens while nobody looks. Owned by the
// picture view; the port and the clock outlive it. Thread-safety: want() from the user-interface thread; `ready`
// arrives there as a queued call.
#pragma once

#include <QImage>
#include <QObject>
#include <QSize>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/named_thread.h"
#include "engine/studio/preview.h"
#include "engine/studio/studio_port.h"

namespace mainstay::ui {

/// Which of the studio's pictures.
enum class Bus { program, preview, multiview };

class PictureFeed : public QObject {
  Q_OBJECT

 public:
  PictureFeed(const StudioPort& port, Clock& clock, Bus bus = Bus::program, QObject* parent = nullptr);
  ~PictureFeed() override;

  /// The box to fill, in device pixels; an empty one means that nobody looks.
  void want(QSize box);

  /// Pictures converted since the start.
  std::int64_t converted() const { return converted_; }

 signals:
  /// A new picture of the program; a null one when there is none any more.
  void ready(const QImage& image);

 private:
  void work(const std::stop_token& stop);
  FramePtr picture() const;
  /// The box once somebody looks and the next picture is due; empty when stopped.
  QSize wait_for_turn(const std::stop_token& stop, Instant due);
  QImage convert(const Frame& frame, QSize box);
  std::shared_ptr<PreviewImage> spare_image();
  void deliver(QImage image);
  void hand_over();

  const StudioPort& port_;
  Clock& clock_;
  const Bus bus_;
  PreviewRenderer renderer_;                         // worker only
  std::vector<std::shared_ptr<PreviewImage>> pool_;  // worker only

  std::mutex mutex_;
  std::condition_variable_any changed_;
  QSize box_;
  QImage latest_;
  bool posted_ = false;
  std::atomic<std::int64_t> converted_{0};
  NamedThread worker_;  // last: stops before what it uses goes
};

}  // namespace mainstay::ui
