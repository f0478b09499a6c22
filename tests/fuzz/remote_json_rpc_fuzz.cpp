// Any text as a message to the API: no crash, and what comes back is JSON-RPC, one answer or none. Then the same as a
// WebSocket session: messages separated by the bytes ff ff, binary ones begin with fe, and things happen between them.
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string_view>
#include <vector>

#include "engine/remote/api.h"
#include "engine/remote/json_rpc.h"
#include "tests/engine/remote/fake_peer.h"
#include "tests/engine/remote/fake_studio.h"

namespace {

using namespace mainstay;
using namespace mainstay::remote;

void require(bool holds) {
  if (!holds) std::abort();
}

void require_answer(const Json& json) {
  require(json.is_structured());
  for (const Json& one : json.is_array() ? json : Json::array({json}))
    require(one["jsonrpc"] == "2.0" && one.contains("id") && one.contains("result") != one.contains("error"));
}

void one_message(std::string_view text) {
  int answers = 0;
  handle_rpc(
      text,
      [](RpcCall call, Reply reply) {
        reply({{{"method", call.method}, {"params", call.params}}, std::nullopt});
      },
      [&](std::optional<std::string> answer) {
        ++answers;
        if (answer) require_answer(Json::parse(*answer, nullptr, false));
      });
  require(answers == 1);
  (void)read_rpc_answer(text);
}

// What a session says: answers, events and gaps.
void require_message(const Json& json) {
  if (json.is_array() || !json.contains("method")) return require_answer(json);
  const Json& params = json["params"];
  if (json["method"] == "events.gap") {
    const auto from = params["from"].get<std::int64_t>();
    return require(from >= 1 && from <= params["to"].get<std::int64_t>());
  }
  require(json["method"] == "event" && params["number"].get<std::int64_t>() >= 1);
}

// A new one is slow to make, and one with a long history slow to tell it.
FakeStudio& some_studio() {
  constexpr int kInputsEach = 16;
  static std::unique_ptr<FakeStudio> studio;
  static int inputs = 0;
  if (inputs++ % kInputsEach == 0) studio = std::make_unique<FakeStudio>();
  return *studio;
}

void session(std::string_view rest) {
  std::vector<std::function<void()>> posted;
  FakeStudio& studio = some_studio();
  const auto feed = EventFeed::make(studio, [&](std::function<void()> task) { posted.push_back(std::move(task)); });
  const auto peer = std::make_shared<FakePeer>();
  const auto session = make_api_session(studio, feed, {Face::api, Role::admin, "fuzz"});
  session->on_open(peer);
  constexpr int kMostEvents = 4;
  int happened = 0;
  while (!rest.empty() && peer->close_code() == 0) {
    const std::string_view message = rest.substr(0, rest.find("\xff\xff"));
    message.starts_with('\xfe') ? session->on_binary(message.substr(1)) : session->on_text(message);
    rest.remove_prefix(std::min(message.size() + 2, rest.size()));
    if (happened++ < kMostEvents) studio.happen("show.saved", "message");
    for (const auto& task : std::exchange(posted, {})) task();
  }
  session->on_close(kWsNormal, "");
  studio.release();
  feed->stop();
  for (const Json& json : peer->sent(0)) require_message(json);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  one_message(input);
  session(input);
  return 0;
}
