// Keeps the remote faces as the open show's section "remote" asks for them: listens, moves and stops with each change.
// Owned by main(), beside the studio, which lives longer.
// Thread-safety: made and destroyed on the main thread; works on a thread of its own ("remote/keep").
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/remote/obs/obs_server.h"
#include "engine/remote/remote.h"
#include "engine/show/secrets.h"
#include "engine/studio/studio.h"

namespace mainstay {

class RemoteKeeper {
 public:
  struct Options {
    std::string listen;  ///< of the API, for shows without a section "remote"; empty: none
  };
  RemoteKeeper(Studio& studio, Clock& clock, Log& log, const show::Secrets& secrets, Options options);
  /// Tells clients that the end is near, and closes in good order.
  ~RemoteKeeper();

 private:
  void run(const std::stop_token& stop);
  void apply();
  void failed(const std::string& address, const Error& error);
  std::shared_ptr<const remote::Router> obs_router(remote::Server& server, const remote::ObsSettings& settings);

  Studio& studio_;
  Clock& clock_;
  Log& log_;
  const show::Secrets& secrets_;
  const Options options_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool news_ = true;
  std::weak_ptr<obs::ObsServer> obs_;  // keeper's thread, and the end
  // Stays while passwords and addresses change.
  const std::shared_ptr<obs::PersistentData> obs_data_ = std::make_shared<obs::PersistentData>();
  std::optional<show::Remote> applied_;  // keeper's thread
  std::string applied_dir_;
  std::unique_ptr<remote::Remote> remote_;
  std::shared_ptr<void> listening_;
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay
