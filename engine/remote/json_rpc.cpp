#include "engine/remote/json_rpc.h"

#include <atomic>
#include <memory>
#include <mutex>

#include "engine/show/json_text.h"

namespace mainstay::remote {

namespace {

constexpr std::string_view kNoId = "null";
constexpr CallErrc kAllErrors[] = {
    CallErrc::unknown_command, CallErrc::invalid_params, CallErrc::invalid_show, CallErrc::denied,
    CallErrc::wrong_state,     CallErrc::not_found,      CallErrc::busy,         CallErrc::failed,
    CallErrc::cancelled};

std::string text_of(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string error_text(int code, std::string_view message, const Json& data, std::string_view id) {
  Json error{{"code", code}, {"message", message}};
  if (!data.is_null()) error["data"] = data;
  return fmt::format(R"({{"jsonrpc":"2.0","error":{},"id":{}}})", text_of(error), id);
}

std::string invalid(std::string_view message, std::string_view id) {
  return error_text(kRpcInvalidRequest, message, nullptr, id);
}

std::string answer_text(const CallResult& result, std::string_view id) {
  if (result.ok()) return fmt::format(R"({{"jsonrpc":"2.0","result":{},"id":{}}})", text_of(result.value), id);
  return error_text(rpc_code(result.error->code), result.error->message, to_json(*result.error), id);
}

/// One entry of a message: a call, or what is wrong with it.
struct Entry {
  RpcCall call;
  std::string id;  ///< as JSON
  std::string refusal;
};

Entry read_entry(Json& json) {
  Entry entry;
  entry.id = kNoId;
  const auto refuse = [&](std::string_view message) {
    entry.refusal = invalid(message, entry.id);
    return std::move(entry);
  };
  if (!json.is_object()) return refuse("a call is an object: {\"jsonrpc\": \"2.0\", \"method\": …, \"id\": …}");
  const auto id = json.find("id");
  entry.call.notification = id == json.end();
  if (!entry.call.notification) {
    if (!id->is_string() && !id->is_number() && !id->is_null())
      return refuse("\"id\" must be a text, a number or null");
    entry.id = text_of(*id);
  }
  const auto version = json.find("jsonrpc");
  if (version == json.end() || *version != "2.0") return refuse("\"jsonrpc\" must be \"2.0\"");
  const auto method = json.find("method");
  if (method == json.end() || !method->is_string()) return refuse("\"method\" must be the name of a command");
  entry.call.method = method->get<std::string>();
  if (const auto params = json.find("params"); params != json.end()) {
    if (!params->is_structured()) return refuse("\"params\" must be an object or a list");
    entry.call.params = std::move(*params);
  }
  return entry;
}

/// Collects the answers of a batch, in the order they come.
class Batch {
 public:
  Batch(std::size_t calls, RpcDone done) : waiting_(calls), done_(std::move(done)) {}

  void add(std::optional<std::string> answer) {
    std::unique_lock lock(mutex_);
    if (answer) text_ += (text_.empty() ? "[" : ",") + *answer;
    if (--waiting_ > 0) return;
    lock.unlock();
    if (text_.empty()) return done_(std::nullopt);
    done_(std::move(text_) + "]");
  }

  bool full(std::size_t more) const {
    std::lock_guard lock(mutex_);
    return text_.size() + more > kMostAnswerBytes;
  }

 private:
  mutable std::mutex mutex_;
  std::size_t waiting_;
  std::string text_;
  const RpcDone done_;
};

void start_batch(Json& list, const RpcDispatch& dispatch, RpcDone done) {
  auto batch = std::make_shared<Batch>(list.size(), std::move(done));
  for (Json& json : list) {
    Entry entry = read_entry(json);
    if (!entry.refusal.empty()) {
      batch->add(std::move(entry.refusal));
      continue;
    }
    const bool silent = entry.call.notification;
    dispatch(std::move(entry.call), [batch, silent, id = std::move(entry.id)](CallResult result) {
      if (silent) return batch->add(std::nullopt);
      std::string answer = answer_text(result, id);
      if (batch->full(answer.size()))
        answer =
            answer_text(CallResult::failure(CallErrc::busy, "the answer to the batch is too large: ask for less"), id);
      batch->add(std::move(answer));
    });
  }
}

}  // namespace

int rpc_code(CallErrc code) {
  switch (code) {
    case CallErrc::unknown_command:
      return -32601;
    case CallErrc::invalid_params:
      return -32602;
    case CallErrc::failed:
      return -32000;
    case CallErrc::invalid_show:
      return -32001;
    case CallErrc::denied:
      return -32002;
    case CallErrc::wrong_state:
      return -32003;
    case CallErrc::not_found:
      return -32004;
    case CallErrc::busy:
      return -32005;
    case CallErrc::cancelled:
      return -32006;
  }
  return kRpcInternal;
}

void handle_rpc(std::string_view text, const RpcDispatch& dispatch, RpcDone done) {
  show::JsonText json = show::parse_json(text);
  if (!json.value) {
    const std::string what = json.errors.empty() ? "not JSON" : show::to_line(json.errors.front());
    return done(error_text(kRpcParseError, what, nullptr, kNoId));
  }
  if (!json.errors.empty()) return done(invalid(show::to_line(json.errors.front()), kNoId));
  if (json.value->is_array()) {
    if (json.value->empty()) return done(invalid("a batch must not be empty", kNoId));
    if (json.value->size() > kMostBatch)
      return done(
          invalid(fmt::format("a batch has at most {} calls, this one has {}", kMostBatch, json.value->size()), kNoId));
    return start_batch(*json.value, dispatch, std::move(done));
  }
  Entry entry = read_entry(*json.value);
  if (!entry.refusal.empty()) return done(std::move(entry.refusal));
  const bool silent = entry.call.notification;
  dispatch(std::move(entry.call), [silent, id = std::move(entry.id), done = std::move(done)](CallResult result) {
    if (silent) return done(std::nullopt);
    done(answer_text(result, id));
  });
}

std::string rpc_notification(std::string_view method, const Json& params) {
  return fmt::format(R"({{"jsonrpc":"2.0","method":{},"params":{}}})", text_of(Json(method)), text_of(params));
}

std::string rpc_request(std::string_view method, const Json& params, int id) {
  Json request{{"jsonrpc", "2.0"}, {"method", method}, {"id", id}};
  if (!params.is_null()) request["params"] = params;
  return text_of(request);
}

Result<CallResult> read_rpc_answer(std::string_view text) {
  return read_rpc_json(Json::parse(text, nullptr, false));
}

Result<CallResult> read_rpc_json(Json json) {
  const auto error = json.is_object() ? json.find("error") : json.end();
  if (!json.is_object() || (error == json.end() && !json.contains("result")))
    return make_error(Errc::corrupt, "the answer is no JSON-RPC answer: is it Mainstay's API at this address?");
  if (error == json.end()) return CallResult{std::move(json["result"]), std::nullopt};
  const auto member = [](const Json& object, const char* key) -> Json {
    return object.is_object() && object.contains(key) ? object[key] : Json();
  };
  const auto words = [&](const Json& object, const char* key) {
    const Json value = member(object, key);
    return value.is_string() ? value.get<std::string>() : std::string();
  };
  CallError out{CallErrc::failed, words(*error, "message"), {}};
  const Json data = member(*error, "data");
  const Json code = member(*error, "code");
  for (const CallErrc known : kAllErrors) {
    if (words(data, "code") == to_string(known) || (code.is_number_integer() && code == rpc_code(known)))
      out.code = known;
  }
  const Json errors = member(data, "errors");
  for (std::size_t i = 0; errors.is_array() && i < errors.size(); ++i)
    out.errors.push_back({words(errors[i], "pointer"), words(errors[i], "message")});
  return CallResult{nullptr, std::move(out)};
}

}  // namespace mainstay::remote
