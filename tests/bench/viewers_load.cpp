// The load of viewers_bench.py, all in one process and on one thread.
//   bench_viewers_load PORT PLAYLIST VIEWERS SECONDS: players of low-latency HLS, each with a connection for playlists
// (blocking reload, delta updates) and one for parts, as a browser has; PLAYLIST as "/live/v0/index.m3u8".
//   bench_viewers_load PORT LIST CONNECTIONS SECONDS plain: connections that fetch the paths in the file LIST, one
//   after
// another, as fast as they come.
// Prints what they saw as one JSON object; of parts, when each viewer had the last byte, in ns of the machine's
// monotonic clock.
//
// A load that shares the server's two cores must cost little itself: sockets are used directly, and of the bodies of
// parts only the length is looked at (MSG_TRUNC: the system throws them away; viewers sit at other machines).
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "engine/core/clock.h"

namespace {

using mainstay::Instant;
using mainstay::Millis;
using mainstay::SteadyClock;

constexpr Millis kAgain{250};        // after what went wrong
constexpr std::size_t kHead = 1024;  // bytes that hold an answer's head, mostly

// What a browser sends.
constexpr const char* kFields =
    " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: keep-alive\r\nsec-ch-ua: \"Chromium\";v=\"126\", "
    "\"Not;A=Brand\";v=\"8\""
    "\r\nsec-ch-ua-mobile: ?0\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/126.0.0.0 Safari/537.36\r\nsec-ch-ua-platform: \"Linux\"\r\nAccept: */*\r\nSec-Fetch-Site: same-origin\r\n"
    "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\nReferer: http://127.0.0.1/\r\nAccept-Language: en-US,en;q=0.9\r\n"
    "\r\n";

struct Seen {
  std::int64_t playlists = 0;
  std::int64_t parts = 0;
  std::int64_t bytes = 0;
  std::int64_t refused = 0;
  std::int64_t lost = 0;    // connections
  std::int64_t missed = 0;  // parts that had left the playlist before a viewer read of them
  std::map<std::string, std::vector<std::int64_t>, std::less<>> had;  // by part: when somebody had it whole
  std::string first_refusal;
};

// What all connections share.
struct World {
  SteadyClock clock;
  int poll = ::epoll_create1(EPOLL_CLOEXEC);
  sockaddr_in place{};
  Instant until{};
  Seen seen;
  std::vector<char> scratch = std::vector<char>(std::size_t{256} << 10);
  std::multimap<Instant, std::function<void()>> later;
  bool over() const { return clock.now() >= until; }
};

// One keep-alive connection: a GET, then its answer, then the next.
class Connection {
 public:
  /// Status (0: the connection broke) and body, which is empty where it is not kept.
  using Done = std::function<void(int status, std::string_view body)>;
  enum class Body { kept, read, thrown_away };

  Connection(World& world, Body body, Done done) : world_(world), body_(body), done_(std::move(done)) {}
  ~Connection() { close(); }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void get(std::string_view path) {
    request_.assign("GET ").append(path).append(kFields);
    head_.clear();
    status_ = 0;
    if (fd_ < 0 && !open()) return done_(0, {});
    if (::send(fd_, request_.data(), request_.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request_.size())) fail();
  }

  void on_readable() {
    while (fd_ >= 0) {
      const bool in_body = status_ != 0;
      const bool thrown_away = body_ == Body::thrown_away;
      const std::size_t at_first = thrown_away ? kHead : std::size_t{16} << 10;
      const std::size_t wanted = in_body ? std::min(left_, world_.scratch.size()) : at_first;
      const bool discards = in_body && thrown_away;
      const ssize_t got =
          ::recv(fd_, world_.scratch.data(), discards ? left_ : wanted, MSG_DONTWAIT | (discards ? MSG_TRUNC : 0));
      if (got < 0 && errno == EAGAIN) return;
      if (got <= 0) return fail();
      if (!take({world_.scratch.data(), discards ? 0 : static_cast<std::size_t>(got)}, static_cast<std::size_t>(got)))
        return;
    }
  }

 private:
  bool open() {
    fd_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    // On the own machine it is made at once, or not at all.
    if (fd_ < 0 || ::connect(fd_, reinterpret_cast<const sockaddr*>(&world_.place), sizeof world_.place) != 0) {
      close();
      ++world_.seen.lost;
      return false;
    }
    epoll_event event{EPOLLIN, {}};
    event.data.ptr = this;
    ::epoll_ctl(world_.poll, EPOLL_CTL_ADD, fd_, &event);
    return true;
  }

