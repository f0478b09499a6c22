// One command on a running Mainstay, over HTTP: what `mainstay call URL COMMAND [k=v…]` does.
// Functions without state.
// Thread-safety: from any thread; call_remote() blocks it, up to its deadline.
#pragma once

#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.h"
#include "engine/core/result.h"
#include "engine/studio/command.h"

namespace mainstay::remote {

/// Where an API is.
struct Target {
  std::string host = "127.0.0.1";
  int port = 4480;
  bool tls = false;
  std::string path = "/api";
  std::string token;  ///< of the URL: http://TOKEN@HOST or http://any:TOKEN@HOST
};

/// http://, https://, ws:// and wss://HOST[:PORT][/PATH], or HOST[:PORT]. Errc::invalid does not show the address.
Result<Target> parse_target(std::string_view url);

/// "name=value" words as an object, or plain words as a list; not both. A value that is JSON is that value, any other
/// is a text: kbps=3000, loop=true, name=Main, 'layers=[{"source": "bars"}]', name='"30"' for the text 30.
Result<Json> parse_call_words(const std::vector<std::string>& words);

struct CallOptions {
  Millis timeout{10'000};  ///< for everything: name, connection, answer
  std::string token;       ///< wins over the URL's
  std::string ca_file;     ///< authorities to trust (PEM); empty: the system's
  bool verify = true;      ///< check the server's certificate and name
  std::string client = "mainstay call";
};

/// The studio's answer, also when it is an error. Errc::io: nobody answers; Errc::invalid: refused, and why;
/// Errc::corrupt: what answers is not Mainstay; Errc::cancelled: stopped.
Result<CallResult> call_remote(const Target& target, const std::string& command, const Json& params,
                               const CallOptions& options, Clock& clock, std::stop_token stop = {});

}  // namespace mainstay::remote
