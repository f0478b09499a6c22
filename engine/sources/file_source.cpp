#include "engine/sources/file_source.h"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace mainstay {

namespace {

std::string full_path(const std::string& path, const std::string& show_dir) {
  const std::filesystem::path given(path);
  if (given.is_absolute() || show_dir.empty()) return path;
  return (std::filesystem::path(show_dir) / given).string();
}

show::FileSource resolved(show::FileSource config, const SourceContext& context) {
  config.path = full_path(config.path, context.show_dir);
  return config;
}

ffi::MediaReaderOptions reader_options(const show::FileSource& config, const std::string& subject) {
  ffi::MediaReaderOptions options;
  options.name = subject;
  options.path = config.path;
  options.hw = config.hw;
  options.threads = config.threads;
  return options;
}

FramePtr black(int width, int height) {
  WritableFrame picture = WritableFrame::make(width, height);
  picture.fill(16, 128, 128);
  return std::move(picture).freeze();
}

}  // namespace

FileSource::FileSource(const show::FileSource& config, SourceContext context)
    : config_(resolved(config, context)),
      context_(std::move(context)),
      subject_("source " + context_.name),
      reader_(ffi::MediaReader::make(reader_options(config_, subject_), context_.log)),
      queue_(context_.clock, {.items = kFileQueueTicks, .bytes = kFileQueueBytes}, Overflow::block) {}

FileSource::~FileSource() {
  reader_->abort();
  queue_.close();
  thread_.stop();
}

void FileSource::start() {
  thread_ = NamedThread("src/" + context_.name, [this](std::stop_token stop) { run(std::move(stop)); });
}

bool FileSource::ready() const {
  if (finished_) return true;
  const QueueLevel level = queue_.level();
  return level.items >= kFileReadyTicks || level.bytes >= kFileQueueBytes * 3 / 4;
}

void FileSource::run(std::stop_token stop) {
  const std::stop_callback abort(stop, [this] { reader_->abort(); });
  FilePlayer player(*reader_, config_, context_.rate, [this] { return black(context_.width, context_.height); });
  if (auto opened = player.open(); opened) {
    set_state(SourceState::opening, reader_->info().summary);
    context_.log.info(subject_, "{}: {}", config_.path, reader_->info().summary);
    play(player, stop);
  } else if (opened.error().code != Errc::cancelled) {
    std::lock_guard lock(mutex_);
    end_state_ = SourceState::failed;
    end_detail_ = opened.error().describe();
    status_.state = SourceState::failed;
    status_.detail = end_detail_;
  }
  if (end_state_ == SourceState::failed) context_.log.error(subject_, "{}", end_detail_);
  finished_ = true;
  queue_.close();
}

void FileSource::play(FilePlayer& player, std::stop_token stop) {
  for (;;) {
    auto tick = player.next();
    note_faults();
    if (tick) {
      if (!queue_.push(std::move(*tick), stop)) return;
      continue;
    }
    std::lock_guard lock(mutex_);
    if (tick.error().code == Errc::end) {
      end_state_ = SourceState::ended;
      end_detail_ = "played to its end";
    } else if (tick.error().code != Errc::cancelled) {
      end_state_ = SourceState::failed;
      end_detail_ = tick.error().describe();
    }
    return;
  }
}

void FileSource::note_faults() {
  const ffi::MediaFaults faults = reader_->faults();
  const std::int64_t sum = faults.packets + faults.frames;
  if (sum == 0) return;
  {
    std::lock_guard lock(mutex_);
    faults_ = faults;
  }
  if (sum < std::max<std::int64_t>(1, faults_noted_ * 2)) return;  // each doubling is worth a line, not each fault
  faults_noted_ = sum;
  context_.log.warning(subject_, "{} is damaged: {} pieces passed over so far", config_.path, sum);
}

void FileSource::set_state(SourceState state, std::string detail) {
  std::lock_guard lock(mutex_);
  status_.state = state;
  status_.detail = std::move(detail);
}

std::optional<FileTick> FileSource::take(FrameIndex frame, std::stop_token stop) {
  for (;;) {
    std::optional<FileTick> tick = std::exchange(early_, std::nullopt);
    if (!tick) {
      auto popped = context_.clock.offline() ? queue_.pop(stop) : queue_.try_pop();
      if (!popped) return std::nullopt;
      tick = std::move(*popped);
    }
    if (tick->frame == frame) return tick;
    if (tick->frame > frame) {
      early_ = std::move(tick);
      return std::nullopt;
    }
    last_picture_ = std::move(tick->video);
    missing_ = 0;
    std::lock_guard lock(mutex_);
    ++status_.skipped;
  }
}

SourceOutput FileSource::pull(FrameIndex frame, std::stop_token stop) {
  auto tick = take(frame, std::move(stop));
  if (!tick) return stand_in(frame);
  missing_ = 0;
  last_picture_ = tick->video;
  SourceOutput out{std::move(tick->video), swing(std::move(tick->audio), context_.rate.samples(frame)), false};
  std::lock_guard lock(mutex_);
  if (status_.state == SourceState::opening || status_.state == SourceState::stalled) {
    status_.state = SourceState::live;
    status_.detail = reader_->info().summary;
  }
  ++status_.frames;
  return out;
}

AudioBlockPtr FileSource::swing(AudioBlockPtr audio, int samples) {
  const bool begins = std::exchange(muted_, false);
  if (begins && audio) {
    auto ramped = std::make_shared<AudioBlock>(*audio);
    for (int c = 0; c < 2; ++c)
      for (int i = 0; i < std::min(samples, kRampSamples); ++i)
        ramped->plane(c)[static_cast<std::size_t>(i)] *= static_cast<float>(i) / kRampSamples;
    audio = std::move(ramped);
  }
  for (int c = 0; c < 2; ++c) last_level_[static_cast<std::size_t>(c)] = audio ? audio->plane(c).back() : 0.0f;
  return audio;
}

SourceOutput FileSource::stand_in(FrameIndex frame) {
  SourceOutput out;
  const bool over = finished_ && !early_ && queue_.level().items == 0;
  bool hold = true;
  {
    std::lock_guard lock(mutex_);
    if (over) {
      status_.state = end_state_;
      status_.detail = end_detail_;
      hold = end_state_ == SourceState::ended;
    } else if (last_picture_) {
      status_.state = SourceState::stalled;
      status_.detail = fmt::format("{} is not decoded fast enough", config_.path);
    }
    if (!over || end_state_ == SourceState::failed) {
      out.repeated = last_picture_ != nullptr;
      ++status_.repeated;
      ++missing_;
      hold = Nanos(context_.rate.begin(missing_)) <= context_.hold;
    }
  }
  if (hold) out.video = last_picture_;
  // What sounded last falls to silence instead of breaking off.
  if (!std::exchange(muted_, true) && (last_level_[0] != 0 || last_level_[1] != 0)) {
    auto fall = std::make_shared<AudioBlock>(2, context_.rate.samples(frame));
    for (int c = 0; c < 2; ++c)
      for (int i = 0; i < std::min(fall->samples, kRampSamples); ++i)
        fall->plane(c)[static_cast<std::size_t>(i)] =
            last_level_[static_cast<std::size_t>(c)] * static_cast<float>(kRampSamples - 1 - i) / kRampSamples;
    out.audio = std::move(fall);
  }
  return out;
}

SourceStatus FileSource::status() const {
  std::lock_guard lock(mutex_);
  return status_;
}

ffi::MediaFaults FileSource::faults() const {
  std::lock_guard lock(mutex_);
  return faults_;
}

}  // namespace mainstay
