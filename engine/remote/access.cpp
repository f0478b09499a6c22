#include "engine/remote/access.h"

#include <algorithm>

#include "engine/show/url.h"

namespace mainstay::remote {

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  return out;
}

// RFC 4648; what is no Base64 gives nothing.
std::string base64_decoded(std::string_view text) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  while (text.ends_with('=')) text.remove_suffix(1);
  std::string out;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return {};
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    count += 6;
    if (count < 8) continue;
    count -= 8;
    out += static_cast<char>(bits >> count & 0xFF);
  }
  return out;
}

std::optional<std::string> token_of(const HttpRequest& request, bool web_socket) {
  const std::string_view header = request.header("authorization");
  const std::size_t space = std::min(header.find(' '), header.size());
  const std::string scheme = lower(header.substr(0, space));
  std::string_view value = header.substr(std::min(space + 1, header.size()));
  while (value.starts_with(' ')) value.remove_prefix(1);
  if (scheme == "bearer") return std::string(value);
  if (scheme == "basic") {
    const std::string login = base64_decoded(value);
    const std::size_t colon = login.find(':');
    return colon == std::string::npos ? std::string() : login.substr(colon + 1);
  }
  if (web_socket) return request.parameter("token");
  return std::nullopt;
}

// A name that another site's owner cannot point at this machine (DNS rebinding): an address, or localhost.
bool is_own_name(std::string_view host) {
  const auto place = show::parse_host_port(host);
  if (!place) return false;
  const std::string name = lower(place->host);
  if (name == "localhost" || name.ends_with(".localhost")) return true;
  if (name.find(':') != std::string::npos) return true;  // in brackets: IPv6
  return !name.empty() && name.find_first_not_of("0123456789.") == std::string::npos &&
         std::count(name.begin(), name.end(), '.') == 3;
}

std::string_view authority_of(std::string_view origin) {
  const std::size_t scheme = origin.find("://");
  return scheme == std::string_view::npos ? std::string_view() : origin.substr(scheme + 3);
}

}  // namespace

bool equal_in_constant_time(std::string_view given, std::string_view secret) {
  if (secret.empty()) return false;
  unsigned different = given.size() == secret.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const auto a = static_cast<unsigned char>(given[i]);
    const auto b = static_cast<unsigned char>(secret[i % secret.size()]);
    different |= static_cast<unsigned>(a ^ b);
  }
  return different == 0;
}

// One guesser has a whole /64 of IPv6.
std::string Throttle::key_of(const std::string& ip) {
  std::size_t end = 0;
  if (ip.find(':') == std::string::npos) return ip;
  for (int group = 0; group < 4 && end != std::string::npos; ++group) {
    if (ip.compare(end, 2, "::") == 0) break;
    end = ip.find(':', end + 1);
  }
  return ip.substr(0, end);
}

Nanos Throttle::wait(const std::string& ip) const {
  std::lock_guard lock(mutex_);
  const auto found = places_.find(key_of(ip));
  if (found == places_.end()) return Nanos{0};
  return std::max(Nanos{0}, found->second->until - clock_.now());
}

void Throttle::failed(const std::string& ip) {
  std::lock_guard lock(mutex_);
  const Instant now = clock_.now();
  const std::string key = key_of(ip);
  Record record{key, 0, now, now};
  if (const auto found = places_.find(key); found != places_.end()) {
    if (now - found->second->last < kForgotten) record.failures = found->second->failures;
    records_.erase(found->second);
  }
  ++record.failures;
  if (record.failures >= kFree) {
    const int doublings = std::min(record.failures - kFree, 10);
    record.until = now + std::min<Nanos>(kLongest, kFirst * (1 << doublings));
  }
  records_.push_front(std::move(record));
  places_[key] = records_.begin();
  if (records_.size() <= kMostAddresses) return;
  places_.erase(records_.back().key);
  records_.pop_back();
}

void Throttle::succeeded(const std::string& ip) {
  std::lock_guard lock(mutex_);
  const auto found = places_.find(key_of(ip));
  if (found == places_.end()) return;
  records_.erase(found->second);
  places_.erase(found);
}

