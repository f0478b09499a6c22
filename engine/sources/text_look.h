// What the sources that show text have in common: the look that a show describes, and text out of a file.
// Plain functions.
// Thread-safety: from any thread; read_text() waits for the disk.
#pragma once

#include <string>

#include "engine/core/result.h"
#include "engine/ffi/pango/text_painter.h"
#include "engine/show/show.h"

namespace mainstay {

/// Errc::invalid: a colour that is none.
Result<ffi::TextLook> look_of(const show::TextStyle& style);

/// The file's text, at most 64 KiB, without a byte order mark and without line breaks at its end. Errors as read_file,
/// and corrupt for what is not UTF-8.
Result<std::string> read_text(const std::string& path);

/// The lines, each followed by `separator`; empty ones are left out.
std::string joined_lines(const std::string& text, const std::string& separator);

}  // namespace mainstay
