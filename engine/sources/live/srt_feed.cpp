#include "engine/sources/live/srt_feed.h"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/ffi/srt/srt_socket.h"

namespace mainstay {

namespace {

constexpr Millis kLook{100};  // at the abort, while nothing comes
constexpr std::size_t kDatagram = 1456;

}  // namespace

class SrtFeed::Bytes final : public ffi::ByteSource {
 public:
  explicit Bytes(std::stop_token stop) : stop_(std::move(stop)) {}

  void use(std::unique_ptr<ffi::SrtSocket> socket) { socket_ = std::move(socket); }

  Result<std::size_t> read(std::span<std::uint8_t> into) override {
    while (taken_ == size_) {
      if (stop_.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
      auto got = socket_->receive(datagram_, kLook);
      if (!got && got.error().code == Errc::again) continue;
      if (!got) return std::move(got).error();
      size_ = *got;
      taken_ = 0;
    }
    const std::size_t count = std::min(into.size(), size_ - taken_);
    std::copy_n(datagram_.begin() + static_cast<std::ptrdiff_t>(taken_), count, into.begin());
    taken_ += count;
    return count;
  }

 private:
  const std::stop_token stop_;
  std::unique_ptr<ffi::SrtSocket> socket_;
  std::array<std::uint8_t, kDatagram> datagram_{};
  std::size_t size_ = 0;
  std::size_t taken_ = 0;
};

namespace {

ffi::MediaReaderOptions over(std::shared_ptr<ffi::ByteSource> bytes, ffi::MediaReaderOptions media) {
  media.bytes = std::move(bytes);
  media.format = "mpegts";
  return media;
}

}  // namespace

SrtFeed::SrtFeed(Options options, Clock& clock, Log& log, std::shared_ptr<ffi::Resolver> resolver)
    : srt_(std::move(options.srt)),
      clock_(clock),
      resolver_(std::move(resolver)),
      bytes_(std::make_shared<Bytes>(abort_.get_token())),
      media_(over(bytes_, std::move(options.media)), log) {}

SrtFeed::~SrtFeed() = default;

Result<LiveInfo> SrtFeed::open() {
  MAINSTAY_TRY(auto socket, ffi::SrtSocket::connect(srt_, clock_, *resolver_, abort_.get_token()));
  bytes_->use(std::move(socket));
  return media_.open();
}

Result<LiveItem> SrtFeed::read() {
  return media_.read();
}

void SrtFeed::abort() noexcept {
  abort_.request_stop();
  media_.abort();
}

}  // namespace mainstay
