#include "engine/encode/encode_thread.h"

#include <exception>
#include <future>
#include <utility>

namespace mainstay {

namespace {

constexpr Nanos kLiveQueue = Millis(500);
constexpr std::size_t kMostItems = 512;  // blocks shorter than a tick, or a timeline that stands still
constexpr std::size_t kOfflineItems = 8;

QueueLimits limits(const Clock& clock) {
  QueueLimits limits;
  limits.items = clock.offline() ? kOfflineItems : kMostItems;
  if (!clock.offline()) limits.span = kLiveQueue;
  return limits;
}

}  // namespace

template <class Stage>
EncodeThread<Stage>::EncodeThread(Clock& clock, EmitPacket emit, EmitNotice notice, Done done)
    : queue_(clock, limits(clock), clock.offline() ? Overflow::block : Overflow::drop_oldest),
      emit_(std::move(emit)),
      notice_(std::move(notice)),
      done_(std::move(done)) {}

template <class Stage>
EncodeThread<Stage>::~EncodeThread() {
  // The stop first: a closed queue alone would look like finish().
  thread_.request_stop();
  queue_.close();
  thread_.join();
}

template <class Stage>
Result<std::unique_ptr<EncodeThread<Stage>>> EncodeThread<Stage>::start(Clock& clock, typename Stage::Options options,
                                                                        EmitPacket emit, EmitNotice notice, Done done) {
  std::unique_ptr<EncodeThread> link(new EncodeThread(clock, std::move(emit), std::move(notice), std::move(done)));
  auto opened = std::make_shared<std::promise<Status>>();
  std::future<Status> answer = opened->get_future();
  link->thread_ =
      NamedThread("enc/" + options.encoder.name, [self = link.get(), opened, options](std::stop_token stop) {
        Status status = self->open(options);
        const bool works = status.has_value();
        opened->set_value(std::move(status));
        if (works) self->run(stop);
      });
  MAINSTAY_CHECK(answer.get());
  return link;
}

template <class Stage>
Status EncodeThread<Stage>::open(typename Stage::Options options) {
  try {
    MAINSTAY_TRY(stage_, Stage::open(
                             std::move(options),
                             [this](PacketPtr packet) {
                               count(*packet);
                               emit_(std::move(packet));
                             },
                             notice_));
    stream_ = stage_->stream();
    return {};
  } catch (const std::exception& e) {
    return make_error(Errc::io, "the encoder could not be opened: {}", e.what());
  }
}

template <class Stage>
void EncodeThread<Stage>::run(const std::stop_token& stop) {
  try {
    for (;;) {
      auto item = queue_.pop(stop);
      if (!item) {
        if (item.error().code != Errc::end) return;
        break;
      }
      stage_->take(*item);
      publish();
    }
    stage_->drain();
    publish();
  } catch (const std::exception& e) {
    std::lock_guard lock(mutex_);
    error_ = fmt::format("encode thread {} ended: {}", stage_->name(), e.what());
  }
  if (done_) done_();
}

template <class Stage>
bool EncodeThread<Stage>::push(Payload payload, std::int64_t position, std::stop_token stop) {
  return queue_.push({std::move(payload), position, stage_->time_of(position)}, std::move(stop));
}

template <class Stage>
void EncodeThread<Stage>::finish() {
  queue_.close();
}

template <class Stage>
void EncodeThread<Stage>::count(const Packet& packet) {
  std::lock_guard lock(mutex_);
  ++packets_;
  meter_.add(packet);
  digest_.add(packet);
}

template <class Stage>
void EncodeThread<Stage>::publish() {
  std::lock_guard lock(mutex_);
  lost_ = stage_->lost();
  error_ = stage_->error();
}

template <class Stage>
EncodeStats EncodeThread<Stage>::stats() const {
  const std::int64_t overflowed = queue_.level().dropped;
  std::lock_guard lock(mutex_);
  return {stream_->name,   packets_, overflowed + lost_, meter_.kbps_mean(), meter_.kbps_peak_1s(),
          digest_.value(), error_};
}

template class EncodeThread<VideoStage>;
template class EncodeThread<AudioStage>;

}  // namespace mainstay
