#include "engine/sources/bars_source.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numbers>
#include <utility>

#include "engine/sources/frame_code.h"

namespace mainstay {

namespace {

constexpr std::size_t kTimecodeLength = 11;
constexpr std::size_t kCountLength = 10;

/// HH:MM:SS:FF, counted in whole frames (non-drop, SMPTE ST 12-1), wrapping after a day.
std::string timecode(FrameIndex frame, Rate rate) {
  const std::int64_t nominal = (rate.num + rate.den - 1) / rate.den;
  const std::int64_t in_second = frame % nominal;
  const std::int64_t second = frame / nominal % 86400;
  // Above 100 frames a second the last field would need a third digit.
  return fmt::format("{:02}:{:02}:{:02}:{:02}", second / 3600, second / 60 % 60, second % 60,
                     nominal <= 100 ? in_second : in_second * 100 / nominal);
}

int clock_cell(int width, int height) {
  return std::max(1, std::min(height / 64, width * 6 / 10 / digits_width(1, kTimecodeLength)));
}

struct ClockPlace {
  int cell;
  int x;
  int y;
  int count_cell;
  int count_x;
  int count_y;
};

ClockPlace clock_place(int width, int height) {
  ClockPlace place{};
  place.cell = clock_cell(width, height);
  place.count_cell = std::max(1, place.cell / 2);
  place.x = std::max(0, (width - digits_width(place.cell, kTimecodeLength)) / 2) & ~1;
  place.y = height / 6 & ~1;
  place.count_x = std::max(0, (width - digits_width(place.count_cell, kCountLength)) / 2) & ~1;
  place.count_y = (place.y + digits_height(place.cell) + 1) & ~1;
  return place;
}

void copy_planes(const WritableFrame& from, WritableFrame& to) {
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int rows = plane == 0 ? from.height : from.height / 2;
    std::memcpy(to.planes[plane], from.planes[plane], static_cast<std::size_t>(from.strides[plane]) * rows);
  }
}

}  // namespace

BarsSource::BarsSource(const show::BarsSource& config, SourceContext context)
    : config_(config),
      context_(std::move(context)),
      background_(WritableFrame::make(context_.width, context_.height)),
      pool_(16) {
  background_.fill(16, 128, 128);
  draw_bars(background_);
  draw_frame_code_ground(background_);
  if (config_.clock) {
    const ClockPlace place = clock_place(background_.width, background_.height);
    fill_rect(background_, place.x, place.y, digits_width(place.cell, kTimecodeLength) + 2,
              digits_height(place.cell) + 2, Yuv{});
    fill_rect(background_, place.count_x, place.count_y, digits_width(place.count_cell, kCountLength) + 2,
              digits_height(place.count_cell) + 2, Yuv{});
  }
  if (config_.tone_hz > 0) {
    const double peak = std::pow(10.0, config_.tone_db / 20);
    period_.resize(kProgramSampleRate);
    for (int i = 0; i < kProgramSampleRate; ++i) {
      // The wave's place is an integer, so that it closes exactly after a second and never drifts.
      const std::int64_t phase = std::int64_t{i} * config_.tone_hz % kProgramSampleRate;
      period_[static_cast<std::size_t>(i)] =
          static_cast<float>(peak * std::sin(2 * std::numbers::pi * static_cast<double>(phase) / kProgramSampleRate));
    }
  }
}

FramePtr BarsSource::picture(FrameIndex frame) {
  WritableFrame picture = pool_.take(background_.width, background_.height);
  // Memory that comes back from the pool still holds the bars; only the running parts are drawn again.
  if (pool_.allocated() != painted_) {
    painted_ = pool_.allocated();
    copy_planes(background_, picture);
  }
  if (config_.clock) {
    const ClockPlace place = clock_place(picture.width, picture.height);
    draw_digits(picture, place.x, place.y, place.cell, timecode(frame, context_.rate));
    draw_digits(picture, place.count_x, place.count_y, place.count_cell, fmt::format("{:010}", frame));
  }
  draw_frame_code(picture, static_cast<std::uint32_t>(frame));
  return std::move(picture).freeze();
}

AudioBlockPtr BarsSource::tone(FrameIndex frame) const {
  if (period_.empty()) return nullptr;
  auto block = std::make_shared<AudioBlock>(2, context_.rate.samples(frame));
  auto place = static_cast<std::size_t>(context_.rate.first_sample(frame) % kProgramSampleRate);
  for (int i = 0; i < block->samples; ++i) {
    block->plane(0)[static_cast<std::size_t>(i)] = period_[place];
    if (++place == period_.size()) place = 0;
  }
  std::copy_n(block->plane(0).data(), block->samples, block->plane(1).data());
  return block;
}

SourceOutput BarsSource::pull(FrameIndex frame, std::stop_token) {
  ++frames_;
  return {picture(frame), tone(frame), false};
}

SourceStatus BarsSource::status() const {
  SourceStatus status;
  status.state = SourceState::live;
  status.detail = config_.tone_hz > 0 ? fmt::format("colour bars, {} Hz at {:g} dBFS", config_.tone_hz, config_.tone_db)
                                      : "colour bars, silent";
  status.frames = frames_;
  return status;
}

ColorSource::ColorSource(const show::ColorSource& config, SourceContext context) : detail_("colour " + config.color) {
  Yuv color;
  if (auto parsed = parse_color(config.color)) {
    color = *parsed;
  } else {
    state_ = SourceState::failed;
    detail_ = parsed.error().message;
    context.log.error("source " + context.name, "{}", detail_);
  }
  WritableFrame picture = WritableFrame::make(context.width, context.height);
  picture.fill(color.y, color.u, color.v);
  picture_ = std::move(picture).freeze();
}

SourceOutput ColorSource::pull(FrameIndex, std::stop_token) {
  ++frames_;
  return {picture_, nullptr, false};
}

SourceStatus ColorSource::status() const {
  SourceStatus status;
  status.state = state_;
  status.detail = detail_;
  status.frames = frames_;
  return status;
}

}  // namespace mainstay
