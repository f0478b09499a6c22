#include "engine/sources/live/live_link.h"

#include <functional>
#include <optional>
#include <utility>

#include "engine/core/loose_thread.h"
#include "engine/sources/live/pacer.h"

namespace mainstay {

namespace {

constexpr Nanos kBackstep = Seconds(1);  // less is a picture out of order, which is passed over

}  // namespace

/// What the link and a connection's thread share. The thread touches buffer and clock only under the mutex and only
/// while it was not left: afterwards they may be gone.
struct LiveLink::Connection {
  Connection(std::unique_ptr<LiveFeed> made, IngestBuffer& b, Clock& c, const Options& options)
      : buffer(b),
        clock(c),
        paced(options.paced),
        closes(options.when_hidden == show::WhenHidden::close),
        feed(std::move(made)),
        heard(c.now()) {}

  IngestBuffer& buffer;
  Clock& clock;
  const bool paced;
  const bool closes;
  Pacer pacer;  // of the connection's thread, as is last_picture
  std::optional<Nanos> last_picture;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_ptr<LiveFeed> feed;  // guarded by mutex (but for the thread's own calls), as are those below
  std::optional<LiveInfo> info;    ///< it is open
  std::optional<Error> error;      ///< it ended
  Instant heard;                   ///< when something came last; before that, when it began
  std::int64_t damaged = 0;
  bool resting = false;  ///< nobody sees it
  bool left = false;     ///< nobody takes anything any more
  bool gone = false;     ///< the feed is closed

