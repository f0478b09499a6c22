// The remote faces: nobody outside this machine gets in without a token.
#include "engine/show/check_parts.h"
#include "engine/show/references.h"
#include "engine/show/remote_address.h"
#include "engine/show/suggest.h"
#include "engine/show/url.h"

namespace mainstay::show {

namespace {

constexpr std::size_t kShortestToken = 8;

void check_token(const std::string& token, const char* key, Findings& findings) {
  if (token.empty() || has_reference(token) || token.size() >= kShortestToken) return;
  findings.add(std::string("/remote/") + key, "the token is too short to be safe: at least {} characters",
               kShortestToken);
}

// Errors in the address itself are check_addresses()' to tell.
bool reaches_beyond(const std::string& listen) {
  return !has_reference(listen) && parse_host_port(listen) && !is_loopback(listen);
}

}  // namespace

void check_origin(const std::string& origin, const std::string& pointer, Findings& findings) {
  const Result<Url> url = parse_url(origin);
  if (url && (url->scheme == "http" || url->scheme == "https") && !url->host.empty() && url->path.empty()) return;
  findings.add(pointer, "{} is no origin: protocol, host and port alone, as in https://panel.example.org",
               in_quotes(origin));
}

void check_remote(const Show& show, Findings& findings) {
  if (!show.remote) return;
  const Remote& remote = *show.remote;
  check_token(remote.token, "token", findings);
  check_token(remote.operate_token, "operate_token", findings);
  check_token(remote.view_token, "view_token", findings);
  const bool has_token = !remote.token.empty() || !remote.operate_token.empty() || !remote.view_token.empty();
  if (!has_token && reaches_beyond(remote.listen))
    findings.add("/remote/listen", "other machines could do anything: set /remote/token, or listen on 127.0.0.1");
  if (remote.tls_cert.empty() && !remote.tls_key.empty())
    findings.add("/remote/tls_cert", "the key has no certificate: set \"tls_cert\" too");
  for (std::size_t i = 0; i < remote.allow_origins.size(); ++i)
    check_origin(remote.allow_origins[i], fmt::format("/remote/allow_origins/{}", i), findings);
  if (!remote.obs || !remote.obs->enabled) return;
  if (remote.obs->password.empty() && reaches_beyond(remote.obs->listen))
    findings.add("/remote/obs/listen",
                 "other machines could do anything: set /remote/obs/password, or listen on 127.0.0.1");
}

}  // namespace mainstay::show
