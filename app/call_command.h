// The subcommand call: one command on a running Mainstay.
// Functions without state.
// Thread-safety: called from the main thread; blocks until the answer.
#pragma once

#include <stop_token>
#include <string>

#include "app/options.h"
#include "engine/core/clock.h"
#include "engine/remote/client.h"

namespace mainstay {

/// The result as JSON on stdout, an error in one line on stderr. Exit code: 0; 1 it failed, or nobody answers; 2 the
/// call itself is wrong.
int call_command(Clock& clock, const Options& options, std::stop_token stop);

/// How to reach the API that is meant. Its token: --token, or else the variable MAINSTAY_TOKEN.
remote::CallOptions connection_of(const Options& options);

}  // namespace mainstay
