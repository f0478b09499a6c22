// Keeps the origin as the open show's section "hls" asks for it, and tells the studio of its viewers.
// Owned by main(), beside the studio, which lives longer.
// Thread-safety: made and destroyed on the main thread; works on a thread of its own ("origin/keep").
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/remote/origin/origin.h"
#include "engine/show/secrets.h"
#include "engine/studio/studio.h"

namespace mainstay {

class OriginKeeper {
 public:
  OriginKeeper(Studio& studio, Clock& clock, Log& log, const show::Secrets& secrets);
  ~OriginKeeper();

 private:
  void run(const std::stop_token& stop);
  /// False: to be tried again.
  bool apply();

  Studio& studio_;
  Clock& clock_;
  Log& log_;
  const show::Secrets& secrets_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  bool news_ = true;
  std::optional<show::Hls> applied_;  // keeper's thread
  std::string applied_name_;
  std::string applied_dir_;
  std::string failure_;  ///< told already
  remote::Origin origin_;
  std::shared_ptr<void> listening_;
  NamedThread thread_;  // last: uses all of the above
};

}  // namespace mainstay