  bool end(std::unique_lock<std::mutex>&, Error why) {
    error = std::move(why);
    changed.notify_all();
    return false;
  }
  /// False when the connection is over.
  bool opened(Result<LiveInfo> result);
  bool take(Result<LiveItem> item, std::int64_t damaged_now);
  /// How the next item is got; none: the connection is over.
  enum class Next { read, pass, none };
  Next next();
  void rest(bool rests);
  /// At the pace of its pictures; false when the connection is over.
  bool hold_back(std::unique_lock<std::mutex>& lock, Nanos pts);
};

LiveLink::Connection::Next LiveLink::Connection::next() {
  std::lock_guard lock(mutex);
  if (left) return Next::none;
  return resting ? Next::pass : Next::read;
}

void LiveLink::Connection::rest(bool rests) {
  std::lock_guard lock(mutex);
  if (left || rests == resting) return;
  resting = rests;
  heard = clock.now();
  if (info) buffer.begin_stream(info->has_video, info->has_audio);
  changed.notify_all();
}

bool LiveLink::Connection::hold_back(std::unique_lock<std::mutex>& lock, Nanos pts) {
  const bool rested = resting;
  clock.wait(lock, changed, {}, pacer.due(pts, heard), [&] { return left || resting != rested; });
  heard = clock.now();
  return !left;
}

bool LiveLink::Connection::opened(Result<LiveInfo> result) {
  std::unique_lock lock(mutex);
  if (left) return false;
  if (!result) return end(lock, std::move(result).error());
  info = std::move(*result);
  heard = clock.now();
  buffer.begin_stream(info->has_video, info->has_audio);
  changed.notify_all();
  return true;
}

bool LiveLink::Connection::take(Result<LiveItem> item, std::int64_t damaged_now) {
  std::unique_lock lock(mutex);
  if (left) return false;
  damaged = damaged_now;
  if (!item) return end(lock, std::move(item).error());
  heard = clock.now();
  if (auto* sound = std::get_if<LiveSound>(&*item)) {
    // Without pictures the sound sets the pace.
    const Nanos pts(rescale(sound->first_sample, kAudioBase, kNanosBase));
    if (paced && !info->has_video && !hold_back(lock, pts)) return false;
    if (!resting) buffer.push_sound(std::move(sound->block), sound->first_sample);
    return true;
  }
  if (const auto* passed = std::get_if<LivePassed>(&*item))
    return !paced || !passed->pts || hold_back(lock, *passed->pts);
  auto& picture = std::get<LivePicture>(*item);
  if (last_picture && picture.pts < *last_picture - kBackstep)
    return end(lock, Error{Errc::corrupt, "its timestamps went back", nullptr});
  last_picture = picture.pts;
  if (paced && !hold_back(lock, picture.pts)) return false;
  if (!resting) buffer.push_picture(std::move(picture.frame), picture.pts);
  return true;
}

LiveLink::LiveLink(Options options, Clock& clock, Log& log, IngestBuffer& buffer, MakeLiveFeed make)
    : options_(std::move(options)),
      who_("source " + options_.source),
      clock_(clock),
      log_(log),
      buffer_(buffer),
      make_(std::move(make)),
      backoff_(options_.backoff, std::hash<std::string>{}(options_.source)) {}

LiveLink::~LiveLink() = default;

void LiveLink::start() {
  thread_ = NamedThread("src/" + options_.source, [this](std::stop_token stop) { run(stop); });
}

LiveLinkStatus LiveLink::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

void LiveLink::work(const std::shared_ptr<Connection>& connection) {
  LiveFeed& feed = *connection->feed;  // nobody else takes it away
  if (connection->opened(feed.open())) {
    for (;;) {
      const Connection::Next next = connection->next();
      if (next == Connection::Next::none) break;
      auto item = next == Connection::Next::read ? feed.read() : feed.pass();
      if (!connection->take(std::move(item), feed.damaged())) break;
    }
  }
  std::unique_ptr<LiveFeed> closing;
  {
    std::lock_guard lock(connection->mutex);
    closing = std::move(connection->feed);
  }
  closing.reset();  // may block as well
  std::lock_guard lock(connection->mutex);
  connection->gone = true;
  connection->changed.notify_all();
}

void LiveLink::rest(bool resting) {
  std::shared_ptr<Connection> connection;
  {
    std::lock_guard lock(mutex_);
    resting_ = resting;
    connection = current_;
  }
  rest_changed_.notify_all();
  if (connection) connection->rest(resting);
}

bool LiveLink::await_wanted(const std::stop_token& stop) {
  if (options_.when_hidden != show::WhenHidden::close) return !stop.stop_requested();
  std::unique_lock lock(mutex_);
  if (!resting_) return !stop.stop_requested();
  status_.phase = LivePhase::closed;
  status_.trouble.clear();
  status_.lost = false;
  return clock_.wait(lock, rest_changed_, stop, kNever, [this] { return !resting_; });
}

/// Until the next try. One that is to be closed while hidden neither waits nor tries then, and is tried at once after.
bool LiveLink::pause(const std::stop_token& stop) {
  const Instant until = clock_.now() + backoff_.next();
  std::unique_lock lock(mutex_);
  clock_.wait(lock, rest_changed_, stop, until,
              [this] { return resting_ && options_.when_hidden == show::WhenHidden::close; });
  return !stop.stop_requested();
}

std::shared_ptr<LiveLink::Connection> LiveLink::connect() {
  auto connection = std::make_shared<Connection>(make_(), buffer_, clock_, options_);
  std::lock_guard lock(mutex_);
  connection->resting = resting_;
  status_.phase = LivePhase::opening;
  current_ = connection;
  return connection;
}

void LiveLink::run(const std::stop_token& stop) {
  while (await_wanted(stop)) {
    const std::shared_ptr<Connection> connection = connect();
    const Instant began = clock_.now();
    start_loose_thread("in/" + options_.source, [connection] { work(connection); });
    const Error why = watch(*connection, stop);
    {
      std::lock_guard lock(mutex_);
      current_.reset();
    }
    const bool returned = leave(*connection);
    buffer_.end_stream();
    if (stop.stop_requested()) return;
    bool was_open = false;
    {
      std::lock_guard lock(connection->mutex);
      was_open = connection->info.has_value();
      damaged_before_ += connection->damaged;
    }
    if (why.code == Errc::cancelled) {  // a feed says so only when it was aborted
      log_.info(who_, "{}: closed while nobody sees it", options_.what);
      if (!returned) await_return(*connection, stop);
      continue;
    }
    if (was_open && clock_.now() - began >= options_.steady) backoff_.reset();
    note(why, was_open);
    if (!returned) await_return(*connection, stop);
    if (!pause(stop)) return;
  }
}

Error LiveLink::watch(Connection& connection, const std::stop_token& stop) {
  bool announced = false;
  std::unique_lock lock(connection.mutex);
  for (;;) {
    const Nanos limit = connection.info ? options_.timeout : options_.open_timeout;
    const Instant deadline = connection.heard + limit;
    const auto closes = [&] { return connection.resting && connection.closes; };
    const bool news = clock_.wait(lock, connection.changed, stop, deadline, [&] {
      return connection.error.has_value() || (connection.info && !announced) || closes();
    });
    {
      std::lock_guard own(mutex_);
      status_.damaged = damaged_before_ + connection.damaged;
    }
    if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
    if (connection.error) return *connection.error;
    if (closes()) return Error{Errc::cancelled, "nobody sees it", nullptr};
    if (news) {
      announced = true;
      announce(*connection.info);
    } else if (clock_.now() >= connection.heard + limit) {
      const double waited = seconds(limit);
      return announced ? make_error(Errc::io, "nothing came for {:g} s", waited)
                       : make_error(Errc::io, "{}: no answer within {:g} s", options_.what, waited);
    }
  }
}

void LiveLink::announce(const LiveInfo& info) {
  log_.info(who_, "{}: {}", options_.what, info.summary);
  std::lock_guard lock(mutex_);
  status_.phase = LivePhase::open;
  status_.summary = info.summary;
  status_.trouble.clear();
  status_.lost = false;
  ++status_.connects;
}

bool LiveLink::leave(Connection& connection) {
  std::unique_lock lock(connection.mutex);
  connection.left = true;
  if (connection.feed) connection.feed->abort();
  connection.changed.notify_all();
  if (clock_.wait(lock, connection.changed, {}, clock_.now() + options_.patience, [&] { return connection.gone; }))
    return true;
  lock.unlock();
  log_.error(
      who_,
      "{} does not let go: a call that hangs is left behind; opened again once it returns: restart its other side",
      options_.what);
  return false;
}

void LiveLink::await_return(Connection& connection, const std::stop_token& stop) {
  {
    std::lock_guard lock(mutex_);
    status_.phase = LivePhase::hung;
    if (!status_.trouble.empty()) status_.trouble += "; ";
    status_.trouble += "the call hangs: opened again once it returns";
  }
  std::unique_lock lock(connection.mutex);
  clock_.wait(lock, connection.changed, stop, kNever, [&] { return connection.gone; });
}

void LiveLink::note(const Error& why, bool was_open) {
  const std::string text = why.code == Errc::end ? std::string("the other side ended it") : why.describe();
  bool told = false;
  {
    std::lock_guard lock(mutex_);
    told = !was_open && status_.trouble == text;
    status_.phase = LivePhase::waiting;
    status_.trouble = text;
    status_.lost = was_open;
    ++status_.failures;
  }
  if (told) return;  // the same once is enough
  if (was_open)
    log_.warning(who_, "{} is lost: {}; it is opened again", options_.what, text);
  else
    log_.error(who_, "{}; trying again until it works", text);
}

}  // namespace mainstay
