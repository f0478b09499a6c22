// Small media files for tests: bars with a readable frame number and clicks at known samples, in any container and
// codec that the ffmpeg command writes. Made once a test program, in a folder that goes away with it.
// Plain functions of the tests.
// Thread-safety: one thread.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "engine/media/frame.h"
#include "engine/media/rate.h"

namespace mainstay::test {

/// A folder that is removed with the object.
class TempFolder {
 public:
  TempFolder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "mainstay-test-XXXXXX").string();
    if (const char* made = mkdtemp(pattern.data())) path_ = made;
  }
  ~TempFolder() {
    std::error_code error;
    std::filesystem::remove_all(path_, error);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  std::string file(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

/// The folder that this test program's clips live in.
inline const TempFolder& clip_folder() {
  static const TempFolder folder;
  return folder;
}

struct Clip {
  std::string name;  ///< of the file, with the container's extension
  std::string args;  ///< ffmpeg's output options
  int width = 320;
  int height = 180;
  Rate rate{30, 1};
  int frames = 45;          ///< 0: no video
  int sample_rate = 48000;  ///< 0: no sound
  int channels = 2;
  double sound_delay_s = 0;     ///< sound starts so much later
  std::string input_args = {};  ///< ffmpeg's options for the raw video
};

/// Clicks stand at every half second of the sound but the first.
inline constexpr double kClickEvery = 0.5;

// The code of engine/sources/frame_code.h, repeated here so that floors below it can use it: 32 blocks at the bottom.
inline void put_code(std::vector<std::uint8_t>& luma, int width, int height, std::uint32_t number) {
  const int rows = std::min(height, std::max(8, height / 30)) & ~1;
  for (int y = height - rows; y < height; ++y)
    for (int bit = 0; bit < 32; ++bit)
      for (int x = bit * width / 32; x < (bit + 1) * width / 32; ++x)
        luma[static_cast<std::size_t>(y) * width + x] = (number >> (31 - bit)) & 1 ? 235 : 16;
}

/// The number in a picture, -1 when it cannot be read. Independent of the engine's own reader.
inline std::int64_t code_of(const Frame& picture) {
  const int rows = std::min(picture.height, std::max(8, picture.height / 30)) & ~1;
  const int y = picture.height - rows / 2;
  std::int64_t number = 0;
  for (int bit = 0; bit < 32; ++bit) {
    const int x = (2 * bit + 1) * picture.width / 64;
    const int value = picture.planes[0][static_cast<std::ptrdiff_t>(y) * picture.strides[0] + x];
    if (value > 100 && value < 150) return -1;
    number = number << 1 | (value >= 150 ? 1 : 0);
  }
  return number;
}

inline void write_raw_video(const std::string& path, const Clip& clip) {
  std::ofstream out(path, std::ios::binary);
  const int cw = (clip.width + 1) / 2;
  const int ch = (clip.height + 1) / 2;
  std::vector<std::uint8_t> luma(static_cast<std::size_t>(clip.width) * clip.height);
  std::vector<std::uint8_t> chroma(static_cast<std::size_t>(cw) * ch, 128);
  for (int n = 0; n < clip.frames; ++n) {
    for (int y = 0; y < clip.height; ++y)
      for (int x = 0; x < clip.width; ++x)
        luma[static_cast<std::size_t>(y) * clip.width + x] = static_cast<std::uint8_t>(40 + (x + y + 2 * n) % 160);
    put_code(luma, clip.width, clip.height, static_cast<std::uint32_t>(n));
    out.write(reinterpret_cast<const char*>(luma.data()), static_cast<std::streamsize>(luma.size()));
    for (int i = 0; i < 2; ++i)
      out.write(reinterpret_cast<const char*>(chroma.data()), static_cast<std::streamsize>(chroma.size()));
  }
}

inline void write_raw_sound(const std::string& path, const Clip& clip) {
  const double length = clip.frames > 0 ? clip.frames / clip.rate.fps() : 1.5;
  const auto samples = static_cast<std::int64_t>(length * clip.sample_rate + 0.5);
  const auto every = static_cast<std::int64_t>(kClickEvery * clip.sample_rate);
  std::vector<std::int16_t> data(static_cast<std::size_t>(samples * clip.channels));
  for (std::int64_t n = every; n < samples; n += every)
    for (int c = 0; c < clip.channels; ++c) data[static_cast<std::size_t>(n * clip.channels + c)] = 26000;
  std::ofstream(path, std::ios::binary)
      .write(reinterpret_cast<const char*>(data.data()), static_cast<std::streamsize>(data.size() * 2));
}

inline bool run_command(const std::string& command) {
  return std::system((command + " </dev/null >/dev/null 2>&1").c_str()) == 0;
}

/// The clip's path; made at the first call. Empty (and a failed test) when ffmpeg cannot make it.
inline std::string make_clip(const Clip& clip) {
  const std::string path = clip_folder().file(clip.name);
  if (std::filesystem::exists(path)) return path;
  std::string command = "ffmpeg -v error -nostdin -y";
  const std::string video = clip_folder().file("raw.yuv");
  const std::string sound = clip_folder().file("raw.pcm");
  if (clip.frames > 0) {
    write_raw_video(video, clip);
    command += " " + clip.input_args + " -f rawvideo -pix_fmt yuv420p -s " + std::to_string(clip.width) + "x" +
               std::to_string(clip.height) + " -framerate " + clip.rate.str() + " -i " + video;
  }
  if (clip.sample_rate > 0) {
    write_raw_sound(sound, clip);
    if (clip.sound_delay_s > 0) command += " -itsoffset " + std::to_string(clip.sound_delay_s);
    command +=
        " -f s16le -ar " + std::to_string(clip.sample_rate) + " -ac " + std::to_string(clip.channels) + " -i " + sound;
  }
  command += " " + clip.args + " " + path;
  EXPECT_TRUE(run_command(command)) << command;
  return std::filesystem::exists(path) ? path : std::string();
}

/// Positions of the clicks in `sound`: the greatest sample of each stretch that is louder than a quarter of the peak.
inline std::vector<std::int64_t> clicks(const std::vector<float>& sound) {
  float peak = 0;
  for (const float s : sound) peak = std::max(peak, std::abs(s));
  std::vector<std::int64_t> found;
  if (peak < 0.05f) return found;
  for (std::size_t n = 0; n < sound.size(); ++n) {
    if (std::abs(sound[n]) < peak / 4) continue;
    const std::size_t end = std::min(sound.size(), n + 400);
    const auto top = std::max_element(sound.begin() + static_cast<std::ptrdiff_t>(n),
                                      sound.begin() + static_cast<std::ptrdiff_t>(end),
                                      [](float a, float b) { return std::abs(a) < std::abs(b); });
    found.push_back(top - sound.begin());
    n = end;
  }
  return found;
}

inline const std::string kX264 = "-c:v libx264 -preset ultrafast -crf 16 -g 15 -pix_fmt yuv420p ";
inline const std::string kX264B = "-c:v libx264 -preset veryfast -crf 16 -g 15 -bf 2 -pix_fmt yuv420p ";

}  // namespace mainstay::test
