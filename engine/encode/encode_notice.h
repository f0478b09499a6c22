// What an encode stage has to say to the operator, beside its packets.
// Plain values.
// Thread-safety: as any value.
#pragma once

#include <functional>
#include <string>

#include "engine/media/packet.h"

namespace mainstay {

struct EncodeNotice {
  enum class Kind {
    failed,   ///< the encoder gave an error; pictures or sound are lost until it is rebuilt
    rebuilt,  ///< a new encoder works; its first packet is an IDR
    waiting,  ///< it failed too often: the next attempt comes later
  };
  Kind kind = Kind::failed;
  std::string rendition;
  std::string message;
};

using EmitPacket = std::function<void(PacketPtr)>;
using EmitNotice = std::function<void(const EncodeNotice&)>;

}  // namespace mainstay
