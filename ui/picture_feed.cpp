#include "ui/picture_feed.h"

#include <utility>

namespace mainstay::ui {

namespace {

constexpr Nanos kFullRate{1'000'000'000 / 30};
constexpr Nanos kHalfRate{1'000'000'000 / 15};
// A full-screen preview on a machine without a GPU must not take the core that the encoder needs.
constexpr int kFullRatePixels = 1'100'000;
constexpr std::size_t kImages = 4;  // one shown, one on its way, one being drawn, one to spare

}  // namespace

PictureFeed::PictureFeed(const StudioPort& port, Clock& clock, Bus bus, QObject* parent)
    : QObject(parent), port_(port), clock_(clock), bus_(bus) {
  worker_ = NamedThread(bus == Bus::program   ? "ui/picture"
                        : bus == Bus::preview ? "ui/preview"
                                              : "ui/multiview",
                        [this](const std::stop_token& stop) { work(stop); });
}

PictureFeed::~PictureFeed() {
  worker_.stop();
}

void PictureFeed::want(QSize box) {
  {
    std::lock_guard lock(mutex_);
    if (box == box_) return;
    box_ = box;
  }
  changed_.notify_all();
}

QSize PictureFeed::wait_for_turn(const std::stop_token& stop, Instant due) {
  std::unique_lock lock(mutex_);
  clock_.wait(lock, changed_, stop, kNever, [this] { return !box_.isEmpty(); });
  clock_.wait(lock, changed_, stop, due, [] { return false; });
  return stop.stop_requested() ? QSize() : box_;
}

FramePtr PictureFeed::picture() const {
  switch (bus_) {
    case Bus::program:
      return port_.program_picture();
    case Bus::preview:
      return port_.preview_picture();
    default:
      return port_.multiview_picture({});
  }
}

void PictureFeed::work(const std::stop_token& stop) {
  FramePtr shown;
  QSize shown_box;
  Instant due{};
  while (!stop.stop_requested()) {
    const QSize box = wait_for_turn(stop, due);
    if (box.isEmpty()) continue;
    const bool large = box.width() * box.height() > kFullRatePixels;
    due = clock_.now() + (large ? kHalfRate : kFullRate);
    FramePtr frame = picture();
    if (frame == shown && box == shown_box) continue;
    if (frame != nullptr || shown != nullptr) deliver(frame ? convert(*frame, box) : QImage());
    shown = std::move(frame);  // kept, so that a new picture cannot have the old one's address
    shown_box = box;
  }
}

QImage PictureFeed::convert(const Frame& frame, QSize box) {
  const PreviewSize size = fit_preview(frame, box.width(), box.height());
  std::shared_ptr<PreviewImage> image = spare_image();
  if (!renderer_.render(frame, size.width, size.height, *image)) return {};
  ++converted_;
  const uchar* const pixels = image->bgra.data();
  // The image holds on to its memory until the last copy of the QImage is gone.
  auto* const holder = new std::shared_ptr<PreviewImage>(std::move(image));
  return QImage(
      pixels, size.width, size.height, size.width * 4, QImage::Format_RGB32,
      [](void* held) { delete static_cast<std::shared_ptr<PreviewImage>*>(held); }, holder);
}

std::shared_ptr<PreviewImage> PictureFeed::spare_image() {
  for (const std::shared_ptr<PreviewImage>& image : pool_) {
    if (image.use_count() == 1) return image;
  }
  auto image = std::make_shared<PreviewImage>();
  if (pool_.size() < kImages) pool_.push_back(image);
  return image;
}

void PictureFeed::deliver(QImage image) {
  {
    std::lock_guard lock(mutex_);
    latest_ = std::move(image);
    if (std::exchange(posted_, true)) return;
  }
  QMetaObject::invokeMethod(this, &PictureFeed::hand_over, Qt::QueuedConnection);
}

void PictureFeed::hand_over() {
  QImage image;
  {
    std::lock_guard lock(mutex_);
    image = std::exchange(latest_, {});
    posted_ = false;
  }
  emit ready(image);
}

}  // namespace mainstay::ui
