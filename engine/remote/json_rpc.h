// JSON-RPC 2.0: a text with one call or a batch in, the text of the answer out. What a call does is somebody else's.
// Functions without state.
// Thread-safety: from any thread; the answer is given on the thread of the last reply.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "engine/studio/command.h"

namespace mainstay::remote {

inline constexpr std::size_t kMostBatch = 1000;
/// What the results of one batch may come to; those beyond it fail as `busy`.
inline constexpr std::size_t kMostAnswerBytes = 16 * 1024 * 1024;

/// Error codes (JSON-RPC 2.0, 5.1). Those of calls are rpc_code()'s.
enum RpcCode {
  kRpcParseError = -32700,
  kRpcInvalidRequest = -32600,
  kRpcInternal = -32603,
};
/// -32601 unknown_command, -32602 invalid_params, and one of -32000 to -32006 for each other.
int rpc_code(CallErrc code);

struct RpcCall {
  std::string method;
  Json params;  ///< an object, a list, or null when there are none
  bool notification = false;
};

/// Starts a call; its reply comes once, on any thread (also before this returns).
using RpcDispatch = std::function<void(RpcCall call, Reply reply)>;
/// The whole answer; none, when there were notifications only.
using RpcDone = std::function<void(std::optional<std::string> answer)>;

/// Reads `text` (at most show::kMaxShowBytes) and starts its calls in order. `done` is called once, when all of them
/// have been replied to: at once for what is no call at all.
void handle_rpc(std::string_view text, const RpcDispatch& dispatch, RpcDone done);

/// {"jsonrpc": "2.0", "method": …, "params": …}
std::string rpc_notification(std::string_view method, const Json& params);
/// The same with an id: a request.
std::string rpc_request(std::string_view method, const Json& params, int id);
/// The answer to a request, read: its result, or its error as the studio gave it. Errc::corrupt: it is no answer.
Result<CallResult> read_rpc_answer(std::string_view text);
/// The same of a text that was parsed already.
Result<CallResult> read_rpc_json(Json answer);

}  // namespace mainstay::remote
