#include "engine/sources/playlist_source.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <utility>
#include <vector>

#include "engine/core/named_thread.h"
#include "engine/show/paths.h"
#include "engine/sources/file_source.h"
#include "engine/sources/image_file.h"

namespace mainstay {

namespace {

constexpr Nanos kShortestBackoff = Seconds(1);  // when no item can be played
constexpr Nanos kLongestBackoff = Seconds(30);

/// An item that is played or about to be.
struct Item {
  std::size_t number = 0;  ///< in the list
  std::unique_ptr<ffi::MediaReader> reader;
  std::unique_ptr<FilePlayer> player;
  Status opened;
};

class PlaylistMaker final : public TickMaker {
 public:
  PlaylistMaker(const show::PlaylistSource& config, const SourceContext& context)
      : context_(context), config_(config), subject_("source " + context.name) {}
  ~PlaylistMaker() override { opener_.stop(); }

  Status open() override;
  Result<FileTick> next() override;
  void abort() override;
  std::string summary() const override;
  ffi::MediaFaults faults() const override;
  bool can(MediaRequest::Kind) const override { return true; }
  Status act(const MediaRequest& request, FrameIndex frame) override;
  void close() override;
  Status reopen(bool from_beginning, FrameIndex frame) override;

 private:
  std::shared_ptr<Item> make_item(std::size_t number);
  void prepare(std::size_t number);
  Status change_over();
  Status rest(const Error& error);
  std::size_t after(std::size_t number) const { return (number + 1) % config_.items.size(); }

  const SourceContext context_;
  const show::PlaylistSource config_;
  const std::string subject_;

  mutable std::mutex mutex_;  // of the pointers that abort() goes through
  std::shared_ptr<Item> current_;
  std::shared_ptr<Item> next_;
  bool aborted_ = false;
  std::condition_variable_any aborting_;

