// Any text as a message to the API's session: no crash, and what comes back is JSON-RPC, one answer or none.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/remote/api.h"
#include "engine/remote/json_rpc.h"
#include "tests/engine/remote/fake_peer.h"
#include "tests/engine/remote/fake_studio.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay;
  using namespace mainstay::remote;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  int answers = 0;
  handle_rpc(
      text,
      [](RpcCall call, Reply reply) {
        reply({{{"method", call.method}, {"params", call.params}}, std::nullopt});
      },
      [&](std::optional<std::string> answer) {
        ++answers;
        if (!answer) return;
        const Json json = Json::parse(*answer, nullptr, false);
        require(json.is_structured());
        for (const Json& one : json.is_array() ? json : Json::array({json}))
          require(one["jsonrpc"] == "2.0" && one.contains("id") && one.contains("result") != one.contains("error"));
      });
  require(answers == 1);
  (void)read_rpc_answer(text);

  static FakeStudio studio;
  static const auto feed = EventFeed::make(studio, [](const std::function<void()>&) {});
  const auto peer = std::make_shared<FakePeer>();
  const auto session = make_api_session(studio, feed, {Face::api, Role::admin, "fuzz"});
  session->on_open(peer);
  session->on_text(text);
  session->on_close(kWsNormal, "");
  studio.release();
  return 0;
}
