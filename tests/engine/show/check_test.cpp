#include "engine/show/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "engine/show/paths.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;
using ::testing::StartsWith;

// Without the disk and without secrets: what the document alone can tell.
std::vector<std::string> found(const std::string& json) {
  const Parsed parsed = parse_show(json);
  EXPECT_THAT(lines(parsed.errors), IsEmpty());
  return lines(check(parsed.show, {.show_dir = ".", .probe_files = false, .secrets = nullptr}));
}

TEST(CheckTest, TheShowOfTheDesignHasOneDanglingSource) {
  EXPECT_THAT(found(kDesignShow),
              ElementsAre("/scenes/Main/layers/1/source: there is no source \"logo\": known are bars, clip, remote"));
  EXPECT_THAT(found(with(kDesignShow, "\"logo\"", "\"bars\"")), IsEmpty());
}

struct Senseless {
  const char* name;
  const char* from;
  const char* to;
  std::vector<const char*> lines;  // what each error starts with
};

class SenselessShowTest : public ::testing::TestWithParam<Senseless> {};

TEST_P(SenselessShowTest, IsRefusedWithTheReason) {
  ASSERT_THAT(found(kGoodShow), IsEmpty());
  const std::vector<std::string> errors = found(with(kGoodShow, GetParam().from, GetParam().to));
  ASSERT_THAT(errors, SizeIs(GetParam().lines.size())) << ::testing::PrintToString(errors);
  for (std::size_t i = 0; i < errors.size(); ++i) EXPECT_THAT(errors[i], StartsWith(GetParam().lines[i]));
}

const char kVideo[] =
    "{\"name\": \"v0\", \"codec\": \"h264\", \"kbps\": 4000, \"vbv_ms\": 800, \"keyint_s\": 2, \"bframes\": 2, "
    "\"profile\": \"main\", \"level\": \"4.1\"}";

