// Waits for SRT callers: an ingest that publishers push to, or a leg that its receiver calls.
// Owned by an ingest input or by a leg in listener mode. Needs an SrtLibrary that outlives it.
// Thread-safety: abort() from any thread; everything else from one thread at a time. `admit` is called on a thread of
// libsrt.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <stop_token>
#include <string_view>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/ffi/srt/srt_options.h"
#include "engine/ffi/srt/srt_socket.h"

namespace mainstay::ffi {

/// What a caller is told; the numbers are SRT's (access_control.h), and it can read them.
enum class SrtVerdict {
  accept = 0,
  overload = 1402,
  unauthorized = 1401,  ///< a key is needed and none was given
  forbidden = 1403,     ///< the key is wrong
  not_found = 1404,
  bad_mode = 1405,  ///< wants to receive where one publishes
  conflict = 1409,  ///< somebody else publishes there already
};

/// One who calls, before a connection exists. Valid during the call of `admit` only.
struct SrtCaller {
  std::string_view streamid;  ///< up to 512 bytes from the network: untrusted, and a secret where it carries a key
  std::string_view peer;      ///< "192.0.2.7:41822"
};

struct SrtListenerOptions {
  SrtOptions srt = {};  ///< mode listener; host, port, latency and passphrase hold for all callers
  /// Decides on each caller, quickly and without waiting (libsrt receives nothing meanwhile); empty: all are welcome.
  std::function<SrtVerdict(const SrtCaller&)> admit = {};
  /// One connection at a time: while one stands, all other callers get `conflict`.
  bool exclusive = false;
  int backlog = 4;  ///< connections made and not accepted yet
};

class SrtListener {
 public:
  /// Binds and listens. Errc::io when the port is in use, Errc::invalid when the options are wrong.
  static Result<std::unique_ptr<SrtListener>> open(SrtListenerOptions options);
  ~SrtListener();
  SrtListener(const SrtListener&) = delete;
  SrtListener& operator=(const SrtListener&) = delete;

  /// The next caller that was let in. Errc::again at the deadline, Errc::cancelled on stop or abort().
  Result<std::unique_ptr<SrtSocket>> accept(Clock& clock, std::stop_token stop, Instant deadline = kNever);

  int port() const;              ///< the one bound, also when 0 was asked for
  std::int64_t refused() const;  ///< callers turned away by `admit` or `exclusive` so far

  /// Ends an accept() in progress at once, and any later one.
  void abort() noexcept { aborted_ = true; }

 private:
  struct Impl;
  explicit SrtListener(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
  std::atomic<bool> aborted_{false};
};

/// A caller's streamid taken apart (SRT access control: "#!::r=RESOURCE,m=publish,u=USER,…"); any other text is a
/// resource by itself. Views into the text given.
struct SrtStreamid {
  std::string_view resource;  ///< r, or the whole text
  std::string_view mode;      ///< m: "publish", "request", "bidirectional"; empty when not said
  std::string_view user;      ///< u
  std::string_view session;   ///< s
};

SrtStreamid parse_streamid(std::string_view text);

/// Whether `given` is `key`, in a time that does not tell how much of it was right.
bool same_key(std::string_view given, std::string_view key);

}  // namespace mainstay::ffi
