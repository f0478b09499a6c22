#include "engine/compose/wipe.h"

#include <algorithm>
#include <cmath>

namespace mainstay {

namespace {

constexpr double kHard = 1e-9;  // no edge is thinner: no division by zero

int within(double value, int limit) {
  return static_cast<int>(std::clamp(value, 0.0, static_cast<double>(limit)));
}

}  // namespace

WipeEdge::WipeEdge(const show::WipeTransition& wipe, double position, int width, int height)
    : shape_(wipe.shape),
      width_(width),
      height_(height),
      softness_(std::max(kHard, wipe.softness)),
      old_(position * (1 + softness_)),
      new_(old_ - softness_) {}

/// x and y in pixels of the plane, at their middles.
double WipeEdge::time_at(double x, double y) const {
  const double u = x / width_;
  const double v = y / height_;
  switch (shape_) {
    case show::WipeShape::right:
      return u;
    case show::WipeShape::left:
      return 1 - u;
    case show::WipeShape::down:
      return v;
    case show::WipeShape::up:
      return 1 - v;
    case show::WipeShape::diagonal:
      return (u + v) / 2;
    case show::WipeShape::circle:
      break;
  }
  return std::hypot(x - width_ / 2.0, y - height_ / 2.0) / std::hypot(width_ / 2.0, height_ / 2.0);
}

/// A row whose time is begin + slope·x/width.
WipeRow WipeEdge::straight_row(double begin, double slope) const {
  if (slope == 0) {
    if (begin >= old_) return {0, 0, 0, 0};
    if (begin <= new_) return {0, 0, width_, width_};
    return {0, width_, width_, width_};
  }
  // Pixel i, at i + ½, is past a time when it lies before (or, falling, after) where the row has that time.
  const auto count = [&](double time) { return within(std::floor((time - begin) / slope * width_ + 0.5), width_); };
  if (slope > 0) return {0, 0, count(new_), std::max(count(new_), count(old_))};
  return {std::min(count(old_), count(new_)), count(new_), width_, width_};
}

WipeRow WipeEdge::circle_row(double y) const {
  const double radius = std::hypot(width_ / 2.0, height_ / 2.0);
  const double dy = y - height_ / 2.0;
  const auto half = [&](double time) {
    const double r = std::max(0.0, time) * radius;
    return r > std::abs(dy) ? std::sqrt(r * r - dy * dy) : 0.0;
  };
  const double middle = width_ / 2.0;
  const auto begin = [&](double h) { return within(std::ceil(middle - h - 0.5), width_); };
  const auto end = [&](double h) { return within(std::floor(middle + h - 0.5) + 1, width_); };
  const double outer = half(old_);
  if (outer == 0) return {0, 0, 0, 0};
  WipeRow row{begin(outer), begin(outer), begin(outer), end(outer)};
  if (const double inner = half(new_); inner > 0) {
    row.to_begin = begin(inner);
    row.to_end = std::max(row.to_begin, end(inner));
  }
  row.soft_end = std::max({row.soft_end, row.to_end, row.soft_begin});
  return row;
}

WipeRow WipeEdge::row(int y) const {
  const double at = y + 0.5;
  switch (shape_) {
    case show::WipeShape::right:
      return straight_row(0, 1);
    case show::WipeShape::left:
      return straight_row(1, -1);
    case show::WipeShape::down:
      return straight_row(at / height_, 0);
    case show::WipeShape::up:
      return straight_row(1 - at / height_, 0);
    case show::WipeShape::diagonal:
      return straight_row(at / height_ / 2, 0.5);
    case show::WipeShape::circle:
      break;
  }
  return circle_row(at);
}

void WipeEdge::alpha(int x, int y, std::span<std::uint8_t> out) const {
  for (std::size_t i = 0; i < out.size(); ++i) {
    const double share = (old_ - time_at(x + static_cast<double>(i) + 0.5, y + 0.5)) / softness_;
    out[i] = static_cast<std::uint8_t>(std::lround(255 * std::clamp(share, 0.0, 1.0)));
  }
}

}  // namespace mainstay
