// A thread that nobody waits for: for calls into devices and libraries that cannot be interrupted and may never return.
// Owned by nobody; what `body` uses it shares (shared_ptr), so that it may outlive whoever started it.
// Thread-safety: from any thread.
#pragma once

#include <functional>
#include <string>

namespace mainstay {

/// Runs `body` on a new thread; `name` as with NamedThread. Once left behind, `body` may touch nothing but its own: no
/// log, no clock. Use a NamedThread wherever a call can be ended.
void start_loose_thread(std::string name, std::function<void()> body);

}  // namespace mainstay
