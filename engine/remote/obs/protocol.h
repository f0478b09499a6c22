// The words of the obs-websocket 5 protocol (RPC version 1): op codes, close codes, request statuses, event categories,
// and the messages a server sends.
// Plain values and functions without state.
// Thread-safety: from any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/studio/command.h"

namespace mainstay::obs {

inline constexpr int kRpcVersion = 1;
/// What clients compare with their minimum: the version of the protocol this server speaks.
inline constexpr std::string_view kWebSocketVersion = "5.5.0";
/// What clients show as the version of OBS: clients refuse what is older than 28.
inline constexpr std::string_view kStudioVersion = "30.2.0";
inline constexpr std::string_view kJsonProtocol = "obswebsocket.json";
inline constexpr std::string_view kMsgpackProtocol = "obswebsocket.msgpack";

enum class Op {
  hello = 0,
  identify = 1,
  identified = 2,
  reidentify = 3,
  event = 5,
  request = 6,
  response = 7,
  batch = 8,
  batch_response = 9,
};

enum class CloseCode {
  decode = 4002,               ///< the message cannot be decoded
  missing_field = 4003,        ///< a field of the message is missing
  field_type = 4004,           ///< a field has the wrong type
  field_value = 4005,          ///< a field has an impossible value
  unknown_op = 4006,           ///< `op` is missing or unknown
  not_identified = 4007,       ///< something else came before Identify
  already_identified = 4008,   ///< Identify came twice
  authentication = 4009,       ///< the password is missing or wrong
  rpc_version = 4010,          ///< another protocol
  session_invalidated = 4011,  ///< thrown out: clients must not come back by themselves
  unsupported = 4012,          ///< a feature this server does not have
};

enum class RequestStatus {
  success = 100,
  missing_request_type = 203,
  unknown_request_type = 204,
  generic_error = 205,
  unsupported_batch_type = 206,
  not_ready = 207,
  missing_field = 300,
  missing_data = 301,
  invalid_field = 400,
  field_type = 401,
  field_out_of_range = 402,
  field_empty = 403,
  too_many_fields = 404,
  output_running = 500,
  output_not_running = 501,
  output_disabled = 504,
  resource_not_found = 600,
  resource_exists = 601,
  invalid_resource_type = 602,
  invalid_resource_state = 604,
  invalid_input_kind = 605,
  invalid_filter_kind = 607,
  processing_failed = 702,
  cannot_act = 703,
};

/// Bits of eventSubscriptions.
namespace intent {
inline constexpr std::uint32_t kGeneral = 1u << 0;
inline constexpr std::uint32_t kConfig = 1u << 1;
inline constexpr std::uint32_t kScenes = 1u << 2;
inline constexpr std::uint32_t kInputs = 1u << 3;
inline constexpr std::uint32_t kTransitions = 1u << 4;
inline constexpr std::uint32_t kFilters = 1u << 5;
inline constexpr std::uint32_t kOutputs = 1u << 6;
inline constexpr std::uint32_t kSceneItems = 1u << 7;
inline constexpr std::uint32_t kMediaInputs = 1u << 8;
inline constexpr std::uint32_t kVendors = 1u << 9;
inline constexpr std::uint32_t kUi = 1u << 10;
inline constexpr std::uint32_t kCanvases = 1u << 11;
/// All but those of high volume: what a client gets that asks for nothing in particular.
inline constexpr std::uint32_t kAll = (1u << 12) - 1;
inline constexpr std::uint32_t kInputVolumeMeters = 1u << 16;
inline constexpr std::uint32_t kInputActiveStateChanged = 1u << 17;
inline constexpr std::uint32_t kInputShowStateChanged = 1u << 18;
inline constexpr std::uint32_t kSceneItemTransformChanged = 1u << 19;
}  // namespace intent

enum class BatchType { serial_realtime = 0, serial_frame = 1, parallel = 2 };

/// Something that happened, as clients are told.
struct ObsEvent {
  std::string type;          ///< "StreamStateChanged"
  std::uint32_t intent = 0;  ///< one bit: who subscribed to it hears it
  Json data;                 ///< null: the event has none
};

/// What a request comes to.
struct Answer {
  RequestStatus status = RequestStatus::success;
  std::string comment;  ///< one line, of failures
  Json data;            ///< null: the request has no response data

  bool ok() const { return status == RequestStatus::success; }
  static Answer failure(RequestStatus status, std::string comment) { return {status, std::move(comment), nullptr}; }
};

/// A failed call of the studio as a client of obs-websocket understands it.
Answer to_answer(const CallError& error);

/// {"op", "d"}
Json message(Op op, Json data);
Json event_message(const ObsEvent& event);
/// What stands in "d" of a response, and in the results of a batch. `id` null: none was given.
Json response_data(const std::string& type, const Json& id, Answer answer);

}  // namespace mainstay::obs
