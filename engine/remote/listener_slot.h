// A place where a face listens, which may move while its clients stay.
// Owned by the face (Remote, Origin), beside its server.
// Thread-safety: one thread at a time.
#pragma once

#include <optional>
#include <string>

#include "engine/remote/server.h"

namespace mainstay::remote {

class ListenerSlot {
 public:
  explicit ListenerSlot(Server& server) : server_(server) {}

  /// Listens where `wanted` says, with as little change as possible: at the same address only what is served changes.
  /// With an error, it goes on listening where it was.
  Status move(ListenOptions wanted);
  void close();

  const std::optional<Server::Id>& id() const { return id_; }
  bool has_tls() const { return tls_.has_value(); }
  /// Where it really listens; empty: nowhere.
  std::string address() const { return id_ ? server_.address(*id_) : std::string(); }

 private:
  Server& server_;
  std::optional<Server::Id> id_;
  std::string listen_;
  std::optional<TlsFiles> tls_;
};

}  // namespace mainstay::remote
