#include "engine/sources/ingest/rtmp_session.h"

#include <algorithm>

namespace mainstay {

namespace {

constexpr std::size_t kHelloBytes = 1536;  // C1, C2, S1, S2 (RTMP 1.0, 5.2)
constexpr std::uint8_t kVersion = 3;
constexpr std::uint32_t kWindow = 2'500'000;         // what servers and encoders commonly use
constexpr std::uint32_t kSmallestWindow = 16 << 10;  // a peer that wants an acknowledgement a byte does not get it
constexpr std::uint32_t kChunkSize = 4096;
constexpr std::size_t kMostOutput = 64 << 10;
constexpr std::size_t kStrangerMessage = 32 << 10;  // largest message before the key was accepted
constexpr std::size_t kMostStreams = 16;            // createStream calls
constexpr std::uint8_t kControlChunks = 2;          // chunk streams, by convention
constexpr std::uint8_t kCommandChunks = 3;
constexpr std::uint8_t kStatusChunks = 5;

constexpr std::uint32_t kStreamBegin = 0;  // user control events (7.1.7)
constexpr std::uint32_t kPingRequest = 6;
constexpr std::uint32_t kPingResponse = 7;

std::string printable(std::string_view text) {
  std::string result(text.substr(0, 80));
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c < 0x20 || c > 0x7E; }, '?');
  return result;
}

std::string_view without_query(std::string_view text) {
  return text.substr(0, text.find('?'));
}

std::string_view trim_slashes(std::string_view text) {
  while (text.ends_with('/')) text.remove_suffix(1);
  while (text.starts_with('/')) text.remove_prefix(1);
  return text;
}

std::string text_of(const std::vector<AmfValue>& values, std::size_t index) {
  return index < values.size() && values[index].is_string() ? values[index].string : std::string();
}

}  // namespace

bool equal_secret(std::string_view a, std::string_view b) {
  // The length of `a` (the peer's) may show, that of `b` not: every byte of `a` is looked at.
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned char>(a[i] ^ other);
  }
  return difference == 0;
}

RtmpSession::RtmpSession(RtmpSessionHost& host)
    : host_(host),
      reader_({.message_bytes = kStrangerMessage}, [this](RtmpMessage m) { return on_message(std::move(m)); }),
      window_(kWindow) {}

Status RtmpSession::receive(std::span<const std::uint8_t> bytes) {
  received_ += static_cast<std::uint32_t>(bytes.size());
  while (state_ != State::connected && !bytes.empty()) MAINSTAY_CHECK(handshake(bytes));
  if (!bytes.empty()) MAINSTAY_CHECK(reader_.feed(bytes));
  if (connected_ && received_ - acknowledged_ >= window_) {
    acknowledged_ = received_;
    control(RtmpType::acknowledgement, received_, 4);
  }
  if (output_.size() > kMostOutput) return Error{Errc::corrupt, "the sender does not read our replies", nullptr};
  return {};
}

// The digest form of the handshake asks nothing that the simple one does not give: a zero version field in S1 says so.
Status RtmpSession::handshake(std::span<const std::uint8_t>& bytes) {
  const std::size_t want = state_ == State::version_and_hello ? 1 + kHelloBytes : kHelloBytes;
  const std::size_t take = std::min(want - hello_.size(), bytes.size());
  hello_.insert(hello_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(take));
  bytes = bytes.subspan(take);
  if (state_ == State::version_and_hello && hello_.front() != kVersion) {
    return make_error(Errc::corrupt, "not RTMP: the first byte is {:#04x} instead of 0x03", hello_.front());
  }
  if (hello_.size() < want) return {};
  if (state_ == State::version_and_hello) {
    output_.push_back(kVersion);
    output_.resize(output_.size() + 8);  // S1: time 0, version 0
    for (std::size_t i = 8; i < kHelloBytes; ++i) output_.push_back(static_cast<std::uint8_t>(i * 167 + 13));
    output_.insert(output_.end(), hello_.begin() + 1, hello_.end());  // S2 echoes C1
    state_ = State::echo;
  } else {
    state_ = State::connected;  // C2 should echo S1; encoders with the digest form send other things
  }
  hello_ = {};
  return {};
}

