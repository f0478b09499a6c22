// Lays the pictures of a scene's layers over each other: i420 on the CPU, at the program's size, BT.709, square pixels.
// Owned by the program.
// Thread-safety: one thread at a time; the pictures from any thread.
//
// What costs nothing: one opaque picture of the program's size and matrix (passed through without a copy), and a scene
// in which no picture and no layer changed (the last result is given again). A layer whose picture stands still is
// scaled once, also when it moves about. A graphic with alpha (bgra) is converted once for its size, and from then on
// only what it covers is touched; of one that runs by, what comes into view. Cropping is free. A picture is turned
// after it was scaled. A blend other than normal goes through R'G'B' where the layer lies. A picture with alpha
// (Frame::alpha) is brought to its size and laid row by row, the rows that are wholly transparent at no cost.
//
// One for a scene that lies in others begins with nothing instead of black: its picture has alpha, unless a layer fills
// it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "engine/compose/geometry.h"
#include "engine/compose/running_graphic.h"
#include "engine/ffi/av/picture_scaler.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/ffi/yuv/overlay.h"
#include "engine/media/frame.h"
#include "engine/show/show.h"

namespace mainstay {

/// One layer and what its source shows now. A null picture shows nothing.
struct LayerPicture {
  FramePtr frame;         ///< i420, or bgra with premultiplied alpha; others are not shown
  show::Layer layer;      ///< where and how it lies
  bool own_size = false;  ///< its size is meant to be shown (show::has_own_size)
};

struct CompositorStats {
  std::int64_t composed = 0;     ///< pictures put together
  std::int64_t passthrough = 0;  ///< given on as they came
  std::int64_t reused = 0;       ///< the last result again
  std::int64_t scaled = 0;       ///< layers scaled
  std::int64_t converted = 0;    ///< graphics with alpha brought to their size and to i420
  std::int64_t allocated = 0;    ///< program pictures whose memory was asked of the system
};

class Compositor {
 public:
  enum class Ground { black, nothing };

  Compositor(int width, int height, Ground ground = Ground::black);

  /// The program's picture; layers bottom first. Where nothing is, the ground. Never null.
  FramePtr compose(std::span<const LayerPicture> layers);

  const CompositorStats& stats() const { return stats_; }

 private:
  /// What is remembered of a layer from the last picture.
  struct Slot {
    FramePtr source;
    Placement place;
    FramePtr scaled;  ///< `source` as it goes onto the program; made when a picture is seen for the second time
    std::optional<ffi::Overlay> overlay;  ///< a graphic, ready to be laid
    ffi::Rect part;                       ///< what of the placed graphic it was made of
    RunningGraphic running;               ///< or, pieces of one that runs by
    int opacity = 0;                      ///< with which it was laid, of 256
    show::Blend blend = show::Blend::normal;

    bool holds(const FramePtr& frame, const Placement& at) const;
    bool runs_on(const FramePtr& frame, const Placement& at) const;
    bool fits(const Placement& at) const;
  };
  struct Visible {
    const LayerPicture* layer;
    Placement place;
    int opacity;  ///< of 256
  };

  bool fills(const Visible& layer) const;
  bool same_as_last(const std::vector<Visible>& visible) const;
  void match_slots(const std::vector<Visible>& visible);
  void lay(const Visible& layer, Slot& slot, WritableFrame& target);
  void lay_see_through(const Visible& layer, const Slot& slot, WritableFrame& target);
  void lay_graphic(const Visible& layer, Slot& slot, WritableFrame& target);
  FramePtr scale(const Visible& layer);
  FramePtr turned(FramePtr picture, int degrees);
  FramePtr in_matrix(const FramePtr& frame);
  FramePtr bare();

  const int width_;
  const int height_;
  const Ground ground_;
  ffi::FramePool pool_;
  ffi::FramePool scaled_pool_;
  ffi::PictureScaler scaler_;
  ffi::FramePool turned_pool_;
  ffi::FramePool matrix_pool_;
  FramePtr bare_;  // made when first needed
  std::vector<Slot> slots_;
  std::vector<Slot> previous_;  // match_slots()' own, kept for its memory
  FramePtr last_;
  CompositorStats stats_;
};

}  // namespace mainstay
