#include <gtest/gtest.h>

#include <random>

#include "engine/core/named_thread.h"
#include "engine/deliver/packet_bus.h"
#include "tests/engine/deliver/leg_fakes.h"

namespace mainstay {
namespace {

using test::audio_packet;
using test::decodable;
using test::kBoth;
using test::video_packet;

const QueueLimits kRoomy{};

std::vector<PacketPtr> drain(Subscription& from) {
  std::vector<PacketPtr> got;
  while (auto packet = from.pop({}, Instant::min())) got.push_back(*packet);
  return got;
}

class PacketBusTest : public testing::Test {
 protected:
  ManualClock clock_;
  PacketBus bus_{clock_};
  StreamInfoPtr v0_ = test::video_stream("v0");
  StreamInfoPtr v1_ = test::video_stream("v1");
  StreamInfoPtr a0_ = test::audio_stream("a0");
};

TEST_F(PacketBusTest, EverySubscriberGetsTheVeryPacketsInTheirOrder) {
  auto first = bus_.subscribe(kBoth, kRoomy);
  auto second = bus_.subscribe(kBoth, kRoomy);
  test::FakeEncode encode;
  encode.publish(bus_, Seconds(3));
  EXPECT_EQ(drain(*first), encode.published());
  EXPECT_EQ(drain(*second), encode.published()) << "shared, not copied";
}

TEST_F(PacketBusTest, ANewcomerStartsWithTheCurrentGop) {
  test::FakeEncode encode(25);
  encode.publish(bus_, Millis(1500));
  auto late = bus_.subscribe(kBoth, kRoomy);
  encode.publish(bus_, Millis(1600));
  const auto got = drain(*late);
  ASSERT_FALSE(got.empty());
  EXPECT_TRUE(got.front()->video() && got.front()->key);
  EXPECT_EQ(got.front()->pts, 25);
  const auto& made = encode.published();
  EXPECT_EQ(got, std::vector<PacketPtr>(std::find(made.begin(), made.end(), got.front()), made.end()))
      << "and misses nothing after it";
}

TEST_F(PacketBusTest, ANewcomerWithoutAKeptGopStartsAtTheNextIdrSoundIncluded) {
  PacketBus bus(clock_, {.gop_bytes = 2000});  // a GOP has 25 × 400
  test::FakeEncode encode(25);
  encode.publish(bus, Millis(500));
  auto late = bus.subscribe(kBoth, kRoomy);
  EXPECT_EQ(late->level().items, 0U);
  encode.publish(bus, Millis(1200));
  const auto got = drain(*late);
  ASSERT_FALSE(got.empty());
  EXPECT_EQ(got.front()->pts, 25);
  EXPECT_TRUE(got.front()->key && got.front()->video());
}

TEST_F(PacketBusTest, SoundAloneStartsWhenThePictureDoesNotCome) {
  auto subscription = bus_.subscribe(kBoth, kRoomy);
  for (int n = 0; n < 200; ++n) bus_.publish(audio_packet(a0_, n));
  EXPECT_FALSE(subscription->pop({}, Instant::min()));
  for (int n = 200; n < 300; ++n) bus_.publish(audio_packet(a0_, n));
  EXPECT_TRUE(subscription->pop({}, Instant::min())) << "after five seconds of it";
}

TEST_F(PacketBusTest, ASelectionTakesItsRenditionsOnly) {
  auto low = bus_.subscribe({"v1", "a0", false}, kRoomy);
  auto sound = bus_.subscribe({"", "a0", false}, kRoomy);
  auto all = bus_.subscribe({"", "", true}, kRoomy);
  bus_.publish(video_packet(v0_, 0, 10));
  bus_.publish(video_packet(v1_, 0, 10));
  bus_.publish(audio_packet(a0_, 0));
  EXPECT_EQ(drain(*low).size(), 2U);
  EXPECT_EQ(drain(*sound).size(), 1U);
  EXPECT_EQ(drain(*all).size(), 3U);
}

TEST_F(PacketBusTest, AnAudioOnlySubscriberThatIsSlowLosesTheOldest) {
  auto sound = bus_.subscribe({"", "a0", false}, {.items = 10});
  for (int n = 0; n < 30; ++n) bus_.publish(audio_packet(a0_, n));
  EXPECT_EQ(sound->level().dropped, 20);
  EXPECT_EQ(drain(*sound).front()->pts, 20 * 1024);
}

TEST_F(PacketBusTest, ASlowSubscriberLosesWholeGopsAndOthersNothing) {
  auto slow = bus_.subscribe(kBoth, {.span = Seconds(1)});
  auto quick = bus_.subscribe(kBoth, kRoomy);
  test::FakeEncode encode(10);
  std::vector<PacketPtr> got;
  for (int t = 0; t < 100; ++t) {
    encode.publish(bus_, Millis(100 * t));
    if (auto packet = slow->pop({}, Instant::min())) got.push_back(*packet);
    EXPECT_LE(slow->level().span, Millis(1100));
  }
  EXPECT_TRUE(decodable(got, encode.published()));
  EXPECT_GT(slow->level().dropped, 0);
  EXPECT_EQ(drain(*quick), encode.published());
  EXPECT_EQ(quick->level().dropped, 0);
}

TEST_F(PacketBusTest, TheKeptGopIsNoReasonToDrop) {
  test::FakeEncode encode(100);
  encode.publish(bus_, Millis(3900));
  auto late = bus_.subscribe(kBoth, {.span = Seconds(1)});
  encode.publish(bus_, Millis(4300));
  EXPECT_EQ(late->level().dropped, 0);
  EXPECT_GT(late->level().span, Seconds(3));
  EXPECT_TRUE(decodable(drain(*late), encode.published()));
}

TEST_F(PacketBusTest, ARebuiltEncoderWithTheSameParametersGoesUnnoticed) {
  auto subscription = bus_.subscribe(kBoth, kRoomy);
  bus_.publish(video_packet(v0_, 0, 10));
  const PacketPtr from_rebuilt = video_packet(std::make_shared<StreamInfo>(*v0_), 10, 10);
  bus_.publish(from_rebuilt);
  const auto got = drain(*subscription);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[1]->stream, v0_);
  EXPECT_EQ(got[1]->bytes.data(), from_rebuilt->bytes.data()) << "the bytes are not copied";
}

TEST_F(PacketBusTest, ARebuiltEncoderIsHeardFromItsFirstIdrOn) {
  auto subscription = bus_.subscribe(kBoth, kRoomy);
  bus_.publish(video_packet(v0_, 0, 100));
  auto other = std::make_shared<StreamInfo>(*v0_);
  other->extradata.push_back(1);
  bus_.publish(video_packet(other, 1, 100));
  EXPECT_EQ(bus_.rejected(), 1);
  bus_.publish(video_packet(other, 100, 100));
  const auto got = drain(*subscription);
  ASSERT_EQ(got.size(), 2U);
  EXPECT_EQ(got[1]->stream, other);
  EXPECT_EQ((*bus_.streams({"v0", "", false})).front(), other);
}

TEST_F(PacketBusTest, TimestampsThatGoBackEndTheGop) {
  auto subscription = bus_.subscribe(kBoth, kRoomy);
  bus_.publish(video_packet(v0_, 0, 10));
  bus_.publish(video_packet(v0_, 1, 10));
  bus_.publish(video_packet(v0_, 1, 10));
  bus_.publish(video_packet(v0_, 2, 10));
  bus_.publish(audio_packet(a0_, 1));
  bus_.publish(audio_packet(a0_, 1));
  EXPECT_EQ(drain(*subscription).size(), 3U);
  EXPECT_EQ(bus_.rejected(), 3);
  bus_.publish(video_packet(v0_, 10, 10));
  EXPECT_EQ(drain(*subscription).size(), 1U);
}

TEST_F(PacketBusTest, StreamsAreGivenWhenAllThatAreNamedAreThere) {
  bus_.announce(a0_);
  EXPECT_EQ(bus_.streams(kBoth).error().code, Errc::again);
  NamedThread encoder("enc", [&](const std::stop_token&) { bus_.announce(v0_); });
  const auto streams = bus_.streams(kBoth, {}, kNever);
  ASSERT_TRUE(streams);
  EXPECT_EQ(*streams, (std::vector<StreamInfoPtr>{v0_, a0_})) << "video first";
}

TEST_F(PacketBusTest, AClosedBusEndsItsSubscribersAfterWhatIsQueued) {
  auto subscription = bus_.subscribe(kBoth, kRoomy);
  bus_.publish(video_packet(v0_, 0, 10));
  bus_.close();
  bus_.publish(video_packet(v0_, 1, 10));
  EXPECT_TRUE(subscription->pop());
  EXPECT_EQ(subscription->pop().error().code, Errc::end);
  EXPECT_EQ(bus_.streams({"v9", "", false}, {}, kNever).error().code, Errc::end);
  auto late = bus_.subscribe(kBoth, kRoomy);
  EXPECT_TRUE(late->pop());
  EXPECT_EQ(late->pop().error().code, Errc::end);
}

TEST_F(PacketBusTest, ASubscriptionThatIsGoneCostsNothing) {
  bus_.subscribe(kBoth, kRoomy).reset();
  bus_.publish(video_packet(v0_, 0, 10));
  auto subscription = bus_.subscribe(kBoth, kRoomy);
  subscription->close();
  bus_.publish(video_packet(v0_, 1, 10));
  EXPECT_EQ(drain(*subscription).size(), 1U) << "the GOP it began with";
}

TEST(PacketBusOfflineTest, TheProgramWaitsForASlowSubscriberAndNothingIsLost) {
  ManualClock clock(ManualClock::Drive::program);
  PacketBus bus(clock);
  test::FakeEncode encode;
  auto slow = bus.subscribe(kBoth, {.items = 3});
  NamedThread program("program", [&](const std::stop_token&) {
    encode.publish(bus, Seconds(2));
    bus.close();
  });
  std::vector<PacketPtr> got;
  while (auto packet = slow->pop()) got.push_back(*packet);
  program.join();
  EXPECT_EQ(got, encode.published());
}

TEST(PacketBusOfflineTest, ASubscriberThatGoesAwayReleasesTheProgram) {
  ManualClock clock(ManualClock::Drive::program);
  PacketBus bus(clock);
  test::FakeEncode encode;
  auto stuck = bus.subscribe(kBoth, {.items = 3});
  NamedThread program("program", [&](const std::stop_token&) { encode.publish(bus, Seconds(2)); });
  while (clock.waiters() == 0) std::this_thread::yield();
  stuck.reset();
  program.join();
}

// Two renditions of different GOPs, sound, rebuilt encoders, and subscribers that come, go and dawdle at random.
TEST(PacketBusRandomTest, NobodyEverSeesAPacketCutFromItsGop) {
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937_64 random(seed);
    ManualClock clock;
    PacketBus bus(clock, {.gop_bytes = static_cast<std::int64_t>(random() % 20000)});
    struct Reader {
      std::unique_ptr<Subscription> subscription;
      std::vector<PacketPtr> got;
    };
    const std::vector<Selection> selections = {kBoth, {"v1", "a0", false}, {"", "", true}, {"", "a0", false}};
    std::vector<Reader> readers(4);
    std::vector<PacketPtr> made;
    StreamInfoPtr streams[] = {test::video_stream("v0"), test::video_stream("v1"), test::audio_stream("a0")};
    for (int n = 0; n < 200; ++n) {
      for (int s = 0; s < 3; ++s) {
        if (random() % 300 == 0) {
          auto other = std::make_shared<StreamInfo>(*streams[s]);
          other->extradata.push_back(1);
          streams[s] = other;
        }
        made.push_back(s == 2 ? audio_packet(streams[s], n) : video_packet(streams[s], n, s == 0 ? 10 : 17));
        bus.publish(made.back());
      }
      const std::size_t who = random() % readers.size();
      Reader& reader = readers[who];
      if (!reader.subscription || random() % 50 == 0) {
        ASSERT_TRUE(decodable(reader.got, made));
        reader.got.clear();
        reader.subscription = bus.subscribe(selections[random() % selections.size()], {.items = 5 + random() % 60});
      }
      for (std::uint64_t i = random() % 12; i > 0; --i) {
        if (auto packet = reader.subscription->pop({}, Instant::min())) reader.got.push_back(*packet);
      }
    }
    for (const Reader& reader : readers) ASSERT_TRUE(decodable(reader.got, made));
  }
}

}  // namespace
}  // namespace mainstay
