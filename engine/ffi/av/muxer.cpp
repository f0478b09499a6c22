#include "engine/ffi/av/muxer.h"

#include <algorithm>
#include <utility>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/av_init.h"
#include "engine/ffi/av/muxer_formats.h"
#include "engine/ffi/av/muxer_output.h"

namespace mainstay::ffi {

namespace {

constexpr int kFirstTsPid = 0x100;  // libavformat counts streams from here

std::size_t block_bytes(const MuxerOptions& options) {
  if (options.container != Container::mpegts) return 0;
  return std::max(options.buffer_bytes / kTsPacket, std::size_t{1}) * kTsPacket;
}

class AvMuxer final : public Muxer {
 public:
  AvMuxer(const MuxerOptions& options, Write write)
      : options_(options), output_(std::move(write), block_bytes(options)) {}
  ~AvMuxer() override;

  Status open(const std::vector<StreamInfoPtr>& streams);
  Status write(const Packet& packet) override;
  Status change(const StreamInfoPtr& to) override;
  Status flush() override;
  Status finish() override;

 private:
  static int on_bytes(void* self, std::uint8_t* bytes, int size);
  Status open_io();
  Status add_streams(const std::vector<StreamInfoPtr>& streams);
  Status write_header();
  Result<int> find(const StreamInfoPtr& stream);
  void prepare_ts(const Packet& packet, std::int64_t dts90k);
  Status result(int code, const std::string& what);

  const MuxerOptions options_;
  BlockWriter output_;
  std::unique_ptr<TsClock> ts_clock_;  // mpegts with pictures only
  std::vector<StreamInfoPtr> streams_;
  AVFormatContext* context_ = nullptr;
  AVIOContext* io_ = nullptr;
  AvPacketPtr scratch_;
  bool finished_ = false;
};

AvMuxer::~AvMuxer() {
  avformat_free_context(context_);
  if (io_ != nullptr) {
    av_freep(&io_->buffer);
    avio_context_free(&io_);
  }
}

int AvMuxer::on_bytes(void* self, std::uint8_t* bytes, int size) {
  auto& muxer = *static_cast<AvMuxer*>(self);
  const std::span<const std::uint8_t> span(bytes, static_cast<std::size_t>(size));
  if (muxer.ts_clock_) muxer.ts_clock_->watch(span);
  return muxer.output_.put(span) ? size : AVERROR(EIO);
}

// What FFmpeg answers, or rather the reason our own writer had.
Status AvMuxer::result(int code, const std::string& what) {
  if (output_.failure()) return *output_.failure();
  if (code < 0) return av_error(code, what);
  return {};
}

Status AvMuxer::open_io() {
  // TS packets come one by one, so that PCR packets can be put between them.
  const std::size_t bytes =
      options_.container == Container::mpegts ? kTsPacket : std::max(options_.buffer_bytes, kTsPacket);
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(bytes));
  if (buffer == nullptr) return Error{Errc::io, "out of memory for a container", nullptr};
  io_ = avio_alloc_context(buffer, static_cast<int>(bytes), 1, this, nullptr, &on_bytes, nullptr);
  scratch_.reset(av_packet_alloc());
  if (io_ == nullptr || !scratch_) {
    if (io_ == nullptr) av_free(buffer);
    return Error{Errc::io, "out of memory for a container", nullptr};
  }
  io_->seekable = 0;
  context_->pb = io_;
  return {};
}

Status AvMuxer::add_streams(const std::vector<StreamInfoPtr>& streams) {
  for (const StreamInfoPtr& stream : streams) {
    MAINSTAY_CHECK(can_hold(options_.container, *stream));
    AVStream* av = avformat_new_stream(context_, nullptr);
    if (av == nullptr) return Error{Errc::io, "out of memory for a container", nullptr};
    MAINSTAY_CHECK(describe_stream(options_.container, *stream, *av));
    if (options_.container == Container::mpegts && stream->kind == MediaKind::video && !ts_clock_) {
      ts_clock_ = std::make_unique<TsClock>(kFirstTsPid + av->index, rescale(1, stream->time_base, kTsBase));
    }
    streams_.push_back(stream);
  }
  return {};
}

Status AvMuxer::write_header() {
  AVDictionary* options = nullptr;
  for (const auto& [key, value] : format_options(options_, streams_)) {
    av_dict_set(&options, key.c_str(), value.c_str(), 0);
  }
  const AvComplaints complaints;
  const int code = avformat_write_header(context_, &options);
  const AVDictionaryEntry* entry = code < 0 ? nullptr : av_dict_get(options, "", nullptr, AV_DICT_IGNORE_SUFFIX);
  const std::string unknown = entry != nullptr ? entry->key : "";
  av_dict_free(&options);
  const std::string said = complaints.text();
  MAINSTAY_CHECK(
      result(code, fmt::format("container {}{}{}", context_->oformat->name, said.empty() ? "" : ": ", said)));
  if (!unknown.empty()) {
    return make_error(Errc::invalid, "container {} has no option \"{}\"", context_->oformat->name, unknown);
  }
  avio_flush(io_);
  return result(0, "");
}

Status AvMuxer::open(const std::vector<StreamInfoPtr>& streams) {
  if (streams.empty()) return Error{Errc::invalid, "a container needs at least one stream", nullptr};
  const char* format = format_name(options_.container);
  if (const int code = avformat_alloc_output_context2(&context_, nullptr, format, nullptr); code < 0) {
    return av_error(code, fmt::format("container {}", format));
  }
  context_->avoid_negative_ts = AVFMT_AVOID_NEG_TS_DISABLED;
  context_->flags |= AVFMT_FLAG_BITEXACT;  // no creation time, no random identifiers
  av_dict_set(&context_->metadata, "service_provider", "Mainstay", 0);
  av_dict_set(&context_->metadata, "service_name", "Mainstay", 0);
  MAINSTAY_CHECK(open_io());
  MAINSTAY_CHECK(add_streams(streams));
  return write_header();
}

Result<int> AvMuxer::find(const StreamInfoPtr& stream) {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    if (streams_[i] == stream) return static_cast<int>(i);
  }
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const StreamInfo& known = *streams_[i];
    if (known.kind != stream->kind || known.name != stream->name || known.codec != stream->codec) continue;
    // A rebuilt encoder. TS tells parameter sets with each IDR; the other containers told theirs once, at the start.
    if (known.extradata != stream->extradata) {
      if (options_.container != Container::mpegts) {
        return make_error(Errc::unsupported, "rendition {} has new parameter sets: {} needs a new file for them",
                          stream->name, format_name(options_.container));
      }
      MAINSTAY_CHECK(set_extradata(*stream, *context_->streams[i]->codecpar));
    }
    streams_[i] = stream;
    return static_cast<int>(i);
  }
  return make_error(Errc::invalid, "a packet of rendition {}, which this container does not hold", stream->name);
}

