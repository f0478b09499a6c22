// Any text as a show: no crash, one line an error, and what is read comes back from its own JSON.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "engine/show/check.h"
#include "engine/show/parse.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

bool one_line(const std::string& text) {
  return text.find('\n') == std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mainstay::show;
  const Parsed parsed = parse_show({reinterpret_cast<const char*>(data), size});
  for (const ShowError& error : parsed.errors) require(one_line(to_line(error)));
  if (!parsed.ok()) {
    require(parsed.show == Show{});
    return 0;
  }
  for (const bool defaults : {false, true}) {
    const Parsed again = parse_show(to_json(parsed.show, defaults));
    require(again.ok() && again.show == parsed.show);
  }
  require(!redacted_json(parsed.show).empty());
  for (const ShowError& error : check(parsed.show, {.show_dir = ".", .probe_files = false, .secrets = nullptr}))
    require(one_line(to_line(error)));
  return 0;
}
