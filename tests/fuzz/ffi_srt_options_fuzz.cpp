// SRT URLs (from show files and people) and streamids (from the network).
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/ffi/srt/srt_listener.h"
#include "engine/ffi/srt/srt_options.h"

namespace {

bool within(std::string_view part, std::string_view whole) {
  return part.empty() || (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay::ffi;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto options = parse_srt_url(text);
  // What parses is valid, and nothing of a passphrase that parses is left in the redacted form.
  if (options && !validate(*options)) abort();
  const std::string redacted = redacted_srt_url(text);
  const bool plain = options && text.find('%') == text.npos && options->passphrase.size() >= 10;
  if (plain && redacted.find("passphrase=" + options->passphrase) != redacted.npos) abort();
  const SrtStreamid id = parse_streamid(text);
  for (const std::string_view part : {id.resource, id.mode, id.user, id.session}) {
    if (!within(part, text)) abort();
  }
  if (!same_key(text, text)) abort();
  return 0;
}
