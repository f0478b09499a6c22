#include "engine/compose/filters/color_correct.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace mainstay {

namespace {

constexpr int kBits = 12;

MAINSTAY_WIDE void turn_row(const std::uint8_t* own, const std::uint8_t* other, int along, int across,
                            std::uint8_t* out, int count) {
  constexpr int kZero = (128 << kBits) + (1 << (kBits - 1));
  for (int x = 0; x < count; ++x) {
    const int value = (along * (own[x] - 128) + across * (other[x] - 128) + kZero) >> kBits;
    out[x] = static_cast<std::uint8_t>(std::min(std::max(value, 16), 240));
  }
}

void look_up(const std::array<std::int16_t, kRgbIn + 1>& curve, std::int16_t* row, int count) {
  for (int x = 0; x < count; ++x) row[x] = curve[static_cast<std::size_t>(row[x])];
}

}  // namespace

ColorCorrect::ColorCorrect(const show::ColorCorrectFilter& s) {
  curved_ = s.lift != show::ColorOffsets{} || s.gamma != show::ColorFactors{} || s.gain != show::ColorFactors{};
  const double lift[3] = {s.lift.r, s.lift.g, s.lift.b};
  const double gamma[3] = {s.gamma.r, s.gamma.g, s.gamma.b};
  const double gain[3] = {s.gain.r, s.gain.g, s.gain.b};
  for (std::size_t part = 0; curved_ && part < 3; ++part) {
    for (int i = 0; i <= kRgbIn; ++i) {
      const double c = static_cast<double>(i) / kRgbIn;
      const double line = s.gain.master * gain[part] * c + (s.lift.master + lift[part]) * (1 - c);
      const double value = std::pow(std::max(0.0, line), 1 / (s.gamma.master * gamma[part]));
      curves_[part][static_cast<std::size_t>(i)] =
          static_cast<std::int16_t>(std::lround(kRgbOut * std::clamp(value, 0.0, 1.0)));
    }
  }
  const double offset = 0.5 - 0.5 * s.contrast + s.brightness;
  back_ = ToCodes::bt709(s.contrast, offset, s.contrast * s.saturation, s.hue);
  for (int code = 0; code < 256; ++code) {
    const double luma = (code - 16) / 219.0 * s.contrast + offset;
    luma_[code] = static_cast<std::uint8_t>(std::lround(std::clamp(16 + 219 * luma, 16.0, 235.0)));
  }
  const double angle = s.hue * std::numbers::pi / 180;
  const double factor = s.contrast * s.saturation * (1 << kBits);
  along_ = static_cast<int>(std::lround(factor * std::cos(angle)));
  across_ = static_cast<int>(std::lround(factor * std::sin(angle)));
}

void ColorCorrect::plain(const Frame& picture, WritableFrame& out) const {
  map_plane(plane_of(picture, 0), luma_, plane_of(out, 0));
  const ffi::Plane u = plane_of(picture, 1);
  const ffi::Plane v = plane_of(picture, 2);
  for (int y = 0; y < u.height; ++y) {
    turn_row(row_of(u, y), row_of(v, y), along_, -across_, row_of(plane_of(out, 1), y), u.width);
    turn_row(row_of(v, y), row_of(u, y), along_, across_, row_of(plane_of(out, 2), y), u.width);
  }
}

FramePtr ColorCorrect::apply(const FramePtr& picture, std::int64_t) {
  WritableFrame out = take_like(pool_, *picture, false);
  if (curved_) {
    rows_.run(*picture, out, back_, [this](const RgbRow& row, int count) {
      look_up(curves_[0], row.r, count);
      look_up(curves_[1], row.g, count);
      look_up(curves_[2], row.b, count);
    });
  } else {
    plain(*picture, out);
  }
  return replaced(picture, std::move(out), kColors);
}

}  // namespace mainstay
