// One of an ingest's inputs: a listener, the reader of whoever publishes to it, and the buffer of what was decoded.
// Owned by the ingest source.
// Thread-safety: start() once; everything else from any thread (player() is the program thread's).
//
// Threads: the listener's ("ls/NAME/main") takes bytes off the network, the reader's ("in/NAME/main") decodes them.
// The reader never makes the network wait but by a full pipe; a stream it cannot read ends the sender's connection.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/log.h"
#include "engine/core/named_thread.h"
#include "engine/ffi/av/media_reader.h"
#include "engine/show/show.h"
#include "engine/sources/ingest/ingest_buffer.h"
#include "engine/sources/ingest/ingest_link.h"
#include "engine/sources/ingest/ingest_switch.h"

namespace mainstay {

enum class IngestInputState {
  failed,   ///< does not listen; `detail` says why
  waiting,  ///< listens, no sender
  opening,  ///< a sender is there, nothing decoded yet
  live,
  silent,  ///< a sender is there and nothing comes
};

const char* to_string(IngestInputState state);

struct IngestInputStatus {
  IngestRole role = IngestRole::main;
  IngestInputState state = IngestInputState::waiting;
  std::string url;     ///< without secrets
  std::string peer;    ///< "127.0.0.1:53211"; empty when nobody is there
  std::string detail;  ///< what it is ("1920×1080 30 fps h264, 48 kHz 2 ch aac"), or why it fails
  double kbps = 0;
  std::int64_t bytes = 0;
  std::int64_t connects = 0;
  std::int64_t refused = 0;
  IngestCounts counts;       ///< frames, timestamps, gaps
  std::int64_t damaged = 0;  ///< packets and pictures that could not be decoded
};

class IngestInput final : public IngestSink {
 public:
  struct Options {
    std::string source;  ///< its name in the show
    IngestRole role = IngestRole::main;
    show::IngestInput config;
    Nanos hold = Millis(500);
    Nanos buffer = Millis(200);
  };

  IngestInput(Options options, Clock& clock, Log& log);
  ~IngestInput() override;

  void start();
  IngestBuffer& buffer() { return buffer_; }
  const IngestBuffer& buffer() const { return buffer_; }
  IngestInputStatus status() const;
  /// Nobody is there to wait for: no sender, or the address is wrong.
  bool idle() const;
  std::uint16_t port() const;

  // IngestSink, for the listener.
  std::shared_ptr<BytePipe> begin(const std::string& peer, const std::string& format) override;
  void unreadable(const std::string& why) override;

 private:
  Status make_listener();
  void run(std::stop_token stop);
  void play(ffi::MediaReader& reader);
  bool take(ffi::MediaItem item, Nanos origin);
  void note(std::string detail);

  struct Arrival {
    std::shared_ptr<BytePipe> pipe;
    std::string format;
  };

  const Options options_;
  const std::string who_;
  Clock& clock_;
  Log& log_;
  IngestBuffer buffer_;
  std::string shown_url_;

  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  Arrival next_;  // guarded by mutex_, as are those below
  std::shared_ptr<BytePipe> reading_;
  std::string detail_;
  std::string failed_;  ///< the configuration is wrong
  std::int64_t damaged_ = 0;
  bool stopped_ = false;

  std::unique_ptr<IngestListener> listener_;
  NamedThread reader_;
};

}  // namespace mainstay
