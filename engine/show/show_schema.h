// Internal to engine/show: the sections of the show document and the words of its enums. The fields themselves are
// declared in show_schema.cpp (what is shown), show_schema_graphics.cpp (what is drawn), show_schema_media.cpp (what is
// played in turn), show_schema_live.cpp (what networks and devices give), show_schema_scene.cpp (how it is put
// together), show_schema_filters.cpp (what is done to layers), show_schema_output.cpp (how it leaves the house),
// show_schema_hls.cpp (how it is packaged) and show_schema_remote.cpp (who may steer it).
// Owned by the program image (constant tables).
// Thread-safety: immutable, so from any thread.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "engine/show/section.h"
#include "engine/show/show.h"

namespace mainstay::show {

#define MAINSTAY_SECTION(Type)                    \
  template <>                                     \
  inline constexpr bool kHasSection<Type> = true; \
  template <>                                     \
  const Section<Type>& section_of<Type>()

MAINSTAY_SECTION(Program);
MAINSTAY_SECTION(FileSource);
MAINSTAY_SECTION(ImageSource);
MAINSTAY_SECTION(BarsSource);
MAINSTAY_SECTION(ColorSource);
MAINSTAY_SECTION(IngestInput);
MAINSTAY_SECTION(IngestSource);
MAINSTAY_SECTION(Crop);
MAINSTAY_SECTION(TextStyle);
MAINSTAY_SECTION(TextSource);
MAINSTAY_SECTION(ClockSource);
MAINSTAY_SECTION(CountdownSource);
MAINSTAY_SECTION(TickerSource);
MAINSTAY_SECTION(SvgSource);
MAINSTAY_SECTION(PlaylistItem);
MAINSTAY_SECTION(PlaylistSource);
MAINSTAY_SECTION(SlideshowSource);
MAINSTAY_SECTION(SceneSource);
MAINSTAY_SECTION(MultiviewCell);
MAINSTAY_SECTION(MultiviewSource);
MAINSTAY_SECTION(ChromaKeyFilter);
MAINSTAY_SECTION(LumaKeyFilter);
MAINSTAY_SECTION(ColorOffsets);
MAINSTAY_SECTION(ColorFactors);
MAINSTAY_SECTION(ColorCorrectFilter);
MAINSTAY_SECTION(LutFilter);
MAINSTAY_SECTION(MaskFilter);
MAINSTAY_SECTION(BlurFilter);
MAINSTAY_SECTION(SharpenFilter);
MAINSTAY_SECTION(DelayFilter);
MAINSTAY_SECTION(DeinterlaceFilter);
MAINSTAY_SECTION(StreamSource);
MAINSTAY_SECTION(ScreenSource);
MAINSTAY_SECTION(CameraSource);
MAINSTAY_SECTION(AudioSource);
MAINSTAY_SECTION(Layer);
MAINSTAY_SECTION(Scene);
MAINSTAY_SECTION(CutTransition);
MAINSTAY_SECTION(FadeTransition);
MAINSTAY_SECTION(DipTransition);
MAINSTAY_SECTION(WipeTransition);
MAINSTAY_SECTION(SlideTransition);
MAINSTAY_SECTION(PushTransition);
MAINSTAY_SECTION(StingerTransition);
MAINSTAY_SECTION(Caps);
MAINSTAY_SECTION(VideoEncode);
MAINSTAY_SECTION(AudioEncode);
MAINSTAY_SECTION(Encode);
MAINSTAY_SECTION(LegConfig);
MAINSTAY_SECTION(Step);
MAINSTAY_SECTION(Destination);
MAINSTAY_SECTION(HlsAccess);
MAINSTAY_SECTION(HlsAlerts);
MAINSTAY_SECTION(HlsPublish);
MAINSTAY_SECTION(Hls);
MAINSTAY_SECTION(Record);
MAINSTAY_SECTION(ObsPort);
MAINSTAY_SECTION(Remote);
MAINSTAY_SECTION(Macro);
MAINSTAY_SECTION(Denoise);
MAINSTAY_SECTION(Gate);
MAINSTAY_SECTION(EqBand);
MAINSTAY_SECTION(Compressor);
MAINSTAY_SECTION(StripLimiter);
MAINSTAY_SECTION(Duck);
MAINSTAY_SECTION(Send);
MAINSTAY_SECTION(Sends);
MAINSTAY_SECTION(Strip);
MAINSTAY_SECTION(BusSettings);
MAINSTAY_SECTION(Buses);
MAINSTAY_SECTION(MasterLimiter);
MAINSTAY_SECTION(LoudnessTarget);
MAINSTAY_SECTION(Mixer);
MAINSTAY_SECTION(FreezeWatch);
MAINSTAY_SECTION(BlackWatch);
MAINSTAY_SECTION(SilenceWatch);
MAINSTAY_SECTION(ClippingWatch);
MAINSTAY_SECTION(AvSyncWatch);
MAINSTAY_SECTION(WatchSet);
MAINSTAY_SECTION(Watchers);
MAINSTAY_SECTION(Monitor);
MAINSTAY_SECTION(Show);

#undef MAINSTAY_SECTION

/// Of the keys when_hidden and on_show, in whatever source has them: what plays files, what comes live, what is drawn.
FieldSpec when_hidden_spec();
FieldSpec live_hidden_spec();
FieldSpec drawn_hidden_spec();
FieldSpec on_show_spec();

template <class E, std::size_t N>
using WordList = std::array<std::pair<std::string_view, E>, N>;

template <>
struct EnumWords<LatencyTarget> {
  static constexpr WordList<LatencyTarget, 3> words{
      {{"sub_second", LatencyTarget::sub_second}, {"low", LatencyTarget::low}, {"classic", LatencyTarget::classic}}};
};

template <>
struct EnumWords<AudioLayout> {
  static constexpr WordList<AudioLayout, 3> words{
      {{"mono", AudioLayout::mono}, {"stereo", AudioLayout::stereo}, {"5.1", AudioLayout::surround}}};
};

template <>
struct EnumWords<Fit> {
  static constexpr WordList<Fit, 4> words{
      {{"contain", Fit::contain}, {"cover", Fit::cover}, {"stretch", Fit::stretch}, {"none", Fit::none}}};
};

template <>
struct EnumWords<AudioBus> {
  static constexpr WordList<AudioBus, kAudioBuses> words{{{"program", AudioBus::program},
                                                          {"monitor", AudioBus::monitor},
                                                          {"aux1", AudioBus::aux1},
                                                          {"aux2", AudioBus::aux2},
                                                          {"aux3", AudioBus::aux3},
                                                          {"aux4", AudioBus::aux4}}};
};

template <>
struct EnumWords<EqShape> {
  static constexpr WordList<EqShape, 5> words{{{"peak", EqShape::peak},
                                               {"low_shelf", EqShape::low_shelf},
                                               {"high_shelf", EqShape::high_shelf},
                                               {"high_pass", EqShape::high_pass},
                                               {"low_pass", EqShape::low_pass}}};
};

template <>
struct EnumWords<WatchScope> {
  static constexpr WordList<WatchScope, 2> words{{{"on_air", WatchScope::on_air}, {"all", WatchScope::all}}};
};

template <>
struct EnumWords<Blend> {
  static constexpr WordList<Blend, 4> words{
      {{"normal", Blend::normal}, {"add", Blend::add}, {"multiply", Blend::multiply}, {"screen", Blend::screen}}};
};

template <>
struct EnumWords<MaskChannel> {
  static constexpr WordList<MaskChannel, 2> words{{{"alpha", MaskChannel::alpha}, {"luma", MaskChannel::luma}}};
};

template <>
struct EnumWords<DeinterlaceMethod> {
  static constexpr WordList<DeinterlaceMethod, 2> words{
      {{"bwdif", DeinterlaceMethod::bwdif}, {"yadif", DeinterlaceMethod::yadif}}};
};

template <>
struct EnumWords<FieldOrder> {
  static constexpr WordList<FieldOrder, 2> words{{{"top", FieldOrder::top}, {"bottom", FieldOrder::bottom}}};
};

template <>
struct EnumWords<WipeShape> {
  static constexpr WordList<WipeShape, 6> words{{{"left", WipeShape::left},
                                                 {"right", WipeShape::right},
                                                 {"up", WipeShape::up},
                                                 {"down", WipeShape::down},
                                                 {"diagonal", WipeShape::diagonal},
                                                 {"circle", WipeShape::circle}}};
};

template <>
struct EnumWords<Direction> {
  static constexpr WordList<Direction, 4> words{
      {{"left", Direction::left}, {"right", Direction::right}, {"up", Direction::up}, {"down", Direction::down}}};
};

template <>
struct EnumWords<WhenHidden> {
  static constexpr WordList<WhenHidden, 3> words{
      {{"run", WhenHidden::run}, {"pause", WhenHidden::pause}, {"close", WhenHidden::close}}};
};

template <>
struct EnumWords<OnShow> {
  static constexpr WordList<OnShow, 2> words{{{"continue", OnShow::go_on}, {"restart", OnShow::restart}}};
};

template <>
struct EnumWords<CellShows> {
  static constexpr WordList<CellShows, 4> words{{{"program", CellShows::program},
                                                 {"preview", CellShows::preview},
                                                 {"scene", CellShows::scene},
                                                 {"source", CellShows::source}}};
};

template <>
struct EnumWords<TextAlign> {
  static constexpr WordList<TextAlign, 3> words{
      {{"left", TextAlign::left}, {"center", TextAlign::center}, {"right", TextAlign::right}}};
};

template <>
struct EnumWords<CountdownStart> {
  static constexpr WordList<CountdownStart, 2> words{
      {{"auto", CountdownStart::automatic}, {"manual", CountdownStart::manual}}};
};

template <>
struct EnumWords<RtspTransport> {
  static constexpr WordList<RtspTransport, 2> words{{{"tcp", RtspTransport::tcp}, {"udp", RtspTransport::udp}}};
};

template <>
struct EnumWords<Codec> {
  static constexpr WordList<Codec, 6> words{{{"h264", Codec::h264},
                                             {"hevc", Codec::hevc},
                                             {"av1", Codec::av1},
                                             {"vp9", Codec::vp9},
                                             {"aac", Codec::aac},
                                             {"opus", Codec::opus}}};
};

template <>
struct EnumWords<LegMode> {
  static constexpr WordList<LegMode, 2> words{{{"parallel", LegMode::parallel}, {"standby", LegMode::standby}}};
};

template <>
struct EnumWords<ReturnMode> {
  static constexpr WordList<ReturnMode, 2> words{{{"auto", ReturnMode::automatic}, {"manual", ReturnMode::manual}}};
};

template <>
struct EnumWords<HlsContainer> {
  static constexpr WordList<HlsContainer, 2> words{{{"cmaf", HlsContainer::cmaf}, {"mpegts", HlsContainer::mpegts}}};
};

template <>
struct EnumWords<HlsEncryption> {
  static constexpr WordList<HlsEncryption, 2> words{{{"none", HlsEncryption::none}, {"aes128", HlsEncryption::aes128}}};
};

template <>
struct EnumWords<HlsAccessMode> {
  static constexpr WordList<HlsAccessMode, 2> words{{{"none", HlsAccessMode::none}, {"token", HlsAccessMode::token}}};
};

template <>
struct EnumWords<HlsMetrics> {
  static constexpr WordList<HlsMetrics, 3> words{
      {{"off", HlsMetrics::off}, {"local", HlsMetrics::local}, {"open", HlsMetrics::open}}};
};

template <>
struct EnumWords<PortRole> {
  static constexpr WordList<PortRole, 3> words{
      {{"view", PortRole::view}, {"operate", PortRole::operate}, {"admin", PortRole::admin}}};
};

}  // namespace mainstay::show
