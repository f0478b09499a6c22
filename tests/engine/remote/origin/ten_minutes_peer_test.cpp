// Ten minutes of two sizes of picture and their sound, with an encoder changed in mid-stream: encoded, packaged, and
// read over HTTP by viewers who miss no update. What holds is in the checklist (tests/engine/package/checklist.h).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>
#include <thread>

#include "tests/engine/package/fragment_reader.h"
#include "tests/engine/remote/origin/viewer.h"

namespace mainstay::remote {
namespace {

using namespace testing;
using package::testing::ReadPlaylist;
using package::testing::ReadSegment;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr std::int64_t kFrames = 30 * 600;
constexpr std::int64_t kSegments = kFrames / PackagedStream::kSegment;
constexpr std::int64_t kSampleRate = 48'000;
constexpr std::int64_t kPacket = 1024;  // samples

std::string head_of(const std::string& response) {
  return response.substr(0, response.find("\r\n\r\n"));
}

/// The stream is played once; the tests look at what was seen.
class TenMinutes : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    stream_ = new PackagedStream({});
    board_ = new Board;
    for (const char* name : {"v0", "v1", "a0"})
      viewers_.push_back(std::make_unique<Viewer>(*stream_, *board_, name, name[0] == 'v'));
    std::vector<std::thread> threads;
    for (const auto& viewer : viewers_) {
      threads.emplace_back([&viewer] {
        viewer->watch([&](const ReadPlaylist& now) {
          if (viewer->rendition() == "v0" && viewer->updates() == 200) ask_what_is_wrong(*viewer, now);
        });
      });
    }
    for (std::thread& thread : threads) thread.join();
  }
  static void TearDownTestSuite() {
    viewers_.clear();
    delete std::exchange(stream_, nullptr);
    delete std::exchange(board_, nullptr);
  }

