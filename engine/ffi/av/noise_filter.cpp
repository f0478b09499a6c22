#include "engine/ffi/av/noise_filter.h"

extern "C" {
#include <libavfilter/avfilter.h>
#include <libavfilter/buffersink.h>
#include <libavfilter/buffersrc.h>
}

#include <algorithm>
#include <vector>

#include "engine/ffi/av/av_common.h"
#include "engine/media/rate.h"

namespace mainstay::ffi {

namespace {

constexpr std::size_t kHop = kProgramSampleRate / 80;  // afftdn works in these

struct GraphDeleter {
  void operator()(AVFilterGraph* graph) const { avfilter_graph_free(&graph); }
};

std::string number(double value) {
  return fmt::format("{:.3f}", value);
}

}  // namespace

struct NoiseFilter::Graph {
  std::unique_ptr<AVFilterGraph, GraphDeleter> graph;
  AVFilterContext* source = nullptr;
  AVFilterContext* filter = nullptr;
  AVFilterContext* sink = nullptr;
  AvFramePtr in{av_frame_alloc()};
  AvFramePtr out{av_frame_alloc()};
  std::int64_t pts = 0;
  std::vector<std::vector<float>> ready;  // by channel: what has come out and was not given back yet

  Status join(const Options& options);
  Status put(std::span<float* const> planes, std::size_t samples);
  Status collect();
};

Status NoiseFilter::Graph::join(const Options& options) {
  const AVFilter* kind = avfilter_get_by_name("afftdn");
  if (kind == nullptr) return Error{Errc::unsupported, "this FFmpeg has no filter against noise (afftdn)", nullptr};
  graph.reset(avfilter_graph_alloc());
  graph->nb_threads = 1;
  const std::string format = fmt::format("sample_rate={0}:sample_fmt=fltp:channel_layout={1}c:time_base=1/{0}",
                                         kProgramSampleRate, ready.size());
  const std::string settings = fmt::format("nr={}:nf={}", number(options.reduction_db), number(options.floor_db));
  int code = avfilter_graph_create_filter(&source, avfilter_get_by_name("abuffer"), "in", format.c_str(), nullptr,
                                          graph.get());
  if (code >= 0) code = avfilter_graph_create_filter(&filter, kind, "denoise", settings.c_str(), nullptr, graph.get());
  if (code >= 0)
    code =
        avfilter_graph_create_filter(&sink, avfilter_get_by_name("abuffersink"), "out", nullptr, nullptr, graph.get());
  if (code >= 0) code = avfilter_link(source, 0, filter, 0);
  if (code >= 0) code = avfilter_link(filter, 0, sink, 0);
  if (code >= 0) code = avfilter_graph_config(graph.get(), nullptr);
  if (code < 0) return av_error(code, "the filter against noise");
  for (auto& plane : ready) plane.assign(kHop, 0.0F);  // so that there is always enough to give back
  return {};
}

Status NoiseFilter::Graph::put(std::span<float* const> planes, std::size_t length) {
  const auto samples = static_cast<int>(length);
  in->format = AV_SAMPLE_FMT_FLTP;
  in->sample_rate = kProgramSampleRate;
  in->nb_samples = samples;
  in->pts = pts;
  pts += samples;
  av_channel_layout_default(&in->ch_layout, static_cast<int>(ready.size()));
  int code = av_frame_get_buffer(in.get(), 0);
  if (code < 0) return av_error(code, "the filter against noise");
  for (std::size_t c = 0; c < ready.size(); ++c)
    std::copy_n(planes[c], length, reinterpret_cast<float*>(in->extended_data[c]));
  code = av_buffersrc_add_frame(source, in.get());  // takes the reference
  if (code < 0) {
    av_frame_unref(in.get());
    return av_error(code, "the filter against noise");
  }
  return collect();
}

Status NoiseFilter::Graph::collect() {
  for (;;) {
    const int code = av_buffersink_get_frame(sink, out.get());
    if (code == AVERROR(EAGAIN)) return {};
    if (code < 0) return av_error(code, "the filter against noise");
    for (std::size_t c = 0; c < ready.size(); ++c) {
      const auto* from = reinterpret_cast<const float*>(out->extended_data[c]);
      ready[c].insert(ready[c].end(), from, from + out->nb_samples);
    }
    av_frame_unref(out.get());
  }
}

NoiseFilter::NoiseFilter(std::unique_ptr<Graph> graph) : graph_(std::move(graph)) {}
NoiseFilter::~NoiseFilter() = default;

Result<std::unique_ptr<NoiseFilter>> NoiseFilter::make(const Options& options, int channels) {
  auto graph = std::make_unique<Graph>();
  graph->ready.resize(static_cast<std::size_t>(channels));
  MAINSTAY_CHECK(graph->join(options));
  return std::unique_ptr<NoiseFilter>(new NoiseFilter(std::move(graph)));
}

Status NoiseFilter::set(const Options& options) {
  for (const auto& [key, value] :
       {std::pair("noise_reduction", options.reduction_db), std::pair("noise_floor", options.floor_db)}) {
    const int code =
        avfilter_graph_send_command(graph_->graph.get(), "denoise", key, number(value).c_str(), nullptr, 0, 0);
    if (code < 0) return av_error(code, "the filter against noise");
  }
  return {};
}

Status NoiseFilter::process(std::span<float* const> planes, std::size_t samples) {
  MAINSTAY_CHECK(graph_->put(planes, samples));
  for (std::size_t c = 0; c < planes.size(); ++c) {
    std::vector<float>& ready = graph_->ready[c];
    const std::size_t count = std::min(ready.size(), samples);  // all of it, by the hop that it began with
    std::copy_n(ready.begin(), count, planes[c]);
    std::fill_n(planes[c] + count, samples - count, 0.0F);
    ready.erase(ready.begin(), ready.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return {};
}

}  // namespace mainstay::ffi
