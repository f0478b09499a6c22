// The program's picture, letterboxed on black, with a red frame while it is on air; without a picture, what to do to
// get one. Or preview's, with a green frame while a scene stands ready there, red while it is part of a transition.
// Owned by the main window; the theme, the port and the clock outlive it.
// Thread-safety: the user-interface thread.
#pragma once

#include <QImage>
#include <QWidget>

#include "ui/picture_feed.h"
#include "ui/theme.h"

namespace mainstay::ui {

class PictureView : public QWidget {
  Q_OBJECT

 public:
  PictureView(const Theme& theme, const StudioPort& port, Clock& clock, Bus bus = Bus::program,
              QWidget* parent = nullptr);

  void show_snapshot(const Snapshot& snapshot);
  bool has_picture() const { return !image_.isNull(); }
  QString hint() const { return hint_; }
  QString caption() const { return caption_; }
  QColor frame() const { return frame_; }
  const PictureFeed& feed() const { return feed_; }

  QSize sizeHint() const override { return {960, 540}; }
  QSize minimumSizeHint() const override { return {160, 90}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  void resizeEvent(QResizeEvent* event) override;
  void showEvent(QShowEvent* event) override;
  void hideEvent(QHideEvent* event) override;
  void changeEvent(QEvent* event) override;
  bool eventFilter(QObject* watched, QEvent* event) override;

 private:
  void refresh_want();
  /// Where the picture stands, in logical pixels on whole device pixels.
  QRectF picture_rect() const;
  void draw_hint(QPainter& painter) const;
  void draw_caption(QPainter& painter, const QRectF& picture) const;
  void set_texts(const QString& title, const QString& hint, const QString& caption, const QColor& frame);
  void show_program(const Snapshot& snapshot);
  void show_preview(const Snapshot& snapshot);

  const Theme& theme_;
  PictureFeed feed_;
  QImage image_;
  QString title_;
  QString hint_;
  QString caption_;  ///< the scene, over the picture's lower edge; empty: none
  QColor frame_;     ///< of the tally; invalid: none
  const Bus bus_;
};

}  // namespace mainstay::ui
