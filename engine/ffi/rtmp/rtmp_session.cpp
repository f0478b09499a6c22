#include "engine/ffi/rtmp/rtmp_session.h"

#include <algorithm>
#include <random>

namespace mainstay::ffi {

namespace {

constexpr std::size_t kHelloSize = 1536;  // C1, S1, C2 and S2, RTMP 1.0 5.2
constexpr std::uint8_t kVersion = 3;

// Message types, RTMP 1.0 5.4 and 7.1.
constexpr std::uint8_t kSetChunkSize = 1;
constexpr std::uint8_t kAcknowledgement = 3;
constexpr std::uint8_t kUserControl = 4;
constexpr std::uint8_t kWindowAckSize = 5;
constexpr std::uint8_t kCommandAmf3 = 17;
constexpr std::uint8_t kCommandAmf0 = 20;
constexpr std::uint16_t kPingRequest = 6;
constexpr std::uint16_t kPingResponse = 7;

// Transactions, as we number them.
constexpr double kConnect = 1;
constexpr double kReleaseStream = 2;
constexpr double kFcPublish = 3;
constexpr double kCreateStream = 4;
constexpr double kPublish = 5;
constexpr double kFcUnpublish = 6;

constexpr std::uint32_t kChunkSize = 4096;
// Codecs of Enhanced RTMP that we may send.
constexpr std::array<std::string_view, 2> kFourCcs{"av01", "hvc1"};

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const std::uint8_t byte : bytes.first(4)) value = value << 8 | byte;
  return value;
}