std::size_t Throttle::addresses() const {
  std::lock_guard lock(mutex_);
  return records_.size();
}

Access::Access(AccessRules rules, std::shared_ptr<Throttle> throttle, Log& log)
    : rules_(std::move(rules)), throttle_(std::move(throttle)), log_(log) {}

bool Access::own_page(const HttpRequest& request, std::string_view origin) const {
  return lower(authority_of(origin)) == lower(request.header("host"));
}

bool Access::allowed_page(std::string_view origin) const {
  const std::string name = lower(origin);
  return std::any_of(rules_.origins.begin(), rules_.origins.end(), [&](const auto& o) { return lower(o) == name; });
}

// Browsers let any page connect to this machine; what tells such a page from ours is its Origin.
std::optional<HttpResponse> Access::refuse_browser(const HttpRequest& request) const {
  const std::string_view origin = request.header("origin");
  if (!origin.empty() && !own_page(request, origin) && !allowed_page(origin)) {
    log_.warning("remote", "{}: a page of {} was refused: allow it in /remote/allow_origins if it may",
                 request.peer.text, origin.substr(0, 128));
    return HttpResponse::refusal(403, "pages of this origin may not use the API: see allow_origins");
  }
  // Where a token is asked for, a page under a borrowed name does not have it.
  if (rules_.grants.empty() && !is_own_name(request.header("host")))
    return HttpResponse::refusal(403, "without a token this server is called by its IP address or as localhost");
  return std::nullopt;
}

std::optional<HttpResponse> Access::admit(HttpRequest& request, bool web_socket) const {
  if (auto refusal = refuse_browser(request)) return refusal;
  if (request.method == "OPTIONS" && !request.header("access-control-request-method").empty()) {
    HttpResponse preflight{204, "", {}};
    preflight.headers = {{"Access-Control-Allow-Methods", "GET, POST"},
                         {"Access-Control-Allow-Headers", "Authorization, Content-Type"},
                         {"Access-Control-Max-Age", "600"}};
    return preflight;
  }
  if (rules_.grants.empty()) {
    if (!request.peer.loopback) return HttpResponse::refusal(403, "without a token only this machine is let in");
    request.role = Role::admin;
    return std::nullopt;
  }
  if (const Nanos wait = throttle_->wait(request.peer.ip); wait > Nanos{0}) {
    HttpResponse response = HttpResponse::refusal(429, "too many wrong tokens from this address: wait");
    response.headers.add("Retry-After", std::to_string(std::chrono::ceil<Seconds>(wait).count()));
    return response;
  }
  const std::optional<std::string> token = token_of(request, web_socket);
  std::optional<Role> role;
  for (const Grant& grant : rules_.grants) {  // all of them, whichever fits
    if (token && equal_in_constant_time(*token, grant.token) && (!role || *role < grant.role)) role = grant.role;
  }
  if (role) {
    throttle_->succeeded(request.peer.ip);
    request.role = *role;
    return std::nullopt;
  }
  if (token) {
    throttle_->failed(request.peer.ip);
    log_.warning("remote", "{} gave a wrong token", request.peer.text);
  }
  HttpResponse response = HttpResponse::refusal(401, token ? "the token is wrong" : "a token is needed");
  response.headers = {{"WWW-Authenticate", "Bearer realm=\"Mainstay\""},
                      {"WWW-Authenticate", "Basic realm=\"Mainstay\", charset=\"UTF-8\""}};
  return response;
}

void Access::finish(const HttpRequest& request, HttpResponse& response) const {
  response.headers.add("X-Content-Type-Options", "nosniff");
  response.headers.add("Cache-Control", "no-store");
  const std::string_view origin = request.header("origin");
  if (origin.empty() || !allowed_page(origin)) return;
  response.headers.add("Access-Control-Allow-Origin", origin);
  response.headers.add("Vary", "Origin");
}

}  // namespace mainstay::remote
