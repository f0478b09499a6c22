#include "engine/ffi/av/rate_converter.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace mainstay::ffi {
namespace {

/// Ten seconds of 1 kHz at half of full scale, pushed in runs as a device gives them.
std::vector<float> converted(int rate, int channels) {
  auto converter = RateConverter::make(rate, channels);
  EXPECT_TRUE(converter);
  std::vector<float> out;
  std::vector<float> run;
  for (int n = 0; n < 10 * rate; ++n) {
    const auto value = static_cast<float>(0.5 * std::sin(2 * std::numbers::pi * 1000 * n / rate));
    for (int c = 0; c < channels; ++c) run.push_back(value);
    if (n % 441 != 440 && n + 1 < 10 * rate) continue;
    const auto block = (*converter)->push(run);
    EXPECT_TRUE(block);
    EXPECT_TRUE(std::equal((*block)->plane(0).begin(), (*block)->plane(0).end(),
                           (*block)->plane(channels > 2 ? 5 : 1).begin()));
    out.insert(out.end(), (*block)->plane(0).begin(), (*block)->plane(0).end());
    run.clear();
  }
  return out;
}

class RateConverterTest : public testing::TestWithParam<std::pair<int, int>> {};

TEST_P(RateConverterTest, AToneKeepsItsPitchAndLevelWithoutASeam) {
  const std::vector<float> out = converted(GetParam().first, GetParam().second);
  EXPECT_NEAR(static_cast<double>(out.size()), 480'000, 200) << "all but what the filter holds";
  double worst = 0;
  for (std::size_t i = 2; i + 2 < out.size(); ++i) {
    if (i < 400) continue;  // the filter swings in
    // Of a sine of 1 kHz at 48 kHz each sample follows from the two before.
    const double expected = 2 * std::cos(2 * std::numbers::pi / 48) * out[i - 1] - out[i - 2];
    worst = std::max(worst, std::abs(out[i] - expected));
  }
  EXPECT_LT(worst, 0.001);
  EXPECT_NEAR(*std::max_element(out.begin() + 400, out.end()), 0.5, 0.002);
}

INSTANTIATE_TEST_SUITE_P(Rates, RateConverterTest,
                         testing::Values(std::pair{44100, 2}, std::pair{44100, 1}, std::pair{16000, 1},
                                         std::pair{96000, 2}, std::pair{44100, 6}));

}  // namespace
}  // namespace mainstay::ffi