Status RtmpSession::on_message(RtmpMessage message) {
  switch (message.type) {
    case RtmpType::window_ack_size:
      if (message.payload.size() < 4) return Error{Errc::corrupt, "an RTMP control message is cut short", nullptr};
      window_ = std::max(read_be(message.payload, 4), kSmallestWindow);
      return {};
    case RtmpType::user_control:
      return on_user_control(message);
    case RtmpType::command_amf0:
    case RtmpType::command_amf3:
      return on_command(message);
    case RtmpType::audio:
    case RtmpType::video:
    case RtmpType::data_amf0:
    case RtmpType::data_amf3:
      if (!publishing_) return {};
      if (message.type == RtmpType::data_amf3) {  // one byte that says AMF0 follows
        if (message.payload.empty()) return {};
        message.payload.erase(message.payload.begin());
        message.type = RtmpType::data_amf0;
      }
      return host_.media(std::move(message));
    case RtmpType::aggregate:
      return publishing_ ? on_aggregate(message) : Status();
    default:
      return {};  // acknowledgements, bandwidths, shared objects: nothing to do
  }
}

Status RtmpSession::on_user_control(const RtmpMessage& message) {
  if (message.payload.size() < 2) return Error{Errc::corrupt, "an RTMP user control message is cut short", nullptr};
  if (read_be(message.payload, 2) != kPingRequest || message.payload.size() < 6) return {};
  RtmpMessage reply{RtmpType::user_control, 0, 0, {}};
  write_be(reply.payload, kPingResponse, 2);
  reply.payload.insert(reply.payload.end(), message.payload.begin() + 2, message.payload.begin() + 6);
  writer_.write(reply, kControlChunks, output_);
  return {};
}

// 7.1.6: FLV tags one after the other; their times are relative to the first, which stands for the message's.
Status RtmpSession::on_aggregate(const RtmpMessage& message) {
  std::span<const std::uint8_t> left = message.payload;
  std::uint32_t first = 0;
  bool have_first = false;
  constexpr std::size_t kTagHeader = 11;
  constexpr std::size_t kBackPointer = 4;
  while (left.size() >= kTagHeader) {
    const std::size_t size = read_be(left.subspan(1), 3);
    const std::uint32_t time = read_be(left.subspan(4), 3) | static_cast<std::uint32_t>(left[7]) << 24;
    if (left.size() < kTagHeader + size) return Error{Errc::corrupt, "an RTMP aggregate is cut short", nullptr};
    if (!have_first) first = time;
    have_first = true;
    RtmpMessage part{static_cast<RtmpType>(left[0]), message.stream, message.timestamp + (time - first), {}};
    const auto body = left.subspan(kTagHeader, size);
    part.payload.assign(body.begin(), body.end());
    if (part.type != RtmpType::aggregate) MAINSTAY_CHECK(on_message(std::move(part)));
    left = left.subspan(std::min(left.size(), kTagHeader + size + kBackPointer));
  }
  return {};
}

Status RtmpSession::on_command(const RtmpMessage& message) {
  std::span<const std::uint8_t> body = message.payload;
  if (message.type == RtmpType::command_amf3 && !body.empty()) body = body.subspan(1);
  MAINSTAY_TRY(const std::vector<AmfValue> values, read_amf0(body));
  const std::string name = text_of(values, 0);
  const double transaction = values.size() > 1 ? values[1].number : 0;

  if (name == "connect") return on_connect(transaction, values);
  if (!connected_) return Error{Errc::invalid, "an RTMP command before connect", nullptr};
  if (name == "createStream") {
    if (next_stream_ > kMostStreams) return Error{Errc::corrupt, "too many RTMP streams on one connection", nullptr};
    command(0, {AmfValue::of("_result"), AmfValue::of(transaction), AmfValue::null(),
                AmfValue::of(static_cast<double>(next_stream_++))});
    return {};
  }
  if (name == "publish") return on_publish(message.stream, values);
  if (name == "FCUnpublish" || name == "deleteStream" || name == "closeStream") return on_unpublish(message.stream);
  if (name == "play" || name == "play2") {
    status(message.stream, "error", "NetStream.Play.Failed", "This address takes a publisher; nothing is played here.");
    return Error{Errc::invalid, "a player connected; this address only takes a publisher", nullptr};
  }
  if (name == "FCPublish") {
    command(0, {AmfValue::of("onFCPublish"), AmfValue::of(0.0), AmfValue::null(),
                AmfValue::object({{"code", AmfValue::of("NetStream.Publish.Start")}})});
  }
  // releaseStream, getStreamLength, _checkbw and whatever else a sender asks: yes, nothing to report.
  if (transaction != 0) command(0, {AmfValue::of("_result"), AmfValue::of(transaction), AmfValue::null(), AmfValue()});
  return {};
}

