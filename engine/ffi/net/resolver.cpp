#include "engine/ffi/net/resolver.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace mainstay::ffi {

namespace {

constexpr std::size_t kMostAddresses = 8;

// Reads what getaddrinfo() gives, each address once.
std::vector<Address> addresses_of(const addrinfo* list) {
  std::vector<Address> out;
  for (const addrinfo* at = list; at != nullptr && out.size() < kMostAddresses; at = at->ai_next) {
    char text[NI_MAXHOST] = {};
    if (getnameinfo(at->ai_addr, at->ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST) != 0) continue;
    Address address{text, at->ai_family == AF_INET6, 0};
    if (address.v6) address.scope = reinterpret_cast<const sockaddr_in6*>(at->ai_addr)->sin6_scope_id;
    if (std::find(out.begin(), out.end(), address) == out.end()) out.push_back(std::move(address));
  }
  return out;
}

Result<std::vector<Address>> lookup(const std::string& host, int flags) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = flags;
  addrinfo* list = nullptr;
  const int code = getaddrinfo(host.c_str(), nullptr, &hints, &list);
  if (code != 0) {
    switch (code) {
      case EAI_NONAME:
      case EAI_NODATA:
      case EAI_FAIL:
        return make_error(Errc::io, "no such host: {} (check the name in the URL)", host);
      case EAI_AGAIN:
        return make_error(Errc::io, "cannot look up {}: no answer from the name server (is the network up?)", host);
      default:
        return make_error(Errc::io, "cannot look up {}: {}", host, gai_strerror(code));
    }
  }
  auto found = addresses_of(list);
  freeaddrinfo(list);
  if (found.empty()) return make_error(Errc::io, "{} has no address that can be connected to", host);
  return found;
}

}  // namespace

std::string endpoint_text(const Address& address, std::uint16_t port) {
  return address.v6 ? fmt::format("[{}]:{}", address.text, port) : fmt::format("{}:{}", address.text, port);
}

Result<std::vector<Address>> system_lookup(const std::string& host) {
  return lookup(host, AI_ADDRCONFIG);
}

// What the look-up's thread and its callers share; the last of them to go frees it.
struct Resolver::Job {
  std::string host;
  std::mutex mutex;
  std::condition_variable_any done;
  std::optional<Result<std::vector<Address>>> result;
};

Resolver::Resolver(Clock& clock, Lookup lookup) : clock_(clock), lookup_(std::move(lookup)) {}

Result<std::vector<Address>> Resolver::resolve(const std::string& host, Instant deadline, std::stop_token stop) {
  if (host.empty()) return make_error(Errc::invalid, "the URL has no host");
  if (auto numeric = lookup(host, AI_NUMERICHOST)) return numeric;

  if (job_ && job_->host != host) {
    // One at a time: a second name would make a second thread that nobody can stop.
    std::lock_guard lock(job_->mutex);
    if (!job_->result) return make_error(Errc::io, "the look-up of {} is still stuck; trying again later", job_->host);
  }
  if (!job_ || job_->host != host) {
    auto job = std::make_shared<Job>();
    job->host = host;
    try {
      std::thread([job, run = lookup_] {
        pthread_setname_np(pthread_self(), "lookup");
        auto found = run(job->host);
        std::lock_guard lock(job->mutex);
        job->result = std::move(found);
        job->done.notify_all();
      }).detach();
    } catch (const std::system_error& e) {
      return make_error(Errc::io, "cannot start the look-up of {}: {}", host, e.what());
    }
    job_ = std::move(job);
  }

  const auto job = job_;
  std::unique_lock lock(job->mutex);
  clock_.wait(lock, job->done, stop, deadline, [&] { return job->result.has_value(); });
  if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
  if (!job->result)
    return make_error(Errc::io, "no answer to the look-up of {} in time (is the name server up?)", host);
  auto result = std::move(*job->result);
  lock.unlock();
  job_.reset();
  return result;
}

}  // namespace mainstay::ffi
