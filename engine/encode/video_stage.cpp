#include "engine/encode/video_stage.h"

#include <algorithm>
#include <utility>

namespace mainstay {

namespace {

constexpr FrameIndex kLongestFilledGap = 60;  // more is a standstill: filling it would only make it longer

}  // namespace

VideoStage::VideoStage(Options options, EmitPacket emit, EmitNotice notice)
    : first_frame_(options.first_frame),
      emit_(std::move(emit)),
      scaling_(options.scaling ? std::move(options.scaling) : std::make_shared<ScaleLadder>()),
      encoder_(std::move(options.encoder), std::move(options.open), std::move(notice)) {}

Result<std::unique_ptr<VideoStage>> VideoStage::open(Options options, EmitPacket emit, EmitNotice notice) {
  std::unique_ptr<VideoStage> stage(new VideoStage(std::move(options), std::move(emit), std::move(notice)));
  MAINSTAY_CHECK(stage->encoder_.open());
  return stage;
}

Result<FramePtr> VideoStage::fitted(const FramePtr& frame, FrameIndex n) {
  return scaling_->get(frame, n, {encoder_.config().width, encoder_.config().height});
}

void VideoStage::take(const Item& item) {
  if (!item.payload || (any_ && item.position <= last_)) return;
  if (!encoder_ && !rebuild(item.position)) {
    ++lost_;
    return;
  }
  auto frame = fitted(item.payload, item.position);
  if (!frame) {
    ++lost_;
    fail(frame.error());
    return;
  }
  if (Status done = encode(**frame, item.position); !done) {
    fail(done.error());
    // The picture that the old encoder choked on opens the new one: nothing more is lost than what was inside.
    if (!rebuild(item.position)) {
      ++lost_;
      return;
    }
    if (Status again = encode(**frame, item.position); !again) fail(again.error());
  }
}

Status VideoStage::encode(const Frame& frame, FrameIndex n) {
  MAINSTAY_CHECK(fill_gap(frame, n));
  const bool idr = !any_ || idr_due(n);
  MAINSTAY_CHECK(encoder_->send(frame, n, idr));
  ++inside_;
  any_ = true;
  last_ = n;
  if (idr) {
    const FrameIndex gop = encoder_.config().gop;
    const FrameIndex since = n - first_frame_;
    const FrameIndex whole = since >= 0 ? since / gop : -((-since + gop - 1) / gop);
    next_idr_ = first_frame_ + (whole + 1) * gop;
  }
  return collect();
}

// An encoder that takes no forced IDR counts pictures itself: it gets one for each that is missing, or its grid moves.
Status VideoStage::fill_gap(const Frame& frame, FrameIndex n) {
  if (encoder_->forces_idr() || !any_ || inside_ == 0 || n - last_ > kLongestFilledGap) return {};
  while (last_ + 1 < n) {
    const FrameIndex missing = last_ + 1;
    MAINSTAY_CHECK(encoder_->send(frame, missing, idr_due(missing)));
    last_ = missing;
    ++inside_;
    MAINSTAY_CHECK(collect());
  }
  return {};
}

Status VideoStage::collect() {
  for (;;) {
    auto packet = encoder_->receive();
    if (!packet) {
      if (packet.error().code == Errc::again || packet.error().code == Errc::end) return {};
      return std::move(packet).error();
    }
    --inside_;
    // A new encoder starts its decode times a few frames before its first picture; they must not run into the old's.
    if (emitted_ && (*packet)->dts <= last_dts_) {
      auto later = std::make_shared<Packet>(**packet);
      later->dts = last_dts_ + 1;
      later->pts = std::max(later->pts, later->dts);
      *packet = std::move(later);
    }
    emitted_ = true;
    last_dts_ = (*packet)->dts;
    emit_(*std::move(packet));
  }
}

void VideoStage::drain() {
  if (!encoder_) return;
  Status done = encoder_->drain();
  if (done) done = collect();
  if (!done) fail(done.error());
  lost_ += std::exchange(inside_, 0);
  encoder_.close();
}

bool VideoStage::rebuild(FrameIndex n) {
  if (!encoder_.rebuild(time_of(n), fmt::format("frame {}", n))) return false;
  inside_ = 0;
  any_ = false;  // the next picture is this encoder's first, and so an IDR
  return true;
}

void VideoStage::fail(const Error& error) {
  lost_ += std::exchange(inside_, 0);
  encoder_.fail(error);
}

}  // namespace mainstay
