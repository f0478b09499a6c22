#include "engine/sources/file_source.h"

#include <utility>

#include "engine/show/paths.h"

namespace mainstay {

namespace {

ffi::MediaReaderOptions reader_options(const show::FileSource& config, const SourceContext& context) {
  ffi::MediaReaderOptions options;
  options.name = "source " + context.name;
  options.path = config.path;
  options.hw = config.hw;
  options.threads = config.threads;
  return options;
}

show::FileSource resolved(show::FileSource config, const SourceContext& context) {
  config.path = show::expand_path(config.path, context.show_dir);
  return config;
}

class FileMaker final : public TickMaker {
 public:
  FileMaker(const show::FileSource& config, const SourceContext& context)
      : reader_(ffi::MediaReader::make(reader_options(config, context), context.log)),
        player_(*reader_, config, context.rate,
                [width = context.width, height = context.height] { return black_picture(width, height); }) {}

  Status open() override { return player_.open(); }
  Result<FileTick> next() override {
    auto tick = player_.next();
    if (tick && fresh_) tick->item = std::make_shared<const PlayedItem>(PlayedItem{"", summary()});
    fresh_ = fresh_ && !tick;
    return tick;
  }
  void abort() override { reader_->abort(); }
  std::string summary() const override { return reader_->info().summary; }
  ffi::MediaFaults faults() const override { return reader_->faults(); }
  bool can(SourceAction action) const override { return action == SourceAction::restart; }
  Status act(SourceAction, FrameIndex frame) override {
    fresh_ = true;
    return player_.restart(frame);
  }

 private:
  std::unique_ptr<ffi::MediaReader> reader_;
  FilePlayer player_;
  bool fresh_ = true;  ///< the next tick is the first of a playing
};

std::unique_ptr<TickMaker> make_maker(const show::FileSource& config, const SourceContext& context) {
  return std::make_unique<FileMaker>(resolved(config, context), context);
}

}  // namespace

FramePtr black_picture(int width, int height) {
  WritableFrame picture = WritableFrame::make(width, height);
  picture.fill(16, 128, 128);
  return std::move(picture).freeze();
}

FileSource::FileSource(const show::FileSource& config, SourceContext context)
    : TickSource(context, resolved(config, context).path, make_maker(config, context)) {}

}  // namespace mainstay
