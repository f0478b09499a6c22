#include "engine/sources/file_source.h"

#include <mutex>
#include <utility>

#include "engine/show/paths.h"

namespace mainstay {

namespace {

constexpr Nanos kLongestFilm = Seconds(60);
constexpr std::size_t kFilmAhead = 12;  // ticks: 62 MB of 1080p with alpha

show::FileSource resolved(show::FileSource config, const SourceContext& context) {
  config.path = show::expand_path(config.path, context.show_dir);
  return config;
}

class FileMaker final : public TickMaker {
 public:
  FileMaker(const show::FileSource& config, const SourceContext& context)
      : context_(context), config_(resolved(config, context)) {
    make();
  }

  Status open() override {
    const bool late = std::exchange(tried_, true);
    MAINSTAY_CHECK(player_->open());
    // One that opened at a later try begins where the program is by now.
    if (late && wanted_() > 0) player_->begin_at(wanted_());
    summary_ = reader_->info().summary;
    return {};
  }
  Result<FileTick> next() override {
    auto tick = player_->next();
    if (tick && fresh_) tick->item = std::make_shared<const PlayedItem>(PlayedItem{"", summary(), player_->duration()});
    fresh_ = fresh_ && !tick;
    return tick;
  }
  void abort() override {
    std::lock_guard lock(mutex_);
    aborted_ = true;
    if (reader_) reader_->abort();
  }
  std::string summary() const override { return summary_; }
  ffi::MediaFaults faults() const override {
    ffi::MediaFaults sum = faults_;
    if (!reader_) return sum;
    const ffi::MediaFaults now = reader_->faults();
    sum.packets += now.packets;
    sum.frames += now.frames;
    return sum;
  }
  bool can(MediaRequest::Kind kind) const override {
    return kind == MediaRequest::restart || kind == MediaRequest::seek;
  }
  Status act(const MediaRequest& request, FrameIndex frame) override {
    fresh_ = true;
    return request.kind == MediaRequest::seek ? player_->seek(request.position, frame) : player_->restart(frame);
  }

  void close() override {
    place_ = player_->place();
    faults_ = faults();
    player_.reset();
    std::unique_ptr<ffi::MediaReader> reader;  // its end may take a while: not under the lock
    std::lock_guard lock(mutex_);
    reader = std::move(reader_);
  }
  Status reopen(bool from_beginning, FrameIndex frame) override {
    make();
    if (!from_beginning) return player_->open_at(place_);
    fresh_ = true;
    MAINSTAY_CHECK(player_->open());
    return player_->begin_at(frame), Status{};
  }

  const ffi::MediaInfo& info() const { return reader_->info(); }

 private:
  void make() {
    ffi::MediaReaderOptions options;
    options.name = "source " + context_.name;
    options.path = config_.path;
    options.hw = config_.hw;
    options.threads = config_.threads;
    auto reader = ffi::MediaReader::make(std::move(options), context_.log);
    player_ = std::make_unique<FilePlayer>(
        *reader, config_, context_.rate,
        [width = context_.width, height = context_.height] { return black_picture(width, height); });
    std::lock_guard lock(mutex_);
    reader_ = std::move(reader);
    if (aborted_) reader_->abort();
  }

  const SourceContext context_;
  const show::FileSource config_;
  std::mutex mutex_;  // of the pointer that abort() goes through
  std::unique_ptr<ffi::MediaReader> reader_;
  bool aborted_ = false;
  std::unique_ptr<FilePlayer> player_;
  FilePlayer::Place place_;  ///< while it is closed
  ffi::MediaFaults faults_;  ///< of the readers before
  std::string summary_;
  bool fresh_ = true;  ///< the next tick is the first of a playing
  bool tried_ = false;
};

/// A file that is a film: what cannot run over pictures is refused when it is opened.
class FilmMaker final : public TickMaker {
 public:
  FilmMaker(const show::FileSource& config, const SourceContext& context,
            std::shared_ptr<std::atomic<FrameIndex>> length)
      : file_(config, context), path_(config.path), rate_(context.rate), length_(std::move(length)) {}

  Status open() override {
    file_.serve(trouble_, wanted_);
    MAINSTAY_CHECK(file_.open());
    const ffi::MediaInfo& info = file_.info();
    if (!info.has_video) return make_error(Errc::invalid, "{} has no pictures", path_);
    if (!info.duration || *info.duration <= Nanos{0})
      return make_error(Errc::invalid, "{} does not say how long it is", path_);
    if (*info.duration > kLongestFilm)
      return make_error(Errc::invalid, "{} takes {:.0f} s: a stinger takes {:.0f} s at most", path_,
                        seconds(*info.duration), seconds(kLongestFilm));
    const std::int64_t frames =
        mul_div(info.duration->count(), rate_.num, std::int64_t{rate_.den} * 1'000'000'000, Rounding::nearest);
    *length_ = std::max<std::int64_t>(1, frames);
    return {};
  }
  Result<FileTick> next() override { return file_.next(); }
  void abort() override { file_.abort(); }
  std::string summary() const override { return file_.summary(); }
  ffi::MediaFaults faults() const override { return file_.faults(); }
  bool can(MediaRequest::Kind) const override { return false; }
  Status act(const MediaRequest& request, FrameIndex frame) override { return file_.act(request, frame); }

 private:
  FileMaker file_;
  const std::string path_;
  const Rate rate_;
  const std::shared_ptr<std::atomic<FrameIndex>> length_;
};

}  // namespace

FramePtr black_picture(int width, int height) {
  WritableFrame picture = WritableFrame::make(width, height);
  picture.fill(16, 128, 128);
  return std::move(picture).freeze();
}

FileSource::FileSource(const show::FileSource& config, SourceContext context)
    : TickSource(context, resolved(config, context).path, std::make_unique<FileMaker>(config, context),
                 {.when_hidden = config.when_hidden, .on_show = config.on_show}) {}

FilmSource::FilmSource(const show::FileSource& config, SourceContext context, Length length)
    : TickSource(context, resolved(config, context).path, std::make_unique<FilmMaker>(config, context, length),
                 {.ahead = kFilmAhead}),
      length_(std::move(length)) {}

}  // namespace mainstay
