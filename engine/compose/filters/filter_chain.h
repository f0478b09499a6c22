// The filters of one layer, one after the other: from its source's picture to the one that is turned, scaled and laid.
// Owned by the layer's canvas.
// Thread-safety: one thread at a time (the program's).
//
// A picture that stands still is filtered once. Settings that change make anew only the filters they belong to, and one
// whose table is still being made (filter_tables.h) goes on with its old settings until that is there. What
// comes out is i420, limited BT.709; with alpha it is premultiplied, as Frame says. Inside, codes are straight.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/compose/filters/filter_files.h"
#include "engine/compose/filters/picture_filter.h"
#include "engine/ffi/yuv/frame_pool.h"
#include "engine/ffi/yuv/scale.h"
#include "engine/media/frame.h"
#include "engine/media/rate.h"
#include "engine/show/show.h"

namespace mainstay {

class FilterChain {
 public:
  /// At the program's rate. Null `files`: what reads files does nothing.
  FilterChain(Rate rate, const FilterFiles* files);

  /// Those that are enabled, first to last.
  void use(const std::vector<show::Filter>& filters);
  /// Nothing to be done: the picture is to be taken as it is, with its crop.
  bool empty() const { return stages_.empty(); }

  /// What of `frame` (i420 or bgra; null: nothing there) is left by `crop`, filtered. Null: nothing to show. `tick` is
  /// the program frame's number.
  FramePtr apply(const FramePtr& frame, const show::Crop& crop, std::int64_t tick);

  /// In place of apply(), in a tick in which nobody sees it: a delay that stands first goes on being fed.
  void keep_up(const FramePtr& frame, const show::Crop& crop, std::int64_t tick);

  /// Pictures that a filter made, so far.
  std::int64_t filtered() const { return filtered_; }

 private:
  struct Stage {
    show::Filter settings;
    std::unique_ptr<PictureFilter> filter;
    std::shared_ptr<const void> table;  ///< that it was made with
    FramePtr in;                        ///< what it was given last, and what came out
    FramePtr out;
    std::int64_t tick = -1;
  };

  void make(Stage& stage, std::shared_ptr<const void> table);
  std::shared_ptr<const void> table_for(const show::Filter& settings) const;
  void look_at_tables();
  FramePtr begin(const FramePtr& frame, const show::Crop& crop);
  FramePtr run(Stage& stage, const FramePtr& picture, std::int64_t tick);
  FramePtr end(const FramePtr& picture);

  const Rate rate_;
  const FilterFiles* const files_;
  std::uint64_t seen_version_ = 0;  ///< of files_
  std::vector<Stage> stages_;
  FramePtr source_;  ///< what begin() was given last, and what it made of that
  show::Crop crop_;
  FramePtr begun_;
  FramePtr straight_;  ///< what end() was given last
  FramePtr ended_;
  ffi::FramePool begin_pool_;
  ffi::FramePool end_pool_;
  std::int64_t filtered_ = 0;
};

}  // namespace mainstay
