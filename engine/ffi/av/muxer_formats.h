// What each container wants to be told of its streams and how libavformat's muxers are set for live use.
// Only muxer.cpp includes this header.
// Thread-safety: plain functions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/ffi/av/av_common.h"
#include "engine/ffi/av/muxer.h"

namespace mainstay::ffi {

/// How far a TS's PCR runs ahead of its decode times: what a player that follows it keeps as its buffer. FFmpeg's own
/// 1.4 s would be most of a low-latency target; none at all would ask for each picture at the moment it arrives.
inline constexpr std::int64_t kTsLead90k = 90 * 300;

const char* format_name(Container container);

/// Errc::unsupported when `container` has no place for the stream's codec (FFmpeg 5.1: AV1 in MPEG-TS).
Status can_hold(Container container, const StreamInfo& stream);

/// Fills in `out`'s parameters and asks for a time base.
Status describe_stream(Container container, const StreamInfo& stream, AVStream& out);

/// Ticks that a player takes off every timestamp because the container tells it of a codec's delay.
std::int64_t told_delay(Container container, const AVCodecParameters& stream);

/// Replaces the parameter sets.
Status set_extradata(const StreamInfo& stream, AVCodecParameters& out);

/// The muxer's options: ours, with the caller's on top (flags are joined).
std::map<std::string, std::string> format_options(const MuxerOptions& options,
                                                  const std::vector<StreamInfoPtr>& streams);

}  // namespace mainstay::ffi