  // False: nothing more is expected, or this was the last byte.
  bool take(std::string_view bytes, std::size_t count) {
    if (status_ == 0) {
      head_ += bytes;
      const std::size_t end = head_.find("\r\n\r\n");
      if (end == std::string::npos) return true;
      std::from_chars(head_.data() + 9, head_.data() + 12, status_);
      left_ = 0;
      if (const std::size_t at = head_.find("Content-Length: "); at < end)
        std::from_chars(head_.data() + at + 16, head_.data() + end, left_);
      count = head_.size() - end - 4;
      kept_.assign(head_, end + 4);
      if (body_ != Body::kept && status_ == 200) kept_.clear();
    } else if (body_ == Body::kept) {
      kept_ += bytes;
    }
    left_ -= std::min(left_, count);
    world_.seen.bytes += static_cast<std::int64_t>(count);
    if (left_ > 0) return true;
    done_(status_, kept_);
    return false;
  }

  void fail() {
    close();
    ++world_.seen.lost;
    done_(0, {});
  }

  void close() {
    if (fd_ >= 0) ::close(fd_);
    fd_ = -1;
  }

  World& world_;
  const Body body_;
  const Done done_;
  int fd_ = -1;
  std::string request_;
  std::string head_;
  std::string kept_;
  int status_ = 0;
  std::size_t left_ = 0;
};

struct Playlist {
  std::int64_t next_msn = 0;
  std::int64_t next_part = 0;
  std::vector<std::string> parts;
};

std::int64_t number_after(std::string_view line, std::string_view key) {
  std::int64_t value = 0;
  if (const std::size_t at = line.find(key); at != std::string_view::npos)
    std::from_chars(line.data() + at + key.size(), line.data() + line.size(), value);
  return value;
}

Playlist parse(std::string_view text) {
  Playlist out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with("#EXT-X-MEDIA-SEQUENCE:")) out.next_msn += number_after(line, "SEQUENCE:");
    if (line.starts_with("#EXT-X-SKIP:")) out.next_msn += number_after(line, "SKIPPED-SEGMENTS=");
    if (line.starts_with("#EXT-X-PART:")) {
      ++out.next_part;
      const std::size_t uri = line.find("URI=\"") + 5;
      out.parts.emplace_back(line.substr(uri, line.find('"', uri) - uri));
    }
    if (!line.empty() && line.front() != '#') {
      ++out.next_msn;
      out.next_part = 0;
    }
  }
  return out;
}

void refused(World& world, int status, std::string_view body) {
  if (status == 0) return;  // counted as lost
  ++world.seen.refused;
  if (world.seen.first_refusal.empty())
    world.seen.first_refusal = std::to_string(status) + " " + std::string(body.substr(0, 200));
}

class Viewer {
 public:
  Viewer(World& world, std::string path, int number)
      : world_(world),
        path_(std::move(path)),
        folder_(path_.substr(0, path_.rfind('/') + 1)),
        cmcd_("CMCD=bl%3D2000%2Cot%3Dv%2Csid%3D%22load-" + std::to_string(number) + "%22"),
        playlists_(world, Connection::Body::kept, [this](int status, std::string_view body) { on_list(status, body); }),
        files_(world, Connection::Body::thrown_away,
               [this](int status, std::string_view body) { on_part(status, body); }) {}

  void begin() { playlists_.get(path_ + "?" + cmcd_); }

 private:
  void on_list(int status, std::string_view body) {
    if (world_.over()) return;
    if (status != 200) {
      refused(world_, status, body);
      world_.later.emplace(world_.clock.now() + kAgain, [this] { begin(); });
      return;
    }
    ++world_.seen.playlists;
    // They all get the same text.
    static std::string last_text;
    static Playlist playlist;
    if (last_text != body) {
      playlist = parse(body);
      last_text = body;
    }
    take(playlist.parts);
    playlists_.get(path_ + "?_HLS_msn=" + std::to_string(playlist.next_msn) +
                   "&_HLS_part=" + std::to_string(playlist.next_part) + "&_HLS_skip=YES&" + cmcd_);
  }

  void take(const std::vector<std::string>& parts) {
    if (parts.empty()) return;
    auto next = std::find(parts.rbegin(), parts.rend(), known_).base();
    if (next == parts.begin()) {  // it has just come, or was away for too long
      if (!known_.empty()) ++world_.seen.missed;
      next = std::prev(parts.end());
    }
    wanted_.insert(wanted_.end(), next, parts.end());
    known_ = parts.back();
    if (!loading_) next_part();
  }

  void next_part() {
    loading_ = !wanted_.empty();
    if (loading_) files_.get(folder_ + wanted_.front() + "?" + cmcd_);
  }

