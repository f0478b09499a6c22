#include "engine/remote/obs/protocol.h"

#include <utility>

namespace mainstay::obs {

namespace {

RequestStatus status_of(CallErrc code) {
  switch (code) {
    case CallErrc::unknown_command:
      return RequestStatus::resource_not_found;
    case CallErrc::invalid_params:
      return RequestStatus::invalid_field;
    case CallErrc::invalid_show:
      return RequestStatus::invalid_field;
    case CallErrc::denied:
      return RequestStatus::cannot_act;
    case CallErrc::wrong_state:
      return RequestStatus::invalid_resource_state;
    case CallErrc::not_found:
      return RequestStatus::resource_not_found;
    case CallErrc::busy:
      return RequestStatus::not_ready;
    case CallErrc::failed:
      return RequestStatus::processing_failed;
    case CallErrc::cancelled:
      return RequestStatus::not_ready;
  }
  return RequestStatus::generic_error;
}

}  // namespace

Answer to_answer(const CallError& error) {
  return Answer::failure(status_of(error.code), error.message);
}

Json message(Op op, Json data) {
  Json out = Json::object();
  out["op"] = static_cast<int>(op);
  out["d"] = std::move(data);
  return out;
}

Json event_message(const ObsEvent& event) {
  Json data{{"eventType", event.type}, {"eventIntent", event.intent}};
  if (!event.data.is_null()) data["eventData"] = event.data;
  return message(Op::event, std::move(data));
}

Json response_data(const std::string& type, const Json& id, Answer answer) {
  Json out{{"requestType", type}};
  if (!id.is_null()) out["requestId"] = id;
  Json status{{"result", answer.ok()}, {"code", static_cast<int>(answer.status)}};
  if (!answer.comment.empty()) status["comment"] = std::move(answer.comment);
  out["requestStatus"] = std::move(status);
  if (!answer.data.is_null()) out["responseData"] = std::move(answer.data);
  return out;
}

}  // namespace mainstay::obs