  /// On a connection of its own: those of the viewers may have been silent for too long by now.
  static std::string get(const std::string& target) {
    RawClient client(stream_->port());
    client.send("GET /live/" + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.response();
  }

  // While the programme stands: what is refused, and what headers say.
  static void ask_what_is_wrong(Viewer& viewer, const ReadPlaylist& now) {
    const ReadSegment& end = now.segments.back();
    const bool open = end.uri.empty();
    const std::int64_t last = end.msn - (open ? 1 : 0);
    const std::int64_t parts = open ? static_cast<std::int64_t>(end.parts.size()) : 0;
    const auto ask = [&](const std::string& name, const std::string& query, const std::string& header = {}) {
      answers_[name] = viewer.get("v0/index.m3u8" + query, header);
    };
    ask("a part without its segment", "?_HLS_part=1");
    ask("three segments ahead", fmt::format("?_HLS_msn={}", last + 3));
    ask("ten parts ahead", fmt::format("?_HLS_msn={}&_HLS_part={}", last + 1, parts + 9));
    ask("no number", "?_HLS_msn=soon");
    ask("twice", fmt::format("?_HLS_msn={}&_HLS_msn={}", last, last));
    ask("long ago", "?_HLS_msn=3&_HLS_part=2");
    ask("now", "");
    ask("compressed", "", "Accept-Encoding: gzip\r\n");
    answers_["a segment"] = viewer.get("v0/" + now.segments.front().uri);
    answers_["no such segment"] = viewer.get("v0/s1.m4s");
    answers_["no such part"] = viewer.get(fmt::format("v0/s{}.p7.m4s", last + 2));
  }

  static const Viewer& viewer(const std::string& name) {
    for (const auto& one : viewers_) {
      if (one->rendition() == name) return *one;
    }
    throw std::runtime_error("no viewer of " + name);
  }
  static package::testing::ReadFragment read(const Viewer& of, const Viewer::Seen& seen, const std::string& bytes,
                                             bool decode) {
    return package::testing::read_fragment(of.maps().at(seen.segment.map), bytes, decode);
  }

  static PackagedStream* stream_;
  static Board* board_;
  static std::vector<std::unique_ptr<Viewer>> viewers_;
  static std::map<std::string, std::string> answers_;
};

PackagedStream* TenMinutes::stream_ = nullptr;
Board* TenMinutes::board_ = nullptr;
std::vector<std::unique_ptr<Viewer>> TenMinutes::viewers_;
std::map<std::string, std::string> TenMinutes::answers_;

TEST_F(TenMinutes, EveryUpdateKeepsEveryRule) {
  for (const auto& one : viewers_) {
    EXPECT_THAT(one->breaches(), IsEmpty()) << one->rendition();
    // One for each part, at least, once the playlists are out.
    EXPECT_GE(one->updates(), 6 * (kSegments - 4)) << one->rendition();
    EXPECT_GT(one->deltas(), 5 * (kSegments - 20)) << one->rendition();
    EXPECT_EQ(static_cast<std::int64_t>(one->segments().size()), kSegments) << one->rendition();
    EXPECT_TRUE(one->segments().rbegin()->second.segment.uri.starts_with("s")) << one->rendition();
  }
}

TEST_F(TenMinutes, TheMultivariantPlaylistPromisesWhatIsTrue) {
  package::testing::Multivariant playlist;
  playlist.text = body_of(get("index.m3u8"));
  playlist.tags = package::testing::tags_of(playlist.text);
  for (const auto& one : viewers_) {
    package::testing::Measured& measured = playlist.measured[one->rendition() + "/index.m3u8"];
    double bits = 0;
    double seconds = 0;
    for (const auto& [msn, seen] : one->segments()) {
      bits += 8.0 * static_cast<double>(seen.bytes.size());
      seconds += seen.segment.duration;
      measured.peak_bps =
          std::max(measured.peak_bps, 8.0 * static_cast<double>(seen.bytes.size()) / seen.segment.duration);
    }
    measured.average_bps = bits / seconds;
  }
  EXPECT_THAT(breaches_of(playlist), IsEmpty()) << playlist.text;
}

TEST_F(TenMinutes, PartsMakeTheirSegment) {
  for (const auto& one : viewers_) {
    std::int64_t parts = 0;
    for (const auto& [msn, seen] : one->segments()) {
      // Those that were over before there was a playlist are known as wholes alone, and so is the end of the last one.
      if (seen.parts.empty() || msn == one->segments().rbegin()->first) continue;
      EXPECT_EQ(std::accumulate(seen.parts.begin(), seen.parts.end(), std::string()), seen.bytes) << msn;
      parts += static_cast<std::int64_t>(seen.parts.size());
    }
    EXPECT_GE(parts, 6 * (kSegments - 4)) << one->rendition();
  }
}

TEST_F(TenMinutes, EverySegmentDecodesAloneWithItsInit) {
  for (const auto& one : viewers_) {
    for (const auto& [msn, seen] : one->segments()) {
      const auto found = read(*one, seen, seen.bytes, true);
      ASSERT_EQ(found.trouble, "") << one->rendition() << " " << msn;
      EXPECT_TRUE(found.begins_with_key);
      if (one->rendition() == "a0") {
        // Decoders keep back what overlaps with a packet in front of the first.
        EXPECT_GE(found.decoded, static_cast<std::int64_t>(found.times.size() - 1) * kPacket) << msn;
      } else {
        EXPECT_EQ(found.decoded, PackagedStream::kSegment) << one->rendition() << " " << msn;
      }
    }
  }
}

TEST_F(TenMinutes, PartsHoldWhatTheySayAndIndependentOnesDecodeAlone) {
  for (const auto& one : viewers_) {
    for (const auto& [msn, seen] : one->segments()) {
      double at = 0;
      for (std::size_t i = 0; i < std::min(seen.parts.size(), seen.segment.parts.size()); ++i) {
        const auto& told = seen.segment.parts[i];
        const auto found = read(*one, seen, seen.parts[i], told.independent);
        ASSERT_EQ(found.trouble, "") << told.uri;
        EXPECT_EQ(found.begins_with_key, told.independent) << told.uri;
        ASSERT_FALSE(found.times.empty()) << told.uri;
        const double begin = static_cast<double>(found.times[0]) / static_cast<double>(found.ticks_a_second);
        // Of sound, libavformat does not tell how long a fragment's last packet is.
        const std::int64_t last = found.last_duration > 0 ? found.last_duration : found.times.at(1) - found.times[0];
        const double end = static_cast<double>(found.times.back() + last) / static_cast<double>(found.ticks_a_second);
        EXPECT_NEAR(end - begin, told.duration, 2e-6) << told.uri;
        if (i > 0) {
          EXPECT_NEAR(begin, at, 2e-6) << told.uri;
        }
        at = end;
      }
    }
  }
}

TEST_F(TenMinutes, RenditionsAreAlignedToTheTick) {
  for (const char* name : {"v0", "v1"}) {
    const Viewer& of = viewer(name);
    FrameIndex frame = PackagedStream::kFirst;
    for (const auto& [msn, seen] : of.segments()) {
      const auto found = read(of, seen, seen.bytes, false);
      ASSERT_EQ(found.times.size(), static_cast<std::size_t>(PackagedStream::kSegment)) << name << " " << msn;
      for (std::size_t i = 0; i < found.times.size(); ++i) ASSERT_EQ(found.at(i, 30), frame++) << name << " " << msn;
    }
    EXPECT_EQ(frame, PackagedStream::kFirst + kFrames) << name;
  }
  // Sound: no packet missing or twice, and each segment from the first that begins in it.
  const Viewer& of = viewer("a0");
  std::int64_t sample = -1;
  std::int64_t boundary = PackagedStream::kRate.first_sample(PackagedStream::kFirst);
  for (const auto& [msn, seen] : of.segments()) {
    const auto found = read(of, seen, seen.bytes, false);
    ASSERT_FALSE(found.times.empty()) << msn;
    EXPECT_GE(found.at(0, kSampleRate), boundary) << msn;
    EXPECT_LT(found.at(0, kSampleRate), boundary + kPacket) << msn;
    for (std::size_t i = 0; i < found.times.size(); ++i) {
      if (sample >= 0) {
        ASSERT_EQ(found.at(i, kSampleRate), sample) << msn;
      }
      sample = found.at(i, kSampleRate) + kPacket;
    }
    boundary += PackagedStream::kSegment * 1600;
  }
}

TEST_F(TenMinutes, OneDiscontinuityWhereTheEncoderChangedInAllRenditions) {
  const std::int64_t at = viewer("v0").segments().begin()->first + kSegments / 2;
  for (const auto& one : viewers_) {
    std::set<std::string> maps;
    for (const auto& [msn, seen] : one->segments()) {
      EXPECT_EQ(seen.segment.discontinuity, msn == at) << one->rendition() << " " << msn;
      maps.insert(seen.segment.map);
    }
    EXPECT_EQ(maps.size(), one->rendition() == "v0" ? 2U : 1U);
  }
  const Viewer& of = viewer("v0");
  EXPECT_EQ(read(of, of.segments().at(at - 1), of.segments().at(at - 1).bytes, false).width, 96);
  EXPECT_EQ(read(of, of.segments().at(at), of.segments().at(at).bytes, false).width, 128);
}

TEST_F(TenMinutes, KeyPicturesDecodeAlone) {
  for (const char* name : {"v0", "v1"}) {
    const Viewer& of = viewer(name);
    FrameIndex frame = PackagedStream::kFirst;
    for (const auto& [msn, seen] : of.segments()) {
      ASSERT_FALSE(seen.key_picture.empty()) << name << " " << msn;
      const auto found = read(of, seen, seen.key_picture, true);
      EXPECT_EQ(found.trouble, "") << msn;
      EXPECT_EQ(found.decoded, 1) << msn;
      EXPECT_EQ(found.at(0, 30), frame) << msn;
      frame += PackagedStream::kSegment;
    }
  }
}

TEST_F(TenMinutes, WhatCannotBeIsRefused) {
  for (const char* name :
       {"a part without its segment", "three segments ahead", "ten parts ahead", "no number", "twice"})
    EXPECT_EQ(status_of(answers_[name]), 400) << name;
  for (const char* name : {"no such segment", "no such part"}) EXPECT_EQ(status_of(answers_[name]), 404) << name;
  for (const auto& [name, answer] : answers_) {
    if (status_of(answer) >= 400) {
      EXPECT_THAT(head_of(answer), HasSubstr("Cache-Control: no-store")) << name;
    }
  }
  // What was long ago is answered with what is.
  EXPECT_EQ(status_of(answers_["long ago"]), 200);
  EXPECT_EQ(body_of(answers_["long ago"]), body_of(answers_["now"]));
}

TEST_F(TenMinutes, HeadersSayWhatCachesMayKeep) {
  EXPECT_THAT(head_of(answers_["now"]), HasSubstr("Cache-Control: no-store"));
  EXPECT_THAT(head_of(answers_["now"]), HasSubstr("Content-Type: application/vnd.apple.mpegurl"));
  EXPECT_THAT(head_of(answers_["long ago"]), HasSubstr("max-age=12"));
  EXPECT_THAT(head_of(answers_["a segment"]), HasSubstr("immutable"));
  EXPECT_THAT(head_of(answers_["compressed"]), HasSubstr("Content-Encoding: gzip"));
  for (const auto& [name, answer] : answers_) {
    EXPECT_THAT(head_of(answer), HasSubstr("\r\nDate: ")) << name;
    EXPECT_THAT(head_of(answer), HasSubstr("Access-Control-Expose-Headers: Age, Date")) << name;
  }
}

TEST_F(TenMinutes, BehindTheEndDirectivesAreIgnored) {
  const std::string plain = body_of(get("v0/index.m3u8"));
  EXPECT_THAT(plain, HasSubstr("#EXT-X-ENDLIST"));
  EXPECT_EQ(body_of(get("v0/index.m3u8?_HLS_msn=99999999999&_HLS_part=5")), plain);
  EXPECT_EQ(body_of(get("v0/index.m3u8?_HLS_skip=YES")), plain);
}

TEST(AStreamThatStandsStill, AnswersWhoWaitedForThreeTargetDurations) {
  PackagedStream stream({.frames = 30 * 10, .change = -1, .viewers = 1, .stalls = true});
  RawClient client(stream.port());
  const auto get = [&](const std::string& target) {
    client.send("GET /live/" + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return client.response();
  };
  const ReadPlaylist first = package::testing::read_playlist(body_of(get("v0/index.m3u8")));
  ASSERT_FALSE(first.segments.empty());
  // All that comes, and then what does not.
  const std::int64_t last = first.media_sequence + 4;
  ASSERT_EQ(status_of(get(fmt::format("v0/index.m3u8?_HLS_msn={}", last - 1))), 200);
  const Instant asked = stream.clock().now();
  std::string answer;
  do {
    answer = get(fmt::format("v0/index.m3u8?_HLS_msn={}", last + 1));
  } while (status_of(answer) == 200);
  EXPECT_EQ(status_of(answer), 503);
  EXPECT_THAT(head_of(answer), HasSubstr("Cache-Control: no-store"));
  EXPECT_GE(stream.clock().now() - asked, Seconds(6));
}

// "SIZE CRLF BYTES CRLF" one after the other, the last one empty (RFC 9112, 7.1); nothing: not well formed.
std::vector<std::string> chunks_of(const std::string& body) {
  std::vector<std::string> chunks;
  for (std::size_t at = 0; at < body.size();) {
    const std::size_t end = body.find("\r\n", at);
    if (end == std::string::npos) return {};
    const std::size_t size = std::stoul(body.substr(at, end - at), nullptr, 16);
    chunks.push_back(body.substr(end + 2, size));
    at = end + 4 + size;
  }
  return chunks;
}

TEST(ASegmentThatIsMade, ComesPartByPart) {
  PackagedStream stream({.frames = 30 * 12, .change = -1, .viewers = 1, .dash = true});
  RawClient client(stream.port());
  const auto get = [&](const std::string& target, const char* header = "") {
    client.send("GET /live/" + target + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\n");
    return client.response();
  };
  const ReadPlaylist now = package::testing::read_playlist(body_of(get("v0/index.m3u8")));
  ASSERT_FALSE(now.segments.empty());
  const std::int64_t next = now.segments.back().msn + 1;
  const std::string name = fmt::format("v0/s{}.m4s", next);
  RawClient reader(stream.port());
  reader.send("GET /live/" + name + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const std::string response = reader.rest();
  EXPECT_EQ(status_of(response), 200);
  EXPECT_THAT(head_of(response), HasSubstr("Transfer-Encoding: chunked"));
  EXPECT_THAT(head_of(response), ::testing::Not(HasSubstr("\r\nContent-Length:")));
  std::vector<std::string> chunks = chunks_of(response.substr(response.find("\r\n\r\n") + 4));
  ASSERT_EQ(chunks.size(), 7U);
  EXPECT_EQ(chunks.back(), "");
  std::string whole;
  for (std::size_t i = 0; i < 6; ++i) {
    EXPECT_EQ(chunks[i], body_of(get(fmt::format("v0/s{}.p{}.m4s", next, i)))) << i;
    whole += chunks[i];
  }
  EXPECT_EQ(whole, body_of(get(name)));
  EXPECT_EQ(status_of(get(fmt::format("v0/s{}.m4s", next + 9))), 404);
  EXPECT_THAT(body_of(get("manifest.mpd")), HasSubstr("availabilityTimeComplete=\"false\""));
  EXPECT_THAT(body_of(get("time")), ::testing::MatchesRegex("2023-11-14T22:13:[0-9.]*Z"));
}

}  // namespace
}  // namespace mainstay::remote
