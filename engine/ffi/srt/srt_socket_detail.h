// The inside of SrtSocket, which SrtListener makes as well.
// Only .cpp files of engine/ffi/srt include this header.
// Thread-safety: as SrtSocket.
#pragma once

#include "engine/ffi/srt/srt_detail.h"
#include "engine/ffi/srt/srt_socket.h"

namespace mainstay::ffi {

struct SrtSocket::Impl {
  srt::Handle handle;
  std::string peer;
  srt::Poller readable;  // IN and ERR
  bool watching = false;

  SRTSOCKET id() const { return handle.id(); }
};

}  // namespace mainstay::ffi
