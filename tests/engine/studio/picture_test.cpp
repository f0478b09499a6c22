// Pictures of what runs, by command.
#include "engine/sources/image_file.h"
#include "tests/engine/studio/studio_fixture.h"

namespace mainstay {
namespace {

constexpr const char* kPng = "iVBORw0KGgo";  // its first bytes as base64
constexpr const char* kJpeg = "/9j/";

class PictureTest : public StudioTest {
 protected:
  /// What was saved, in the show's folder.
  FramePtr picture_in(const std::string& name) {
    const auto image = load_image((folder_ / name).string());
    EXPECT_TRUE(image) << name;
    return image ? image->frame : nullptr;
  }
};

TEST_F(PictureTest, ProgramPreviewMultiviewAndSourcesCanBeLookedAt) {
  go_on_air();
  must("preview.set", {{"scene", "Blue"}});
  const Json program = must("picture.get");
  EXPECT_EQ(program["width"], 160);
  EXPECT_EQ(program["height"], 90);
  EXPECT_EQ(program["format"], "png");
  EXPECT_THAT(program["image"].get<std::string>(), ::testing::StartsWith(kPng));
  const Json preview = must("picture.get", {{"of", "preview"}});
  EXPECT_NE(preview["image"], program["image"]) << "blue, not bars";
  EXPECT_EQ(must("picture.get", {{"of", "source"}, {"name", "blue"}})["image"], preview["image"])
      << "a source that is not on air";
  EXPECT_GT(must("picture.get", {{"of", "multiview"}})["width"], 0);
}

TEST_F(PictureTest, APictureIsAsLargeAndOfTheKindThatIsAskedFor) {
  go_on_air();
  const Json small = must("picture.get", {{"of", "source"}, {"name", "bars"}, {"width", 80}, {"format", "jpeg"}});
  EXPECT_EQ(small["width"], 80);
  EXPECT_EQ(small["height"], 45);
  EXPECT_THAT(small["image"].get<std::string>(), ::testing::StartsWith(kJpeg));
}

TEST_F(PictureTest, AGraphicIsSeenOnBlack) {
  go_on_air();
  must("show.set", {{"pointer", "/sources/words"}, {"value", {{"type", "text"}, {"text", "Hello"}}}});
  must("layer.add", {{"scene", "Blue"}, {"source", "words"}});
  EXPECT_TRUE(becomes([&] { return call("picture.get", {{"of", "source"}, {"name", "words"}}).ok(); }));
  must("picture.save", {{"of", "source"}, {"name", "words"}, {"path", "words.png"}});
  const FramePtr words = picture_in("words.png");
  ASSERT_TRUE(words);
  ASSERT_EQ(words->format, PixelFormat::i420) << "nothing in it is transparent any more";
  int black = 0;
  int white = 0;
  for (int y = 0; y < words->height; ++y) {
    for (int x = 0; x < words->width; ++x) {
      const int luma = words->planes[0][y * words->strides[0] + x];
      black += luma < 20;
      white += luma > 220;
    }
  }
  EXPECT_GT(black, white) << "what was transparent";
  EXPECT_GT(white, 20) << "the letters";
}

TEST_F(PictureTest, APictureIsSavedBesideTheShowAndOnlyByWhoMayWriteFiles) {
  go_on_air();
  const Json saved = must("picture.save", {{"path", "now.png"}});
  EXPECT_EQ(saved["path"], (folder_ / "now.png").string());
  const FramePtr picture = picture_in("now.png");
  ASSERT_TRUE(picture);
  EXPECT_EQ(picture->width, 160);
  EXPECT_EQ(picture->height, 90);
  must("picture.save", {{"path", "now.png"}, {"width", 80}});
  EXPECT_EQ(picture_in("now.png")->width, 80) << "a file is replaced";
  std::filesystem::create_symlink("show.json", folder_ / "link.png");
  EXPECT_FALSE(call("picture.save", {{"path", "link.png"}}).ok()) << "and only a file";
  for (const auto& entry : std::filesystem::directory_iterator(folder_))
    EXPECT_THAT(entry.path().filename().string(), ::testing::Not(::testing::StartsWith(".now"))) << "nothing is left";
  const CallResult nowhere = call("picture.save", {{"path", "none/now.png"}});
  ASSERT_FALSE(nowhere.ok());
  EXPECT_EQ(nowhere.error->code, CallErrc::failed);
  EXPECT_EQ(call("picture.save", {{"path", "now.png"}}, Role::operate).error->code, CallErrc::denied);
  EXPECT_TRUE(call("picture.get", nullptr, Role::view).ok());
}

TEST_F(PictureTest, WhatIsNotThereIsSaidPlainly) {
  must("show.open", {{"path", path_}});
  EXPECT_EQ(call("picture.get").error->code, CallErrc::wrong_state);
  must("program.start");
  EXPECT_EQ(call("picture.get", {{"of", "source"}, {"name", "none"}}).error->code, CallErrc::not_found);
  EXPECT_EQ(call("picture.get", {{"of", "source"}}).error->code, CallErrc::invalid_params);
  EXPECT_EQ(call("picture.get", {{"of", "multiview"}, {"name", "bars"}}).error->code, CallErrc::invalid_params);
  EXPECT_EQ(call("picture.get", {{"of", "program"}, {"name", "bars"}}).error->code, CallErrc::invalid_params);
  const CallResult nothing = call("picture.get", {{"of", "preview"}});
  EXPECT_EQ(nothing.error->code, CallErrc::failed) << "no scene is in preview";
}

}  // namespace
}  // namespace mainstay
