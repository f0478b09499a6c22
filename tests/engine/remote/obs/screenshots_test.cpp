#include "engine/remote/obs/screenshots.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>

#include "tests/engine/remote/obs/obs_client.h"

namespace mainstay::obs {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

struct ObsScreenshotRequests : ::testing::Test {
  ObsScreenshotRequests() {
    client.identify({{"eventSubscriptions", 0}});
    client.request("StartStream");
  }
  static Hub::Options as(Role role) {
    Hub::Options options;
    options.open_role = role;
    return options;
  }
  static Json of(const char* source, Json others = Json::object()) {
    Json data{{"sourceName", source}, {"imageFormat", "jpg"}};
    data.update(others);
    return data;
  }
  Json status(Json data, const char* type = "GetSourceScreenshot") {
    return client.slow_request(type, std::move(data))["requestStatus"];
  }
  std::string image(Json data) {
    const Json response = client.slow_request("GetSourceScreenshot", std::move(data));
    EXPECT_EQ(response["requestStatus"]["code"], 100) << response.dump();
    return response.contains("responseData") ? response["responseData"]["imageData"].get<std::string>() : "";
  }

  ObsBench bench{as(Role::admin)};
  ObsClient client = bench.client();
  const std::filesystem::path folder = std::filesystem::path(::testing::TempDir()) / "mainstay-obs-screenshots";
};

TEST_F(ObsScreenshotRequests, give_the_program_as_a_data_uri) {
  EXPECT_THAT(image(of("Main")), StartsWith("data:image/jpg;base64,/9j/"));
  EXPECT_THAT(image(of("Main", {{"imageFormat", "jpeg"}})), StartsWith("data:image/jpeg;base64,/9j/"));
  EXPECT_THAT(image(of("Main", {{"imageFormat", "png"}, {"imageWidth", 64}})),
              StartsWith("data:image/png;base64,iVBORw0KGgo"));
  EXPECT_LT(image(of("Main", {{"imageWidth", 64}})).size(), image(of("Main")).size());
}

TEST_F(ObsScreenshotRequests, are_of_what_is_on_air_of_preview_and_of_inputs) {
  const Json other = status(of("Break"));
  EXPECT_EQ(other["code"], 604) << "neither on air nor in preview";
  EXPECT_THAT(other["comment"], HasSubstr("\"Main\""));
  EXPECT_EQ(status(of("clip"))["code"], 100);
  client.request("SetCurrentPreviewScene", {{"sceneName", "Break"}});
  EXPECT_EQ(status(of("Break"))["code"], 100);
  EXPECT_EQ(status(of("Nowhere"))["code"], 600);
  client.request("SetCurrentProgramScene", {{"sceneName", "Break"}});
  EXPECT_EQ(status(of("Break"))["code"], 100);
  bench.studio.set_picture(nullptr);
  EXPECT_EQ(status(of("Break"))["code"], 207) << "on air, and before the first picture";
  client.request("StopStream");
  EXPECT_EQ(status(of("Break"))["code"], 604);
}

TEST_F(ObsScreenshotRequests, of_a_show_without_scenes_are_of_its_input) {
  bench.studio.edit([](Json& show) {
    show["scenes"] = Json::object();
    show["on_air"] = "";
  });
  bench.studio.set([](Snapshot& s) { s.program.scene.clear(); });
  EXPECT_EQ(status(of("bars"))["code"], 100);
}

TEST_F(ObsScreenshotRequests, are_checked_as_documented) {
  EXPECT_EQ(status({{"sourceName", "Main"}})["code"], 300);
  EXPECT_EQ(status({{"imageFormat", "png"}})["code"], 300);
  EXPECT_EQ(status(of("Main", {{"imageFormat", "bmp"}}))["code"], 400);
  for (const char* side : {"imageWidth", "imageHeight"}) {
    EXPECT_EQ(status(of("Main", {{side, 7}}))["code"], 402);
    EXPECT_EQ(status(of("Main", {{side, 4097}}))["code"], 402);
    EXPECT_EQ(status(of("Main", {{side, 8}}))["code"], 100);
    EXPECT_EQ(status(of("Main", {{side, "8"}}))["code"], 401);
  }
  EXPECT_EQ(status(of("Main", {{"imageCompressionQuality", 101}}))["code"], 402);
  EXPECT_EQ(status(of("Main", {{"imageCompressionQuality", -1}}))["code"], 100);
  const Json formats = client.request("GetVersion")["responseData"]["supportedImageFormats"];
  ASSERT_FALSE(formats.empty());
  for (const Json& format : formats) EXPECT_EQ(status(of("Main", {{"imageFormat", format}}))["code"], 100) << format;
}

TEST_F(ObsScreenshotRequests, are_refused_while_too_many_wait) {
  const RequestTable table;
  const auto services = std::make_shared<Services>(
      Services{.studio = bench.studio, .clock = bench.clock, .table = table, .usage = {}, .broadcast = {}});
  services->screenshot = [](const PictureOrder&) { return false; };
  std::optional<Answer> answer;
  const auto call = std::make_shared<Call>(
      services, Caller{Face::obs, Role::view, "test"}, of("Main"), [](const std::function<void()>& work) { work(); },
      [&](Answer given) { answer = std::move(given); });
  table.run("GetSourceScreenshot", call);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, RequestStatus::not_ready);
}

