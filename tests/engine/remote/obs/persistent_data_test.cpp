#include "engine/remote/obs/persistent_data.h"

#include <gtest/gtest.h>

#include "tests/engine/remote/obs/obs_client.h"

namespace mainstay::obs {
namespace {

constexpr const char* kGlobal = "OBS_WEBSOCKET_DATA_REALM_GLOBAL";
constexpr const char* kProfile = "OBS_WEBSOCKET_DATA_REALM_PROFILE";

TEST(ObsPersistentData, keeps_values_by_realm_and_slot) {
  PersistentData data;
  EXPECT_TRUE(data.get("a", "x").is_null());
  EXPECT_TRUE(data.set("a", "x", {{"page", 1}}));
  EXPECT_TRUE(data.set("b", "x", 2));
  EXPECT_EQ(data.get("a", "x"), (Json{{"page", 1}}));
  EXPECT_EQ(data.get("b", "x"), 2);
  EXPECT_TRUE(data.set("a", "x", nullptr));
  EXPECT_TRUE(data.get("a", "x").is_null());
}

TEST(ObsPersistentData, is_bounded_in_slots) {
  PersistentData data;
  for (std::size_t i = 0; i < PersistentData::kMostSlots; ++i) ASSERT_TRUE(data.set("a", std::to_string(i), 1));
  EXPECT_FALSE(data.set("a", "one more", 1));
  EXPECT_TRUE(data.set("a", "0", 2)) << "one that is there may change";
  EXPECT_TRUE(data.set("a", "0", nullptr));
  EXPECT_TRUE(data.set("a", "one more", 1)) << "there is room again";
}

TEST(ObsPersistentData, is_bounded_in_bytes) {
  PersistentData data;
  const std::string half(PersistentData::kMostBytes / 2, 'x');
  EXPECT_TRUE(data.set("a", "1", half));
  EXPECT_FALSE(data.set("a", "2", half));
  EXPECT_TRUE(data.get("a", "2").is_null());
  EXPECT_TRUE(data.set("a", "1", half)) << "in its own place there is room";
  EXPECT_TRUE(data.set("a", "1", nullptr));
  EXPECT_TRUE(data.set("a", "2", half));
}

Json slot(const char* realm, Json value = nullptr) {
  Json data{{"realm", realm}, {"slotName", "deck"}};
  if (!value.is_null()) data["slotValue"] = std::move(value);
  return data;
}

TEST(ObsPersistentData, is_shared_by_clients_and_each_show_is_a_profile) {
  ObsBench bench;
  ObsClient one = bench.client();
  ObsClient other = bench.client(Encoding::msgpack);
  one.identify();
  other.identify();
  const auto value = [&other](const char* realm) {
    return other.request("GetPersistentData", slot(realm))["responseData"]["slotValue"];
  };
  EXPECT_TRUE(value(kGlobal).is_null());
  one.request("SetPersistentData", slot(kGlobal, "for all"));
  one.request("SetPersistentData", slot(kProfile, {1, 2.5, "three"}));
  EXPECT_EQ(value(kGlobal), "for all");
  EXPECT_EQ(value(kProfile), (Json{1, 2.5, "three"}));
  bench.studio.edit([](Json& show) { show["name"] = "Another show"; });
  EXPECT_EQ(value(kGlobal), "for all");
  EXPECT_TRUE(value(kProfile).is_null());
}

TEST(ObsPersistentData, outlives_the_hub_it_was_given_to) {
  const auto data = std::make_shared<PersistentData>();
  for (const bool first : {true, false}) {
    Hub::Options options;
    options.data = data;
    ObsBench bench(std::move(options));
    ObsClient client = bench.client();
    client.identify();
    if (first) client.request("SetPersistentData", slot(kGlobal, 7));
    EXPECT_EQ(client.request("GetPersistentData", slot(kGlobal))["responseData"]["slotValue"], 7);
  }
}

TEST(ObsPersistentData, is_set_by_who_may_operate) {
  Hub::Options options;
  options.open_role = Role::view;
  ObsBench bench(std::move(options));
  ObsClient client = bench.client();
  client.identify();
  EXPECT_EQ(client.request("SetPersistentData", slot(kGlobal, 1))["requestStatus"]["code"], 703);
  EXPECT_EQ(client.request("GetPersistentData", slot(kGlobal))["requestStatus"]["code"], 100);
}

TEST(ObsPersistentData, says_what_is_wrong) {
  ObsBench bench;
  ObsClient client = bench.client();
  client.identify();
  const auto code = [&client](const char* type, Json data) {
    return client.request(type, std::move(data))["requestStatus"]["code"];
  };
  EXPECT_EQ(code("GetPersistentData", slot("NO_SUCH_REALM")), 600);
  EXPECT_EQ(code("GetPersistentData", {{"realm", kGlobal}}), 300);
  EXPECT_EQ(code("SetPersistentData", slot(kGlobal)), 300);
  client.request("SetPersistentData", slot(kGlobal, 1));
  for (int i = 0; i < 4; ++i) {
    Json data = slot(kGlobal, std::string(900'000, 'x'));
    data["slotName"] = std::to_string(i);
    EXPECT_EQ(code("SetPersistentData", data), 100);
  }
  EXPECT_EQ(code("SetPersistentData", slot(kGlobal, std::string(900'000, 'x'))), 702);
}

}  // namespace
}  // namespace mainstay::obs
