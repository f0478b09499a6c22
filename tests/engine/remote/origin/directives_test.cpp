#include "engine/remote/origin/directives.h"

#include <gtest/gtest.h>

namespace mainstay::remote {
namespace {

using Skip = package::Reload::Skip;

TEST(DirectivesTest, AreReadBesideOtherKeys) {
  const auto reload = parse_reload("token=x&_HLS_msn=12&CMCD=a%3D1&_HLS_part=3&_HLS_skip=v2");
  ASSERT_TRUE(reload);
  EXPECT_EQ(reload->msn, 12);
  EXPECT_EQ(reload->part, 3);
  EXPECT_EQ(reload->skip, Skip::v2);
  EXPECT_EQ(parse_reload("_HLS_skip=YES")->skip, Skip::yes);
  EXPECT_FALSE(parse_reload("a=b&_HLS_other=1")->any());
}

TEST(DirectivesTest, ThoseThatMakeNoSenseAreRefused) {
  for (const char* wrong :
       {"_HLS_part=1", "_HLS_msn=", "_HLS_msn=-1", "_HLS_msn=1x", "_HLS_msn=99999999999999999999",
        "_HLS_msn=1&_HLS_msn=2", "_HLS_msn=1&_HLS_part=x", "_HLS_skip=no", "_HLS_skip=YES&_HLS_skip=v2", "_HLS_msn"})
    EXPECT_FALSE(parse_reload(wrong)) << wrong;
}

TEST(DirectivesTest, APathIsOneOfPlainNames) {
  for (const char* right : {"index.m3u8", "v0/index.m3u8", "v0/s12.p3.m4s", "a_b-c/1"})
    EXPECT_TRUE(is_resource_path(right)) << right;
  for (const char* wrong : {"", "/", "a/", "/a", "a//b", "..", "a/../b", "a/.hidden", ".a", "a\\b", "a b", "a\nb", "ä",
                            "a%2fb", "a:b", "C:/a"})
    EXPECT_FALSE(is_resource_path(wrong)) << wrong;
  EXPECT_FALSE(is_resource_path(std::string("a\0b", 3)));
  EXPECT_FALSE(is_resource_path(std::string(500, 'a')));
}

}  // namespace
}  // namespace mainstay::remote
