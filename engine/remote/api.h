// The API under /api: JSON-RPC over HTTP POST and WebSocket, its description, its health.
// Made by the Remote; the router is the server's.
// Thread-safety: make_api_router() from any thread.
#pragma once

#include <memory>

#include "engine/remote/access.h"
#include "engine/remote/event_feed.h"
#include "engine/remote/router.h"
#include "engine/studio/studio_port.h"

namespace mainstay::remote {

/// POST /api, WebSocket /api, GET /api/describe, GET /api/health. `studio` lives longer than the router.
std::shared_ptr<const Router> make_api_router(StudioPort& studio, std::shared_ptr<EventFeed> feed,
                                              std::shared_ptr<const Access> access);

/// A session of /api; for the router, and for tests without a socket.
std::unique_ptr<WsSession> make_api_session(StudioPort& studio, std::shared_ptr<EventFeed> feed, Caller caller);

}  // namespace mainstay::remote
