// Every command is reachable from all faces with the same parameters, result and error.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "engine/studio/command_registry.h"
#include "tests/app/script/faces/command_rows.h"
#include "tests/app/script/faces/face.h"

namespace mainstay::faces {
namespace {

Json shape(const Json& json) {
  if (json.is_array()) return "list";
  if (json.is_number()) return "number";
  if (!json.is_object()) return json.type_name();
  Json out = Json::object();
  for (const auto& [key, value] : json.items()) out[key] = shape(value);
  return out;
}

Json as_json(const CallResult& result) {
  return result.ok() ? Json{{"value", result.value}} : Json{{"error", to_json(*result.error)}};
}

/// By position, in the order of the declarations; what is left out before the last is null.
Json list_of(const CommandInfo& info, const Json& params) {
  Json list = Json::array();
  std::size_t given = 0;
  for (const show::FieldInfo& field : info.params.fields) {
    const bool is_given = params.is_object() && params.contains(field.key);
    list.push_back(is_given ? params[field.key] : Json());
    if (is_given) given = list.size();
  }
  while (list.size() > given) list.erase(list.size() - 1);
  return list;
}

/// Brings a world to where the row's call succeeds.
void prepare(World& world, const Row& row) {
  for (const Call& call : row.before) {
    const CallResult done = world.call({call.command, world.here(call.params)});
    ASSERT_TRUE(done.ok()) << call.command << ": " << as_json(done).dump();
  }
  if (!row.until.empty()) {
    ASSERT_TRUE(world.wait_for_event(row.until)) << row.until;
  }
  if (row.on_air) {
    const CallResult started = world.call({"program.start"});
    ASSERT_TRUE(started.ok()) << as_json(started).dump();
  }
}

/// What this face has to say to a call that ends so within the process.
Json told(const Face& face, const CallResult& expected, const World& world) {
  if (!expected.ok()) return world.anywhere(as_json(expected));
  return world.anywhere({{"value", face.says(expected.value)}});
}

class EveryCommand : public ::testing::TestWithParam<Row> {
 protected:
  const Row& row() const { return GetParam(); }
  const CommandInfo& info() const { return *shared_->studio().registry().find(row().command); }

  static void SetUpTestSuite() { shared_ = std::make_unique<World>(); }
  static void TearDownTestSuite() { shared_.reset(); }

  /// Makes a call that no world is changed by through every face, in the role.
  void refused_alike(const Json& params, Role role, const std::string& what) {
    World& world = *shared_;
    for (const Face& face : all_faces()) {
      if (role > face.most || (params.is_array() && !face.positional)) continue;
      const Call call{row().command, world.here(params)};
      const CallResult expected = world.call(call, {mainstay::Face::engine, role, {}});
      ASSERT_FALSE(expected.ok()) << what << ": " << as_json(expected).dump();
      EXPECT_EQ(world.anywhere(as_json(face.call(world, call, role))), told(face, expected, world))
          << face.name << ": " << what << " " << call.params.dump();
    }
  }

  struct Expected {
    std::unique_ptr<World> world;
    CallResult result;
  };
  /// The row's call within the process, in a world of its own.
  Expected expect(Role role) {
    Expected out{std::make_unique<World>(), {}};
    prepare(*out.world, row());
    out.result = out.world->call({row().command, out.world->here(row().params)}, {mainstay::Face::engine, role, {}});
    const auto fails = role < info().role ? std::optional(CallErrc::denied) : row().fails;
    EXPECT_EQ(out.result.ok(), !fails) << as_json(out.result).dump();
    if (fails && out.result.error) {
      EXPECT_EQ(to_string(out.result.error->code), std::string(to_string(*fails)));
    }
    return out;
  }

