// The load of viewers_bench.py: players of low-latency HLS, each with a connection for playlists (blocking reload,
// delta updates) and one for parts, as a browser has. Prints what they saw as one JSON object. bench_viewers_load PORT
// PATH VIEWERS SECONDS [plain]     PATH: of a media playlist, "/live/v0/index.m3u8" `plain`: segments instead, one
// after another as fast as they come: requests a second of a server of files.
#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using Time = std::chrono::steady_clock::time_point;

struct Seen {
  std::int64_t playlists = 0;
  std::int64_t parts = 0;
  std::int64_t bytes = 0;
  std::int64_t refused = 0;
  std::int64_t lost = 0;              // connections
  std::map<std::string, Time> first;  // when anybody knew of a part
  std::vector<double> ms;             // from then until somebody had it whole
  std::string first_refusal;
};

// One keep-alive connection: a GET, then its answer, then the next.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  using Done = std::function<void(int status, std::string_view body)>;
  Connection(asio::io_context& io, tcp::endpoint place) : socket_(io), place_(place) {}

  void get(const std::string& path, Done done) {
    request_ = "GET " + path + " HTTP/1.1\r\nHost: x\r\nUser-Agent: load\r\n\r\n";
    done_ = std::move(done);
    if (open_) return send();
    socket_.async_connect(place_, [self = shared_from_this()](error_code error) {
      if (error) return self->fail();
      self->open_ = true;
      error_code ignored;
      self->socket_.set_option(tcp::no_delay(true), ignored);
      self->send();
    });
  }

 private:
  void send() {
    asio::async_write(socket_, asio::buffer(request_), [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->fail();
      self->read_.clear();
      self->size_ = 0;
      self->receive();
    });
  }
  void receive() {
    const std::size_t had = read_.size();
    read_.resize(std::max<std::size_t>(had + 4096, size_));
    socket_.async_read_some(asio::buffer(read_.data() + had, read_.size() - had),
                            [self = shared_from_this(), had](error_code error, std::size_t got) {
                              if (error) return self->fail();
                              self->read_.resize(had + got);
                              self->look();
                            });
  }
  void look() {
    if (size_ == 0) {
      const std::size_t end = read_.find("\r\n\r\n");
      if (end == std::string::npos) return receive();
      body_ = end + 4;
      size_ = body_;
      std::size_t length = 0;
      if (const std::size_t at = read_.find("Content-Length: "); at < end)
        std::from_chars(read_.data() + at + 16, read_.data() + end, length);
      size_ += length;
    }
    if (read_.size() < size_) return receive();
    int status = 0;
    std::from_chars(read_.data() + 9, read_.data() + 12, status);
    const Done done = std::move(done_);
    done(status, std::string_view(read_).substr(body_));
  }
  void fail() {
    error_code ignored;
    socket_.close(ignored);
    const Done done = std::move(done_);
    done(0, {});
  }

  tcp::socket socket_;
  const tcp::endpoint place_;
  std::string request_;
  std::string read_;
  std::size_t body_ = 0;
  std::size_t size_ = 0;
  bool open_ = false;
  Done done_;
};

struct Playlist {
  std::int64_t next_msn = 0;
  std::int64_t next_part = 0;
  std::string last_part;
  std::vector<std::string> segments;
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
      out.last_part = line.substr(uri, line.find('"', uri) - uri);
    }
    if (!line.empty() && line.front() != '#') {
      out.segments.emplace_back(line);
      ++out.next_msn;
      out.next_part = 0;
    }
  }
  return out;
}

class Viewer : public std::enable_shared_from_this<Viewer> {
 public:
  Viewer(asio::io_context& io, tcp::endpoint place, std::string path, Seen& seen, Time until)
      : io_(io),
        place_(place),
        path_(std::move(path)),
        folder_(path_.substr(0, path_.rfind('/') + 1)),
        seen_(seen),
        until_(until),
        playlists_(std::make_shared<Connection>(io, place)),
        files_(std::make_shared<Connection>(io, place)) {}

  void begin() { reload(path_); }
  void begin_plain() {
    playlists_->get(path_, [self = shared_from_this()](int status, std::string_view body) {
      if (status != 200) return self->refused(status, body);
      self->segments_ = parse(body).segments;
      self->next_segment();
    });
  }

 private:
  bool over() const { return std::chrono::steady_clock::now() >= until_; }

