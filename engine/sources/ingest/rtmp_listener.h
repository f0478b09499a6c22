// Listens for RTMP senders and lets one at a time publish. One thread serves all connections.
// Owned by the ingest's input.
// Thread-safety: start() once; status() and port() from any thread.
//
// A sender must have proved its key within 5 s of connecting; at most 8 connections stand at once, most of them
// nobody's yet. A second publisher is refused while the first delivers; when the first has been silent for a second
// (its network broke and it comes back on a new connection), the new one takes its place.
#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/sources/ingest/ingest_link.h"
#include "engine/sources/ingest/ingest_url.h"

namespace mainstay {

struct RtmpListenerOptions {
  std::string who;     ///< in the log: "source remote/main"
  std::string thread;  ///< name of the thread, at most 15 characters
  IngestUrl url;       ///< rtmp://HOST:PORT/APP[/KEY]; without a path any application is served
  std::string key;     ///< stream key; the path is then the application alone. Empty: the path's, if any
  std::size_t max_connections = 8;
  Nanos stranger_time = Seconds(5);  ///< from connecting to a proved key
  Nanos takeover_time = Seconds(1);  ///< silence after which another publisher may take the place
  Nanos silence_time = Seconds(10);  ///< silence after which a publisher is disconnected
};

class RtmpListener final : public IngestListener {
 public:
  RtmpListener(RtmpListenerOptions options, Clock& clock, Log& log, IngestSink& sink);
  ~RtmpListener() override;

  void start() override;
  ListenerStatus status() const override;
  std::uint16_t port() const override;

 private:
  class Connection;

  void run(std::stop_token stop);
  Status bind_port();
  void serve(std::stop_token stop);
  void accept_all();
  /// May this connection publish? Ends a silent one that stands in its way.
  bool take_place(Connection& connection);
  void publish_status();

  const RtmpListenerOptions options_;
  Clock& clock_;
  Log& log_;
  IngestSink& sink_;
  std::string path_;  // APP/KEY, or APP/ when any key will do
  std::string app_;   // the path without its last part; empty: any
  bool any_key_ = false;

  // Of the thread.
  int listen_fd_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  Connection* publisher_ = nullptr;
  RateMeter meter_;
  ListenerStatus now_;

  mutable std::mutex mutex_;
  ListenerStatus shown_;  // guarded by mutex_
  std::uint16_t port_ = 0;

  NamedThread thread_;  // last: joins before the rest goes
};

}  // namespace mainstay
