// What an SRT connection is configured by, and the URLs users know from ffmpeg and srt-live-transmit.
// Plain values.
// Thread-safety: as any value.
//
// Units are Mainstay's: latency is in milliseconds, as in srt-live-transmit and every SRT device. (ffmpeg alone counts
// it in microseconds; a value that can only be meant so is refused with that said.) Bandwidths are bytes a second, as
// in both tools.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/core/result.h"
#include "engine/core/time.h"

namespace mainstay::ffi {

enum class SrtMode { caller, listener, rendezvous };

const char* to_string(SrtMode mode);

struct SrtOptions {
  SrtMode mode = SrtMode::caller;
  std::string host = {};        ///< caller, rendezvous: the far side; listener: the address to bind, empty: all of IPv4
  int port = 0;                 ///< of the far side, or the one to bind; 0 (listener): any free one
  std::string local_host = {};  ///< caller, rendezvous: the address to send from; empty: the system's choice
  int local_port = 0;           ///< caller: 0 is any free one; rendezvous: 0 is `port`

  std::string passphrase = {};  ///< 10 to 80 bytes; empty: no encryption
  int pbkeylen = 0;             ///< bytes: 16, 24, 32; 0: 16, or what the sender says
  std::string streamid = {};    ///< caller: at most 512 bytes

  Millis latency{120};           ///< what we ask for; the larger of both sides holds
  Millis connect_timeout{3000};  ///< caller and rendezvous
  int payload_size = 1316;       ///< bytes in a datagram: 7 TS packets
  int mss = 1500;
  int oheadbw = 25;                          ///< percent over the input rate that resending may take
  std::optional<std::int64_t> maxbw = {};    ///< bytes/s: -1 no limit, 0 input rate + oheadbw (what a leg uses)
  std::optional<std::int64_t> inputbw = {};  ///< bytes/s; empty: a leg knows its own rate
  std::optional<int> fc = {};                ///< packets in flight
  std::optional<int> sndbuf = {};            ///< bytes
  std::optional<int> rcvbuf = {};            ///< bytes
  std::optional<int> ipttl = {};
  std::optional<int> iptos = {};
  std::optional<int> lossmaxttl = {};  ///< packets
  std::optional<int> snddropdelay_ms = {};
  std::optional<int> peeridletimeo_ms = {};
  std::optional<int> kmrefreshrate = {};  ///< packets
  std::optional<int> kmpreannounce = {};  ///< packets
  std::optional<bool> tlpktdrop = {};
  std::optional<bool> nakreport = {};
  std::string packetfilter = {};  ///< forward error correction, as libsrt writes it ("fec,cols:10,rows:5")

  /// "127.0.0.1:9000", "[::1]:9000", for messages.
  std::string address() const;
};

/// srt://[HOST]:PORT[?OPTION=VALUE&…]. Values are percent-decoded; '#' has no meaning, so that streamid=#!::r=… needs
/// no escape. Without mode=: a URL without a host listens, one with a host calls. Errc::invalid names the option, what
/// was expected and, when it is unknown, those that exist; never the value of passphrase or streamid.
Result<SrtOptions> parse_srt_url(std::string_view url);

/// Whether these options can work together; parse_srt_url() has done this, to be called again after changes.
Status validate(const SrtOptions& options);

/// The URL with the values of passphrase and streamid as "***", for logs and windows. Takes any text.
std::string redacted_srt_url(std::string_view url);

}  // namespace mainstay::ffi
