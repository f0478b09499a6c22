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

  /// No `path`: it is made once.
  WatchedLoad(const SourceContext& context, std::string path, Load load);

  void start();
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

  // The thread's own.
  std::optional<FileMark> tried_;  ///< what was loaded, or found broken, last
  std::string trouble_;            ///< told last; empty: none

  mutable std::mutex mutex_;
  mutable std::condition_variable_any first_try_;
  SourceStatus status_;
  std::string summary_;  ///< of what is shown; empty: nothing yet
  bool good_ = false;
  bool tried_once_ = false;

  NamedThread thread_;  // last: the thread ends before what it uses
};

}  // namespace mainstay
