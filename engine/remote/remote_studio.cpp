#include "engine/remote/remote_studio.h"

#include "engine/remote/remote_link.h"
#include "engine/studio/state_json.h"

namespace mainstay::remote {

class RemoteStudio::Impl : public RemoteLink {
  using RemoteLink::RemoteLink;
};

RemoteStudio::RemoteStudio(const CommandRegistry& registry, Clock& clock, Log& log, Options options)
    : registry_(registry), impl_(std::make_unique<Impl>(registry, clock, log, std::move(options))) {}
RemoteStudio::~RemoteStudio() = default;

Status RemoteStudio::connect(std::stop_token stop) {
  return impl_->wait_connected(std::move(stop));
}

void RemoteStudio::call(std::string command, Json params, Caller, Reply reply) {
  impl_->call(
      std::move(command), params, reply ? std::move(reply) : [](const CallResult&) {});
}

Json RemoteStudio::state() const {
  return impl_->mirror().state();
}
Snapshot RemoteStudio::snapshot() const {
  return snapshot_from_json(impl_->mirror().state());
}
std::vector<Event> RemoteStudio::events(std::int64_t after, std::size_t limit) const {
  return impl_->mirror().events(after, limit);
}
std::shared_ptr<void> RemoteStudio::on_event(std::function<void()> listener) {
  return impl_->mirror().on_event(std::move(listener));
}

}  // namespace mainstay::remote
