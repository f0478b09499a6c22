// Batches: order, halting, parallel execution, Sleep, limits.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/remote/obs/obs_client.h"

namespace mainstay::obs {
namespace {

Json one(const char* type, Json data = nullptr, const char* id = nullptr) {
  Json request{{"requestType", type}};
  if (id != nullptr) request["requestId"] = id;
  if (!data.is_null()) request["requestData"] = std::move(data);
  return request;
}

std::vector<int> codes(const Json& batch) {
  std::vector<int> out;
  for (const Json& result : batch["results"]) out.push_back(result["requestStatus"]["code"].get<int>());
  return out;
}

using Codes = std::vector<int>;

struct ObsBatch : ::testing::Test {
  ObsBatch() { client.identify({{"eventSubscriptions", 0}}); }
  ObsBench bench;
  ObsClient client = bench.client();
};

TEST_F(ObsBatch, gives_the_results_in_order_with_the_ids_that_were_given) {
  const Json batch = client.batch({one("GetStudioModeEnabled", nullptr, "a"), one("GetStreamStatus"),
                                   one("GetOutputStatus", {{"outputName", "nothing"}}, "c")});
  EXPECT_EQ(batch["requestId"], "batch");
  EXPECT_EQ(codes(batch), (Codes{100, 100, 600}));
  EXPECT_EQ(batch["results"][0]["requestId"], "a");
  EXPECT_FALSE(batch["results"][1].contains("requestId"));
  EXPECT_EQ(batch["results"][1]["requestType"], "GetStreamStatus");
  EXPECT_EQ(batch["results"][1]["responseData"]["outputActive"], false);
  EXPECT_EQ(batch["results"][2]["requestId"], "c");
}

TEST_F(ObsBatch, an_empty_one_is_answered) {
  EXPECT_EQ(client.batch(Json::array())["results"], Json::array());
  EXPECT_EQ(client.batch(Json::array(), {{"executionType", 2}})["results"], Json::array());
}

TEST_F(ObsBatch, goes_on_after_a_failure_unless_told_to_halt) {
  const Json requests = {one("GetStudioModeEnabled"), one("StopStream"), one("GetStudioModeEnabled")};
  EXPECT_EQ(codes(client.batch(requests)), (Codes{100, 501, 100}));
  EXPECT_EQ(codes(client.batch(requests, {{"haltOnFailure", true}})), (Codes{100, 501}));
  EXPECT_EQ(codes(client.batch(requests, {{"haltOnFailure", true}, {"executionType", 1}})), (Codes{100, 501}));
}

TEST_F(ObsBatch, requests_without_a_type_are_told_so) {
  const Json batch = client.batch({Json::object(), Json(5), one("GetStudioModeEnabled")});
  EXPECT_EQ(codes(batch), (Codes{203, 203, 100}));
}

TEST_F(ObsBatch, serial_ones_wait_for_each_request) {
  bench.studio.hold_replies();
  EXPECT_TRUE(client.batch({one("StartStream"), one("StopStream")}).is_null());
  EXPECT_EQ(bench.studio.held(), 1u);
  bench.studio.release();
  bench.loop.run();
  EXPECT_EQ(bench.studio.held(), 1u);
  bench.studio.release();
  EXPECT_EQ(codes(client.answer()["d"]), (Codes{100, 100}));
}

TEST_F(ObsBatch, parallel_ones_do_not_and_keep_the_order_of_the_results) {
  bench.studio.hold_replies();
  const Json batch = {one("CallVendorRequest", {{"vendorName", "mainstay"}, {"requestType", "event.types"}}, "first"),
                      one("CallVendorRequest", {{"vendorName", "mainstay"}, {"requestType", "nothing"}}, "second")};
  EXPECT_TRUE(client.batch(batch, {{"executionType", 2}}).is_null());
  EXPECT_EQ(bench.studio.held(), 2u);
  bench.studio.release(1);
  bench.studio.release(0);
  const Json answer = client.answer()["d"];
  EXPECT_EQ(codes(answer), (Codes{100, 600}));
  EXPECT_EQ(answer["results"][0]["requestId"], "first");
}

TEST_F(ObsBatch, sleep_waits_for_its_milliseconds) {
  const Json requests = {one("Sleep", {{"sleepMillis", 500}}), one("GetStudioModeEnabled")};
  EXPECT_TRUE(client.batch(requests).is_null());
  bench.loop.advance(Millis(499));
  EXPECT_TRUE(client.answer().is_null());
  bench.loop.advance(Millis(1));
  EXPECT_EQ(codes(client.answer()["d"]), (Codes{100, 100}));
}

TEST_F(ObsBatch, sleep_waits_for_its_frames) {
  EXPECT_TRUE(client.batch({one("Sleep", {{"sleepFrames", 25}})}, {{"executionType", 1}}).is_null());
  bench.loop.advance(Millis(999));
  EXPECT_TRUE(client.answer().is_null());
  bench.loop.advance(Millis(1));
  EXPECT_EQ(codes(client.answer()["d"]), (Codes{100}));
}

TEST_F(ObsBatch, sleep_is_checked) {
  EXPECT_EQ(codes(client.batch({one("Sleep"), one("Sleep", {{"sleepMillis", -1}}),
                                one("Sleep", {{"sleepMillis", 50'001}}), one("Sleep", {{"sleepMillis", "1"}})})),
            (Codes{301, 402, 402, 401}));
  EXPECT_EQ(codes(client.batch({one("Sleep", {{"sleepMillis", 1}})}, {{"executionType", 1}})), (Codes{300}));
  EXPECT_EQ(codes(client.batch({one("Sleep", {{"sleepMillis", 1}})}, {{"executionType", 2}})), (Codes{206}));
  EXPECT_EQ(client.request("Sleep", {{"sleepMillis", 1}})["requestStatus"]["code"], 206);
}

TEST_F(ObsBatch, a_client_that_goes_in_the_middle_ends_it) {
  bench.studio.hold_replies();
  EXPECT_TRUE(client.batch({one("StartStream"), one("StopStream")}).is_null());
  client.disconnect();
  bench.studio.release();
  bench.loop.run();
  EXPECT_EQ(bench.studio.held(), 0u) << "the second was not run";
}

TEST_F(ObsBatch, too_many_requests_close_the_session) {
  Json requests = Json::array();
  for (int i = 0; i < 4097; ++i) requests.push_back(Json::object());
  client.batch(requests);
  ASSERT_TRUE(client.closed());
  EXPECT_EQ(client.closed()->code, 4005);
}

TEST(ObsBatchLimits, results_are_bounded) {
  Hub::Options options;
  options.limits.batch_bytes = 20'000;
  ObsBench bench(std::move(options));
  ObsClient client = bench.client();
  client.identify();
  Json requests = Json::array();
  for (int i = 0; i < 500; ++i) requests.push_back(one("GetSceneItemList", {{"sceneName", "Main"}}));
  const Codes all = codes(client.batch(requests));
  ASSERT_EQ(all.size(), 500u);
  EXPECT_EQ(all.front(), 100);
  EXPECT_EQ(all.back(), 702);
}

}  // namespace
}  // namespace mainstay::obs
