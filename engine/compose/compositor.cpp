#include "engine/compose/compositor.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <utility>

#include "engine/compose/matrix.h"
#include "engine/ffi/yuv/blend.h"
#include "engine/ffi/yuv/blend_modes.h"
#include "engine/ffi/yuv/premultiplied.h"
#include "engine/ffi/yuv/rotate.h"
#include "engine/ffi/yuv/scale.h"

namespace mainstay {

namespace {

constexpr int kOpaque = 256;
// A placed graphic of up to this many programs' pixels is converted whole, so that it can move; of a larger one, what
// is to be seen.
constexpr std::int64_t kWholeGraphic = 4;

bool is_graphic(const Frame& frame) {
  return frame.format == PixelFormat::bgra;
}

bool covers(const ffi::Rect& outer, const ffi::Rect& inner) {
  return inner.x >= outer.x && inner.y >= outer.y && inner.x + inner.width <= outer.x + outer.width &&
         inner.y + inner.height <= outer.y + outer.height;
}

std::optional<ffi::BlendMode> mode_of(show::Blend blend) {
  switch (blend) {
    case show::Blend::add:
      return ffi::BlendMode::add;
    case show::Blend::multiply:
      return ffi::BlendMode::multiply;
    case show::Blend::screen:
      return ffi::BlendMode::screen;
    default:
      return std::nullopt;
  }
}

int opacity_of(double opacity) {
  return std::isfinite(opacity) ? static_cast<int>(std::lround(std::clamp(opacity, 0.0, 1.0) * kOpaque)) : kOpaque;
}

}  // namespace

Compositor::Compositor(int width, int height, Ground ground)
    : width_((width + 1) & ~1), height_((height + 1) & ~1), ground_(ground), pool_(4) {}

namespace {

/// Black, and where the picture has alpha, transparent.
void clear(WritableFrame& picture) {
  picture.fill(16, 128, 128);
  if (picture.alpha != nullptr)
    std::memset(picture.alpha, 0, static_cast<std::size_t>(picture.alpha_stride) * picture.height);
}

}  // namespace

FramePtr Compositor::bare() {
  if (!bare_) {
    WritableFrame picture = WritableFrame::make(width_, height_, ground_ == Ground::nothing);
    clear(picture);
    bare_ = std::move(picture).freeze();
  }
  return bare_;
}

/// Whether what was made for `place` can be used at `at`: position does not matter.
bool Compositor::Slot::fits(const Placement& at) const {
  return place.crop == at.crop && place.rotate == at.rotate && place.width == at.width && place.height == at.height;
}

bool Compositor::Slot::holds(const FramePtr& frame, const Placement& at) const {
  return source == frame && fits(at);
}

/// Whether `frame` is further along the strip that this one's picture is on.
bool Compositor::Slot::runs_on(const FramePtr& frame, const Placement& at) const {
  return source && source->strip && source->strip == frame->strip && fits(at) && RunningGraphic::suits(*frame, at);
}

bool Compositor::fills(const Visible& layer) const {
  return layer.opacity == kOpaque && layer.layer->layer.blend == show::Blend::normal &&
         !is_graphic(*layer.layer->frame) && layer.layer->frame->alpha == nullptr && layer.place.x == 0 &&
         layer.place.y == 0 && layer.place.inner.width == width_ && layer.place.inner.height == height_;
}

bool Compositor::same_as_last(const std::vector<Visible>& visible) const {
  if (!last_ || visible.size() != slots_.size()) return false;
  for (std::size_t i = 0; i < visible.size(); ++i)
    if (visible[i].layer->frame != slots_[i].source || !(visible[i].place == slots_[i].place) ||
        visible[i].opacity != slots_[i].opacity || visible[i].layer->layer.blend != slots_[i].blend)
      return false;
  return true;
}

FramePtr Compositor::compose(std::span<const LayerPicture> layers) {
  std::vector<Visible> visible;
  for (const LayerPicture& each : layers) {
    if (!each.frame || !each.layer.visible) continue;
    const Frame& frame = *each.frame;
    if (frame.format != PixelFormat::i420 && !is_graphic(frame)) continue;
    const Visible layer{&each,
                        place_layer({frame.width, frame.height, frame.sar_num, frame.sar_den, each.own_size},
                                    each.layer, width_, height_),
                        opacity_of(each.layer.opacity)};
    if (layer.place.empty() || layer.opacity == 0) continue;
    if (fills(layer)) visible.clear();  // nothing below can be seen
    visible.push_back(layer);
  }
  if (visible.empty()) {
    ++stats_.passthrough;
    return bare();
  }
  const Frame& bottom = *visible.front().layer->frame;
  if (visible.size() == 1 && fills(visible.front()) && bottom.width == width_ && bottom.height == height_ &&
      bottom.matrix == ColorMatrix::bt709 && visible.front().place.rotate == 0 &&
      visible.front().place.crop == ffi::Rect{0, 0, width_, height_}) {
    ++stats_.passthrough;
    slots_.clear();
    last_.reset();
    return visible.front().layer->frame;
  }
  if (same_as_last(visible)) {
    ++stats_.reused;
    return last_;
  }

  const bool filled = fills(visible.front());
  WritableFrame target = pool_.take(width_, height_, ground_ == Ground::nothing && !filled);
  if (!filled) clear(target);
  match_slots(visible);
  for (std::size_t i = 0; i < visible.size(); ++i) lay(visible[i], slots_[i], target);
  last_ = std::move(target).freeze();
  ++stats_.composed;
  stats_.allocated = pool_.allocated();
  return last_;
}

/// Each layer finds what was made for it, also when others came or went below it.
void Compositor::match_slots(const std::vector<Visible>& visible) {
  previous_.swap(slots_);
  slots_.clear();
  slots_.resize(visible.size());
  for (std::size_t i = 0; i < visible.size(); ++i) {
    const auto holds = [&](const Slot& slot) {
      const FramePtr& frame = visible[i].layer->frame;
      return slot.holds(frame, visible[i].place) || slot.runs_on(frame, visible[i].place);
    };
    auto found = i < previous_.size() && holds(previous_[i]) ? previous_.begin() + static_cast<std::ptrdiff_t>(i)
                                                             : std::find_if(previous_.begin(), previous_.end(), holds);
    if (found == previous_.end()) continue;
    slots_[i] = std::move(*found);
    found->source = nullptr;
  }
  previous_.clear();
}

void Compositor::lay(const Visible& layer, Slot& slot, WritableFrame& target) {
  const FramePtr& frame = layer.layer->frame;
  const Placement& place = layer.place;
  const bool seen_before = slot.holds(frame, place);
  if (!seen_before && !slot.runs_on(frame, place)) slot = Slot{};
  slot.source = frame;
  slot.place = place;
  slot.opacity = layer.opacity;
  slot.blend = layer.layer->layer.blend;
  const std::optional<ffi::BlendMode> mode = mode_of(slot.blend);
  if (is_graphic(*frame)) return lay_graphic(layer, slot, target);
  if (!slot.scaled) {
    // A moving picture goes straight to its place; one that stands still is worth keeping as it will lie.
    if (!seen_before && frame->alpha == nullptr && layer.opacity == kOpaque && !place.clipped() && place.rotate == 0 &&
        !mode) {
      ++stats_.scaled;
      const FramePtr source = in_matrix(frame);
      (void)scaler_.scale(*source, place.crop, target, {place.x, place.y, place.width, place.height});
      return;
    }
    slot.scaled = scale(layer);
    if (!slot.scaled) return;
  }
  if (slot.scaled->alpha != nullptr) return lay_see_through(layer, slot, target);
  if (mode)
    (void)ffi::blend_mode_i420(*slot.scaled, place.inner, {}, target, place.x, place.y, layer.opacity, *mode);
  else
    (void)ffi::blend_i420(*slot.scaled, place.inner, target, place.x, place.y, layer.opacity);
}

/// A picture with alpha. Blends calculate with colours as they are.
void Compositor::lay_see_through(const Visible& layer, const Slot& slot, WritableFrame& target) {
  const Placement& place = layer.place;
  const std::optional<ffi::BlendMode> mode = mode_of(slot.blend);
  if (!mode) {
    (void)ffi::lay_premultiplied(*slot.scaled, place.inner, target, place.x, place.y, layer.opacity);
    return;
  }
  const FramePtr straight = ffi::unpremultiplied(slot.scaled);
  (void)ffi::blend_mode_i420(*straight, place.inner, {straight->alpha, straight->alpha_stride}, target, place.x,
                             place.y, layer.opacity, *mode);
}

void Compositor::lay_graphic(const Visible& layer, Slot& slot, WritableFrame& target) {
  const Placement& place = layer.place;
  if (RunningGraphic::suits(*slot.source, place)) {
    stats_.converted += slot.running.lay(*slot.source, place, target, layer.opacity, mode_of(slot.blend));
    return;
  }
  if (!slot.overlay || !covers(slot.part, place.inner)) {
    const bool whole = std::int64_t{place.width} * place.height <= kWholeGraphic * width_ * height_;
    slot.part = whole ? ffi::Rect{0, 0, place.width, place.height} : place.inner;
    FramePtr graphic = slot.source;
    ffi::Rect crop = place.crop;
    if (place.rotate != 0) {
      auto rotated = ffi::rotate_bgra(*graphic, crop, place.rotate);
      if (!rotated) return;
      graphic = std::move(*rotated);
      crop = {0, 0, graphic->width, graphic->height};
    }
    auto overlay = ffi::Overlay::make(*graphic, crop, place.width, place.height, slot.part);
    if (!overlay) return;  // a place that geometry does not give
    slot.overlay = std::move(*overlay);
    ++stats_.converted;
  }
  (void)slot.overlay->lay(place.inner, target, place.x, place.y, layer.opacity, mode_of(slot.blend));
}

FramePtr Compositor::scale(const Visible& layer) {
  const FramePtr source = in_matrix(layer.layer->frame);
  const Placement& place = layer.place;
  const bool sideways = place.rotate % 180 != 0;
  // A film with alpha of the program's size, or a scene in a scene, lies as it is.
  if (source->alpha != nullptr && place.rotate == 0 && place.crop == ffi::Rect{0, 0, place.width, place.height} &&
      source->width == place.width && source->height == place.height)
    return source;
  ++stats_.scaled;
  const bool see_through = source->alpha != nullptr;
  WritableFrame picture = sideways ? scaled_pool_.take(place.height, place.width, see_through)
                                   : scaled_pool_.take(place.width, place.height, see_through);
  const ffi::Rect whole{0, 0, picture.width, picture.height};
  if (!scaler_.scale(*source, layer.place.crop, picture, whole)) return nullptr;
  FramePtr scaled = std::move(picture).freeze();
  return layer.place.rotate == 0 ? scaled : turned(std::move(scaled), layer.place.rotate);
}

FramePtr Compositor::turned(FramePtr picture, int degrees) {
  const bool sideways = degrees % 180 != 0;
  const bool see_through = picture->alpha != nullptr;
  WritableFrame out = sideways ? turned_pool_.take(picture->height, picture->width, see_through)
                               : turned_pool_.take(picture->width, picture->height, see_through);
  if (!ffi::rotate_i420_into(*picture, degrees, out)) return nullptr;
  return std::move(out).freeze();
}

FramePtr Compositor::in_matrix(const FramePtr& frame) {
  if (frame->matrix == ColorMatrix::bt709) return frame;
  WritableFrame picture = matrix_pool_.take(frame->width, frame->height);
  to_bt709(*frame, picture);
  auto converted = std::make_shared<Frame>(*std::move(picture).freeze());
  converted->width = frame->width;
  converted->height = frame->height;
  if (frame->alpha == nullptr) return converted;
  // The matrix is linear on codes around black, so premultiplied ones stay so; the alpha is shared.
  struct Owner {
    std::shared_ptr<const void> codes;
    FramePtr alpha;
  };
  converted->alpha = frame->alpha;
  converted->alpha_stride = frame->alpha_stride;
  converted->owner = std::make_shared<Owner>(Owner{converted->owner, frame});
  return converted;
}

}  // namespace mainstay
