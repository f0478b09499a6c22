// A place that files are put to: a folder, or an origin that takes PUT and DELETE.
// Owned by a publisher.
// Thread-safety: one thread at a time; a stop from any.
#pragma once

#include <memory>
#include <stop_token>
#include <string>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/package/shelf.h"

namespace mainstay::package {

struct PublishOptions {
  std::string url;            ///< http(s); or
  std::string path;           ///< a folder
  std::string authorization;  ///< value of the request header
  bool remove = true;
  bool tls_verify = true;
  std::string tls_ca_file;
  Nanos timeout = Seconds(5);  ///< of one file
  std::string key_uri;         ///< what playlists there name for keys, as in address_of(); or
  bool publish_key = false;    ///< keys are put there too

  friend bool operator==(const PublishOptions&, const PublishOptions&) = default;
};

class PublishTarget {
 public:
  virtual ~PublishTarget() = default;
  /// The whole file or nothing of it. Errc::cancelled on stop.
  virtual Status put(const std::string& path, const ItemPtr& item, const std::stop_token& stop) = 0;
  /// What is not there is removed too.
  virtual Status remove(const std::string& path, const std::stop_token& stop) = 0;
  /// False: it is not there, for certain. Errc::io: nobody answers; Errc::cancelled on stop.
  virtual Result<bool> has(const std::string& path, const std::stop_token& stop) = 0;
};

std::unique_ptr<PublishTarget> open_target(const PublishOptions& options, Clock& clock);

/// Where a file goes: its name comes in place of "{file}", or at the end of the address, in front of a query or behind
/// one that ends in "=".
std::string address_of(const std::string& url, const std::string& file);
/// An address whose file names stand in its query: receivers of that kind (YouTube) take one rendition, without
/// folders.
bool is_flat(const PublishOptions& options);

}  // namespace mainstay::package
