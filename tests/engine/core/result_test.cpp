#include "engine/core/result.h"

#include <gtest/gtest.h>

namespace mainstay {
namespace {

Result<int> half(int n) {
  if (n % 2 != 0) return make_error(Errc::invalid, "{} is odd", n);
  return n / 2;
}

Result<int> quarter(int n) {
  MAINSTAY_TRY(const int h, half(n));
  return half(h);
}

TEST(ResultTest, HoldsAValueOrAnError) {
  EXPECT_EQ(*quarter(8), 2);
  EXPECT_EQ(quarter(6).error().message, "3 is odd");
}

TEST(ResultTest, WrappingKeepsTheCodeAndTellsTheWholeStory) {
  const Error error = wrap(wrap(make_error(Errc::corrupt, "bad header"), "cannot read clip.mp4"), "source clip");
  EXPECT_EQ(error.code, Errc::corrupt);
  EXPECT_EQ(error.describe(), "source clip: cannot read clip.mp4: bad header");
}

}  // namespace
}  // namespace mainstay