  void on_part(int status, std::string_view body) {
    const std::int64_t now = world_.clock.now().time_since_epoch().count();
    const std::string part = std::move(wanted_.front());
    wanted_.pop_front();
    if (status == 200) {
      ++world_.seen.parts;
      if (++parts_ > 2) world_.seen.had[part].push_back(now);  // the first ones were there before it came
    } else {
      refused(world_, status, body);
    }
    if (world_.over()) return;
    if (status == 200) return next_part();
    world_.later.emplace(world_.clock.now() + kAgain, [this] { next_part(); });
  }

  World& world_;
  const std::string path_;
  const std::string folder_;
  const std::string cmcd_;
  Connection playlists_;
  Connection files_;
  std::deque<std::string> wanted_;
  std::string known_;
  bool loading_ = false;
  std::int64_t parts_ = 0;
};

class Fetcher {
 public:
  Fetcher(World& world, const std::vector<std::string>& paths, std::size_t first)
      : world_(world),
        paths_(paths),
        at_(first),
        files_(world, Connection::Body::read, [this](int status, std::string_view body) {
          if (status == 200) ++world_.seen.parts;
          if (status != 200) refused(world_, status, body);
          if (world_.over()) return;
          if (status == 200) return begin();
          world_.later.emplace(world_.clock.now() + kAgain, [this] { begin(); });
        }) {}
  void begin() { files_.get(paths_[at_++ % paths_.size()]); }

 private:
  World& world_;
  const std::vector<std::string>& paths_;
  std::size_t at_;
  Connection files_;
};

void allow_open_files() {
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
}

void run(World& world, Instant end) {
  std::array<epoll_event, 256> events{};
  while (true) {
    const Instant now = world.clock.now();
    if (now >= end) return;
    while (!world.later.empty() && world.later.begin()->first <= now) {
      const auto due = world.later.extract(world.later.begin());
      due.mapped()();
    }
    const Instant next = world.later.empty() ? end : std::min(end, world.later.begin()->first);
    const auto wait = std::max<std::int64_t>(0, std::chrono::ceil<Millis>(next - now).count());
    const int count = ::epoll_wait(world.poll, events.data(), events.size(), static_cast<int>(wait));
    for (int i = 0; i < count; ++i)
      static_cast<Connection*>(events[static_cast<std::size_t>(i)].data.ptr)->on_readable();
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return std::fprintf(stderr, "bench_viewers_load PORT PLAYLIST|LIST VIEWERS SECONDS [plain]\n"), 2;
  allow_open_files();
  World world;
  world.place.sin_family = AF_INET;
  world.place.sin_port = htons(static_cast<std::uint16_t>(std::atoi(argv[1])));
  world.place.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const int count = std::atoi(argv[3]);
  const Millis lasts(static_cast<std::int64_t>(std::atof(argv[4]) * 1000));
  const bool plain = argc > 5;
  const Instant begun = world.clock.now();
  world.until = begun + lasts;
  std::vector<std::string> paths;
  if (plain) {
    std::ifstream list(argv[2]);
    for (std::string path; std::getline(list, path);) paths.push_back(path);
    if (paths.empty()) return std::fprintf(stderr, "%s names no paths\n", argv[2]), 2;
  }
  std::vector<std::unique_ptr<Viewer>> viewers;
  std::vector<std::unique_ptr<Fetcher>> fetchers;
  for (int i = 0; i < count; ++i) {
    if (plain) {
      fetchers.push_back(std::make_unique<Fetcher>(world, paths, static_cast<std::size_t>(i) * 7));
      world.later.emplace(begun, [fetcher = fetchers.back().get()] { fetcher->begin(); });
    } else {
      // They come within three seconds, as people do, not at once.
      viewers.push_back(std::make_unique<Viewer>(world, argv[2], i));
      world.later.emplace(begun + Millis(i * 3000 / count), [viewer = viewers.back().get()] { viewer->begin(); });
    }
  }
  run(world, world.until + Millis(plain ? 0 : 1000));
  const Seen& seen = world.seen;
  const nlohmann::json out{{"viewers", count},
                           {"playlists", seen.playlists},
                           {"parts", seen.parts},
                           {"bytes", seen.bytes},
                           {"refused", seen.refused},
                           {"lost", seen.lost},
                           {"missed", seen.missed},
                           {"first_refusal", seen.first_refusal},
                           {"per_second", static_cast<double>(seen.parts) * 1000 / static_cast<double>(lasts.count())},
                           {"had", seen.had}};
  std::printf("%s\n", out.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return 0;
}
