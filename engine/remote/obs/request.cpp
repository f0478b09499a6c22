#include "engine/remote/obs/request.h"

namespace mainstay::obs {

void command(const CallPtr& call, std::string name, Json params, std::function<void(CallResult)> then) {
  Reply reply = [resume = call->resume_, then = std::move(then)](CallResult result) {
    resume([then, result = std::move(result)] { then(result); });
  };
  call->services.studio.call(std::move(name), std::move(params), call->caller, std::move(reply));
}

void command_value(const CallPtr& call, std::string name, Json params, std::function<void(const Json&)> then) {
  command(call, std::move(name), std::move(params), [call, then = std::move(then)](const CallResult& result) {
    if (result.error) return call->answer(to_answer(*result.error));
    then(result.value);
  });
}

void command(const CallPtr& call, std::string name, Json params) {
  command_value(call, std::move(name), std::move(params), [call](const Json&) { call->succeed(); });
}

}  // namespace mainstay::obs
