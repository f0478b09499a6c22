// HLS in the show document as typed values: how the program is packaged, who may fetch it, where else it is put. Part
// of show.h; the fields' declarations stand in show_schema_hls.cpp.
// Owned by whoever holds the copy; a value.
// Thread-safety: as any value.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/core/time.h"

namespace mainstay::show {

enum class HlsContainer { cmaf, mpegts };
enum class HlsEncryption { none, aes128 };
enum class HlsAccessMode { none, token };
enum class HlsMetrics { off, local, open };

/// Who may watch.
struct HlsAccess {
  HlsAccessMode mode = HlsAccessMode::none;
  std::string secret;       ///< what tokens are signed with, at least 16 characters
  int lifetime_s = 21'600;  ///< of a token that is asked for without one

  friend bool operator==(const HlsAccess&, const HlsAccess&) = default;
};

/// When it is told that viewers are served badly: limits of what their players report, each 0 while it is not watched.
struct HlsAlerts {
  double startup_p95_s = 0;   ///< from opening to the first picture, of all but the slowest twentieth
  double rebuffer_ratio = 0;  ///< time waited in time watched and waited
  double error_ratio = 0;     ///< players that gave up
  double window_s = 300;      ///< of which it is measured
  int least_sessions = 5;     ///< of fewer, nothing is told
  Millis after{0};            ///< after_ms
  Millis clear{30'000};       ///< clear_ms

  bool any() const { return startup_p95_s > 0 || rebuffer_ratio > 0 || error_ratio > 0; }
  friend bool operator==(const HlsAlerts&, const HlsAlerts&) = default;
};

/// A place that the same files are put to. Either an address or a folder.
struct HlsPublish {
  bool enabled = true;
  std::string url;            ///< http(s); one that ends in "=" or "/" gets the file's name appended
  std::string backup_url;     ///< a second origin, which gets the same
  std::string path;           ///< a folder
  std::string authorization;  ///< value of the request header
  bool remove = true;         ///< whether files that left the playlists are deleted there
  bool tls_verify = true;
  std::string tls_ca_file;
  Millis timeout{5000};      ///< timeout_ms, of one request
  std::string key_uri;       ///< encrypted: where players of this place get keys
  bool publish_key = false;  ///< encrypted: keys are put there too

  friend bool operator==(const HlsPublish&, const HlsPublish&) = default;
};

struct Hls {
  std::string listen = "127.0.0.1:8080";
  std::string name = "live";  ///< of the stream: /NAME/index.m3u8
  HlsContainer container = HlsContainer::cmaf;
  double segment_s = 2;
  bool low_latency = true;
  int part_ms = 333;
  double window_s = 30;
  double dvr_s = 0;                ///< how far back playlists reach, with segments on disk; 0: the window
  std::string store;               ///< folder; empty: nothing is kept on disk
  std::vector<std::string> video;  ///< renditions packaged; empty: all
  std::vector<std::string> audio;
  bool audio_only = true;  ///< a variant of the sound alone
  bool dash = false;
  HlsEncryption encryption = HlsEncryption::none;
  int key_segments = 0;  ///< that share a key; 0: all do
  HlsAccess access;
  std::string tls_cert;  ///< PEM, with its chain; empty: no TLS
  std::string tls_key;   ///< empty: in tls_cert
  bool player = true;
  std::vector<std::string> allow_origins = {"*"};
  std::string public_url;  ///< empty: from listen
  int max_connections = 4096;
  int max_requests_per_s = 200;                ///< of one address; 0: no limit
  std::map<std::string, std::string> regions;  ///< CIDR block → name
  HlsMetrics metrics = HlsMetrics::local;
  HlsAlerts alerts;
  std::vector<HlsPublish> publish;

  friend bool operator==(const Hls&, const Hls&) = default;
};

}  // namespace mainstay::show
