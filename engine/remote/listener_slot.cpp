#include "engine/remote/listener_slot.h"

#include "engine/show/remote_address.h"

namespace mainstay::remote {

Status ListenerSlot::move(ListenOptions wanted) {
  if (id_ && listen_ == wanted.address) {
    tls_ = wanted.tls;
    return server_.update(*id_, std::move(wanted.router), std::move(wanted.tls));
  }
  const ListenOptions again = wanted;
  Result<Server::Id> id = server_.listen(std::move(wanted));
  // 127.0.0.1:4480 to 0.0.0.0:4480: our own old listener is what has the port.
  if (!id && id_ && show::same_port(listen_, again.address)) {
    server_.close(*id_);
    id_.reset();
    id = server_.listen(again);
    if (!id) {
      ListenOptions back = again;
      back.address = listen_;
      back.tls = tls_;
      if (const Result<Server::Id> old = server_.listen(std::move(back))) id_ = *old;
    }
  }
  if (!id) return std::move(id).error();
  close();
  id_ = *id;
  listen_ = again.address;
  tls_ = again.tls;
  return {};
}

void ListenerSlot::close() {
  if (id_) server_.close(*id_);
  id_.reset();
  listen_.clear();
  tls_.reset();
}

}  // namespace mainstay::remote