INSTANTIATE_TEST_SUITE_P(
    Names, SenselessShowTest,
    ::testing::Values(
        Senseless{"dangling_slate",
                  "\"slate\": \"grey\"",
                  "\"slate\": \"gray\"",
                  {"/program/slate: there is no source \"gray\": did you mean \"grey\"?"}},
        Senseless{"dangling_layer",
                  "\"source\": \"clip\"",
                  "\"source\": \"Clip\"",
                  {"/scenes/Main/layers/0/source: there is no source \"Clip\": did you mean \"clip\"?"}},
        Senseless{"dangling_on_air",
                  "\"on_air\": \"Main\"",
                  "\"on_air\": \"Man\"",
                  {"/on_air: there is no scene \"Man\": did you mean \"Main\"?"}},
        Senseless{"dangling_video",
                  "\"video\": \"v0\", ",
                  "\"video\": \"v1\", ",
                  {"/destinations/platform/video: there is no video rendition \"v1\": did you mean \"v0\"?"}},
        Senseless{"dangling_audio",
                  "\"audio\": \"a0\"",
                  "\"audio\": \"v0\"",
                  {"/destinations/platform/audio: there is no audio rendition \"v0\""}},
        Senseless{"dangling_recording",
                  "\"%Y.mp4\"",
                  "\"%Y.mp4\", \"video\": \"hd\"",
                  {"/record/video: there is no video rendition \"hd\""}},
        Senseless{"same_rendition_name",
                  "\"name\": \"a0\"",
                  "\"name\": \"v0\"",
                  {"/encode/audio/0/name: another rendition is named \"v0\" too",
                   "/destinations/platform/audio: there is no audio rendition \"a0\""}},
        Senseless{"nothing_to_send",
                  kVideo,
                  "",
                  {"/destinations/platform/video: there is no video rendition \"v0\"",
                   "/record: there is no video rendition to send", "/hls: there is no video rendition to package"}},
        Senseless{"standby_without_backup",
                  ",\n      \"backup\": {\"url\": \"srt://b.example.com:9002\", \"passphrase\": \"long enough\"}}",
                  ", \"mode\": \"standby\"}",
                  {"/destinations/platform/mode: \"standby\" needs a backup leg"}},
        Senseless{"part_longer_than_segment",
                  "\"127.0.0.1:8080\"",
                  "\"127.0.0.1:8080\", \"part_ms\": 3000",
                  {"/hls/part_ms: a part of 3000 ms is longer than the segment of 2 s"}},
        Senseless{"window_too_short",
                  "\"127.0.0.1:8080\"",
                  "\"127.0.0.1:8080\", \"window_s\": 5",
                  {"/hls/window_s: the window of 5 s must hold three segments of 2 s"}},
        Senseless{"segment_shorter_than_gop",
                  "\"127.0.0.1:8080\"",
                  "\"127.0.0.1:8080\", \"segment_s\": 1",
                  {"/hls/segment_s: a segment of 1 s is shorter than the key-frame interval of 2 s"}}),
    [](const auto& senseless) { return std::string(senseless.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Encode, SenselessShowTest,
    ::testing::Values(Senseless{"encoder_of_another_codec",
                                "\"codec\": \"h264\"",
                                "\"codec\": \"h264\", \"encoder\": \"libx265\"",
                                {"/encode/video/0/encoder: libx265 makes hevc, but \"codec\" is h264"}},
                      Senseless{"hardware_encoder_of_another_codec",
                                "\"codec\": \"h264\"",
                                "\"codec\": \"h264\", \"encoder\": \"av1_nvenc\"",
                                {"/encode/video/0/encoder: av1_nvenc makes av1"}},
                      Senseless{"unknown_profile",
                                "\"profile\": \"main\"",
                                "\"profile\": \"hihg\"",
                                {"/encode/video/0/profile: h264 has no profile \"hihg\": did you mean \"high\"?"}},
                      Senseless{"b_frames_in_baseline",
                                "\"profile\": \"main\"",
                                "\"profile\": \"baseline\"",
                                {"/encode/video/0/bframes: profile baseline has no B-frames"}},
                      Senseless{"b_frames_below_a_second",
                                "\"rate\": \"30/1\"",
                                "\"rate\": \"30/1\", \"latency_target\": \"sub_second\"",
                                {"/encode/video/0/bframes: B-frames do not go with the latency target"}},
                      Senseless{"level_too_low_for_the_rate",
                                "\"level\": \"4.1\"",
                                "\"level\": \"3\"",
                                {"/encode/video/0/level: level 3 is too low: a picture of 1280×720"}},
                      Senseless{"no_such_level",
                                "\"level\": \"4.1\"",
                                "\"level\": \"4.3\"",
                                {"/encode/video/0/level: h264 has no such level; it has 1, 1b, "}},
                      Senseless{"scaled_up",
                                "\"kbps\": 4000",
                                "\"kbps\": 4000, \"height\": 1080",
                                {"/encode/video/0/height: 1080 lines are more than the program's 720"}},
                      Senseless{"too_little_sound",
                                "\"kbps\": 128",
                                "\"kbps\": 10",
                                {"/encode/audio/0/kbps: 10 kb/s is too little for aac in 2 channels: at least 16"}},
                      Senseless{"more_channels_than_the_platform",
                                "\"slate\": \"grey\"",
                                "\"slate\": \"grey\", \"audio_layout\": \"5.1\"",
                                {"/encode/audio/0/channels: 6 channels exceed max_audio_channels 2 of caps preset "
                                 "\"twitch\" (destination \"platform\")"}},
                      Senseless{"more_channels_than_the_program",
                                "\"kbps\": 128",
                                "\"kbps\": 128, \"channels\": 6",
                                {"/encode/audio/0/channels: 6 channels are more than the program's 2: set "
                                 "program.audio_layout to \"5.1\"",
                                 "/encode/audio/0/channels: 6 channels exceed max_audio_channels 2"}}),
    [](const auto& senseless) { return std::string(senseless.param.name); });

INSTANTIATE_TEST_SUITE_P(
    CapsOf, SenselessShowTest,
    ::testing::Values(
        Senseless{"the_show",
                  "\"max_video_kbps\": 5000",
                  "\"max_video_kbps\": 3999",
                  {"/encode/video/0/kbps: 4000 kb/s exceeds max_video_kbps 3999 of /encode/caps"}},
        Senseless{"a_preset",
                  "\"kbps\": 4000",
                  "\"kbps\": 9000",
                  {"/encode/video/0/kbps: 9000 kb/s exceeds max_video_kbps 5000 of /encode/caps",
                   "/encode/video/0/kbps: 9000 kb/s exceeds max_video_kbps 6000 of caps preset \"twitch\" (destination "
                   "\"platform\")"}},
        Senseless{
            "a_destination",
            "\"caps\": \"twitch\"",
            "\"caps\": {\"preset\": \"twitch\", \"max_audio_kbps\": 96}",
            {"/encode/audio/0/kbps: 128 kb/s exceeds max_audio_kbps 96 of /destinations/platform/caps (destination "
             "\"platform\")"}},
        Senseless{"height",
                  "\"max_video_kbps\": 5000",
                  "\"max_height\": 540",
                  {"/encode/video/0/height: 720 lines exceeds max_height 540 of /encode/caps"}},
        Senseless{"rate",
                  "\"max_video_kbps\": 5000",
                  "\"max_rate\": 29.97",
                  {"/program/rate: 30/1 frames/s exceeds max_rate 30000/1001 of /encode/caps"}},
        Senseless{
            "keyint",
            "\"keyint_s\": 2",
            "\"keyint_s\": 2.5",
            {"/hls/segment_s: ", "/encode/video/0/keyint_s: 2.5 s exceeds max_keyint_s 2 of caps preset \"twitch\""}},
        Senseless{"bframes",
                  "\"max_video_kbps\": 5000",
                  "\"max_bframes\": 1",
                  {"/encode/video/0/bframes: 2 exceeds max_bframes 1 of /encode/caps"}},
        Senseless{"vbv",
                  "\"max_video_kbps\": 5000",
                  "\"max_vbv_ms\": 500",
                  {"/encode/video/0/vbv_ms: 800 ms exceeds max_vbv_ms 500 of /encode/caps"}},
        Senseless{"profile",
                  "\"max_video_kbps\": 5000",
                  "\"max_profile\": \"baseline\"",
                  {"/encode/video/0/profile: main exceeds max_profile baseline of /encode/caps"}},
        Senseless{"level",
                  "\"max_video_kbps\": 5000",
                  "\"max_level\": \"4\"",
                  {"/encode/video/0/level: 4.1 exceeds max_level 4 of /encode/caps"}},
        Senseless{"video_codec",
                  "\"max_video_kbps\": 5000",
                  "\"video_codecs\": [\"hevc\", \"av1\"]",
                  {"/encode/video/0/codec: h264 is not among video_codecs hevc, av1 of /encode/caps"}},
        Senseless{"audio_codec",
                  "\"max_video_kbps\": 5000",
                  "\"audio_codecs\": [\"opus\"]",
                  {"/encode/audio/0/codec: aac is not among audio_codecs opus of /encode/caps"}},
        Senseless{"an_unknown_preset",
                  "\"caps\": \"twitch\"",
                  "\"caps\": \"twich\"",
                  {"/destinations/platform/caps/preset: unknown caps preset \"twich\": did you mean \"twitch\"?; the "
                   "presets are youtube-2160p60, "}}),
    [](const auto& senseless) { return std::string(senseless.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Addresses, SenselessShowTest,
    ::testing::Values(
        Senseless{"no_protocol",
                  "rtmp://a.example.com/live",
                  "a.example.com/live",
                  {"/destinations/platform/main/url: an address starts with its protocol"}},
        Senseless{"unknown_protocol",
                  "rtmp://a.example.com/live",
                  "rtpm://a.example.com/live",
                  {"/destinations/platform/main/url: unknown protocol \"rtpm\": did you mean \"rtmp\"?"}},
        Senseless{"port_too_large",
                  "a.example.com/live",
                  "a.example.com:65536/live",
                  {"/destinations/platform/main/url: the port must be a number from 1 to 65535"}},
        Senseless{"port_zero", ":9002", ":0", {"/destinations/platform/backup/url: the port must be"}},
        Senseless{"port_missing",
                  "b.example.com:9002",
                  "b.example.com",
                  {"/destinations/platform/backup/url: the port is missing"}},
        Senseless{"host_missing",
                  "rtmp://a.example.com/live",
                  "rtmp:///live",
                  {"/destinations/platform/main/url: the host is missing"}},
        Senseless{"host_with_a_space",
                  "rtmp://a.example.com/live",
                  "rtmp://a example.com/live",
                  {"/destinations/platform/main/url: an address holds no spaces"}},
        Senseless{"application_missing",
                  "rtmp://a.example.com/live",
                  "rtmp://a.example.com",
                  {"/destinations/platform/main/url: the application is missing"}},
        Senseless{"stream_key_missing",
                  ", \"key\": \"${secret:platform}\"",
                  "",
                  {"/destinations/platform/main/key: the stream key is missing"}},
        Senseless{"key_for_srt",
                  "\"passphrase\": \"long enough\"",
                  "\"key\": \"k\"",
                  {"/destinations/platform/backup/key: a stream key is for RTMP"}},
        Senseless{"passphrase_for_rtmp",
                  "\"key\": \"${secret:platform}\"",
                  "\"key\": \"${secret:platform}\", \"passphrase\": \"long enough\"",
                  {"/destinations/platform/main/passphrase: a passphrase is for SRT"}},
        Senseless{"short_passphrase",
                  "long enough",
                  "too short",
                  {"/destinations/platform/backup/passphrase: the passphrase has 9 characters: SRT takes 10 to 80"}},
        Senseless{"short_passphrase_in_the_url",
                  ":9002",
                  ":9002?passphrase=short",
                  {"/destinations/platform/backup/url: the passphrase has 5 characters"}},
        Senseless{
            "unknown_srt_mode",
            ":9002",
            ":9002?mode=listen",
            {"/destinations/platform/backup/url: mode \"listen\" cannot be used here: did you mean \"listener\"?"}},
        Senseless{"srt_with_a_path",
                  ":9002",
                  ":9002/live",
                  {"/destinations/platform/backup/url: an SRT address has no path"}},
        Senseless{"caller_without_host",
                  "srt://b.example.com:9002",
                  "srt://:9002?mode=caller",
                  {"/destinations/platform/backup/url: the host is missing"}},
        Senseless{"ingest_that_calls",
                  "mode=listener",
                  "mode=caller",
                  {"/sources/remote/main/url: mode \"caller\" cannot be used here: known are listener"}},
        Senseless{"ingest_over_rtmps",
                  "rtmp://:1936/live",
                  "rtmps://:1936/live",
                  {"/sources/remote/backup/url: unknown protocol \"rtmps\""}},
        Senseless{"ingest_without_application",
                  "rtmp://:1936/live",
                  "rtmp://:1936",
                  {"/sources/remote/backup/url: the application is missing"}},
        Senseless{"same_udp_port",
                  "srt://b.example.com:9002",
                  "srt://:9001?mode=listener",
                  {"/destinations/platform/backup/url: UDP port 9001 is used by /sources/remote/main/url too"}},
        Senseless{"same_tcp_port",
                  "127.0.0.1:8080",
                  "0.0.0.0:1936",
                  {"/hls/listen: TCP port 1936 is used by /sources/remote/backup/url too"}},
        Senseless{"origin_without_port", "127.0.0.1:8080", "127.0.0.1", {"/hls/listen: the port is missing"}},
        Senseless{"backup_is_main",
                  "\"url\": \"srt://b.example.com:9002\", \"passphrase\": \"long enough\"",
                  "\"url\": \"rtmp://a.example.com/live\", \"key\": \"${secret:platform}\"",
                  {"/destinations/platform/backup/url: the backup leg is the same address as main"}},
        Senseless{"opus_over_rtmp",
                  "\"codec\": \"aac\"",
                  "\"codec\": \"opus\"",
                  {"/encode/audio/0/codec: opus is not among audio_codecs aac of caps preset \"twitch\"",
                   "/destinations/platform/main/url: RTMP carries aac, but audio rendition \"a0\" is opus"}}),
    [](const auto& senseless) { return std::string(senseless.param.name); });

Senseless hls(const char* name, const char* keys, std::vector<const char*> lines) {
  return {name, "\"listen\": \"127.0.0.1:8080\"", keys, std::move(lines)};
}

INSTANTIATE_TEST_SUITE_P(
    Hls, SenselessShowTest,
    ::testing::Values(
        hls("unknown_rendition", R"("video": ["v1"])",
            {"/hls/video/0: there is no video rendition \"v1\": did you mean"}),
        hls("unknown_sound", R"("audio": ["v0"])", {"/hls/audio/0: there is no audio rendition \"v0\""}),
        hls("dvr_without_a_store", R"("dvr_s": 600)", {"/hls/dvr_s: what is older than the window is kept on disk"}),
        hls("encrypted_dash", R"("dash": true, "encryption": "aes128")", {"/hls/dash: DASH takes neither"}),
        hls("token_without_a_secret", R"("access": {"mode": "token"})",
            {"/hls/access/secret: tokens are signed with a secret"}),
        hls("short_secret", R"("access": {"secret": "too short"})", {"/hls/access/secret: the secret is too short"}),
        hls("key_without_certificate", R"("tls_key": "k.pem")", {"/hls/tls_cert: the key has no certificate"}),
        hls("origin_with_a_path", R"("allow_origins": ["https://a.example/x"])",
            {"/hls/allow_origins/0: \"https://a.example/x\" is no origin"}),
        hls("public_url_with_a_path", R"("public_url": "https://a.example/live")", {"/hls/public_url: "}),
        hls("no_network", R"("regions": {"10.0.0.0/33": "north"})",
            {"/hls/regions/10.0.0.0~133: \"10.0.0.0/33\" is no"}),
        hls("no_region", R"("regions": {"10.0.0.0/8": "The North"})",
            {"/hls/regions/10.0.0.0~18: \"The North\" is no"}),
        hls("publish_nowhere", R"("publish": [{}])", {"/hls/publish/0: either \"url\""}),
        hls("publish_twice", R"("publish": [{"url": "http://a/", "path": "out"}])", {"/hls/publish/0: either \"url\""}),
        hls("publish_by_ftp", R"("publish": [{"url": "ftp://a/"}])", {"/hls/publish/0/url: this is no address"}),
        hls("encrypted_without_a_key_server", R"("encryption": "aes128", "publish": [{"path": "out"}])",
            {"/hls/publish/0: segments are encrypted, and nothing says where"}),
        hls("keys_here_and_there", R"("publish": [{"path": "out", "key_uri": "http://a/", "publish_key": true}])",
            {"/hls/publish/0/key_uri: keys come from there or"}),
        hls("keys_by_ftp", R"("publish": [{"path": "out", "key_uri": "ftp://a/"}])",
            {"/hls/publish/0/key_uri: this is no address of a key server"}),
        hls("backup_of_a_folder", R"("publish": [{"path": "out", "backup_url": "http://b/"}])",
            {"/hls/publish/0/backup_url: a backup is for an origin"})),
    [](const auto& senseless) { return std::string(senseless.param.name); });

INSTANTIATE_TEST_SUITE_P(
    Remote, SenselessShowTest,
    ::testing::Values(Senseless{"api_for_all_without_a_token",
                                "\"record\":",
                                "\"remote\": {\"listen\": \"0.0.0.0:4480\"}, \"record\":",
                                {"/remote/listen: other machines could do anything: set /remote/token"}},
                      Senseless{"api_with_a_short_token",
                                "\"record\":",
                                "\"remote\": {\"token\": \"short\"}, \"record\":",
                                {"/remote/token: the token is too short"}},
                      Senseless{"api_without_port",
                                "\"record\":",
                                "\"remote\": {\"listen\": \"127.0.0.1\"}, \"record\":",
                                {"/remote/listen: the port is missing: HOST:PORT, as in 127.0.0.1:4480"}},
                      Senseless{"api_on_the_origins_port",
                                "\"record\":",
                                "\"remote\": {\"listen\": \"127.0.0.1:8080\"}, \"record\":",
                                {"/remote/listen: TCP port 8080 is used by /hls/listen too"}},
                      Senseless{"api_key_without_certificate",
                                "\"record\":",
                                "\"remote\": {\"tls_key\": \"key.pem\"}, \"record\":",
                                {"/remote/tls_cert: the key has no certificate"}},
                      Senseless{"api_origin_with_a_path",
                                "\"record\":",
                                "\"remote\": {\"allow_origins\": [\"https://a.example/x\"]}, \"record\":",
                                {"/remote/allow_origins/0: \"https://a.example/x\" is no origin"}},
                      Senseless{"obs_for_all_without_a_password",
                                "\"record\":",
                                "\"remote\": {\"obs\": {\"listen\": \"[::]:4455\"}}, \"record\":",
                                {"/remote/obs/listen: other machines could do anything"}},
                      Senseless{"obs_on_the_apis_port",
                                "\"record\":",
                                "\"remote\": {\"obs\": {\"listen\": \"127.0.0.1:4480\"}}, \"record\":",
                                {"/remote/obs/listen: TCP port 4480 is used by /remote/listen too"}}),
    [](const auto& senseless) { return std::string(senseless.param.name); });

TEST(CheckTest, RemoteFacesThatAreSafeAreTaken) {
  for (const char* remote :
       {"{}", "{\"listen\": \"localhost:1\"}", "{\"listen\": \"0.0.0.0:4480\", \"view_token\": \"${secret:view}\"}",
        "{\"obs\": {\"enabled\": false, \"listen\": \"0.0.0.0:4455\"}}",
        "{\"allow_origins\": [\"https://a.example:8443\"]}"}) {
    EXPECT_THAT(found(with(kGoodShow, "\"record\":", std::string("\"remote\": ") + remote + ", \"record\":")),
                IsEmpty())
        << remote;
  }
}

INSTANTIATE_TEST_SUITE_P(
    Rest, SenselessShowTest,
    ::testing::Values(
        Senseless{"out_before_in",
                  "\"out_ms\": 5000",
                  "\"out_ms\": 1000",
                  {"/sources/clip/out_ms: the out point (1000 ms) must come after the in point (1000 ms)"}},
        Senseless{"recording_of_another_kind", "%Y.mp4", "%Y.avi", {"/record/path: the file's name must end in"}},
        Senseless{"unknown_time_mark", "%Y.mp4", "%Q.mp4", {"/record/path: \"%Q\" is no mark of strftime"}},
        Senseless{"time_mark_cut_off", "%Y.mp4", "%.mp4", {"/record/path: \"%.\" is no mark of strftime"}},
        Senseless{"malformed_reference",
                  "${secret:platform}",
                  "${secrets:platform}",
                  {"/destinations/platform/main/key: a reference is not well formed: write ${secret:NAME}"}},
        Senseless{"reference_not_closed",
                  "${secret:platform}",
                  "${secret:platform",
                  {"/destinations/platform/main/key: a reference is not well formed"}},
        Senseless{"reference_where_none_is_resolved",
                  "\"slate\": \"grey\"}",
                  "\"slate\": \"grey\"}, \"name\": \"${env:NAME}\"",
                  {"/name: references (${…}) are not resolved in this key"}}),
    [](const auto& senseless) { return std::string(senseless.param.name); });

TEST(CheckTest, SrtDoesNotCarryAv1) {
  std::string show = with(kGoodShow, "\"codec\": \"h264\"", "\"codec\": \"av1\"");
  show = with(show, ", \"profile\": \"main\", \"level\": \"4.1\"", "");
  show = with(show, "\"caps\": \"twitch\", ", "");
  EXPECT_THAT(found(show),
              ElementsAre("/destinations/platform/backup/url: SRT carries h264 and hevc, but video rendition "
                          "\"v0\" is av1"));
}

TEST(CheckTest, AnAddressThatRestsOnAReferenceIsCheckedAsFarAsItIsKnown) {
  EXPECT_THAT(found(with(kGoodShow, "rtmp://a.example.com/live", "rtmp://${env:HOST}/live")), IsEmpty());
  EXPECT_THAT(found(with(kGoodShow, "rtmp://a.example.com/live", "${secret:ingest}")), IsEmpty());
  EXPECT_THAT(found(with(kGoodShow, "rtmp://a.example.com/live", "rtpm://a.example.com/${env:APP}")),
              ElementsAre(HasSubstr("unknown protocol")));
}

TEST(CheckTest, ProbesTheFilesThatAreRead) {
  const TemporaryFolder folder;
  const Show show = parse_show(kGoodShow).show;
  const CheckContext context{.show_dir = folder.path(), .probe_files = true, .secrets = nullptr};
  const std::string clip = folder.path() + "/clip.mp4";
  EXPECT_THAT(lines(check(show, context)),
              ElementsAre("/sources/clip/path: cannot read " + clip + ": No such file or directory"));
  std::filesystem::create_directory(clip);
  EXPECT_THAT(lines(check(show, context)),
              ElementsAre("/sources/clip/path: " + clip + " is a directory: name a media file"));
  std::filesystem::remove(clip);
  folder.write("clip.mp4", "");
  EXPECT_THAT(lines(check(show, context)), IsEmpty());
}

TEST(CheckTest, SaysWhichSecretIsMissingAndShowsNone) {
  const TemporaryFolder folder;
  Redactor redactor;
  const Secrets secrets(redactor, {.file = folder.path() + "/secrets.json", .env = {}});
  const CheckContext context{.show_dir = ".", .probe_files = false, .secrets = &secrets};
  const Show show = parse_show(kGoodShow).show;
  EXPECT_THAT(lines(check(show, context)),
              ElementsAre(StartsWith("/destinations/platform/main/key: the secret \"platform\" is not known: put it "
                                     "into " +
                                     folder.path())));
  folder.write("secrets.json", R"({"platform": "abcd-efgh", "srt": "tiny"})");
  EXPECT_THAT(lines(check(show, context)), IsEmpty());
  EXPECT_EQ(redactor.redact("key abcd-efgh, long enough"), "key ***, ***");

  const Show tiny = parse_show(with(kGoodShow, "long enough", "${secret:srt}")).show;
  EXPECT_THAT(
      lines(check(tiny, context)),
      ElementsAre("/destinations/platform/backup/passphrase: the passphrase has 4 characters: SRT takes 10 to 80"));
}

TEST(PathsTest, AreRelativeToTheShowFile) {
  EXPECT_EQ(directory_of("shows/a.json"), "shows");
  EXPECT_EQ(directory_of("a.json"), ".");
  EXPECT_EQ(directory_of("/a.json"), "/");
  EXPECT_EQ(expand_path("media/c.mp4", "/srv/shows"), "/srv/shows/media/c.mp4");
  EXPECT_EQ(expand_path("../c.mp4", "/srv/shows"), "/srv/c.mp4");
  EXPECT_EQ(expand_path("/c.mp4", "/srv/shows"), "/c.mp4");
  EXPECT_EQ(expand_path("c.mp4", "."), "c.mp4");
}

}  // namespace
}  // namespace mainstay::show
