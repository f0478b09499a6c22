// obs-websocket messages, JSON and MessagePack: whatever is decoded can be encoded and decoded again, and comes out the
// same; a session takes any sequence of frames without harm. First byte: bit 0 the encoding, bit 1 identified before.
// Frames are separated by the bytes ff ff.
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/core/log.h"
#include "engine/remote/obs/hub.h"

namespace {

using namespace mainstay;

// Answers show.get with a small show, and refuses all else.
class Port final : public StudioPort {
 public:
  const CommandRegistry& registry() const override { std::abort(); }
  void call(std::string command, Json, Caller, Reply reply) override {
    if (command != "show.get") return reply(CallResult::failure(CallErrc::denied, "no"));
    static const Json show = Json::parse(R"({"name":"S","sources":{"a":{"type":"bars"}},"on_air":"M",
      "scenes":{"M":{"layers":[{"source":"a"}]}},"destinations":{"d":{"main":{"url":"srt://h:1"}}}})");
    reply({show, std::nullopt});
  }
  Snapshot snapshot() const override {
    Snapshot snapshot;
    snapshot.phase = Phase::on_air;
    snapshot.program.scene = "M";
    return snapshot;
  }
  Json state() const override { return Json::object(); }
  FramePtr program_picture() const override {
    static const FramePtr picture = WritableFrame::make(16, 16).freeze();
    return picture;
  }
  FramePtr preview_picture() const override { return nullptr; }
  std::vector<Event> events(std::int64_t, std::size_t) const override { return {}; }
  std::shared_ptr<void> on_event(std::function<void()>) override { return nullptr; }
};

class Sink final : public obs::Link {
 public:
  void send(std::string bytes, bool text) override {
    if (!obs::decode(bytes, text ? obs::Encoding::json : obs::Encoding::msgpack) && bytes.size() < 10'000) std::abort();
  }
  void close(int code, std::string reason) override {
    if (code < 4000 || code > 4999 || reason.empty()) std::abort();
  }
  void pause() override {}
  void resume() override {}
  void post(std::function<void()> work) override { posted.push_back(std::move(work)); }
  void after(Nanos, std::function<void()>) override {}
  void run() {
    for (std::size_t i = 0; i < posted.size(); ++i) {
      const auto work = std::move(posted[i]);
      work();
    }
    posted.clear();
  }
  std::vector<std::function<void()>> posted;
};

void round_trip(std::string_view bytes, obs::Encoding encoding) {
  const auto once = obs::decode(bytes, encoding);
  if (!once) return;
  const auto again = obs::decode(obs::encode(*once, encoding), encoding);
  if (again && *again != *once) std::abort();
  if (!again && bytes.size() < 10'000) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 1) return 0;
  static Log log({.level = LogLevel::off});
  const auto encoding = (data[0] & 1) != 0 ? obs::Encoding::msgpack : obs::Encoding::json;
  const bool text = encoding == obs::Encoding::json;
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  round_trip(rest, encoding);

  ManualClock clock;
  Port port;
  obs::SessionHost host(port, clock, log, std::make_shared<remote::Throttle>(clock), Role::admin, {});
  host.services.broadcast = [](const obs::ObsEvent&) {};
  host.services.screenshot = [](const obs::ScreenshotOrder& order) {
    if (order.options.width < 1 || order.options.width > 4096 || order.options.height < 1) std::abort();
    // A file would be written where the input says; what is asked here is that it is refused or a path.
    if (!order.path.empty() && order.path.front() != '/') std::abort();
    order.done(std::string("picture"));
    return true;
  };
  host.authentication = std::make_shared<const obs::Authentication>(*obs::Authentication::make({}));
  const auto link = std::make_shared<Sink>();
  const auto session = std::make_shared<obs::Session>(std::shared_ptr<obs::SessionHost>(&host, [](auto*) {}), link,
                                                      obs::SessionOptions{encoding, "192.0.2.1", "fuzz"});
  session->open();
  if ((data[0] & 2) != 0) {
    session->on_message(obs::encode({{"op", 1}, {"d", {{"rpcVersion", 1}}}}, encoding), text);
  }
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find("\xff\xff"), rest.size());
    session->on_message(rest.substr(0, end), text);
    link->run();
    rest.remove_prefix(std::min(end + 2, rest.size()));
  }
  session->on_closed();
  return 0;
}
