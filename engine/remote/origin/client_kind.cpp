#include "engine/remote/origin/client_kind.h"

namespace mainstay::remote {

namespace {

std::string_view device_of(std::string_view agent) {
  const auto says = [agent](std::string_view word) { return agent.find(word) != std::string_view::npos; };
  if (says("SmartTV") || says("SMART-TV") || says("AppleTV") || says("Apple TV") || says("BRAVIA") || says("Roku") ||
      says("CrKey") || says("Tizen") || says("Web0S") || says("AFT"))
    return "tv";
  if (says("iPad") || says("Tablet") || (says("Android") && !says("Mobile"))) return "tablet";
  if (says("iPhone") || says("Mobile") || says("Android")) return "mobile";
  if (says("Windows") || says("Macintosh") || says("X11") || says("CrOS")) return "desktop";
  return "other";
}

// Each says that it is the ones before it, too.
std::string_view browser_of(std::string_view agent) {
  const auto says = [agent](std::string_view word) { return agent.find(word) != std::string_view::npos; };
  if (says("Edg/") || says("EdgA/") || says("EdgiOS/")) return "edge";
  if (says("Firefox/") || says("FxiOS/")) return "firefox";
  if (says("Chrome/") || says("CriOS/") || says("Chromium/")) return "chrome";
  if (says("Safari/") || says("AppleCoreMedia")) return "safari";
  return "other";
}

}  // namespace

ClientKind client_kind(std::string_view user_agent) {
  return {device_of(user_agent), browser_of(user_agent)};
}

}  // namespace mainstay::remote
