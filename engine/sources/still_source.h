// A picture that stands: a still from a file, an SVG drawing, a text. The same picture is given on every tick until its
// file changes (engine/sources/watched_load.h).
// Owned by the program.
// Thread-safety: as engine/sources/source.h says.
#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "engine/show/show.h"
#include "engine/sources/source.h"
#include "engine/sources/watched_load.h"

namespace mainstay {

class StillSource : public Source {
 public:
  /// Called on the source's thread.
  using Load = std::function<Result<ffi::StillImage>()>;

  /// No `path`: the picture is made once.
  StillSource(SourceContext context, std::string path, Load load);

  void start() override;
  /// Once the picture has been tried.
  bool ready() const override;
  SourceOutput pull(FrameIndex frame, std::stop_token stop) override;
  SourceStatus status() const override;

 private:
  Result<std::string> load();

  const SourceContext context_;
  const Load load_;
  mutable std::mutex mutex_;
  FramePtr picture_;
  std::int64_t frames_ = 0;
  WatchedLoad watch_;  // last: its thread ends before what it uses
};

/// A still picture from a file.
class ImageSource final : public StillSource {
 public:
  ImageSource(const show::ImageSource& config, SourceContext context);
};

class SvgSource final : public StillSource {
 public:
  SvgSource(const show::SvgSource& config, SourceContext context);
};

class TextSource final : public StillSource {
 public:
  TextSource(const show::TextSource& config, SourceContext context);
};

/// What makes their pictures; relative paths are relative to `show_dir`.
StillSource::Load svg_load(const show::SvgSource& config, const std::string& show_dir);
StillSource::Load text_load(const show::TextSource& config, const std::string& show_dir);

}  // namespace mainstay
