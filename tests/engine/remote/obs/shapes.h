// What the protocol's documentation says of requests and events: the fields of their data and their types.
// Owned by the test.
// Thread-safety: immutable.
#pragma once

#include <string>
#include <vector>

#include "engine/studio/command.h"

namespace mainstay::obs {

/// "sceneName:string inputs:[inputName:string inputUuid:string]"; types: string, number, boolean, object, array, any;
/// "?" at the end of a type allows null; [...] are the fields of each entry of an array, {...} those of an object.
/// What `value` breaks of it, one line each; fields that are not listed are breaches too.
std::vector<std::string> breaches(const Json& value, const std::string& shape, const std::string& where = "");

}  // namespace mainstay::obs
