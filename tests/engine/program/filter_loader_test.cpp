// What filters read from files: loaded beside, loaded again, and never lost to a broken file.
#include "engine/program/filter_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <thread>

#include "engine/compose/filters/color_cube.h"
#include "engine/compose/filters/mask_image.h"
#include "tests/support/clips.h"
#include "tests/support/png.h"

namespace mainstay {
namespace {

using testing::HasSubstr;

constexpr const char* kNodes = "0 0 0\n1 0 0\n0 1 0\n1 1 0\n0 0 1\n1 0 1\n0 1 1\n1 1 1\n";

struct FilterLoaderTest : testing::Test {
  test::TempFolder folder;
  ManualClock clock;
  Log log{{LogLevel::off, false, [](std::string_view) {}}};
  FilterLoader loader{clock, log, folder.file("")};
  const show::LutFilter lut{.path = "grade.cube"};

  void write(const std::string& name, const std::string& bytes) {
    test::write_file(folder.file(name + ".new"), bytes);
    std::filesystem::rename(folder.file(name + ".new"), folder.file(name));
  }
  static show::Show with(std::vector<show::Filter> filters) {
    show::Show show;
    show.scenes["Main"].layers.push_back({.source = "x", .filters = std::move(filters)});
    return show;
  }
  /// Until the loader's thread waits for its next look.
  void settle() {
    for (Instant next = kNever; next == kNever || next <= clock.now(); next = clock.next_deadline())
      std::this_thread::yield();
  }
  void want(std::vector<show::Filter> filters) {
    loader.want(with(std::move(filters)));
    while (!loader.ready()) std::this_thread::yield();
    settle();
  }
  void next_look() {
    clock.advance_to(clock.next_deadline());
    settle();
  }
};

TEST_F(FilterLoaderTest, TablesAndMasksAreLoadedByTheirPaths) {
  write("grade.cube", std::string("LUT_3D_SIZE 2\n") + kNodes);
  write("shape.png", test::png(6, 4, [](int x, int) { return test::Rgba{255, 255, 255, x < 3 ? 0 : 255}; }));
  want({lut, show::MaskFilter{.path = "shape.png"}});
  ASSERT_TRUE(loader.cube("grade.cube"));
  EXPECT_EQ(loader.cube("grade.cube")->size(), 2);
  ASSERT_TRUE(loader.mask("shape.png"));
  EXPECT_EQ(loader.mask("shape.png")->width(), 6);
  EXPECT_EQ(loader.mask("shape.png")->alpha()[5], 255);
  EXPECT_EQ(loader.mask("shape.png")->alpha()[0], 0);
  EXPECT_EQ(loader.status(lut)->state, SourceState::live);
  EXPECT_EQ(loader.status(lut)->detail, "a table of 2³ colours");
  EXPECT_FALSE(loader.status(show::BlurFilter{})) << "reads no file";
}

TEST_F(FilterLoaderTest, AMissingFileIsToldAndComesLater) {
  want({lut});
  EXPECT_FALSE(loader.cube("grade.cube"));
  EXPECT_EQ(loader.status(lut)->state, SourceState::failed);
  EXPECT_THAT(loader.status(lut)->detail, HasSubstr("no such file"));
  const auto before = loader.version();
  write("grade.cube", std::string("LUT_3D_SIZE 2\n") + kNodes);
  next_look();
  EXPECT_TRUE(loader.cube("grade.cube"));
  EXPECT_EQ(loader.status(lut)->state, SourceState::live);
  EXPECT_GT(loader.version(), before);
}

TEST_F(FilterLoaderTest, ABrokenFileDoesNotTakeAwayTheGoodOne) {
  write("grade.cube", std::string("LUT_3D_SIZE 2\n") + kNodes);
  want({lut});
  const auto good = loader.cube("grade.cube");
  write("grade.cube", "LUT_3D_SIZE 2\n0 0 zero\n");
  next_look();
  EXPECT_EQ(loader.cube("grade.cube"), good);
  EXPECT_EQ(loader.status(lut)->state, SourceState::live);
  EXPECT_THAT(loader.status(lut)->detail, HasSubstr("the last good one stays: grade.cube: line 2"));
  std::filesystem::remove(folder.file("grade.cube"));
  next_look();
  EXPECT_EQ(loader.cube("grade.cube"), good);
}

TEST_F(FilterLoaderTest, AChangedFileIsLoadedAgainAndAnUnchangedOneIsNot) {
  write("grade.cube", std::string("LUT_3D_SIZE 2\n") + kNodes);
  want({lut});
  const auto first = loader.version();
  next_look();
  EXPECT_EQ(loader.version(), first);
  write("grade.cube", std::string("# other\nLUT_3D_SIZE 2\n") + kNodes);
  next_look();
  EXPECT_GT(loader.version(), first);
}

TEST_F(FilterLoaderTest, TablesAreMadeOfSettingsAndFilesAndOncePerSettings) {
  write("grade.cube", std::string("LUT_3D_SIZE 2\n") + kNodes);
  const show::ChromaKeyFilter key{.name = "green"};
  show::ChromaKeyFilter same = key;
  same.name = "the same";
  want({lut, key, same, show::BlurFilter{}});
  const auto of_key = loader.prepared(key);
  const auto of_lut = loader.prepared(lut);
  ASSERT_TRUE(of_key);
  ASSERT_TRUE(of_lut);
  EXPECT_EQ(loader.prepared(same), of_key);
  EXPECT_FALSE(loader.prepared(show::BlurFilter{})) << "needs none";
  show::ChromaKeyFilter wider = key;
  wider.similarity = 0.5;
  EXPECT_FALSE(loader.prepared(wider)) << "it is not worked out by whoever asks";
  const auto before = loader.version();
  want({lut, wider});
  EXPECT_GT(loader.version(), before);
  ASSERT_TRUE(loader.prepared(wider));
  EXPECT_NE(loader.prepared(wider), of_key);
  EXPECT_EQ(loader.prepared(lut), of_lut) << "what did not change is not made again";
  EXPECT_FALSE(loader.prepared(key)) << "nobody wants it any more";
}

TEST_F(FilterLoaderTest, ATableIsMadeAnewWhenItsFileChangesAndStaysWhenThatBreaks) {
  want({lut});
  EXPECT_FALSE(loader.prepared(lut));
  write("grade.cube", std::string("LUT_3D_SIZE 2\n") + kNodes);
  next_look();
  while (!loader.ready()) std::this_thread::yield();
  const auto first = loader.prepared(lut);
  ASSERT_TRUE(first);
  write("grade.cube", "broken");
  next_look();
  while (!loader.ready()) std::this_thread::yield();
  EXPECT_EQ(loader.prepared(lut), first);
  write("grade.cube", std::string("# mended\nLUT_3D_SIZE 2\n") + kNodes);
  next_look();
  while (!loader.ready()) std::this_thread::yield();
  EXPECT_NE(loader.prepared(lut), first);
}

TEST_F(FilterLoaderTest, WhatNoFilterWantsIsForgotten) {
  write("grade.cube", std::string("LUT_3D_SIZE 2\n") + kNodes);
  want({lut});
  want({show::LutFilter{.enabled = false, .path = "grade.cube"}});
  EXPECT_FALSE(loader.cube("grade.cube"));
  EXPECT_TRUE(loader.ready());
}

TEST(FilterLoaderOfflineTest, OfflineTheFirstPictureWaitsForTheFile) {
  test::TempFolder folder;
  test::write_file(folder.file("grade.cube"), std::string("LUT_3D_SIZE 2\n") + kNodes);
  ManualClock clock{ManualClock::Drive::program};
  Log log{{.level = LogLevel::off}};
  FilterLoader loader(clock, log, folder.file(""));
  show::Show show;
  show.scenes["Main"].layers.push_back({.source = "x", .filters = {show::LutFilter{.path = "grade.cube"}}});
  loader.want(show);
  EXPECT_TRUE(loader.cube("grade.cube"));
}

}  // namespace
}  // namespace mainstay
