// AMF0: whatever is read can be written and read again, and comes out the same.
#include <cstdlib>
#include <vector>

#include "engine/sources/ingest/amf0.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto values = mainstay::read_amf0({data, size});
  if (!values) return 0;
  std::vector<std::uint8_t> once;
  for (const auto& value : *values) write_amf0(value, once);
  const auto again = mainstay::read_amf0(once);
  if (!again || again->size() != values->size()) std::abort();
  std::vector<std::uint8_t> twice;
  for (const auto& value : *again) write_amf0(value, twice);
  if (once != twice) std::abort();
  return 0;
}