  FrameIndex frame_ = 0;
  std::size_t misses_ = 0;  ///< items in a row that could not be played
  Nanos backoff_ = kShortestBackoff;
  bool fresh_ = true;
  ffi::MediaFaults faults_;  ///< of the items before
  FilePlayer::Place place_;  ///< while it is closed
  std::size_t number_ = 0;   ///< and the item
  std::string closed_;       ///< and what it says of itself
  NamedThread opener_;
};

std::shared_ptr<Item> PlaylistMaker::make_item(std::size_t number) {
  auto item = std::make_shared<Item>();
  item->number = number;
  const show::PlaylistItem& listed = config_.items[number];
  show::FileSource file;
  file.path = show::expand_path(listed.path, context_.show_dir);
  file.in = listed.in;
  file.out = listed.out;
  file.hw = config_.hw;
  ffi::MediaReaderOptions options;
  options.name = subject_;
  options.path = file.path;
  options.hw = file.hw;
  item->reader = ffi::MediaReader::make(std::move(options), context_.log);
  item->player = std::make_unique<FilePlayer>(
      *item->reader, file, context_.rate,
      [width = context_.width, height = context_.height] { return black_picture(width, height); });
  return item;
}

void PlaylistMaker::prepare(std::size_t number) {
  opener_.join();
  const std::shared_ptr<Item> item = make_item(number);
  {
    std::lock_guard lock(mutex_);
    next_ = item;
    if (aborted_) item->reader->abort();
  }
  opener_ = NamedThread("pre/" + context_.name, [item](std::stop_token) { item->opened = item->player->open(); });
}

// The one that was prepared is the one that plays; the one after it is prepared. Passes over those that do not open.
Status PlaylistMaker::change_over() {
  for (;;) {
    opener_.join();
    const std::shared_ptr<Item> item = next_;
    if (item->opened) {
      if (current_) {
        const ffi::MediaFaults of = current_->reader->faults();
        faults_.packets += of.packets;
        faults_.frames += of.frames;
      }
      std::lock_guard lock(mutex_);
      current_ = item;
    } else {
      if (item->opened.error().code == Errc::cancelled) return Error(item->opened.error());
      context_.log.warning(subject_, "item {} is passed over: {}", item->number + 1, item->opened.error().describe());
      ++misses_;
    }
    const bool last = item->number + 1 == config_.items.size();
    const bool none = misses_ >= config_.items.size();
    if (!item->opened && none) MAINSTAY_CHECK(rest(item->opened.error()));
    prepare(after(item->number));
    if (!item->opened && last && !none && !config_.loop) return Error{Errc::end, "the list is over", nullptr};
    if (!item->opened) continue;
    current_->player->begin_at(frame_);
    fresh_ = true;
    return {};
  }
}

// No item could be played: not again at once.
Status PlaylistMaker::rest(const Error& error) {
  const std::string reason =
      fmt::format("none of the {} items can be played; the last: {}", config_.items.size(), error.describe());
  if (context_.clock.offline()) return Error{Errc::invalid, reason, nullptr};
  trouble_(reason);
  misses_ = 0;
  std::unique_lock lock(mutex_);
  context_.clock.wait(lock, aborting_, {}, context_.clock.now() + backoff_, [this] { return aborted_; });
  backoff_ = std::min(2 * backoff_, kLongestBackoff);
  frame_ = std::max(frame_, wanted_());  // the program went on meanwhile
  return aborted_ ? Status(Error{Errc::cancelled, "stopped", nullptr}) : Status{};
}

Status PlaylistMaker::open() {
  prepare(0);
  return change_over();
}

Result<FileTick> PlaylistMaker::next() {
  for (;;) {
    auto tick = current_->player->next();
    if (tick) {
      frame_ = tick->frame + 1;
      misses_ = 0;
      backoff_ = kShortestBackoff;
      if (std::exchange(fresh_, false)) {
        const std::string& path = config_.items[current_->number].path;
        tick->item =
            std::make_shared<const PlayedItem>(PlayedItem{file_name(path), summary(), current_->player->duration()});
      }
      return tick;
    }
    const Error& error = tick.error();
    if (error.code == Errc::cancelled) return tick;
    if (error.code != Errc::end) {
      context_.log.warning(subject_, "item {} is left: {}", current_->number + 1, error.describe());
      if (fresh_ && ++misses_ >= config_.items.size()) MAINSTAY_CHECK(rest(error));
    }
    if (!config_.loop && current_->number + 1 == config_.items.size())
      return Error{Errc::end, "the list is over", nullptr};
    MAINSTAY_CHECK(change_over());
  }
}

void PlaylistMaker::abort() {
  std::lock_guard lock(mutex_);
  aborted_ = true;
  if (current_) current_->reader->abort();
  if (next_) next_->reader->abort();
  aborting_.notify_all();
}

void PlaylistMaker::close() {
  closed_ = summary();
  faults_ = faults();
  place_ = current_->player->place();
  number_ = current_->number;
  if (next_) next_->reader->abort();
  opener_.join();
  std::array<std::shared_ptr<Item>, 2> gone;  // their end may take a while: not under the lock
  std::lock_guard lock(mutex_);
  gone = {std::move(current_), std::move(next_)};
  current_ = nullptr;
  next_ = nullptr;
}

// One that cannot be opened any more is passed over, as at a change from item to item.
Status PlaylistMaker::reopen(bool from_beginning, FrameIndex frame) {
  frame_ = frame;
  if (from_beginning) {
    prepare(0);
    return change_over();
  }
  const std::shared_ptr<Item> item = make_item(number_);
  {
    std::lock_guard lock(mutex_);
    current_ = item;
    if (aborted_) item->reader->abort();
  }
  prepare(after(number_));
  const Status opened = item->player->open_at(place_);
  if (opened) return {};
  if (opened.error().code == Errc::cancelled) return Error(opened.error());
  context_.log.warning(subject_, "item {} is left: {}", number_ + 1, opened.error().describe());
  return change_over();
}

std::string PlaylistMaker::summary() const {
  if (!current_) return closed_;
  return fmt::format("{}/{} {}: {}", current_->number + 1, config_.items.size(),
                     file_name(config_.items[current_->number].path), current_->reader->info().summary);
}

ffi::MediaFaults PlaylistMaker::faults() const {
  ffi::MediaFaults sum = faults_;
  if (!current_) return sum;
  const ffi::MediaFaults of = current_->reader->faults();
  sum.packets += of.packets;
  sum.frames += of.frames;
  return sum;
}

Status PlaylistMaker::act(const MediaRequest& request, FrameIndex frame) {
  frame_ = frame;
  if (request.kind == MediaRequest::seek) {
    fresh_ = true;
    return current_->player->seek(request.position, frame);
  }
  std::size_t to = next_->number;
  if (request.kind == MediaRequest::restart) to = 0;
  if (request.kind == MediaRequest::previous) to = (current_->number + config_.items.size() - 1) % config_.items.size();
  if (to != next_->number) {
    next_->reader->abort();
    prepare(to);
  }
  return change_over();
}

}  // namespace

PlaylistSource::PlaylistSource(const show::PlaylistSource& config, SourceContext context)
    : TickSource(context, "the playlist", std::make_unique<PlaylistMaker>(config, context),
                 {.when_hidden = config.when_hidden, .on_show = config.on_show}) {}

}  // namespace mainstay
