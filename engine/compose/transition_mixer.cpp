#include "engine/compose/transition_mixer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstring>
#include <utility>
#include <vector>

#include "engine/compose/wipe.h"
#include "engine/ffi/yuv/blend.h"

namespace mainstay {

namespace {

using Codes = std::array<std::uint8_t, 3>;

constexpr int kAll = 256;
constexpr Codes kBlack{16, 128, 128};

int share_of(double position) {
  return static_cast<int>(std::lround(std::clamp(position, 0.0, 1.0) * kAll));
}

/// "#rrggbb" as limited BT.709.
Codes codes_of(const std::string& color) {
  double rgb[3] = {0, 0, 0};
  for (std::size_t i = 0; i < 3 && color.size() == 7; ++i) {
    int value = 0;
    std::from_chars(color.data() + 1 + 2 * i, color.data() + 3 + 2 * i, value, 16);
    rgb[i] = value / 255.0;
  }
  const double luma = 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
  const auto code = [](double value) { return static_cast<std::uint8_t>(std::lround(value)); };
  return {code(16 + 219 * luma), code(128 + 224 * (rgb[2] - luma) / 1.8556),
          code(128 + 224 * (rgb[0] - luma) / 1.5748)};
}

/// One plane of a wipe.
void wipe_plane(const WipeEdge& edge, const std::uint8_t* from, int from_stride, const std::uint8_t* to, int to_stride,
                std::uint8_t* target, int target_stride, int width, int height) {
  std::vector<std::uint8_t> alpha(static_cast<std::size_t>(width));
  for (int y = 0; y < height; ++y) {
    const WipeRow row = edge.row(y);
    const auto copy = [&](const std::uint8_t* source, int begin, int end) {
      if (end > begin) std::memcpy(target + begin, source + begin, static_cast<std::size_t>(end - begin));
    };
    const auto mix = [&](int begin, int end) {
      if (end <= begin) return;
      const auto count = static_cast<std::size_t>(end - begin);
      edge.alpha(begin, y, {alpha.data(), count});
      copy(from, begin, end);
      ffi::blend_plane(to + begin, 0, alpha.data(), 0, target + begin, 0, end - begin, 1);
    };
    copy(from, 0, row.soft_begin);
    mix(row.soft_begin, row.to_begin);
    copy(to, row.to_begin, row.to_end);
    mix(row.to_end, row.soft_end);
    copy(from, row.soft_end, width);
    from += from_stride;
    to += to_stride;
    target += target_stride;
  }
}

}  // namespace

TransitionMixer::TransitionMixer(int width, int height) : width_((width + 1) & ~1), height_((height + 1) & ~1) {}

FramePtr TransitionMixer::mix(const FramePtr& from, const FramePtr& to, const show::Transition& how, double position) {
  if (position <= 0) return from;
  if (position >= 1) return to;
  return std::visit(
      [&](const auto& kind) -> FramePtr {
        using Kind = std::decay_t<decltype(kind)>;
        if constexpr (std::is_same_v<Kind, show::FadeTransition>) {
          return fade(*from, *to, position);
        } else if constexpr (std::is_same_v<Kind, show::DipTransition>) {
          const Codes color = codes_of(kind.color);
          return position < 0.5 ? towards(from, color, 2 * position) : towards(to, color, 2 - 2 * position);
        } else if constexpr (std::is_same_v<Kind, show::WipeTransition>) {
          return wipe(*from, *to, kind, position);
        } else if constexpr (std::is_same_v<Kind, show::SlideTransition>) {
          return move(*from, *to, kind.direction, false, position);
        } else if constexpr (std::is_same_v<Kind, show::PushTransition>) {
          return move(*from, *to, kind.direction, true, position);
        } else {
          return to;
        }
      },
      how);
}

FramePtr TransitionMixer::towards_black(const FramePtr& picture, double position) {
  return towards(picture, kBlack, position);
}

FramePtr TransitionMixer::fade(const Frame& from, const Frame& to, double position) {
  WritableFrame target = pool_.take(width_, height_);
  (void)ffi::mix_i420(from, to, share_of(position), target);
  return std::move(target).freeze();
}

FramePtr TransitionMixer::towards(const FramePtr& picture, const Codes& color, double share) {
  if (share_of(share) == 0) return picture;
  WritableFrame target = pool_.take(width_, height_);
  (void)ffi::mix_color(*picture, color, share_of(share), target);
  return std::move(target).freeze();
}

FramePtr TransitionMixer::wipe(const Frame& from, const Frame& to, const show::WipeTransition& how, double position) {
  WritableFrame target = pool_.take(width_, height_);
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int width = plane == 0 ? width_ : width_ / 2;
    const int height = plane == 0 ? height_ : height_ / 2;
    wipe_plane(WipeEdge(how, position, width, height), from.planes[plane], from.strides[plane], to.planes[plane],
               to.strides[plane], target.planes[plane], target.strides[plane], width, height);
  }
  return std::move(target).freeze();
}

/// The old picture stays (slide) or is pushed out; what of each is seen is a rectangle.
FramePtr TransitionMixer::move(const Frame& from, const Frame& to, show::Direction direction, bool push,
                               double position) {
  const bool sideways = direction == show::Direction::left || direction == show::Direction::right;
  const bool forwards = direction == show::Direction::right || direction == show::Direction::down;
  const int way = sideways ? width_ : height_;
  const int in = static_cast<int>(std::lround(position * way)) & ~1;  // of the new picture
  const auto part = [&](int at, int length) {
    return sideways ? ffi::Rect{at, 0, length, height_} : ffi::Rect{0, at, width_, length};
  };
  WritableFrame target = pool_.take(width_, height_);
  const auto put = [&](const Frame& picture, int from_at, int length, int to_at) {
    if (length > 0)
      (void)ffi::blend_i420(picture, part(from_at, length), target, sideways ? to_at : 0, sideways ? 0 : to_at, kAll);
  };
  const int out = way - in;
  if (forwards) {
    put(to, out, in, 0);
    put(from, push ? 0 : in, out, in);
  } else {
    put(from, push ? in : 0, out, 0);
    put(to, 0, in, out);
  }
  return std::move(target).freeze();
}

}  // namespace mainstay
