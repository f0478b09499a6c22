// Streams over TLS: HLS from a web server, RTMP from nginx, each behind a terminator with certificates that the test
// makes.
#include "tests/engine/sources/live/stream_peer_fixture.h"

namespace mainstay {
namespace {

using test::Child;
using testing::HasSubstr;

class StreamTlsPeerTest : public StreamPeerTest {
 protected:
  void SetUp() override {
    certify("good");
    certify("other");
  }
  /// NAME.pem and NAME.key for "localhost", issued by NAME-ca.pem.
  void certify(const std::string& name) {
    const std::string at = folder_file(name);
    const std::string key = " -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes ";
    std::ofstream(at + ".ext") << "subjectAltName=DNS:localhost\n";
    for (const std::string& command :
         {"openssl req -x509" + key + "-keyout " + at + "-ca.key -out " + at + "-ca.pem -days 2 -subj /CN=" + name,
          "openssl req" + key + "-keyout " + at + ".key -out " + at + ".csr -subj /CN=localhost",
          "openssl x509 -req -in " + at + ".csr -CA " + at + "-ca.pem -CAkey " + at + "-ca.key -CAcreateserial -out " +
              at + ".pem -days 2 -extfile " + at + ".ext"})
      ASSERT_TRUE(test::run_command(command + " 2>/dev/null")) << command;
  }
  std::string authority(const std::string& name) { return folder_file(name + "-ca.pem"); }
  /// Ends TLS on `port` and passes the bytes on to `target`.
  std::vector<std::string> terminator(std::uint16_t port, const std::string& name, std::uint16_t target) {
    return {"python3",
            std::string(MAINSTAY_SOURCE_DIR) + "/tests/engine/deliver/rtmp_tls_proxy.py",
            std::to_string(port),
            folder_file(name + ".pem"),
            folder_file(name + ".key"),
            std::to_string(target)};
  }
  void expect_refused() {
    run_until(40, [&] { return dynamic_cast<LiveSource&>(*source).link().failures >= 1; });
    EXPECT_EQ(dynamic_cast<LiveSource&>(*source).link().connects, 0);
    EXPECT_EQ(source->status().state, SourceState::failed);
  }

  const std::uint16_t plain = test::free_port();
  const std::uint16_t secure = test::free_port();
};

TEST_F(StreamTlsPeerTest, HlsOverHttpsIsShownWhenItsAuthorityIsTrusted) {
  Child ffmpeg(test::sender(hls("live.m3u8")));
  Child server(file_server(plain));
  Child terminating(terminator(secure, "good", plain));
  await_file("live2.ts");
  const std::string url = fmt::format("https://localhost:{}/live.m3u8", secure);
  open({.url = url, .tls_ca_file = authority("good")});
  run_until_live(60);
  open({.url = url, .tls_ca_file = authority("other")});
  expect_refused();
  EXPECT_THAT(source->status().detail, HasSubstr("ertificate")) << "and says why";
  open({.url = url, .tls_verify = false});
  run_until_live(60);
}

TEST_F(StreamTlsPeerTest, ANameThatIsNotInTheCertificateIsRefused) {
  std::ofstream(folder_file("live.m3u8")) << "#EXTM3U\n";
  Child server(file_server(plain));
  Child terminating(terminator(secure, "good", plain));
  open({.url = fmt::format("https://127.0.0.1:{}/live.m3u8", secure), .tls_ca_file = authority("good")});
  expect_refused();
  // The terminator may not have been there for the first try.
  run_until(40, [&] { return source->status().detail.find("ertificate") != std::string::npos; });
  EXPECT_THAT(source->status().detail, HasSubstr("ertificate")) << "not for what the playlist lacks";
  EXPECT_EQ(dynamic_cast<LiveSource&>(*source).link().connects, 0);
}

// FFmpeg's reader of HLS checks the certificates of no segment by itself, whatever it was told of the playlist's.
TEST_F(StreamTlsPeerTest, ASegmentFromAServerThatIsNotTrustedIsNotFetched) {
  const std::uint16_t elsewhere = test::free_port();
  const std::string clip = test::make_clip({"segment.ts", test::kX264 + "-c:a aac"});
  std::filesystem::copy(clip, folder_file("segment.ts"));
  for (const std::uint16_t port : {secure, elsewhere})
    std::ofstream(folder_file(fmt::format("{}.m3u8", port)))
        << "#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:1.5,\nhttps://localhost:" << port
        << "/segment.ts\n#EXT-X-ENDLIST\n";
  Child server(file_server(plain));
  Child good(terminator(secure, "good", plain));
  Child other(terminator(elsewhere, "other", plain));
  open({.url = fmt::format("https://localhost:{}/{}.m3u8", secure, elsewhere), .tls_ca_file = authority("good")});
  expect_refused();
  open({.url = fmt::format("https://localhost:{}/{}.m3u8", secure, secure), .tls_ca_file = authority("good")});
  run_until(40, [&] { return dynamic_cast<LiveSource&>(*source).link().connects >= 1; });
}

TEST_F(StreamTlsPeerTest, RtmpsIsFetchedWhenItsAuthorityIsTrusted) {
  Child nginx(rtmp_server(plain));
  Child terminating(terminator(secure, "good", plain));
  Child publisher(test::sender(fmt::format("[f=flv]rtmp://127.0.0.1\\:{}/live/stream", plain)));
  const std::string url = fmt::format("rtmps://localhost:{}/live/stream", secure);
  open({.url = url, .tls_ca_file = authority("good")});
  run_until_live(60);
  open({.url = url, .tls_ca_file = authority("other")});
  expect_refused();
  EXPECT_THAT(source->status().detail, HasSubstr("ertificate"));
}

}  // namespace
}  // namespace mainstay
