// Listens for SRT senders and lets one at a time publish an MPEG-TS.
// Owned by the ingest's input. Needs an ffi::SrtLibrary that outlives it.
// Thread-safety: start() once; status() and port() from any thread.
//
// The stream key is the sender's streamid (all of it, or the resource in "#!::r=KEY,m=publish"). A second sender is
// told `conflict` while the first delivers; when that has been silent for a second, the new one takes its place.
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/ffi/srt/srt_listener.h"
#include "engine/sources/ingest/ingest_link.h"

namespace mainstay {

struct SrtLinkOptions {
  std::string who;     ///< in the log: "source remote/main"
  std::string thread;  ///< name of the thread, at most 15 characters
  ffi::SrtOptions srt;
  std::string key;                   ///< streamid; empty: any
  Nanos takeover_time = Seconds(1);  ///< silence after which another sender may take the place
  Nanos silence_time = Seconds(10);  ///< silence after which a sender is disconnected
};

class SrtListenerLink final : public IngestListener {
 public:
  SrtListenerLink(SrtLinkOptions options, Clock& clock, Log& log, IngestSink& sink);
  ~SrtListenerLink() override;

  void start() override;
  ListenerStatus status() const override;
  std::uint16_t port() const override;

 private:
  void run(std::stop_token stop);
  void serve(ffi::SrtListener& listener, std::stop_token stop);
  ffi::SrtVerdict admit(const ffi::SrtCaller& caller) const;
  void let_in(std::unique_ptr<ffi::SrtSocket> socket);
  void let_go(const std::string& why);
  void receive(std::stop_token stop);
  void publish_status();

  const SrtLinkOptions options_;
  Clock& clock_;
  Log& log_;
  IngestSink& sink_;
  std::atomic<std::int64_t> heard_ns_{-1};  ///< last bytes of the sender let in; -1: there is none

  // Of the thread.
  std::unique_ptr<ffi::SrtSocket> socket_;
  std::shared_ptr<BytePipe> pipe_;
  RateMeter meter_;
  ListenerStatus now_;

  mutable std::mutex mutex_;
  ListenerStatus shown_;  // guarded by mutex_
  std::uint16_t port_ = 0;

  NamedThread thread_;  // last: joins before the rest goes
};

}  // namespace mainstay
