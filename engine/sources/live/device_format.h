// FFmpeg's names of the inputs that grab screens and cameras, by the system this is built for.
// Constants and a plain function.
// Thread-safety: from any thread.
#pragma once

namespace mainstay {

#if defined(__APPLE__)
inline constexpr const char* kScreenGrabber = "avfoundation";
inline constexpr const char* kCameraGrabber = "avfoundation";
#elif defined(_WIN32)
inline constexpr const char* kScreenGrabber = "gdigrab";
inline constexpr const char* kCameraGrabber = "dshow";
#else
inline constexpr const char* kScreenGrabber = "x11grab";
inline constexpr const char* kCameraGrabber = "v4l2";
#endif

}  // namespace mainstay