std::array<std::uint8_t, 4> big_endian(std::uint32_t value) {
  return {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
          static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

std::array<std::uint8_t, 6> user_control(std::uint16_t event, std::uint32_t value) {
  const auto v = big_endian(value);
  return {static_cast<std::uint8_t>(event >> 8), static_cast<std::uint8_t>(event), v[0], v[1], v[2], v[3]};
}

}  // namespace

const char* waiting_for(RtmpStep step) {
  switch (step) {
    case RtmpStep::handshake:
      return "the RTMP handshake";
    case RtmpStep::connecting:
      return "the answer to connect";
    case RtmpStep::creating:
      return "the answer to createStream";
    case RtmpStep::publishing:
      return "the answer to publish";
    case RtmpStep::live:
      break;
  }
  return "nothing";
}

RtmpSession::RtmpSession(RtmpTarget target, std::uint32_t ack_window, std::uint32_t random_seed, Out out)
    : target_(std::move(target)), secrets_(target_.secrets()), ack_window_(ack_window), out_(std::move(out)) {
  // Time and four zeros, then filler that only has to differ from connection to connection.
  std::minstd_rand random(random_seed | 1);
  hello_.assign(8, 0);
  while (hello_.size() < kHelloSize) hello_.push_back(static_cast<std::uint8_t>(random() >> 8));
}

void RtmpSession::start() {
  out_.raw(std::span(&kVersion, 1));
  out_.raw(hello_);
}

Status RtmpSession::feed(std::span<const std::uint8_t> bytes, const Hearing& heard) {
  if (!bytes.empty()) heard(Heard::something, 0);
  if (step_ == RtmpStep::handshake) MAINSTAY_CHECK(handshake(bytes));
  if (bytes.empty()) return {};
  bytes_in_ += bytes.size();
  MAINSTAY_CHECK(reader_.feed(bytes, [&](const RtmpMessage& m) { return message(m, heard); }));
  if (in_window_ > 0 && bytes_in_ - bytes_acknowledged_ >= in_window_) acknowledge();
  return {};
}

Status RtmpSession::handshake(std::span<const std::uint8_t>& bytes) {
  const std::size_t wanted = 1 + 2 * kHelloSize;
  const std::size_t part = std::min(bytes.size(), wanted - greeting_.size());
  greeting_.insert(greeting_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(part));
  bytes = bytes.subspan(part);
  if (!greeting_.empty() && greeting_[0] != kVersion) {
    return make_error(Errc::io, "{} does not speak RTMP on port {}", target_.host, target_.port);
  }
  if (!answered_greeting_ && greeting_.size() >= 1 + kHelloSize) {
    out_.raw(std::span(greeting_).subspan(1, kHelloSize));  // C2 is S1
    answered_greeting_ = true;
  }
  if (greeting_.size() < wanted) return {};
  greeting_ = {};
  step_ = RtmpStep::connecting;
  send_connect();
  return {};
}

void RtmpSession::send_connect() {
  out_.control(kSetChunkSize, big_endian(kChunkSize));
  std::vector<std::uint8_t> body;
  Amf0Writer amf(body);
  amf.string("connect").number(kConnect).begin_object();
  amf.name("app").string(target_.app);
  amf.name("type").string("nonprivate");
  // Ingests know encoders by this form, and some turn away what does not have it.
  amf.name("flashVer").string("FMLE/3.0 (compatible; Mainstay)");
  amf.name("tcUrl").string(target_.tc_url);
  amf.name("fourCcList").strings(kFourCcs);  // Enhanced RTMP
  amf.end();
  out_.command(0, body);
}

void RtmpSession::send_create() {
  // Asked for before there is a stream, so that the server says early and often how far it has read.
  out_.control(kWindowAckSize, big_endian(ack_window_));
  const auto say = [&](const char* name, double transaction, const std::string* stream) {
    std::vector<std::uint8_t> body;
    Amf0Writer amf(body);
    amf.string(name).number(transaction).null();
    if (stream != nullptr) amf.string(*stream);
    out_.command(0, body);
  };
  say("releaseStream", kReleaseStream, &target_.stream);
  say("FCPublish", kFcPublish, &target_.stream);
  say("createStream", kCreateStream, nullptr);
}

void RtmpSession::send_publish() {
  std::vector<std::uint8_t> body;
  Amf0Writer(body).string("publish").number(kPublish).null().string(target_.stream).string("live");
  out_.command(stream_id_, body);
}

void RtmpSession::unpublish() {
  leaving_ = true;
  std::vector<std::uint8_t> body;
  Amf0Writer(body).string("FCUnpublish").number(kFcUnpublish).null().string(target_.stream);
  out_.command(0, body);
  body.clear();
  Amf0Writer(body).string("deleteStream").number(kFcUnpublish + 1).null().number(stream_id_);
  out_.command(0, body);
}

void RtmpSession::ping(std::uint32_t stamp) {
  out_.control(kUserControl, user_control(kPingRequest, stamp));
}

void RtmpSession::acknowledge() {
  bytes_acknowledged_ = bytes_in_;
  out_.control(kAcknowledgement, big_endian(static_cast<std::uint32_t>(bytes_in_)));
}

Status RtmpSession::message(const RtmpMessage& message, const Hearing& heard) {
  const std::span<const std::uint8_t> body = message.body;
  switch (message.type) {
    case kAcknowledgement:
      if (body.size() >= 4) heard(Heard::acknowledgement, big_endian(body));
      return {};
    case kWindowAckSize:
      if (body.size() >= 4) in_window_ = big_endian(body);
      return {};
    case kUserControl: {
      if (body.size() < 6) return {};
      const auto event = static_cast<std::uint16_t>(body[0] << 8 | body[1]);
      if (event == kPingRequest) out_.control(kUserControl, user_control(kPingResponse, big_endian(body.subspan(2))));
      if (event == kPingResponse) heard(Heard::pong, 0);
      return {};
    }
    case kCommandAmf0:
      return command(body);
    case kCommandAmf3:
      return body.empty() ? Status{} : command(body.subspan(1));
    default:
      return {};
  }
}

Status RtmpSession::command(std::span<const std::uint8_t> body) {
  auto parsed = parse_amf0(body);
  if (!parsed) return wrap(std::move(parsed).error(), "the server sent a broken command");
  const std::vector<Amf0Value>& values = *parsed;
  if (values.empty() || values[0].type != Amf0Value::Type::string) return {};
  static const Amf0Value nothing;
  const auto at = [&](std::size_t i) -> const Amf0Value& { return i < values.size() ? values[i] : nothing; };
  const std::string& name = values[0].string;
  if (name == "_result") {
    if (at(1).number == kCreateStream && step_ == RtmpStep::creating) {
      if (at(3).type != Amf0Value::Type::number || at(3).number < 0 || at(3).number > 0xFFFFFFFF) {
        return make_error(Errc::io, "the server created no stream");
      }
      stream_id_ = static_cast<std::uint32_t>(at(3).number);
    }
    return result(at(1).number);
  }
  if (name == "_error") return failed(at(1).number, at(3));
  if (name == "onStatus") return on_status(at(3));
  if (name == "close") return make_error(Errc::io, "the server ended the connection");
  return {};
}

Status RtmpSession::result(double transaction) {
  if (transaction == kConnect && step_ == RtmpStep::connecting) {
    step_ = RtmpStep::creating;
    send_create();
  } else if (transaction == kCreateStream && step_ == RtmpStep::creating) {
    step_ = RtmpStep::publishing;
    send_publish();
  }
  return {};
}

Status RtmpSession::failed(double transaction, const Amf0Value& info) const {
  if (transaction == kConnect) return refusal(info, "the server refuses the connection");
  if (transaction == kCreateStream) return refusal(info, "the server refuses a stream");
  if (transaction == kPublish) return refusal(info, "the server refuses to publish");
  return {};  // releaseStream and FCPublish are courtesies; many servers do not know them
}

Status RtmpSession::on_status(const Amf0Value& info) {
  const std::string& code = info["code"].string;
  if (code == "NetConnection.Connect.ReconnectRequest") {
    const std::string why = clean_peer_text(info["description"].string, secrets_);
    return make_error(Errc::io, "the server asks us to connect again{}{}", why.empty() ? "" : ": ", why);
  }
  if (code == "NetStream.Publish.Start") {
    if (step_ == RtmpStep::publishing) step_ = RtmpStep::live;
    return {};
  }
  if (code == "NetStream.Publish.BadName") {
    return refusal(info, "the server refuses the stream key: wrong, or somebody is publishing with it already");
  }
  if (code == "NetStream.Publish.Denied" || code == "NetStream.Publish.Rejected" ||
      code == "NetStream.Authenticate.Failed" || code.ends_with("Unauthorized")) {
    return refusal(info, "the server does not allow this stream key to publish");
  }
  if (code == "NetStream.Unpublish.Success" && step_ == RtmpStep::live) {
    unpublished_ = true;
    if (leaving_) return {};
    return make_error(Errc::io, "the server ended the stream");
  }
  if (info["level"].string == "error") return refusal(info, "the server reports an error");
  return {};
}

Error RtmpSession::refusal(const Amf0Value& info, std::string what) const {
  const std::string code = clean_peer_text(info["code"].string, secrets_);
  const std::string why = clean_peer_text(info["description"].string, secrets_);
  std::string text = std::move(what);
  if (!code.empty() || !why.empty()) text += " (" + code + (code.empty() || why.empty() ? "" : ": ") + why + ")";
  // Before the stream is live a refusal is about what we are configured to ask for; later it is an incident.
  return Error{step_ == RtmpStep::live ? Errc::io : Errc::invalid, std::move(text), nullptr};
}

std::string RtmpSession::hang_up_hint() const {
  switch (step_) {
    case RtmpStep::handshake:
      return target_.tls ? "during the RTMP handshake" : "during the RTMP handshake: is it an RTMP port (or rtmps)?";
    case RtmpStep::connecting:
      return fmt::format("when asked for the application '{}': does it exist there?",
                         clean_peer_text(target_.app.substr(0, target_.app.find('?')), secrets_));
    case RtmpStep::creating:
    case RtmpStep::publishing:
      return "when asked to publish: wrong stream key, or not allowed?";
    case RtmpStep::live:
      break;
  }
  return {};
}

}  // namespace mainstay::ffi
