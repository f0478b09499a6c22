// HLS as clients of the engine see it: on with the show, changed while it is on air, ended with it.
#include "engine/package/shelf.h"
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class HlsTest : public StudioTest {
 protected:
  void SetUp() override {
    StudioTest::SetUp();
    Json show = kShow;
    show["destinations"] = Json::object();
    show["hls"] = {{"listen", "127.0.0.1:18080"}, {"segment_s", 1}, {"part_ms", 200}, {"window_s", 6}};
    std::ofstream(path_) << show.dump();
  }
  std::string text(const std::string& path) {
    const auto shelf = studio_.shelf();
    const auto item = shelf ? shelf->find(path) : nullptr;
    return item ? std::string(item->bytes) : std::string();
  }
  bool is_live() {
    return becomes([&] { return state("/hls/state") == "live"; });
  }
};

TEST_F(HlsTest, IsMadeWithTheShowAndEndsWithIt) {
  go_on_air();
  ASSERT_TRUE(is_live());
  EXPECT_THAT(text("index.m3u8"), HasSubstr("v0/index.m3u8"));
  EXPECT_THAT(text("v0/index.m3u8"), HasSubstr("#EXT-X-PART-INF:PART-TARGET=0.200000"));
  EXPECT_EQ(state("/hls/url"), "http://127.0.0.1:18080/live/index.m3u8");
  EXPECT_GE(state("/hls/segments").get<int>(), 6);
  EXPECT_THAT(state("/hls/renditions/v0/codecs").get<std::string>(), HasSubstr("avc1."));
  must("program.stop");
  EXPECT_THAT(text("v0/index.m3u8"), HasSubstr("#EXT-X-ENDLIST"));
  EXPECT_EQ(state("/hls/state"), "ended");
  EXPECT_GE(state("/hls/parts").get<int>(), 30);
}

TEST_F(HlsTest, OtherPartsAreTakenInMidAirAndTheEncodersDoNotNotice) {
  go_on_air();
  ASSERT_TRUE(is_live());
  must("show.set", {{"pointer", "/hls/part_ms"}, {"value", 100}});
  EXPECT_TRUE(becomes([&] { return text("v0/index.m3u8").find("PART-TARGET=0.100000") != std::string::npos; }));
  for (const Event& event : studio_.events(0, 2000)) EXPECT_THAT(event.type, Not(HasSubstr("encoder.")));
  EXPECT_EQ(state("/hls/state"), "live");
  must("program.stop");
}

TEST_F(HlsTest, IsSwitchedOffAndOnWhileTheShowIsOnAir) {
  go_on_air();
  ASSERT_TRUE(is_live());
  must("show.remove", {{"pointer", "/hls"}});
  EXPECT_TRUE(state("/hls").is_null());
  EXPECT_EQ(studio_.shelf(), nullptr);
  must("show.set", {{"pointer", "/hls"}, {"value", {{"listen", "127.0.0.1:18081"}, {"segment_s", 1}}}});
  EXPECT_TRUE(is_live());
  must("program.stop");
}

TEST_F(HlsTest, PublishesToAFolderBesideTheShow) {
  Json show = Json::parse(std::ifstream(path_));
  show["hls"]["publish"] = Json::array({{{"path", "out"}}});
  std::ofstream(path_) << show.dump();
  go_on_air();
  ASSERT_TRUE(is_live());
  EXPECT_TRUE(becomes([&] { return state("/hls/publish/0/state") == "live"; }));
  must("program.stop");
  std::ifstream file(folder_ / "out/v0/index.m3u8");
  const std::string playlist((std::istreambuf_iterator<char>(file)), {});
  EXPECT_THAT(playlist, HasSubstr("#EXT-X-ENDLIST"));
  EXPECT_THAT(playlist, Not(HasSubstr("#EXT-X-PART:")));
}

}  // namespace
}  // namespace mainstay
