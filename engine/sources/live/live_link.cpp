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
  Connection(std::unique_ptr<LiveFeed> made, IngestBuffer& b, Clock& c, bool p)
      : buffer(b), clock(c), paced(p), feed(std::move(made)), heard(c.now()) {}

  IngestBuffer& buffer;
  Clock& clock;
  const bool paced;
  Pacer pacer;  // of the connection's thread, as is last_picture
  std::optional<Nanos> last_picture;

  std::mutex mutex;
  std::condition_variable_any changed;
  std::unique_ptr<LiveFeed> feed;  // guarded by mutex (but for the thread's own calls), as are those below
  std::optional<LiveInfo> info;    ///< it is open
  std::optional<Error> error;      ///< it ended
  Instant heard;                   ///< when something came last; before that, when it began
  std::int64_t damaged = 0;
  bool left = false;  ///< nobody takes anything any more
  bool gone = false;  ///< the feed is closed

  bool end(std::unique_lock<std::mutex>&, Error why) {
    error = std::move(why);
    changed.notify_all();
    return false;
  }
  /// False when the connection is over.
  bool opened(Result<LiveInfo> result);
  bool take(Result<LiveItem> item, std::int64_t damaged_now);
};

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
    if (paced && !info->has_video) {
      const Nanos pts(rescale(sound->first_sample, kAudioBase, kNanosBase));
      clock.wait(lock, changed, {}, pacer.due(pts, heard), [this] { return left; });
      if (left) return false;
    }
    heard = clock.now();
    buffer.push_sound(std::move(sound->block), sound->first_sample);
    return true;
  }
  auto& picture = std::get<LivePicture>(*item);
  if (last_picture && picture.pts < *last_picture - kBackstep)
    return end(lock, Error{Errc::corrupt, "its timestamps went back", nullptr});
  last_picture = picture.pts;
  if (paced) {
    clock.wait(lock, changed, {}, pacer.due(picture.pts, heard), [this] { return left; });
    if (left) return false;
    heard = clock.now();
  }
  buffer.push_picture(std::move(picture.frame), picture.pts);
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
      auto item = feed.read();
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

void LiveLink::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    {
      std::lock_guard lock(mutex_);
      status_.phase = LivePhase::opening;
    }
    const auto connection = std::make_shared<Connection>(make_(), buffer_, clock_, options_.paced);
    const Instant began = clock_.now();
    start_loose_thread("in/" + options_.source, [connection] { work(connection); });
    const Error why = watch(*connection, stop);
    const bool returned = leave(*connection);
    buffer_.end_stream();
    if (stop.stop_requested()) return;
    bool was_open = false;
    {
      std::lock_guard lock(connection->mutex);
      was_open = connection->info.has_value();
      damaged_before_ += connection->damaged;
    }
    if (was_open && clock_.now() - began >= options_.steady) backoff_.reset();
    note(why, was_open);
    if (!returned) await_return(*connection, stop);
    if (!clock_.wait_until(clock_.now() + backoff_.next(), stop)) return;
  }
}

Error LiveLink::watch(Connection& connection, const std::stop_token& stop) {
  bool announced = false;
  std::unique_lock lock(connection.mutex);
  for (;;) {
    const Nanos limit = connection.info ? options_.timeout : options_.open_timeout;
    const Instant deadline = connection.heard + limit;
    const bool news = clock_.wait(lock, connection.changed, stop, deadline,
                                  [&] { return connection.error.has_value() || (connection.info && !announced); });
    {
      std::lock_guard own(mutex_);
      status_.damaged = damaged_before_ + connection.damaged;
    }
    if (stop.stop_requested()) return Error{Errc::cancelled, "stopped", nullptr};
    if (connection.error) return *connection.error;
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
    status_.trouble += "; the call hangs: opened again once it returns";
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
