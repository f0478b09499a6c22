#include "engine/ffi/rtmp/rtmp_writer.h"

#include <librtmp/log.h>
#include <librtmp/rtmp.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <mutex>

namespace mainstay::ffi {

namespace {

constexpr std::size_t kMostUrgent = 16 << 10;
constexpr std::uint32_t kExtended = 0xFFFFFF;

// librtmp sends without MSG_NOSIGNAL; a closed connection must not end the program even where main() does not ignore
// SIGPIPE. The signal goes to the thread that wrote, so it can be held back and taken off there.
class NoSigpipe {
 public:
  NoSigpipe() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    sigset_t pending;
    sigpending(&pending);
    was_pending_ = sigismember(&pending, SIGPIPE) == 1;
    if (!was_pending_) pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoSigpipe() {
    if (was_pending_) return;
    const timespec now{0, 0};
    while (sigtimedwait(&pipe_, nullptr, &now) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoSigpipe(const NoSigpipe&) = delete;
  NoSigpipe& operator=(const NoSigpipe&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
  bool was_pending_ = false;
};

// librtmp's first RTMP_Init fills process-wide tables without a lock, and its log goes to stderr with stream names.
void prepare_library() {
  static std::once_flag once;
  std::call_once(once, [] {
    RTMP_LogSetCallback([](int, const char*, va_list) {});
    RTMP_LogSetLevel(RTMP_LOGCRIT);
    if (RTMP* first = RTMP_Alloc()) {
      RTMP_Init(first);
      RTMP_Free(first);
    }
  });
}

void append_big_endian(std::vector<std::uint8_t>& out, std::uint32_t value, int bytes) {
  for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) out.push_back(static_cast<std::uint8_t>(value >> shift));
}

// RTMP 1.0, 5.3.1: a format 0 header, or format 3 for the chunks that follow.
void make_headers(std::vector<std::uint8_t>& first, std::vector<std::uint8_t>& next, int channel, std::uint8_t type,
                  std::uint32_t timestamp, std::uint32_t length, std::uint32_t stream_id) {
  first.clear();
  first.push_back(static_cast<std::uint8_t>(channel));
  append_big_endian(first, std::min(timestamp, kExtended), 3);
  append_big_endian(first, length, 3);
  first.push_back(type);
  for (int shift = 0; shift < 32; shift += 8) first.push_back(static_cast<std::uint8_t>(stream_id >> shift));
  next.assign(1, static_cast<std::uint8_t>(0xC0 | channel));
  if (timestamp >= kExtended) {
    append_big_endian(first, timestamp, 4);
    append_big_endian(next, timestamp, 4);
  }
}

}  // namespace

struct RtmpWriter::Library {
  RTMP* rtmp = nullptr;

  ~Library() {
    if (rtmp == nullptr) return;
    rtmp->m_sb.sb_ssl = nullptr;  // TlsClient's; RTMP_Close would free it
    RTMP_Close(rtmp);             // closes its duplicate of the socket
    RTMP_Free(rtmp);
  }
};

RtmpWriter::RtmpWriter(std::unique_ptr<Library> library, TcpSocket& socket, TlsClient* tls)
    : library_(std::move(library)), socket_(socket), tls_(tls) {}

RtmpWriter::~RtmpWriter() = default;

Result<std::unique_ptr<RtmpWriter>> RtmpWriter::make(TcpSocket& socket, TlsClient* tls) {
  prepare_library();
  auto library = std::make_unique<Library>();
  library->rtmp = RTMP_Alloc();
  if (library->rtmp == nullptr) return make_error(Errc::io, "out of memory for RTMP");
  RTMP_Init(library->rtmp);
  // librtmp closes its descriptor when a write fails; ours stays valid, because others may be about to shut it down.
  // Without a stream id and the write flag that close sends nothing: no unpublish into a stuck socket.
  library->rtmp->m_sb.sb_socket = dup(socket.fd());
  if (library->rtmp->m_sb.sb_socket < 0) return make_error(Errc::io, "too many open files for another connection");
  library->rtmp->m_sb.sb_ssl = tls != nullptr ? tls->session() : nullptr;
  library->rtmp->m_stream_id = 0;
  return std::unique_ptr<RtmpWriter>(new RtmpWriter(std::move(library), socket, tls));
}

std::vector<std::uint8_t>& RtmpWriter::buffer() {
  message_.resize(kHeadroom);
  position_ = kHeadroom;
  return message_;
}

void RtmpWriter::begin(int channel, std::uint8_t type, std::uint32_t timestamp, std::uint32_t stream_id) {
  const auto length = static_cast<std::uint32_t>(message_.size() - kHeadroom);
  make_headers(first_header_, next_header_, channel, type, timestamp, length, stream_id);
  position_ = kHeadroom;
}

bool RtmpWriter::urgent(std::uint8_t type, std::span<const std::uint8_t> body) {
  if (urgent_.size() + body.size() > kMostUrgent || body.size() > chunk_size_) return false;
  std::vector<std::uint8_t> header;
  std::vector<std::uint8_t> unused;
  make_headers(header, unused, 2, type, 0, static_cast<std::uint32_t>(body.size()), 0);
  urgent_.insert(urgent_.end(), header.begin(), header.end());
  urgent_.insert(urgent_.end(), body.begin(), body.end());
  return true;
}

void RtmpWriter::raw(std::span<const std::uint8_t> bytes) {
  urgent_.insert(urgent_.end(), bytes.begin(), bytes.end());
}

Status RtmpWriter::flush() {
  if (!busy()) return {};
  const NoSigpipe guard;
  while (busy()) {
    // Writable means that two thirds of the unsent limit are free: a chunk fits, and the library does not block.
    if (!ready_now(socket_.fd(), Ready::write)) return make_error(Errc::again, "the network takes no more now");
    if (!urgent_.empty()) {
      MAINSTAY_CHECK(write(urgent_.data(), urgent_.size(), {}));
      urgent_.clear();
    } else {
      MAINSTAY_CHECK(next_chunk());
    }
  }
  return {};
}

Status RtmpWriter::next_chunk() {
  const std::size_t size = std::min<std::size_t>(chunk_size_, message_.size() - position_);
  const auto& header = position_ == kHeadroom ? first_header_ : next_header_;
  MAINSTAY_CHECK(write(message_.data() + position_, size, header));
  position_ += size;
  return {};
}

Status RtmpWriter::write(std::uint8_t* bytes, std::size_t size, std::span<const std::uint8_t> header) {
  RTMPChunk chunk{};
  chunk.c_headerSize = static_cast<int>(header.size());
  std::copy(header.begin(), header.end(), chunk.c_header);
  chunk.c_chunk = reinterpret_cast<char*>(bytes);
  chunk.c_chunkSize = static_cast<int>(size);
  RTMP* rtmp = library_->rtmp;
  if (rtmp->m_sb.sb_socket < 0 || RTMP_SendChunk(rtmp, &chunk) != TRUE) {
    // librtmp has freed the TLS session with its connection.
    if (tls_ != nullptr && rtmp->m_sb.sb_ssl == nullptr) tls_->forget_session();
    MAINSTAY_CHECK(socket_.pending_error());
    return make_error(Errc::io, "{} closed the connection", socket_.peer());
  }
  rtmp_bytes_ += static_cast<std::int64_t>(header.size() + size);
  return {};
}

}  // namespace mainstay::ffi
