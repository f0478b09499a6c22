#include "engine/ffi/av/deinterlacer.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "engine/ffi/av/av_common.h"

namespace mainstay::ffi {

namespace {

constexpr int kSmallest = 8;  // the filters want three columns and four rows, of chroma too

struct GraphDeleter {
  void operator()(AVFilterGraph* graph) const { avfilter_graph_free(&graph); }
};

/// `picture` as FFmpeg sees it; its memory is held as long as FFmpeg holds the frame.
AvFramePtr wrapped(const FramePtr& picture, std::int64_t pts) {
  AvFramePtr frame(av_frame_alloc());
  if (!frame) return nullptr;
  auto* held = new FramePtr(picture);
  frame->buf[0] = av_buffer_create(
      const_cast<std::uint8_t*>(picture->planes[0]), 1,
      [](void* opaque, std::uint8_t*) { delete static_cast<FramePtr*>(opaque); }, held, AV_BUFFER_FLAG_READONLY);
  if (frame->buf[0] == nullptr) {
    delete held;
    return nullptr;
  }
  const bool has_alpha = picture->alpha != nullptr;
  frame->format = has_alpha ? AV_PIX_FMT_YUVA420P : AV_PIX_FMT_YUV420P;
  frame->width = picture->width;
  frame->height = picture->height;
  for (int plane = 0; plane < 3; ++plane) {
    frame->data[plane] = const_cast<std::uint8_t*>(picture->planes[plane]);
    frame->linesize[plane] = picture->strides[plane];
  }
  if (has_alpha) {
    frame->data[3] = const_cast<std::uint8_t*>(picture->alpha);
    frame->linesize[3] = picture->alpha_stride;
  }
  frame->pts = pts;
  return frame;
}

}  // namespace

struct Deinterlacer::Graph {
  std::unique_ptr<AVFilterGraph, GraphDeleter> graph;
  AVFilterContext* in = nullptr;
  AVFilterContext* out = nullptr;
  int width = 0;
  int height = 0;
  bool has_alpha = false;
  std::optional<Error> error;  ///< why it cannot be: told again, not tried again
  std::int64_t next = 0;
  FramePtr last;  ///< the picture that came last, for what FFmpeg does not carry

  Status make(const Frame& picture, Deinterlacing method, bool top_first);
};

Status Deinterlacer::Graph::make(const Frame& picture, Deinterlacing method, bool top_first) {
  width = picture.width;
  height = picture.height;
  has_alpha = picture.alpha != nullptr;
  if (width < kSmallest || height < kSmallest)
    return make_error(Errc::unsupported, "a picture of {}×{} is too small to be deinterlaced", width, height);
  graph.reset(avfilter_graph_alloc());
  if (!graph) return Error{Errc::io, "no memory for a filter", nullptr};
  graph->nb_threads = 1;
  const char* name = method == Deinterlacing::bwdif ? "bwdif" : "yadif";
  const AVFilter* filter = avfilter_get_by_name(name);
  if (filter == nullptr) return make_error(Errc::unsupported, "this FFmpeg has no filter {}", name);
  const std::string source = fmt::format("video_size={}x{}:pix_fmt={}:time_base=1/1:pixel_aspect=1/1", width, height,
                                         static_cast<int>(has_alpha ? AV_PIX_FMT_YUVA420P : AV_PIX_FMT_YUV420P));
  const std::string options = fmt::format("mode=send_frame:parity={}:deint=all", top_first ? "tff" : "bff");
  AVFilterContext* middle = nullptr;
  int rc =
      avfilter_graph_create_filter(&in, avfilter_get_by_name("buffer"), "in", source.c_str(), nullptr, graph.get());
  if (rc >= 0) rc = avfilter_graph_create_filter(&middle, filter, name, options.c_str(), nullptr, graph.get());
  if (rc >= 0)
    rc = avfilter_graph_create_filter(&out, avfilter_get_by_name("buffersink"), "out", nullptr, nullptr, graph.get());
  if (rc >= 0) rc = avfilter_link(in, 0, middle, 0);
  if (rc >= 0) rc = avfilter_link(middle, 0, out, 0);
  if (rc >= 0) rc = avfilter_graph_config(graph.get(), nullptr);
  if (rc < 0) return av_error(rc, fmt::format("cannot set up {}", name));
  return {};
}

Deinterlacer::Deinterlacer(Deinterlacing method, bool top_first) : method_(method), top_first_(top_first) {}
Deinterlacer::~Deinterlacer() = default;
Deinterlacer::Deinterlacer(Deinterlacer&&) noexcept = default;
Deinterlacer& Deinterlacer::operator=(Deinterlacer&&) noexcept = default;

void Deinterlacer::reset() {
  graph_.reset();
}

Result<FramePtr> Deinterlacer::push(const FramePtr& picture) {
  const bool fits = graph_ && graph_->width == picture->width && graph_->height == picture->height &&
                    graph_->has_alpha == (picture->alpha != nullptr);
  if (!fits) {
    graph_ = std::make_unique<Graph>();
    if (Status made = graph_->make(*picture, method_, top_first_); !made) graph_->error = std::move(made).error();
  }
  if (graph_->error) return *graph_->error;
  AvFramePtr frame = wrapped(picture, graph_->next++);
  if (!frame) return Error{Errc::io, "no memory for a picture", nullptr};
  if (const int rc = av_buffersrc_add_frame(graph_->in, frame.get()); rc < 0)
    return av_error(rc, "cannot deinterlace a picture");
  const FramePtr before = std::exchange(graph_->last, picture);
  AvFramePtr whole(av_frame_alloc());
  if (!whole) return Error{Errc::io, "no memory for a picture", nullptr};
  const int rc = av_buffersink_get_frame(graph_->out, whole.get());
  if (rc == AVERROR(EAGAIN)) return FramePtr();
  if (rc < 0) return av_error(rc, "cannot deinterlace a picture");
  auto out = std::make_shared<Frame>(before ? *before : *picture);
  for (int plane = 0; plane < 3; ++plane) {
    out->planes[plane] = whole->data[plane];
    out->strides[plane] = whole->linesize[plane];
  }
  out->alpha = graph_->has_alpha ? whole->data[3] : nullptr;
  out->alpha_stride = graph_->has_alpha ? whole->linesize[3] : 0;
  out->owner = std::shared_ptr<AVFrame>(whole.release(), AvDeleter{});
  return FramePtr(std::move(out));
}

}  // namespace mainstay::ffi
