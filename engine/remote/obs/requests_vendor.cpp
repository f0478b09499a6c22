// The vendor "mainstay": every command of the studio for clients of obs-websocket.
#include <fmt/format.h>

#include "engine/remote/obs/lookup.h"
#include "engine/show/suggest.h"

namespace mainstay::obs {

namespace {

void call_vendor_request(const CallPtr& call) {
  const std::string vendor = call->text("vendorName");
  if (vendor != "mainstay") {
    return call->fail(RequestStatus::resource_not_found,
                      fmt::format("There is no vendor {}: the one here is \"mainstay\".", show::in_quotes(vendor)));
  }
  const std::string name = call->text("requestType");
  Json params = call->given("requestData") ? call->data["requestData"] : Json::object();
  command(call, name, std::move(params), [call, name](const CallResult& result) {
    const auto from_vendor = [&](Json data) -> Json {
      return {{"vendorName", "mainstay"}, {"requestType", name}, {"responseData", std::move(data)}};
    };
    if (result.error) {  // whole, beside the status: its code and pointers have no place there
      Answer answer = to_answer(*result.error);
      answer.data = from_vendor({{"error", to_json(*result.error)}});
      return call->answer(std::move(answer));
    }
    // Response data is an object in this protocol; a result that is none gets one around it.
    const Json& value = result.value;
    call->succeed(from_vendor(value.is_object() ? value : value.is_null() ? Json::object() : Json{{"result", value}}));
  });
}

}  // namespace

void add_vendor_requests(RequestTable& table) {
  table.add({"CallVendorRequest",
             Role::view,
             {required("vendorName"), required("requestType"), optional_field("requestData", FieldType::object)},
             call_vendor_request});
}

}  // namespace mainstay::obs
