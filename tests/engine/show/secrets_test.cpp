#include "engine/show/secrets.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <atomic>
#include <thread>
#include <vector>

#include "engine/show/references.h"
#include "tests/engine/show/show_support.h"

namespace mainstay::show {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class SecretsTest : public ::testing::Test {
 protected:
  SecretsTest() : path_(folder_.write("secrets.json", R"({"platform": "abcd-efgh", "srt": "very long phrase"})")) {}

  std::string error_of(const std::string& text) const {
    const Result<std::string> resolved = secrets().resolve(text);
    return resolved ? "none: " + *resolved : resolved.error().describe();
  }

  Secrets secrets() const {
    const auto env = [](const std::string& name) -> std::optional<std::string> {
      if (name == "HOST") return "ingest.example.com";
      if (name == "BROKEN") return "two\nlines";
      return std::nullopt;
    };
    return Secrets(redactor_, {.file = path_, .env = env});
  }

  TemporaryFolder folder_;
  std::string path_;
  mutable Redactor redactor_;
};

TEST_F(SecretsTest, ReplacesReferencesInATextAndHidesThem) {
  EXPECT_EQ(*secrets().resolve("no reference"), "no reference");
  EXPECT_EQ(*secrets().resolve("a-${secret:platform}-${env:HOST}-z"), "a-abcd-efgh-ingest.example.com-z");
  EXPECT_EQ(redactor_.redact("connecting with abcd-efgh"), "connecting with ***");
}

TEST_F(SecretsTest, SaysWhereAMissingOneBelongs) {
  EXPECT_EQ(error_of("${secret:platfrom}"),
            "the secret \"platfrom\" is not in " + path_ + ": did you mean \"platform\"?");
  EXPECT_EQ(error_of("${secret:elsewhere}"), "the secret \"elsewhere\" is not in " + path_ + ": add it there");
  EXPECT_EQ(error_of("${env:NOWHERE}"), "the environment variable NOWHERE is not set: set it before Mainstay starts");
  EXPECT_EQ(error_of("${env:BROKEN}"), "the environment variable BROKEN holds a line break");
  path_ = folder_.path() + "/nowhere.json";
  EXPECT_EQ(error_of("${secret:a}"),
            "the secret \"a\" is not known: put it into " + path_ + " as {\"a\": \"…\"}, chmod 600");
}

TEST_F(SecretsTest, RefusesReferencesThatAreNotWellFormed) {
  for (const char* text :
       {"${", "${}", "${secret:}", "${secret:a", "${Secret:a}", "${secret:a b}", "${file:a}", "${secret:${env:A}}"})
    EXPECT_THAT(error_of(text), StartsWith("a reference is not well formed")) << text;
  EXPECT_TRUE(is_only_references("${secret:a}${env:B}"));
  EXPECT_FALSE(is_only_references("x${secret:a}"));
  EXPECT_FALSE(is_only_references("${secret:a"));
}

TEST_F(SecretsTest, RefusesAFileThatOthersCanRead) {
  ::chmod(path_.c_str(), 0640);
  EXPECT_EQ(error_of("${secret:platform}"),
            "the secrets file " + path_ + " is open to others (mode 0640): run chmod 600 " + path_);
}

TEST_F(SecretsTest, RefusesAFileThatCannotBeUsedAndShowsNothingOfIt) {
  for (const char* text : {"", "{\"platform\": \"abcd", "[\"abcd\"]", "{\"platform\": 1234}", "{\"platform\": \"\"}",
                           "{\"platform\": \"abcd\\nefgh\"}", "{\"platform\": \"abcd\", \"platform\": \"abcd\"}"}) {
    path_ = folder_.write("broken.json", text);
    const std::string error = error_of("${secret:platform}");
    EXPECT_THAT(error, HasSubstr(path_)) << text;
    EXPECT_THAT(error, Not(HasSubstr("abcd"))) << text;
    EXPECT_THAT(error, Not(HasSubstr("1234"))) << text;
  }
  path_ = folder_.path();
  EXPECT_THAT(error_of("${secret:platform}"), HasSubstr("is not a file"));
}

TEST_F(SecretsTest, AChangedFileCountsAtTheNextUse) {
  EXPECT_EQ(*secrets().resolve("${secret:platform}"), "abcd-efgh");
  folder_.write("secrets.json", R"({"platform": "ijkl-mnop"})");
  EXPECT_EQ(*secrets().resolve("${secret:platform}"), "ijkl-mnop");
}

TEST_F(SecretsTest, MakesALegReadyForUse) {
  LegConfig leg;
  leg.url = "rtmp://${env:HOST}/live";
  leg.key = "${secret:platform}";
  leg.passphrase = "a literal one";
  const Result<LegConfig> resolved = secrets().resolve(leg);
  ASSERT_TRUE(resolved);
  EXPECT_EQ(resolved->url, "rtmp://ingest.example.com/live");
  EXPECT_EQ(resolved->key, "abcd-efgh");
  EXPECT_EQ(redactor_.redact("abcd-efgh a literal one ingest.example.com"), "*** *** ingest.example.com")
      << "a host is no secret";
  leg.key = "${secret:nobody}";
  EXPECT_THAT(secrets().resolve(leg).error().describe(), StartsWith("key: the secret \"nobody\" is not in"));
}

TEST_F(SecretsTest, MakesAnIngestReadyForUse) {
  IngestSource ingest;
  ingest.main.url = "srt://:9001";
  ingest.main.passphrase = "${secret:srt}";
  ingest.backup = IngestInput{"rtmp://:1935/live", "${secret:platform}", "", Millis{120}};
  const Result<Source> resolved = secrets().resolve(Source{ingest});
  ASSERT_TRUE(resolved);
  EXPECT_EQ(std::get<IngestSource>(*resolved).main.passphrase, "very long phrase");
  EXPECT_EQ(std::get<IngestSource>(*resolved).backup->key, "abcd-efgh");
}

TEST_F(SecretsTest, HidesWhatStandsInTheShowItself) {
  const Show show = parse_show(with(kGoodShow, "a.example.com/live", "u:passw0rd@a.example.com/live/lit3ral-key")).show;
  secrets().hide_literals(show);
  EXPECT_EQ(redactor_.redact("guest, long enough, passw0rd, lit3ral-key, a.example.com, live"),
            "***, ***, ***, ***, a.example.com, live");
}

TEST_F(SecretsTest, ManyLegsMayAskAtOnce) {
  const Secrets shared = secrets();
  LegConfig leg;
  leg.url = "rtmp://${env:HOST}/live";
  leg.key = "${secret:platform}";
  std::atomic<int> right = 0;
  {
    std::vector<std::jthread> legs;
    for (int i = 0; i < 4; ++i) {
      legs.emplace_back([&] {
        for (int n = 0; n < 20; ++n) {
          const Result<LegConfig> resolved = shared.resolve(leg);
          if (resolved && resolved->key == "abcd-efgh" && redactor_.redact("abcd-efgh") == "***") ++right;
        }
      });
    }
  }
  EXPECT_EQ(right, 80);
}

TEST(DefaultSecretsFileTest, IsInTheUsersConfiguration) {
  EXPECT_THAT(Secrets::default_file(), ::testing::EndsWith("/mainstay/secrets.json"));
}

}  // namespace
}  // namespace mainstay::show
