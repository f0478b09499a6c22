#include "engine/remote/responder.h"

namespace mainstay::remote {

void Responder::finish(std::function<void(HttpResponse&)> then) const {
  if (!state_->finish) {
    state_->finish = std::move(then);
    return;
  }
  state_->finish = [first = std::move(state_->finish), then = std::move(then)](HttpResponse& response) {
    first(response);
    then(response);
  };
}

}  // namespace mainstay::remote
