#include "tests/engine/show/show_support.h"

#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace mainstay::show {

const std::string kDesignShow = R"({
  "mainstay": 1,
  "name": "Channel One",
  "program": {"width": 1920, "height": 1080, "rate": "30/1", "latency_target": "low"},
  "sources": {
    "clip":   {"type": "file", "path": "media/clip.mp4", "loop": true},
    "bars":   {"type": "bars", "tone_hz": 1000},
    "remote": {"type": "ingest", "main": "srt://:9001?mode=listener", "backup": "rtmp://:1935/live/remote", "hold_ms": 500}
  },
  "scenes": {"Main": {"layers": [{"source": "clip"}, {"source": "logo", "x": 1600, "y": 60, "opacity": 0.8}]}},
  "on_air": "Main",
  "encode": {
    "caps":  {"max_video_kbps": 6000, "max_audio_kbps": 160, "max_height": 1080, "max_rate": "60/1", "max_keyint_s": 4},
    "video": [{"name": "v0", "codec": "h264", "encoder": "libx264", "preset": "veryfast", "height": 1080, "kbps": 6000, "vbv_ms": 1000, "keyint_s": 2}],
    "audio": [{"name": "a0", "codec": "aac", "kbps": 160}]
  },
  "destinations": {
    "platform": {"mode": "parallel", "caps": "youtube-1080p30",
      "main":   {"url": "rtmp://127.0.0.1:1935/live", "key": "${secret:platform}"},
      "backup": {"url": "srt://127.0.0.1:9002", "latency_ms": 120, "passphrase": "${secret:srt}"}}
  },
  "hls": {"listen": "127.0.0.1:8080", "segment_s": 2, "part_ms": 333, "window_s": 30},
  "record": {"path": "recordings/%Y-%m-%d_%H-%M-%S.mp4"}
}
)";

const std::string kGoodShow = R"({
  "program": {"width": 1280, "height": 720, "rate": "30/1", "slate": "grey"},
  "sources": {
    "bars": {"type": "bars"},
    "clip": {"type": "file", "path": "clip.mp4", "in_ms": 1000, "out_ms": 5000},
    "grey": {"type": "color", "color": "#808080"},
    "remote": {"type": "ingest", "main": "srt://:9001?mode=listener", "backup": {"url": "rtmp://:1936/live", "key": "guest"}}
  },
  "scenes": {"Main": {"layers": [{"source": "clip"}]}},
  "on_air": "Main",
  "encode": {
    "caps": {"max_video_kbps": 5000},
    "video": [{"name": "v0", "codec": "h264", "kbps": 4000, "vbv_ms": 800, "keyint_s": 2, "bframes": 2, "profile": "main", "level": "4.1"}],
    "audio": [{"name": "a0", "codec": "aac", "kbps": 128}]
  },
  "destinations": {
    "platform": {"caps": "twitch", "video": "v0", "audio": "a0",
      "main": {"url": "rtmp://a.example.com/live", "key": "${secret:platform}"},
      "backup": {"url": "srt://b.example.com:9002", "passphrase": "long enough"}}
  },
  "hls": {"listen": "127.0.0.1:8080"},
  "record": {"path": "%Y.mp4"}
}
)";

std::string with(const std::string& text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << "not in the show: " << from;
  if (at == std::string::npos) return text;
  EXPECT_EQ(text.find(from, at + 1), std::string::npos) << "more than once in the show: " << from;
  std::string out = text;
  return out.replace(at, from.size(), to);
}

std::vector<std::string> lines(const std::vector<ShowError>& errors) {
  std::vector<std::string> out;
  for (const ShowError& error : errors) out.push_back(to_line(error));
  return out;
}

TemporaryFolder::TemporaryFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "mainstay-show-XXXXXX").string();
  if (::mkdtemp(name.data()) != nullptr) path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  if (!path_.empty()) std::filesystem::remove_all(path_, ignored);
}

std::string TemporaryFolder::write(const std::string& name, const std::string& text, unsigned mode) const {
  const std::string path = path_ + "/" + name;
  std::ofstream(path, std::ios::binary) << text;
  ::chmod(path.c_str(), mode);
  return path;
}

}  // namespace mainstay::show
