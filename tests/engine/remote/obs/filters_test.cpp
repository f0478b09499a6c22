// Filters of inputs: what is done to one is done to all layers that show the input, and told once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/engine/remote/obs/obs_client.h"

namespace mainstay::obs {
namespace {

using ::testing::ElementsAre;

struct ObsFilters : ::testing::Test {
  ObsFilters() {
    client.identify({{"eventSubscriptions", 0}});
    heard.identify({{"eventSubscriptions", 32}});
    bench.studio.edit([](Json& show) { show["scenes"]["Break"]["layers"].push_back({{"source", "clip"}}); });
    types();
  }
  int code(const std::string& type, Json data) {
    return client.request(type, std::move(data))["requestStatus"]["code"];
  }
  Json data(const std::string& type, Json request) {
    return client.request(type, std::move(request)).value("responseData", Json());
  }
  static Json clip(const std::string& filter, Json more = Json::object()) {
    more["sourceName"] = "clip";
    more["filterName"] = filter;
    return more;
  }
  std::vector<std::string> types() {
    std::vector<std::string> out;
    for (const Json& event : heard.events()) out.push_back(event["eventType"]);
    return out;
  }
  Json document() {
    return data("CallVendorRequest", {{"vendorName", "mainstay"}, {"requestType", "show.get"}})["responseData"];
  }
  /// Of the layer that shows the clip.
  Json filters_in(const char* scene) {
    const Json show = document();
    for (const Json& layer : show["scenes"][scene]["layers"]) {
      if (layer["source"] == "clip") return layer.value("filters", Json::array());
    }
    return nullptr;
  }

  ObsBench bench;
  ObsClient client = bench.client();
  ObsClient heard = bench.client();
};

TEST_F(ObsFilters, one_that_is_made_is_of_all_layers_that_show_the_input) {
  EXPECT_EQ(code("CreateSourceFilter", clip("soft", {{"filterKind", "blur"}, {"filterSettings", {{"radius", 4}}}})),
            100);
  EXPECT_EQ(filters_in("Main").size(), 1u);
  EXPECT_EQ(filters_in("Break"), filters_in("Main"));
  EXPECT_THAT(types(), ElementsAre("SourceFilterCreated"));
  EXPECT_EQ(code("SetSourceFilterEnabled", clip("soft", {{"filterEnabled", false}})), 100);
  EXPECT_EQ(filters_in("Break")[0]["enabled"], false);
  EXPECT_EQ(filters_in("Main")[0]["enabled"], false);
  EXPECT_THAT(types(), ElementsAre("SourceFilterEnableStateChanged"));
  EXPECT_EQ(code("RemoveSourceFilter", clip("soft")), 100);
  EXPECT_TRUE(filters_in("Break").empty());
  EXPECT_TRUE(filters_in("Main").empty());
}

TEST_F(ObsFilters, settings_are_laid_over_what_is_set_or_take_its_place) {
  code("CreateSourceFilter",
       clip("key", {{"filterKind", "luma_key"}, {"filterSettings", {{"low", 0.2}, {"high", 0.8}}}}));
  EXPECT_EQ(code("SetSourceFilterSettings", clip("key", {{"filterSettings", {{"low", 0.3}}}})), 100);
  EXPECT_EQ(data("GetSourceFilter", clip("key"))["filterSettings"], (Json{{"low", 0.3}, {"high", 0.8}}));
  code("SetSourceFilterSettings", clip("key", {{"filterSettings", {{"softness", 0.1}}}, {"overlay", false}}));
  EXPECT_EQ(data("GetSourceFilter", clip("key"))["filterSettings"], (Json{{"softness", 0.1}}));
  EXPECT_EQ(data("GetSourceFilterDefaultSettings", {{"filterKind", "luma_key"}})["defaultFilterSettings"],
            (Json{{"low", 0.1}, {"high", 1}, {"softness", 0.05}, {"invert", false}}));
}

TEST_F(ObsFilters, names_and_order_change_and_are_told) {
  code("CreateSourceFilter", clip("one", {{"filterKind", "blur"}}));
  code("CreateSourceFilter", clip("two", {{"filterKind", "sharpen"}}));
  types();
  EXPECT_EQ(code("SetSourceFilterIndex", clip("two", {{"filterIndex", 0}})), 100);
  EXPECT_EQ(data("GetSourceFilter", clip("two"))["filterIndex"], 0);
  EXPECT_THAT(types(), ElementsAre("SourceFilterListReindexed"));
  EXPECT_EQ(code("SetSourceFilterName", clip("two", {{"newFilterName", "three"}})), 100);
  EXPECT_THAT(types(), ElementsAre("SourceFilterNameChanged"));
  EXPECT_EQ(code("SetSourceFilterName", clip("three", {{"newFilterName", "one"}})), 601);
}

TEST_F(ObsFilters, a_further_item_of_the_input_has_them_too) {
  code("CreateSourceFilter", clip("soft", {{"filterKind", "blur"}}));
  EXPECT_EQ(code("CreateSceneItem", {{"sceneName", "Break"}, {"sourceName", "clip"}}), 100);
  EXPECT_EQ(data("GetSourceFilterList", {{"sourceName", "clip"}})["filters"].size(), 1u);
  const Json layers = document()["scenes"]["Break"]["layers"];
  EXPECT_EQ(layers.back()["filters"].size(), 1u);
}

TEST_F(ObsFilters, what_cannot_be_is_refused_with_the_protocols_code) {
  EXPECT_EQ(code("CreateSourceFilter", clip("x", {{"filterKind", "chroma_key_filter_v2"}})), 607);
  EXPECT_EQ(code("GetSourceFilterDefaultSettings", {{"filterKind", "x"}}), 607);
  EXPECT_EQ(code("CreateSourceFilter", {{"sourceName", "Main"}, {"filterName", "x"}, {"filterKind", "blur"}}), 602);
  EXPECT_EQ(code("CreateSourceFilter", {{"sourceName", "nothing"}, {"filterName", "x"}, {"filterKind", "blur"}}), 600);
  EXPECT_EQ(code("GetSourceFilter", clip("x")), 600);
  code("CreateSourceFilter", clip("x", {{"filterKind", "blur"}}));
  EXPECT_EQ(code("CreateSourceFilter", clip("x", {{"filterKind", "blur"}})), 601);
}

}  // namespace
}  // namespace mainstay::obs
