#include "engine/compose/filters/filter_chain.h"

#include <algorithm>
#include <utility>

#include "engine/compose/filters/blur.h"
#include "engine/compose/filters/chroma_key.h"
#include "engine/compose/filters/color_correct.h"
#include "engine/compose/filters/deinterlace.h"
#include "engine/compose/filters/delay.h"
#include "engine/compose/filters/filter_tables.h"
#include "engine/compose/filters/luma_key.h"
#include "engine/compose/filters/lut.h"
#include "engine/compose/filters/mask.h"
#include "engine/compose/filters/planes.h"
#include "engine/compose/filters/sharpen.h"
#include "engine/compose/geometry.h"
#include "engine/compose/matrix.h"
#include "engine/ffi/yuv/premultiplied.h"
#include "engine/show/layer_filters.h"
#include "engine/show/picture_delays.h"

namespace mainstay {

namespace {

/// Makes a filter of its settings and of what was made ready for it.
struct Maker {
  Rate rate;
  std::shared_ptr<const void> table;

  using Made = std::unique_ptr<PictureFilter>;
  Made operator()(const show::ChromaKeyFilter&) const {
    return std::make_unique<ChromaKey>(std::static_pointer_cast<const ChromaTable>(table));
  }
  Made operator()(const show::LumaKeyFilter& s) const { return std::make_unique<LumaKey>(s); }
  Made operator()(const show::ColorCorrectFilter& s) const { return std::make_unique<ColorCorrect>(s); }
  Made operator()(const show::LutFilter&) const {
    return std::make_unique<Lut>(std::static_pointer_cast<const LutTable>(table));
  }
  Made operator()(const show::MaskFilter& s) const {
    return std::make_unique<Mask>(s, std::static_pointer_cast<const MaskImage>(table));
  }
  Made operator()(const show::BlurFilter& s) const { return std::make_unique<Blur>(s); }
  Made operator()(const show::SharpenFilter& s) const { return std::make_unique<Sharpen>(s); }
  Made operator()(const show::DelayFilter& s) const { return std::make_unique<Delay>(show::frames_of(s, rate)); }
  Made operator()(const show::DeinterlaceFilter& s) const { return std::make_unique<Deinterlace>(s); }
};

bool is_delay(const show::Filter& filter) {
  return std::holds_alternative<show::DelayFilter>(filter);
}

}  // namespace

FilterChain::FilterChain(Rate rate, const FilterFiles* files) : rate_(rate), files_(files) {}

std::shared_ptr<const void> FilterChain::table_for(const show::Filter& settings) const {
  return files_ != nullptr ? files_->prepared(settings) : prepare_filter(settings, nullptr);
}

void FilterChain::make(Stage& stage, std::shared_ptr<const void> table) {
  stage.table = std::move(table);
  stage.filter = std::visit(Maker{rate_, stage.table}, stage.settings);
  stage.in = nullptr;
  stage.out = nullptr;
}

void FilterChain::use(const std::vector<show::Filter>& filters) {
  std::vector<Stage> before = std::move(stages_);
  stages_.clear();
  for (const show::Filter& settings : filters) {
    if (!show::is_enabled(settings)) continue;
    auto known = std::find_if(before.begin(), before.end(),
                              [&](const Stage& stage) { return stage.filter && stage.settings == settings; });
    if (known == before.end() && is_delay(settings))  // what it holds is worth more than its length
      known = std::find_if(before.begin(), before.end(),
                           [](const Stage& stage) { return stage.filter && is_delay(stage.settings); });
    auto table = known == before.end() ? table_for(settings) : nullptr;
    if (known == before.end() && !table && needs_table(settings))  // the old one serves until the new one is made
      known = std::find_if(before.begin(), before.end(), [&](const Stage& stage) {
        return stage.filter && stage.settings.index() == settings.index() &&
               show::own_name(stage.settings) == show::own_name(settings);
      });
    if (known == before.end()) {
      make(stages_.emplace_back(Stage{.settings = settings}), std::move(table));
      continue;
    }
    if (const auto* delay = std::get_if<show::DelayFilter>(&settings))
      static_cast<Delay&>(*known->filter).set(show::frames_of(*delay, rate_));
    known->settings = settings;
    stages_.push_back(std::move(*known));
  }
}

void FilterChain::look_at_tables() {
  if (files_ == nullptr || files_->version() == seen_version_) return;
  seen_version_ = files_->version();
  for (Stage& stage : stages_) {
    auto table = table_for(stage.settings);
    if (table && table != stage.table) make(stage, std::move(table));
  }
}

/// The part that is shown, as straight i420 in BT.709.
FramePtr FilterChain::begin(const FramePtr& frame, const show::Crop& crop) {
  if (frame == source_ && crop == crop_) return begun_;
  source_ = frame;
  crop_ = crop;
  begun_ = nullptr;
  const ffi::Rect part = cropped({frame->width, frame->height, frame->sar_num, frame->sar_den, false}, crop);
  if (part.width <= 0 || part.height <= 0) return nullptr;
  if (frame->format == PixelFormat::bgra) {
    begun_ = straight_i420(*frame, part, begin_pool_);
  } else if (frame->format == PixelFormat::i420) {
    begun_ = ffi::unpremultiplied(cut(frame, part));
    if (begun_->matrix != ColorMatrix::bt709) {
      WritableFrame picture = take_like(begin_pool_, *begun_, false);
      to_bt709(*begun_, picture);
      begun_ = replaced(begun_, std::move(picture), kColors);
      auto converted = std::make_shared<Frame>(*begun_);
      converted->matrix = ColorMatrix::bt709;
      begun_ = std::move(converted);
    }
  }
  return begun_;
}

FramePtr FilterChain::run(Stage& stage, const FramePtr& picture, std::int64_t tick) {
  const bool remembers = stage.filter->remembers();
  if (!remembers && !picture) return nullptr;
  if (remembers ? tick == stage.tick : picture == stage.in) return stage.out;
  stage.tick = tick;
  stage.in = picture;
  stage.out = stage.filter->apply(picture, tick);
  if (stage.out != picture) ++filtered_;
  return stage.out;
}

/// As the compositor takes it.
FramePtr FilterChain::end(const FramePtr& picture) {
  if (!picture || picture->alpha == nullptr) return picture;
  if (picture == straight_) return ended_;
  straight_ = picture;
  ended_ = premultiplied(*picture, end_pool_);
  return ended_;
}

FramePtr FilterChain::apply(const FramePtr& frame, const show::Crop& crop, std::int64_t tick) {
  look_at_tables();
  FramePtr picture = frame ? begin(frame, crop) : nullptr;
  for (Stage& stage : stages_) picture = run(stage, picture, tick);
  return end(picture);
}

void FilterChain::keep_up(const FramePtr& frame, const show::Crop& crop, std::int64_t tick) {
  if (stages_.empty() || !is_delay(stages_.front().settings)) return;
  const bool free =
      !frame || (frame->format == PixelFormat::i420 && frame->alpha == nullptr && frame->matrix == ColorMatrix::bt709);
  if (free) run(stages_.front(), frame ? begin(frame, crop) : nullptr, tick);
}

}  // namespace mainstay
