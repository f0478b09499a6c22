// What is packaged, read by FFmpeg's HLS reader and by ffprobe, segment by segment.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include "tests/engine/package/stream_support.h"

namespace mainstay::package {
namespace {

namespace fs = std::filesystem;
using namespace testing;

std::string output_of(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> buffer{};
  while (const std::size_t n = std::fread(buffer.data(), 1, buffer.size(), pipe)) out.append(buffer.data(), n);
  ::pclose(pipe);
  return out;
}

/// Ticks of presentation times of what is in a file, in order.
std::vector<std::int64_t> times(const std::string& file) {
  const std::string text =
      output_of(fmt::format("ffprobe -v error -show_entries packet=pts -of csv=p=0 '{}' 2>&1", file));
  std::vector<std::int64_t> out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (!line.empty() && (std::isdigit(static_cast<unsigned char>(line[0])) != 0 || line[0] == '-'))
      out.push_back(std::stoll(line));
    else
      ADD_FAILURE() << file << ": " << line;
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// A stream packaged whole, its files in a folder.
class Packaged : public ::testing::Test {
 protected:
  void package(const std::string& name, const EncodeOf& what, AssemblyOptions options) {
    options.window_s = 100;
    const Nanos first = what.rate.begin(what.first);
    Assembly assembly(options, {clock_, log_, [first](Nanos time) { return Instant(time - first); }}, shelf_,
                      std::nullopt);
    packets_ = LongStream(what).packets(std::int64_t{what.gop} * 6);
    for (const PacketPtr& packet : packets_) assembly.take(*packet);
    assembly.finish();
    folder_ = fs::temp_directory_path() / fmt::format("mainstay-package-{}-{}", ::getpid(), name);
    for (const RenditionPlan& plan : options.renditions) write_rendition(plan.name);
    write("index.m3u8");
  }
  void TearDown() override { fs::remove_all(folder_); }

  void write(const std::string& path) {
    const ItemPtr item = shelf_->find(path);
    ASSERT_NE(item, nullptr) << path;
    fs::create_directories((folder_ / path).parent_path());
    std::ofstream(folder_ / path, std::ios::binary) << item->bytes;
  }
  void write_rendition(const std::string& name) {
    const ReadPlaylist playlist = playlist_of(*shelf_, name);
    write(name + "/index.m3u8");
    for (const ReadSegment& segment : playlist.segments) {
      if (!segment.map.empty()) write(name + "/" + segment.map);
      if (!segment.key.empty()) write(segment.key.substr(3));
      write(name + "/" + segment.uri);
    }
  }
  /// An initialisation segment and what follows it, as one file.
  std::string joined(const std::string& rendition, const std::string& map, const std::string& rest) {
    const std::string file = folder_ / (rendition + "-joined.mp4");
    std::ofstream(file, std::ios::binary)
        << shelf_->find(rendition + "/" + map)->bytes << shelf_->find(rendition + "/" + rest)->bytes;
    return file;
  }

  ManualClock clock_;
  Log log_{{.level = LogLevel::off, .sink = [](std::string_view) {}}};
  std::shared_ptr<StreamShelf> shelf_ = std::make_shared<StreamShelf>(clock_);
  std::vector<PacketPtr> packets_;
  fs::path folder_;
};

struct Made {
  const char* name;
  EncodeOf what;
  std::int64_t part;
};

class PackagePeers : public Packaged, public ::testing::WithParamInterface<Made> {
 protected:
  void SetUp() override {
    const EncodeOf& what = GetParam().what;
    AssemblyOptions options = options_for(what, what.gop, GetParam().part);
    options.dash = true;
    package(GetParam().name, what, options);
    write("manifest.mpd");
  }
};

TEST_P(PackagePeers, every_segment_and_part_decodes_alone_with_its_init_at_its_time) {
  const EncodeOf& what = GetParam().what;
  for (const char* name : {"v0", "a0"}) {
    std::vector<std::int64_t> found;
    for (const ReadSegment& segment : playlist_of(*shelf_, name).segments) {
      const std::string file = joined(name, segment.map, segment.uri);
      EXPECT_EQ(output_of(fmt::format("ffmpeg -v error -xerror -i '{}' -f null - 2>&1", file)), "") << segment.uri;
      const auto of_segment = times(file);
      ASSERT_FALSE(of_segment.empty());
      found.insert(found.end(), of_segment.begin(), of_segment.end());
    }
    // All of it, to the tick: the track's time scale is a multiple of the stream's ticks.
    std::vector<std::int64_t> put;
    const TimeBase* base = nullptr;
    for (const PacketPtr& packet : packets_) {
      if (packet->stream->name != name) continue;
      if (!packet->video() && packet->pts < what.rate.first_sample(what.first)) continue;
      base = &packet->stream->time_base;
      put.push_back(packet->pts);
    }
    std::sort(put.begin(), put.end());
    ASSERT_EQ(found.size(), put.size()) << name;
    ASSERT_NE(base, nullptr);
    ASSERT_EQ(found[0] % put[0], 0) << name;
    const std::int64_t scale = found[0] / put[0];
    for (std::size_t i = 0; i < put.size(); ++i) ASSERT_EQ(found[i], put[i] * scale) << name << " packet " << i;
  }
}

TEST_P(PackagePeers, ffmpeg_plays_every_variant_from_end_to_end) {
  const EncodeOf& what = GetParam().what;
  const std::string index = folder_ / "index.m3u8";
  EXPECT_EQ(output_of(fmt::format("ffmpeg -v error -xerror -i '{}' -map 0 -f null - 2>&1", index)), "");
  const std::string streams =
      output_of(fmt::format("ffprobe -v error -count_packets -show_entries stream=codec_type,nb_read_packets "
                            "-of csv=p=0 '{}' 2>&1",
                            index));
  EXPECT_THAT(streams, ::testing::HasSubstr(fmt::format("video,{}", what.gop * 6))) << streams;
  EXPECT_THAT(streams, ::testing::HasSubstr("audio,"));
}

TEST_P(PackagePeers, ffmpeg_plays_the_dash_manifest_from_end_to_end) {
  const EncodeOf& what = GetParam().what;
  const std::string manifest = folder_ / "manifest.mpd";
  const std::string streams =
      output_of(fmt::format("ffprobe -v error -count_packets -show_entries stream=codec_type,nb_read_packets "
                            "-of csv=p=0 '{}' 2>&1",
                            manifest));
  EXPECT_THAT(streams, ::testing::HasSubstr(fmt::format("video,{}", what.gop * 6))) << streams;
  EXPECT_THAT(streams, ::testing::HasSubstr("audio,"));
}

TEST_F(Packaged, ffmpeg_plays_encrypted_segments_with_their_key) {
  const EncodeOf what;
  AssemblyOptions options = options_for(what, 60, 10);
  options.encrypted = true;
  options.key_segments = 2;
  package("aes", what, options);
  const ReadSegment segment = playlist_of(*shelf_, "v0").segments.at(1);
  EXPECT_EQ(shelf_->find("v0/" + segment.uri)->bytes.size() % 16, 0U);
  EXPECT_EQ(shelf_->find(segment.key.substr(3))->bytes.size(), 16U);
  std::set<std::string> keys;
  for (const ReadSegment& one : playlist_of(*shelf_, "v0").segments) keys.insert(one.key);
  EXPECT_GE(keys.size(), 3U);
  const std::string index = folder_ / "index.m3u8";
  EXPECT_EQ(output_of(fmt::format("ffmpeg -v error -xerror -allowed_extensions ALL -i '{}' -map 0:v:0 -map 0:a:0 "
                                  "-f null - 2>&1",
                                  index)),
            "");
  const std::string frames =
      output_of(fmt::format("ffprobe -v error -allowed_extensions ALL -select_streams v:0 -count_frames -show_entries "
                            "stream=nb_read_frames -of csv=p=0 '{}' 2>&1",
                            index));
  EXPECT_THAT(frames, ::testing::HasSubstr("360"));
}

TEST_F(Packaged, transport_stream_segments_decode_alone_with_picture_and_sound) {
  const EncodeOf what;
  AssemblyOptions options = options_for(what, 60, 10);
  options.transport_stream = true;
  options.sound = "a0";
  options.renditions = {{"v0", MediaKind::video}};
  package("ts", what, options);
  const ReadPlaylist playlist = playlist_of(*shelf_, "v0");
  ASSERT_GE(playlist.segments.size(), 5U);
  for (const ReadSegment& segment : playlist.segments) {
    const std::string file = folder_ / "v0" / segment.uri;
    EXPECT_TRUE(segment.uri.ends_with(".ts"));
    const std::string streams =
        output_of(fmt::format("ffprobe -v error -count_packets -show_entries stream=codec_type,nb_read_packets "
                              "-of csv=p=0 '{}' 2>&1",
                              file));
    EXPECT_THAT(streams, ::testing::HasSubstr("video,60")) << segment.uri;
    EXPECT_THAT(streams, ::testing::ContainsRegex("audio,9[0-9]")) << segment.uri;
  }
  EXPECT_THAT(std::string(shelf_->find("index.m3u8")->bytes), ::testing::HasSubstr("mp4a.40.2\",RES"));
  EXPECT_EQ(output_of(fmt::format("ffmpeg -v error -xerror -i '{}' -f null - 2>&1", (folder_ / "index.m3u8").string())),
            "");
}

TEST_P(PackagePeers, key_pictures_decode_alone) {
  const ReadPlaylist playlist = read_playlist(shelf_->find("v0/iframes.m3u8")->bytes);
  ASSERT_EQ(playlist.segments.size(), 6U);
  const EncodeOf& what = GetParam().what;
  for (std::size_t i = 0; i < playlist.segments.size(); ++i) {
    const std::string file = joined("v0", playlist.segments[i].map, playlist.segments[i].uri);
    EXPECT_EQ(output_of(fmt::format("ffmpeg -v error -xerror -i '{}' -f null - 2>&1", file)), "");
    const auto found = times(file);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0] % (what.first + what.gop * static_cast<std::int64_t>(i)), 0);
  }
}

EncodeOf encode(Rate rate, int gop, int bframes, Codec video, Codec audio) {
  EncodeOf what;
  what.rate = rate;
  what.gop = gop;
  what.bframes = bframes;
  what.video = video;
  what.audio = audio;
  return what;
}

INSTANTIATE_TEST_SUITE_P(Streams, PackagePeers,
                         ::testing::Values(Made{"h264_30", encode({30, 1}, 60, 0, Codec::h264, Codec::aac), 10},
                                           Made{"h264_bframes_2997",
                                                encode({30000, 1001}, 60, 2, Codec::h264, Codec::aac), 10},
                                           Made{"hevc_25_opus", encode({25, 1}, 50, 3, Codec::hevc, Codec::opus), 8},
                                           Made{"h264_50", encode({50, 1}, 100, 1, Codec::h264, Codec::aac), 17}),
                         [](const auto& made) { return std::string(made.param.name); });

}  // namespace
}  // namespace mainstay::package