Status RtmpSession::on_connect(double transaction, const std::vector<AmfValue>& arguments) {
  if (connected_) return Error{Errc::corrupt, "a second RTMP connect", nullptr};
  const AmfValue* app = arguments.size() > 2 ? arguments[2].find("app") : nullptr;
  if (app != nullptr && app->is_string()) app_ = trim_slashes(without_query(app->string));
  if (const AmfValue* version = arguments.size() > 2 ? arguments[2].find("flashVer") : nullptr) {
    client_ = printable(version->string);
  }
  if (!host_.serves(app_)) {
    command(0, {AmfValue::of("_error"), AmfValue::of(transaction), AmfValue::null(),
                AmfValue::object({{"level", AmfValue::of("error")},
                                  {"code", AmfValue::of("NetConnection.Connect.InvalidApp")},
                                  {"description", AmfValue::of("No such application here.")}})});
    return make_error(Errc::invalid, "a sender asked for the application \"{}\", which is not this one",
                      printable(app_.substr(0, app_.find('/'))));  // what follows may be a misplaced key
  }
  connected_ = true;
  control(RtmpType::window_ack_size, kWindow, 4);
  control(RtmpType::set_peer_bandwidth, kWindow, 5);
  control(RtmpType::set_chunk_size, kChunkSize, 4);
  writer_.set_chunk_size(kChunkSize);
  // fourCcList (Enhanced RTMP) is not echoed: what it announces is taken, but this build cannot decode it.
  command(0, {AmfValue::of("_result"), AmfValue::of(transaction),
              AmfValue::object({{"fmsVer", AmfValue::of("FMS/3,5,7,7009")}, {"capabilities", AmfValue::of(31.0)}}),
              AmfValue::object({{"level", AmfValue::of("status")},
                                {"code", AmfValue::of("NetConnection.Connect.Success")},
                                {"description", AmfValue::of("Connection accepted.")},
                                {"objectEncoding", AmfValue::of(0.0)}})});
  return {};
}

Status RtmpSession::on_publish(std::uint32_t stream, const std::vector<AmfValue>& arguments) {
  if (publishing_) return Error{Errc::corrupt, "a second RTMP publish on one connection", nullptr};
  const std::string name = text_of(arguments, 3);
  std::string path = app_;
  path += '/';
  path += trim_slashes(without_query(name));
  switch (host_.publish(path)) {
    case RtmpSessionHost::Verdict::wrong_key:
      status(stream, "error", "NetStream.Publish.Unauthorized", "The stream key is not the right one.");
      return Error{Errc::invalid, "a sender gave a wrong stream key", nullptr};
    case RtmpSessionHost::Verdict::busy:
      status(stream, "error", "NetStream.Publish.BadName", "Another sender is publishing here.");
      return Error{Errc::invalid, "a second sender was refused while another publishes", nullptr};
    case RtmpSessionHost::Verdict::accepted:
      break;
  }
  publishing_ = true;
  reader_.set_message_limit(RtmpChunkLimits().message_bytes);
  RtmpMessage begin{RtmpType::user_control, 0, 0, {}};
  write_be(begin.payload, kStreamBegin, 2);
  write_be(begin.payload, stream, 4);
  writer_.write(begin, kControlChunks, output_);
  status(stream, "status", "NetStream.Publish.Start", "Publishing.");
  return {};
}

Status RtmpSession::on_unpublish(std::uint32_t stream) {
  if (!publishing_) return {};
  publishing_ = false;
  host_.unpublish();
  status(stream, "status", "NetStream.Unpublish.Success", "Unpublished.");
  return {};
}

void RtmpSession::command(std::uint32_t stream, const std::vector<AmfValue>& values) {
  RtmpMessage message{RtmpType::command_amf0, stream, 0, {}};
  for (const AmfValue& value : values) write_amf0(value, message.payload);
  writer_.write(message, stream == 0 ? kCommandChunks : kStatusChunks, output_);
}

void RtmpSession::status(std::uint32_t stream, const char* level, const char* code, const char* description) {
  command(stream, {AmfValue::of("onStatus"), AmfValue::of(0.0), AmfValue::null(),
                   AmfValue::object({{"level", AmfValue::of(level)},
                                     {"code", AmfValue::of(code)},
                                     {"description", AmfValue::of(description)}})});
}

void RtmpSession::control(RtmpType type, std::uint32_t value, int bytes) {
  RtmpMessage message{type, 0, 0, {}};
  write_be(message.payload, value, 4);
  if (bytes == 5) message.payload.push_back(2);  // Set Peer Bandwidth's limit type: dynamic
  writer_.write(message, kControlChunks, output_);
}

}  // namespace mainstay
