#include "engine/program/multiview.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

/// One colour, which the compositor stretches.
FramePtr flat(std::uint8_t y, std::uint8_t u, std::uint8_t v) {
  WritableFrame frame = WritableFrame::make(16, 16);
  frame.fill(y, u, v);
  return std::move(frame).freeze();
}

show::Layer at(const ffi::Rect& place, show::Fit fit) {
  show::Layer layer;
  layer.x = place.x;
  layer.y = place.y;
  layer.width = place.width;
  layer.height = place.height;
  layer.fit = fit;
  return layer;
}

ffi::Rect inset(const ffi::Rect& place, int by) {
  return {place.x + by, place.y + by, std::max(2, place.width - 2 * by), std::max(2, place.height - 2 * by)};
}

}  // namespace

std::vector<ffi::Rect> multiview_places(const show::MultiviewSource& multiview, int width, int height) {
  const int rows = multiview.rows;
  const int columns = multiview.columns;
  std::vector<bool> taken(static_cast<std::size_t>(rows) * columns);
  const auto cell = [&](int row, int column) { return static_cast<std::size_t>(row) * columns + column; };
  const auto is_free = [&](int row, int column, int span) {
    if (row + span > rows || column + span > columns) return false;
    for (int i = 0; i < span * span; ++i)
      if (taken[cell(row + i / span, column + i % span)]) return false;
    return true;
  };
  const auto edge = [](int length, int parts, int n) {
    return static_cast<int>(std::int64_t{length} * n / parts) & ~1;
  };
  std::vector<ffi::Rect> places;
  for (const show::MultiviewCell& each : multiview.cells) {
    ffi::Rect place;
    for (int i = 0; i < rows * columns && place.width == 0; ++i) {
      const int row = i / columns;
      const int column = i % columns;
      if (!is_free(row, column, each.span)) continue;
      for (int k = 0; k < each.span * each.span; ++k) taken[cell(row + k / each.span, column + k % each.span)] = true;
      place.x = edge(width, columns, column);
      place.y = edge(height, rows, row);
      place.width = edge(width, columns, column + each.span) - place.x;
      place.height = edge(height, rows, row + each.span) - place.y;
    }
    places.push_back(place);
  }
  return places;
}

// Frames in the colours of tally lamps: BT.709 codes of #404040, #00c040, #e00000.
Multiview::Multiview(int width, int height)
    : width_(width),
      height_(height),
      colors_{flat(71, 128, 128), flat(138, 91, 49), flat(57, 105, 226)},
      dark_(flat(16, 128, 128)),
      compositor_(width, height) {}

void Multiview::use(const show::MultiviewSource& multiview) {
  frames_ = multiview.tally;
  places_ = multiview_places(multiview, width_, height_);
}

FramePtr Multiview::paint(std::span<const CellView> cells) {
  const int frame = std::max(2, height_ / 270) & ~1;  // 4 px at 1080
  pictures_.clear();
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const ffi::Rect& place = places_[i];
    if (place.width == 0) continue;
    const CellView view = i < cells.size() ? cells[i] : CellView{};
    const ffi::Rect inside = inset(place, frame);
    if (frames_) pictures_.push_back({colors_[static_cast<std::size_t>(view.tally)], at(place, show::Fit::stretch)});
    if (frames_) pictures_.push_back({dark_, at(inside, show::Fit::stretch)});
    if (view.picture) pictures_.push_back({view.picture, at(inside, show::Fit::contain)});
    if (!view.label) continue;
    LayerPicture label{view.label, show::Layer{}, true};
    label.layer.x = inside.x + (inside.width - view.label->width) / 2;
    label.layer.y = inside.y + inside.height - view.label->height - frame;
    pictures_.push_back(std::move(label));
  }
  return compositor_.compose(pictures_);
}

}  // namespace mainstay
