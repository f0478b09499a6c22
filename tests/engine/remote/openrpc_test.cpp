#include "engine/remote/openrpc.h"

#include <gtest/gtest.h>

#include "engine/studio/event_types.h"
#include "tests/engine/remote/fake_studio.h"

namespace mainstay::remote {
namespace {

Json method(const Json& document, const std::string& name) {
  for (const Json& m : document["methods"]) {
    if (m["name"] == name) return m;
  }
  return nullptr;
}

TEST(OpenRpcTest, EveryCommandIsDescribedAsDeclared) {
  const FakeStudio studio;
  const Json document = openrpc(studio.registry());
  EXPECT_EQ(document["openrpc"], "1.3.2");
  EXPECT_EQ(document["methods"].size(), studio.registry().commands().size() + 2);
  const Json add = method(document, "test.add");
  EXPECT_EQ(add["summary"], "Adds.");
  EXPECT_EQ(add["x-role"], "operate");
  EXPECT_EQ(add["params"][0], Json::parse(R"({"name":"a","description":"One. In px.","required":true,
      "schema":{"type":"integer","minimum":0.0,"maximum":100.0,"description":"One. In px."}})"));
  EXPECT_EQ(add["params"][1]["schema"]["default"], 1);
  EXPECT_EQ(method(document, "test.fail")["params"][0]["schema"]["enum"], Json::array({"not_found", "busy"}));
  EXPECT_EQ(method(document, "test.held")["x-changes-show"], true);
}

TEST(OpenRpcTest, EveryErrorAMethodRefersToIsThere) {
  const FakeStudio studio;
  const Json document = openrpc(studio.registry());
  for (const Json& m : document["methods"]) {
    ASSERT_TRUE(m.contains("name") && m.contains("params") && m.contains("result")) << m;
    for (const Json& error : m.value("errors", Json::array())) {
      const std::string pointer = error["$ref"].get<std::string>().substr(1);
      EXPECT_TRUE(document.contains(Json::json_pointer(pointer))) << pointer;
    }
  }
}

TEST(OpenRpcTest, EveryEventIsListed) {
  const FakeStudio studio;
  EXPECT_EQ(openrpc(studio.registry())["x-events"].size(), event_types().size());
}

TEST(OpenRpcTest, TheWholeShowHasASchema) {
  show::FieldInfo field;
  field.kind = show::FieldKind::object;
  field.objects = {&show::show_info()};
  const Json schema = json_schema(field);
  EXPECT_EQ(schema["properties"]["sources"]["additionalProperties"]["oneOf"].size(), std::variant_size_v<show::Source>);
  EXPECT_EQ(schema["required"], Json::array({"program", "sources"}));
}

}  // namespace
}  // namespace mainstay::remote
