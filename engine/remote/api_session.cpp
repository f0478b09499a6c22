// One client of /api over WebSocket: its calls, and its events.
#include <atomic>
#include <limits>

#include "engine/remote/api.h"
#include "engine/remote/json_rpc.h"
#include "engine/remote/openrpc.h"
#include "engine/show/suggest.h"

namespace mainstay::remote {

namespace {

constexpr std::uint64_t kMostNumber = std::numeric_limits<std::int64_t>::max();  // of an event
constexpr int kMostCalls = 512;  // under way; a client with more is read from again when half of them are done

/// How many calls are under way: beyond a number of them, the client is not read from.
class Gauge {
 public:
  explicit Gauge(std::shared_ptr<WsPeer> peer) : peer_(std::move(peer)) {}

  void begin() { ++calls_; }
  void end() {
    if (--calls_ <= kMostCalls / 2) let_on();
  }
  void check() {
    if (calls_ < kMostCalls) return;
    peer_->pause();
    paused_ = true;
    if (calls_ <= kMostCalls / 2) let_on();  // they ended meanwhile
  }

 private:
  void let_on() {
    if (paused_.exchange(false)) peer_->resume();
  }

  const std::shared_ptr<WsPeer> peer_;
  std::atomic<int> calls_{0};
  std::atomic<bool> paused_{false};
};

Result<EventFeed::Wish> read_wish(const Json& params) {
  EventFeed::Wish wish;
  if (params.is_null()) return wish;
  const auto place = [&](std::size_t index, const char* key) -> Json {
    if (params.is_array()) return index < params.size() ? params[index] : Json();
    return params.contains(key) ? params[key] : Json();
  };
  if (params.is_object()) {
    for (const auto& [key, value] : params.items()) {
      if (key != "after" && key != "types")
        return make_error(Errc::invalid, "{}: there is no parameter {}: it takes \"after\" and \"types\"", kSubscribe,
                          show::in_quotes(key));
    }
  }
  if (const Json after = place(0, "after"); !after.is_null()) {
    const bool too_large = after.is_number_unsigned() && after.get<std::uint64_t>() > kMostNumber;
    if (!after.is_number_integer() || after < 0 || too_large)
      return make_error(Errc::invalid, "{}: \"after\" must be the number of an event, or 0", kSubscribe);
    wish.after = after.get<std::int64_t>();
  }
  if (const Json types = place(1, "types"); !types.is_null()) {
    if (!types.is_array()) return make_error(Errc::invalid, "{}: \"types\" must be a list", kSubscribe);
    for (const Json& type : types) {
      if (!type.is_string() || find_event_type(type.get_ref<const std::string&>()) == nullptr)
        return make_error(Errc::invalid, "{}: \"types\" holds {}, which is no type of event", kSubscribe,
                          type.is_string() ? show::in_quotes(type.get_ref<const std::string&>()) : "what is no text");
      wish.types.insert(type.get<std::string>());
    }
  }
  return wish;
}

class ApiSession final : public WsSession {
 public:
  ApiSession(StudioPort& studio, std::shared_ptr<EventFeed> feed, Caller caller)
      : studio_(studio), feed_(std::move(feed)), caller_(std::move(caller)) {}

  void on_open(std::shared_ptr<WsPeer> peer) override {
    peer_ = std::move(peer);
    gauge_ = std::make_shared<Gauge>(peer_);
  }

  void on_text(std::string_view text) override {
    handle_rpc(
        text, [this](RpcCall call, Reply reply) { start(std::move(call), std::move(reply)); },
        [peer = peer_](std::optional<std::string> answer) {
          if (answer) peer->send_text(make_message(*std::move(answer)));
        });
    gauge_->check();
  }

  void on_binary(std::string_view) override { peer_->close(kWsUnsupportedData, "calls are text, not binary"); }

  void on_close(std::uint16_t, std::string_view) override { feed_->unsubscribe(this); }

 private:
  void start(RpcCall call, Reply reply) {
    if (call.method == kSubscribe) return subscribe(call.params, reply);
    if (call.method == kUnsubscribe) {
      feed_->unsubscribe(this);
      return reply({nullptr, std::nullopt});
    }
    gauge_->begin();
    studio_.call(std::move(call.method), std::move(call.params), caller_,
                 [gauge = gauge_, reply = std::move(reply)](CallResult result) {
                   reply(std::move(result));
                   gauge->end();
                 });
  }

  void subscribe(const Json& params, const Reply& reply) {
    Result<EventFeed::Wish> wish = read_wish(params);
    if (!wish) return reply(CallResult::failure(CallErrc::invalid_params, wish.error().describe()));
    reply({{{"last", feed_->last()}}, std::nullopt});
    feed_->subscribe(this, *std::move(wish), [peer = peer_](Message message) { peer->send_text(std::move(message)); });
  }

  StudioPort& studio_;
  const std::shared_ptr<EventFeed> feed_;
  const Caller caller_;
  std::shared_ptr<WsPeer> peer_;
  std::shared_ptr<Gauge> gauge_;
};

}  // namespace

std::unique_ptr<WsSession> make_api_session(StudioPort& studio, std::shared_ptr<EventFeed> feed, Caller caller) {
  return std::make_unique<ApiSession>(studio, std::move(feed), std::move(caller));
}

}  // namespace mainstay::remote
