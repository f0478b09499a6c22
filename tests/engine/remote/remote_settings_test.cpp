#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/remote/remote.h"

namespace mainstay::remote {
namespace {

using ::testing::HasSubstr;

class RemoteSettingsTest : public ::testing::Test {
 protected:
  Redactor redactor_;
  const show::Secrets secrets_{redactor_, {.file = "/nowhere", .env = [](const std::string& name) {
                                             return name == "TOKEN" ? std::optional<std::string>("from-outside")
                                                                    : std::nullopt;
                                           }}};
};

TEST_F(RemoteSettingsTest, TokensBecomeRolesAndPathsAreTheShows) {
  show::Remote section;
  section.token = "${env:TOKEN}";
  section.view_token = "only-looking";
  section.tls_cert = "cert.pem";
  section.obs = show::ObsPort{.enabled = true, .listen = "127.0.0.1:4455", .password = "${env:TOKEN}"};
  const Result<RemoteSettings> settings = remote_settings(section, secrets_, "/shows");
  ASSERT_TRUE(settings) << settings.error().describe();
  EXPECT_EQ(settings->access.grants, (std::vector<Grant>{{"from-outside", Role::admin}, {"only-looking", Role::view}}));
  EXPECT_EQ(settings->tls, (TlsFiles{"/shows/cert.pem", "/shows/cert.pem"}));
  EXPECT_EQ(settings->obs, (ObsSettings{"127.0.0.1:4455", "from-outside", Role::operate}));
  EXPECT_EQ(redactor_.redact("from-outside only-looking"), "*** ***");
}

TEST_F(RemoteSettingsTest, AMissingSecretIsSaidWithItsKey) {
  show::Remote section;
  section.operate_token = "${env:MISSING}";
  const Result<RemoteSettings> settings = remote_settings(section, secrets_, ".");
  ASSERT_FALSE(settings);
  EXPECT_THAT(settings.error().describe(), HasSubstr("operate_token"));
}

TEST_F(RemoteSettingsTest, TheObsPortHasTheRoleThatTheShowGivesIt) {
  show::Remote section;
  section.obs = show::ObsPort{.role = show::PortRole::view};
  EXPECT_EQ(remote_settings(section, secrets_, ".")->obs->role, Role::view);
  section.obs->role = show::PortRole::admin;
  EXPECT_EQ(remote_settings(section, secrets_, ".")->obs->role, Role::admin);
}

TEST_F(RemoteSettingsTest, AnObsPortThatIsSwitchedOffIsNone) {
  show::Remote section;
  section.obs = show::ObsPort{.enabled = false};
  EXPECT_FALSE(remote_settings(section, secrets_, ".")->obs);
}

}  // namespace
}  // namespace mainstay::remote
