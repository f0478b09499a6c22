// Random documents made from the declarations of the fields alone: whatever is declared is tried, also keys that are
// added later.
#pragma once

#include <cstdint>
#include <random>
#include <string>

namespace mainstay::show {

/// JSON that keeps every rule a field declares. (What fields must be to each other, check() says; not this.)
std::string random_show(std::mt19937_64& random);

}  // namespace mainstay::show