TEST_F(ObsScreenshotRequests, are_kept_in_order_with_other_requests) {
  client.send(
      {{"op", 6}, {"d", {{"requestType", "GetSourceScreenshot"}, {"requestId", "a"}, {"requestData", of("Main")}}}});
  client.send({{"op", 6}, {"d", {{"requestType", "GetVersion"}, {"requestId", "b"}}}});
  std::vector<std::string> order;
  while (order.size() < 2) {
    const Json message = client.answer();
    message.is_null() ? bench.loop.wait() : order.push_back(message["d"]["requestId"]);
  }
  EXPECT_THAT(order, ::testing::ElementsAre("a", "b"));
}

TEST_F(ObsScreenshotRequests, are_saved_whole_over_the_file_before) {
  std::filesystem::remove_all(folder);
  std::filesystem::create_directories(folder);
  const std::string path = folder / "now.png";
  std::ofstream(path) << "old";
  const auto save = [&](const std::string& to) {
    return status(of("Main", {{"imageFormat", "png"}, {"imageFilePath", to}}), "SaveSourceScreenshot");
  };
  EXPECT_EQ(save(path)["code"], 100);
  std::ifstream file(path, std::ios::binary);
  EXPECT_EQ(std::string({std::istreambuf_iterator<char>(file), {}}).substr(0, 8), "\x89PNG\r\n\x1a\n");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder), {}), 1) << "nothing is left beside it";
  EXPECT_EQ(save(folder / "none" / "now.png")["code"], 600);
  EXPECT_EQ(save("now.png")["code"], 400) << "a relative path: to what?";
  std::filesystem::create_symlink("/dev/null", folder / "device.png");
  const Json refused = save(folder / "device.png");
  EXPECT_EQ(refused["code"], 702);
  EXPECT_THAT(refused["comment"], HasSubstr("not replaced"));
}

TEST(ObsScreenshotRoles, whoever_looks_may_see_and_only_an_admin_may_write_files) {
  for (const Role role : {Role::view, Role::operate}) {
    ObsBench bench(ObsScreenshotRequests::as(role));
    ObsClient client = bench.client();
    client.identify();
    const Json data = ObsScreenshotRequests::of("Main", {{"imageFilePath", "/tmp/mainstay-never.png"}});
    EXPECT_EQ(client.request("SaveSourceScreenshot", data)["requestStatus"]["code"], 703);
    EXPECT_EQ(client.request("GetSourceScreenshot", data)["requestStatus"]["code"], 604) << "off air, but allowed";
  }
}

}  // namespace
}  // namespace mainstay::obs