  static std::unique_ptr<World> shared_;  ///< for calls that change nothing
};

std::unique_ptr<World> EveryCommand::shared_;

TEST_P(EveryCommand, GivesTheSameResultOnAllFaces) {
  const bool changes = info().role != Role::view;  // then each face has a world of its own
  std::map<Role, Expected> expected;
  std::unique_ptr<World> world;
  for (const bool by_position : {false, true}) {
    if (by_position && !row().params.is_object()) continue;
    const Json params = by_position ? list_of(info(), row().params) : row().params;
    for (const Face& face : all_faces()) {
      if (by_position && !face.positional) continue;
      const Role role = std::min(Role::admin, face.most);
      if (!expected.contains(role)) expected.emplace(role, expect(role));
      if (changes || !world) {
        world = std::make_unique<World>();
        prepare(*world, row());
      }
      const CallResult result = face.call(*world, {row().command, world->here(params)}, role);
      Json wanted = told(face, expected.at(role).result, *expected.at(role).world);
      Json got = world->anywhere(as_json(result));
      if (row().shape_only) wanted = shape(wanted), got = shape(got);
      EXPECT_EQ(got, wanted) << face.name << (by_position ? ", by position" : "");
    }
  }
}

TEST_P(EveryCommand, RefusesWrongParametersAlikeOnAllFaces) {
  // obs-websocket's clients have the role operate: what they may not do at all is the next test's.
  Json unknown = row().params.is_null() ? Json::object() : row().params;
  unknown["nonsense"] = 1;
  refused_alike(unknown, Role::admin, "an unknown parameter");
  refused_alike(unknown, Role::operate, "an unknown parameter");
  Json many = list_of(info(), row().params);
  while (many.size() <= info().params.fields.size()) many.push_back(1);
  refused_alike(many, Role::admin, "one too many");
  for (const show::FieldInfo& field : info().params.fields) {
    Json params = row().params;
    if (field.required) {
      params.erase(field.key);
      refused_alike(params, Role::admin, "without " + field.key);
      refused_alike(params, Role::operate, "without " + field.key);
      refused_alike(list_of(info(), params), Role::admin, "without " + field.key);
    }
    if (field.kind == show::FieldKind::any) continue;  // has no wrong type
    params = row().params;
    params[field.key] = Json::array({7, "x"});
    refused_alike(params, Role::admin, "a wrong type");
    refused_alike(params, Role::operate, "a wrong type");
    refused_alike(list_of(info(), params), Role::admin, "a wrong type");
  }
}

TEST_P(EveryCommand, IsDeniedAlikeOnAllFacesToARoleBelowItsOwn) {
  for (const Role role : {Role::view, Role::operate}) {
    if (role >= info().role) continue;
    for (const Face& face : all_faces()) {
      if (!face.reason.empty() && role < face.most) continue;  // its clients are never that
      World& world = *shared_;
      const Call call{row().command, world.here(row().params)};
      const CallResult result = face.call(world, call, role);
      ASSERT_FALSE(result.ok()) << face.name;
      EXPECT_EQ(result.error->code, CallErrc::denied) << face.name;
      EXPECT_EQ(as_json(result), as_json(world.call(call, {mainstay::Face::engine, role, {}}))) << face.name;
    }
  }
}

TEST_P(EveryCommand, IsRefusedAlikeOnAllFacesWhenItIsNotTheTime) {
  if (info().when == When::always) return;
  World world;
  if (info().when == When::off_air) {
    ASSERT_TRUE(world.call({"program.start"}).ok());
  }
  for (const Face& face : all_faces()) {
    const Role role = std::min(Role::admin, face.most);
    const Call call{row().command, world.here(row().params)};
    const CallResult expected = world.call(call, {mainstay::Face::engine, role, {}});
    EXPECT_EQ(expected.error->code, role < info().role ? CallErrc::denied : CallErrc::wrong_state);
    EXPECT_EQ(as_json(face.call(world, call, role)), as_json(expected)) << face.name;
  }
}

INSTANTIATE_TEST_SUITE_P(Faces, EveryCommand, ::testing::ValuesIn(command_rows()), [](const auto& row) {
  std::string name = row.param.command;
  std::replace(name.begin(), name.end(), '.', '_');
  return name;
});

TEST(EveryCommandTest, HasARowHere) {
  World world;
  std::vector<std::string> registered;
  for (const CommandInfo* info : world.studio().registry().commands()) registered.push_back(info->name);
  std::vector<std::string> rows;
  for (const Row& row : command_rows()) rows.push_back(row.command);
  EXPECT_EQ(rows, registered);
}

// In a script, names beside the state (program, legs, show, …) are properties too: one that is not there is undefined,
// as in any JavaScript, and calling it a TypeError, with the same hint.
TEST(EveryCommandTest, OneThatIsNotThereIsMissedAlikeOnAllFaces) {
  World world;
  for (const Face& face : all_faces()) {
    const Call call{"macro.runn", {{"name", "hello"}}};
    EXPECT_EQ(as_json(face.call(world, call, Role::operate)), as_json(world.call(call))) << face.name;
  }
}

}  // namespace
}  // namespace mainstay::faces
