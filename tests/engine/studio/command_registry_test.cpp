#include "engine/studio/command_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace mainstay {
namespace {

using ::testing::HasSubstr;

struct Greet {
  std::string name;
  int times = 1;
  std::string tone = "calm";
};

CommandRegistry registry() {
  CommandRegistry commands;
  commands.add({.name = "people.greet", .help = "Says hello."},
               show::Section<Greet>("people.greet", "")
                   .field("name", &Greet::name, {.help = "Whom.", .required = true})
                   .field("times", &Greet::times, {.min = 1, .max = 3, .help = "How often."})
                   .field("tone", &Greet::tone, {.words = {"calm", "loud"}, .help = "How."}),
               [](const Greet& p, const Caller& caller, Reply reply) {
                 reply({Json{{"said", p.name + std::to_string(p.times) + p.tone}, {"by", caller.name}}, std::nullopt});
               });
  commands.add({.name = "people.dismiss", .help = "Sends everybody home.", .role = Role::admin},
               show::Section<NoParams>("people.dismiss", ""),
               [](const NoParams&, const Caller&, Reply reply) { reply({}); });
  return commands;
}

CallResult call(const std::string& name, const Json& params, Role role = Role::admin) {
  const CommandRegistry commands = registry();
  auto binding = commands.bind(name, params, {.face = Face::script, .role = role, .name = "me"});
  if (binding.error) return {nullptr, binding.error};
  CallResult result;
  binding.bound.run({.name = "me"}, [&](CallResult r) { result = std::move(r); });
  return result;
}

TEST(CommandRegistry, takes_parameters_by_name_with_their_defaults) {
  EXPECT_EQ(call("people.greet", {{"name", "Ada"}}).value, (Json{{"said", "Ada1calm"}, {"by", "me"}}));
  EXPECT_EQ(call("people.greet", {{"tone", "loud"}, {"name", "Ada"}}).value["said"], "Ada1loud");
}

TEST(CommandRegistry, takes_parameters_by_position_and_null_as_left_out) {
  EXPECT_EQ(call("people.greet", Json::array({"Ada", 2})).value["said"], "Ada2calm");
  EXPECT_EQ(call("people.greet", Json::array({"Ada", nullptr, "loud"})).value["said"], "Ada1loud");
}

TEST(CommandRegistry, names_each_wrong_parameter) {
  const CallResult result = call("people.greet", {{"name", 5}, {"times", 9}, {"tome", "loud"}});
  ASSERT_TRUE(result.error);
  EXPECT_EQ(result.error->code, CallErrc::invalid_params);
  ASSERT_EQ(result.error->errors.size(), 3u);
  EXPECT_EQ(result.error->errors[1], (show::ShowError{"/times", "expected a whole number from 1 to 3, found 9"}));
  EXPECT_THAT(result.error->errors[2].message, HasSubstr("did you mean \"tone\"?"));
  EXPECT_THAT(result.error->message, HasSubstr("people.greet: name: expected a text, found 5 (and 2 more)"));
}

TEST(CommandRegistry, says_what_is_missing_and_what_is_too_much) {
  EXPECT_THAT(call("people.greet", nullptr).error->message, HasSubstr("\"name\" is missing"));
  EXPECT_THAT(call("people.greet", Json::array({"a", 1, "calm", 4})).error->message,
              HasSubstr("4 parameters are too many: people.greet(name, [times], [tone])"));
  EXPECT_EQ(call("people.greet", "Ada").error->code, CallErrc::invalid_params);
}

TEST(CommandRegistry, an_unknown_command_gets_the_nearest_one_named) {
  const CallResult result = call("people.gret", {});
  EXPECT_EQ(result.error->code, CallErrc::unknown_command);
  EXPECT_THAT(result.error->message, HasSubstr("did you mean \"people.greet\"?"));
}

TEST(CommandRegistry, a_role_that_does_not_suffice_is_denied) {
  EXPECT_EQ(call("people.dismiss", {}, Role::operate).error->code, CallErrc::denied);
  EXPECT_FALSE(call("people.dismiss", {}, Role::admin).error);
}

TEST(CommandRegistry, declarations_can_be_read) {
  const CommandRegistry commands = registry();
  ASSERT_EQ(commands.commands().size(), 2u);
  EXPECT_EQ(commands.commands()[0]->name, "people.dismiss");
  const CommandInfo* greet = commands.find("people.greet");
  ASSERT_NE(greet, nullptr);
  EXPECT_EQ(greet->params.fields[1].default_json, "1");
  EXPECT_TRUE(greet->params.fields[0].required);
  EXPECT_EQ(commands.find("people.nothing"), nullptr);
}

}  // namespace
}  // namespace mainstay
