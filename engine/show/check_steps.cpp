// Legs that may step down the ladder: to what is there, lower, and fits at a key frame.
#include "engine/show/check_parts.h"
#include "engine/show/renditions.h"
#include "engine/show/section.h"
#include "engine/show/suggest.h"

namespace mainstay::show {

namespace {

std::vector<std::string> names_of(const std::vector<VideoEncode>& renditions) {
  std::vector<std::string> names;
  for (const VideoEncode& rendition : renditions) names.push_back(rendition.name);
  return names;
}

void check_lowest(const Encode& encode, const VideoEncode& top, const std::string& name, const std::string& pointer,
                  Findings& findings) {
  const VideoEncode* lowest = find_video(encode, name);
  if (lowest == nullptr) {
    findings.add(pointer, "there is no video rendition {}{}", in_quotes(name), hint(name, names_of(encode.video)));
  } else if (lowest == &top) {
    findings.add(pointer, "{} is what is sent already: name a lower rendition", in_quotes(name));
  } else if (const std::string why = why_no_step(top, *lowest); !why.empty()) {
    findings.add(pointer, "a leg that sends {} cannot step down to {}: {}", in_quotes(top.name), in_quotes(name), why);
  }
}

}  // namespace

void check_steps(const Show& show, Findings& findings) {
  for (const auto& [name, destination] : show.destinations) {
    const VideoEncode* top = find_video(show.encode, destination.video);
    if (!destination.step || top == nullptr) continue;
    const std::string pointer = pointer_to("/destinations", name) + "/step";
    if (!destination.step->down_to.empty()) {
      check_lowest(show.encode, *top, destination.step->down_to, pointer + "/down_to", findings);
    } else if (lower_rungs(show.encode, destination).empty()) {
      findings.add(pointer,
                   "there is nothing to step down to: add a rendition to /encode/video with fewer kb/s than {} and its "
                   "codec, keyint_s, encoder and B-frames, or leave \"step\" out",
                   in_quotes(top->name));
    }
  }
}

}  // namespace mainstay::show
