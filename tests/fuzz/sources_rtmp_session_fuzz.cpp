// An RTMP connection's bytes after the handshake, cut at random places, through session and FLV: no crash, no hang, and
// memory within the limits.
#include <cstdlib>
#include <vector>

#include "engine/sources/ingest/flv_stream.h"
#include "engine/sources/ingest/rtmp_session.h"

namespace {

class Host final : public mainstay::RtmpSessionHost {
 public:
  bool serves(std::string_view) override { return true; }
  Verdict publish(std::string_view path) override {
    if (path.ends_with("wrong")) return Verdict::wrong_key;
    return path.ends_with("busy") ? Verdict::busy : Verdict::accepted;
  }
  mainstay::Status media(mainstay::RtmpMessage message) override {
    const std::size_t size = message.payload.size();
    auto tag = flv_.tag(std::move(message));
    if (!tag) return std::move(tag).error();
    if (tag->size() > size + 64) std::abort();
    return {};
  }
  void unpublish() override { flv_ = {}; }

 private:
  mainstay::FlvStream flv_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  Host host;
  mainstay::RtmpSession session(host);
  // First byte: 0 leaves the handshake to the input, too. Second: how the rest is cut.
  if (data[0] != 0) {
    std::vector<std::uint8_t> hello(1 + 1536 + 1536);
    hello[0] = 3;
    if (!session.receive(hello)) std::abort();
    session.output().clear();
  }
  const std::size_t cut = 1 + data[1];
  std::span<const std::uint8_t> left(data + 2, size - 2);
  while (!left.empty()) {
    const auto piece = left.first(std::min(cut, left.size()));
    left = left.subspan(piece.size());
    if (!session.receive(piece)) break;
    if (session.output().size() > (64u << 10)) std::abort();
    session.output().clear();
  }
  return 0;
}
