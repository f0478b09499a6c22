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
  command_value(call, name, std::move(params), [call, name](const Json& value) {
    // Response data is an object in this protocol; a result that is none gets one around it.
    Json data = value.is_object() ? value : value.is_null() ? Json::object() : Json{{"result", value}};
    call->succeed({{"vendorName", "mainstay"}, {"requestType", name}, {"responseData", std::move(data)}});
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