  void reload(const std::string& path) {
    playlists_->get(path, [self = shared_from_this()](int status, std::string_view body) {
      if (status != 200) {
        self->refused(status, body);
        if (status == 0) self->playlists_ = std::make_shared<Connection>(self->io_, self->place_);
        if (!self->over()) self->reload(self->path_);
        return;
      }
      self->on_playlist(parse(body));
    });
  }
  void on_playlist(const Playlist& playlist) {
    ++seen_.playlists;
    if (over()) return;
    const std::string part = folder_ + playlist.last_part;
    seen_.first.try_emplace(part, std::chrono::steady_clock::now());
    if (part != had_ && !playlist.last_part.empty()) {
      had_ = part;
      wanted_.push_back(part);
      if (!loading_) next_part();
    }
    reload(path_ + "?_HLS_msn=" + std::to_string(playlist.next_msn) +
           "&_HLS_part=" + std::to_string(playlist.next_part) + "&_HLS_skip=YES");
  }
  void next_part() {
    loading_ = !wanted_.empty();
    if (!loading_) return;
    const std::string part = wanted_.front();
    wanted_.pop_front();
    files_->get(part, [self = shared_from_this(), part](int status, std::string_view body) {
      if (status != 200) {
        self->refused(status, body);
        if (status == 0) self->files_ = std::make_shared<Connection>(self->io_, self->place_);
        return self->next_part();
      }
      ++self->seen_.parts;
      self->seen_.bytes += static_cast<std::int64_t>(body.size());
      const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - self->seen_.first[part];
      if (++self->parts_ > 2) self->seen_.ms.push_back(took.count());  // the first ones were there before it came
      self->next_part();
    });
  }
  void next_segment() {
    if (segments_.empty() || over()) return;
    files_->get(folder_ + segments_[static_cast<std::size_t>(parts_++) % segments_.size()],
                [self = shared_from_this()](int status, std::string_view body) {
                  if (status != 200) return self->refused(status, body);
                  ++self->seen_.parts;
                  self->seen_.bytes += static_cast<std::int64_t>(body.size());
                  self->next_segment();
                });
  }
  void refused(int status, std::string_view body) {
    ++(status == 0 ? seen_.lost : seen_.refused);
    if (seen_.first_refusal.empty() && status != 0)
      seen_.first_refusal = std::to_string(status) + " " + std::string(body);
  }

  asio::io_context& io_;
  const tcp::endpoint place_;
  const std::string path_;
  const std::string folder_;
  Seen& seen_;
  const Time until_;
  std::shared_ptr<Connection> playlists_;
  std::shared_ptr<Connection> files_;
  std::deque<std::string> wanted_;
  std::vector<std::string> segments_;
  std::string had_;
  bool loading_ = false;
  std::int64_t parts_ = 0;
};

nlohmann::json quantiles(std::vector<double> ms) {
  std::sort(ms.begin(), ms.end());
  const auto at = [&](double share) {
    return ms.empty() ? 0.0
                      : ms[std::min(ms.size() - 1, static_cast<std::size_t>(share * static_cast<double>(ms.size())))];
  };
  return {{"p50", at(0.5)}, {"p95", at(0.95)}, {"p99", at(0.99)}, {"p999", at(0.999)}, {"max", at(1)}};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 5) return std::fprintf(stderr, "bench_viewers_load PORT PATH VIEWERS SECONDS [plain]\n"), 2;
  const tcp::endpoint place(asio::ip::address_v4::loopback(), static_cast<unsigned short>(std::atoi(argv[1])));
  const int viewers = std::atoi(argv[3]);
  const double seconds = std::atof(argv[4]);
  const bool plain = argc > 5;
  asio::io_context io(1);
  Seen seen;
  const Time until =
      std::chrono::steady_clock::now() + std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
  // They come within three seconds, as people do, not at once.
  std::vector<std::unique_ptr<asio::steady_timer>> arrivals;
  for (int i = 0; i < viewers; ++i) {
    const auto viewer = std::make_shared<Viewer>(io, place, argv[2], seen, until);
    arrivals.push_back(
        std::make_unique<asio::steady_timer>(io, std::chrono::milliseconds(plain ? 0 : i * 3000 / viewers)));
    arrivals.back()->async_wait([viewer, plain](error_code) { plain ? viewer->begin_plain() : viewer->begin(); });
  }
  asio::steady_timer end(io, until + std::chrono::seconds(2));
  end.async_wait([&io](error_code) { io.stop(); });
  io.run();
  const nlohmann::json out{{"viewers", viewers},
                           {"playlists", seen.playlists},
                           {"parts", seen.parts},
                           {"bytes", seen.bytes},
                           {"refused", seen.refused},
                           {"lost", seen.lost},
                           {"first_refusal", seen.first_refusal},
                           {"per_second", static_cast<double>(seen.parts) / seconds},
                           {"ms", quantiles(seen.ms)}};
  std::printf("%s\n", out.dump().c_str());
  return 0;
}
