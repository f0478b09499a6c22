#include "engine/show/suggest.h"

#include <gtest/gtest.h>

namespace mainstay::show {
namespace {

TEST(SuggestTest, FindsWhatWasMeant) {
  const std::vector<std::string> keys{"keyint_s", "kbps", "hold_ms", "vbv_ms", "height"};
  EXPECT_EQ(nearest("keyint", keys), "keyint_s");
  EXPECT_EQ(nearest("hold", keys), "hold_ms");
  EXPECT_EQ(nearest("hieght", keys), "height");
  EXPECT_EQ(nearest("KBPS", keys), "kbps");
  EXPECT_EQ(nearest("wallpaper", keys), "");
  EXPECT_EQ(nearest("", keys), "");
  EXPECT_EQ(nearest(std::string(100'000, 'k'), keys), "");
}

TEST(SuggestTest, ListsWhatIsKnownWhenNothingIsNear) {
  EXPECT_EQ(hint("zzz", {"a", "b"}), ": known are a, b");
  EXPECT_EQ(hint("zzz", {}), "");
}

TEST(SuggestTest, QuotesInOneShortLine) {
  EXPECT_EQ(in_quotes("a\nb"), "\"a\\u000ab\"");
  EXPECT_EQ(in_quotes(std::string(100, 'x')), "\"" + std::string(60, 'x') + "…\"");
  EXPECT_EQ(in_quotes(std::string(59, 'x') + "üü"), "\"" + std::string(59, 'x') + "ü…\"")
      << "characters are not cut apart";
}

}  // namespace
}  // namespace mainstay::show