void AvMuxer::prepare_ts(const Packet& packet, std::int64_t dts90k) {
  if (!ts_clock_) return;
  while (const auto pcr = ts_clock_->due(dts90k, packet.video())) {
    avio_write(io_, pcr->data(), static_cast<int>(pcr->size()));
  }
  // Whoever joins here finds the tables right before the picture they can start with.
  if (packet.video() && packet.key) av_opt_set(context_->priv_data, "mpegts_flags", "+resend_headers", 0);
}

Status AvMuxer::write(const Packet& packet) {
  if (output_.failure()) return *output_.failure();
  if (finished_) return Error{Errc::invalid, "a packet after the container's end", nullptr};
  MAINSTAY_TRY(const int index, find(packet.stream));
  const TimeBase from = packet.stream->time_base;
  const TimeBase to = from_av(context_->streams[index]->time_base);
  AVPacket& av = *scratch_;
  av_packet_unref(&av);
  // The bytes stay ours: without a buffer reference av_write_frame only reads them.
  av.data = const_cast<std::uint8_t*>(packet.bytes.data());
  av.size = static_cast<int>(packet.bytes.size());
  av.stream_index = index;
  const std::int64_t delay = told_delay(options_.container, *context_->streams[index]->codecpar);
  av.pts = rescale(packet.pts + delay, from, to);
  av.dts = rescale(packet.dts + delay, from, to);
  av.duration = rescale(packet.duration, from, to);
  av.flags = (packet.key ? AV_PKT_FLAG_KEY : 0) | (packet.droppable ? AV_PKT_FLAG_DISPOSABLE : 0);
  if (options_.container == Container::mpegts) prepare_ts(packet, av.dts);
  const int code = av_write_frame(context_, &av);
  av.data = nullptr;
  av.size = 0;
  // A finished fragment or cluster must not wait here: a kill would lose it.
  if (code >= 0) avio_flush(io_);
  return result(code,
                fmt::format("{} at {} of rendition {}", context_->oformat->name, packet.pts, packet.stream->name));
}

Status AvMuxer::change(const StreamInfoPtr& to) {
  for (std::size_t i = 0; i < streams_.size(); ++i) {
    const StreamInfo& known = *streams_[i];
    if (known.kind != to->kind) continue;
    if (options_.container != Container::mpegts || known.codec != to->codec || known.time_base != to->time_base) break;
    MAINSTAY_CHECK(set_extradata(*to, *context_->streams[i]->codecpar));
    streams_[i] = to;
    return {};
  }
  return make_error(Errc::unsupported, "{} cannot go on with {} of rendition {}", format_name(options_.container),
                    to_string(to->codec), to->name);
}

Status AvMuxer::flush() {
  if (output_.failure()) return *output_.failure();
  if (finished_) return {};
  const int code = av_write_frame(context_, nullptr);
  avio_flush(io_);
  output_.flush();
  return result(code, fmt::format("{}, while flushing", context_->oformat->name));
}

Status AvMuxer::finish() {
  if (output_.failure()) return *output_.failure();
  if (finished_) return {};
  finished_ = true;
  const int code = av_write_trailer(context_);
  avio_flush(io_);
  output_.flush();
  return result(code, fmt::format("{}, while ending", context_->oformat->name));
}

}  // namespace

Result<std::unique_ptr<Muxer>> Muxer::open(const MuxerOptions& options, const std::vector<StreamInfoPtr>& streams,
                                           Write write) {
  auto opened = std::make_unique<AvMuxer>(options, std::move(write));
  MAINSTAY_CHECK(opened->open(streams));
  return std::unique_ptr<Muxer>(std::move(opened));
}

}  // namespace mainstay::ffi
