#include "engine/ffi/av/picture_scaler.h"

extern "C" {
#include <libavutil/opt.h>
#include <libswscale/swscale.h>
}

#include <algorithm>
#include <array>
#include <utility>

#include "engine/ffi/yuv/blend.h"

namespace mainstay::ffi {

namespace {

constexpr std::size_t kMostTables = 8;
constexpr int kOpaque = 256;
constexpr int kSmallest = 16;         // below, there is nothing to gain
constexpr int kCentreOfPixels = 128;  // where a chroma sample lies, in 256ths of a luma pixel: between its four

/// Those that libyuv does with vector code.
bool is_half_or_quarter(int from, int to) {
  return from == 2 * to || from == 4 * to;
}

bool suits(Rect crop, Rect where) {
  if (where.width > crop.width || where.height > crop.height) return false;
  if (where.width == crop.width && where.height == crop.height) return false;
  if (where.width < kSmallest || where.height < kSmallest || where.width % 2 != 0 || where.height % 2 != 0)
    return false;
  return !(is_half_or_quarter(crop.width, where.width) && is_half_or_quarter(crop.height, where.height));
}

struct ContextDeleter {
  void operator()(SwsContext* context) const { sws_freeContext(context); }
};

}  // namespace

struct PictureScaler::Tables {
  std::unique_ptr<SwsContext, ContextDeleter> sws;
  std::array<int, 4> sizes{};
};

PictureScaler::PictureScaler() : aside_(1) {}
PictureScaler::~PictureScaler() = default;

Status PictureScaler::scale(const Frame& source, Rect crop, WritableFrame& target, Rect where) {
  const bool alphas = source.alpha != nullptr && target.alpha != nullptr;
  if (!suits(crop, where) || alphas || !can_scale(source, crop, target, where))
    return scale_i420_into(source, crop, target, where);
  if (where == Rect{0, 0, target.width, target.height} && target.alpha == nullptr) return shrink(source, crop, target);
  WritableFrame aside = aside_.take(where.width, where.height);
  MAINSTAY_CHECK(shrink(source, crop, aside));
  const FramePtr scaled = std::move(aside).freeze();
  return blend_i420(*scaled, {0, 0, where.width, where.height}, target, where.x, where.y, kOpaque);
}

Result<PictureScaler::Tables*> PictureScaler::tables(Rect crop, const WritableFrame& target) {
  const std::array<int, 4> sizes{crop.width, crop.height, target.width, target.height};
  const auto found =
      std::find_if(tables_.begin(), tables_.end(), [&](const auto& each) { return each->sizes == sizes; });
  if (found != tables_.end()) {
    std::rotate(tables_.begin(), found, found + 1);
    return tables_.front().get();
  }
  auto made = std::make_unique<Tables>();
  made->sizes = sizes;
  made->sws.reset(sws_alloc_context());
  if (!made->sws) return Error{Errc::io, "no memory to scale a picture", nullptr};
  const std::pair<const char*, int> options[] = {{"srcw", sizes[0]},
                                                 {"srch", sizes[1]},
                                                 {"dstw", sizes[2]},
                                                 {"dsth", sizes[3]},
                                                 {"src_format", AV_PIX_FMT_YUV420P},
                                                 {"dst_format", AV_PIX_FMT_YUV420P},
                                                 {"src_h_chr_pos", kCentreOfPixels},
                                                 {"src_v_chr_pos", kCentreOfPixels},
                                                 {"dst_h_chr_pos", kCentreOfPixels},
                                                 {"dst_v_chr_pos", kCentreOfPixels},
                                                 {"sws_flags", SWS_AREA | SWS_ACCURATE_RND}};
  for (const auto& [name, value] : options) av_opt_set_int(made->sws.get(), name, value, 0);
  if (sws_init_context(made->sws.get(), nullptr, nullptr) < 0)
    return make_error(Errc::unsupported, "libswscale refused to scale {}×{} to {}×{}", sizes[0], sizes[1], sizes[2],
                      sizes[3]);
  if (tables_.size() >= kMostTables) tables_.pop_back();
  tables_.insert(tables_.begin(), std::move(made));
  return tables_.front().get();
}

Status PictureScaler::shrink(const Frame& source, Rect crop, WritableFrame& target) {
  MAINSTAY_TRY(Tables* const tables, this->tables(crop, target));
  std::array<const std::uint8_t*, 4> from{};
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const int shift = plane == 0 ? 0 : 1;
    from[plane] =
        source.planes[plane] + static_cast<std::ptrdiff_t>(crop.y >> shift) * source.strides[plane] + (crop.x >> shift);
  }
  const std::array<int, 4> from_strides{source.strides[0], source.strides[1], source.strides[2], 0};
  const std::array<std::uint8_t*, 4> to{target.planes[0], target.planes[1], target.planes[2], nullptr};
  const std::array<int, 4> to_strides{target.strides[0], target.strides[1], target.strides[2], 0};
  const int rows =
      sws_scale(tables->sws.get(), from.data(), from_strides.data(), 0, crop.height, to.data(), to_strides.data());
  if (rows != target.height) return Error{Errc::unsupported, "libswscale refused to scale a picture", nullptr};
  return {};
}

}  // namespace mainstay::ffi
