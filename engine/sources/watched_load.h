// Makes what a source shows (a picture, a ticker's strip) on a thread of its own, and makes it again when the file it
// comes from changes. What is broken, half-written or missing never takes away what was good: it is told in the status.
// Owned by the source.
// Thread-safety: start() once, from the owner; everything else from any thread. `load` is called on the thread.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>

#include "engine/core/named_thread.h"
#include "engine/sources/image_file.h"
#include "engine/sources/source.h"

namespace mainstay {

inline constexpr Nanos kWatchLook = Seconds(1);             ///< between two looks at the file
inline constexpr Nanos kWatchLongestBackoff = Seconds(30);  ///< between two tries while nothing was good yet

class WatchedLoad {
 public:
  /// Makes it and keeps it; gives its summary for the status.
  using Load = std::function<Result<std::string>()>;

  /// No `path`: it is made once, unless it `may_rest`.
  WatchedLoad(const SourceContext& context, std::string path, Load load, bool may_rest = false);

  void start();
  /// From now on the file is not looked at, until it is again. When it was `let_go`, it is made anew then, and counts
  /// as not tried until that was done. Does not wait.
  void rest(bool resting, bool let_go);
  bool tried() const;
  void wait_until_tried(std::stop_token stop) const;
  /// State, detail and retries.
  SourceStatus status() const;

 private:
  void run(const std::stop_token& stop);
  void look();
  void try_to_load(bool& settled);
  void miss(const Error& error);

  Clock& clock_;
  Log& log_;
  const std::string name_;
  const std::string subject_;
  const std::string path_;
  const Load load_;
  const bool may_rest_;

  // The thread's own.
  std::optional<FileMark> tried_;  ///< what was loaded, or found broken, last
  std::string trouble_;            ///< told last; empty: none

  mutable std::mutex mutex_;
  mutable std::condition_variable_any first_try_;
  std::condition_variable_any rest_changed_;
  SourceStatus status_;
  std::string summary_;  ///< of what is shown; empty: nothing yet
  bool good_ = false;
  bool tried_once_ = false;
  bool resting_ = false;
  bool forget_ = false;  ///< it is to be made anew

  NamedThread thread_;  // last: the thread ends before what it uses
};

}  // namespace mainstay
