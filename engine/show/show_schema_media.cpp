// The fields of the sources that play several files in turn. Each key is declared here and nowhere else.
#include "engine/show/show_schema.h"

namespace mainstay::show {

namespace {

constexpr double kDay = 24 * 3'600'000.0;  // in ms

}  // namespace

FieldSpec when_hidden_spec() {
  return {.help =
              "While it is neither on program nor in preview, in no transition, and the mixer does not make it heard: "
              "run (plays on), pause (stands still with some pictures decoded ahead, and decodes nothing) or close "
              "(its file is closed too; it is there some moments after it is shown, so have it in preview before)."};
}

FieldSpec live_hidden_spec() {
  return {.help =
              "While it is neither on program nor in preview, in no transition, and the mixer does not make it heard: "
              "run (taken in as ever), pause (stays connected, and nothing of it is decoded or grabbed) or close (the "
              "connection or device is given free). It begins anew when it is shown, a stream with its next key "
              "picture, so have it in preview before."};
}

FieldSpec drawn_hidden_spec() {
  return {.help =
              "While it is neither on program nor in preview, and in no transition: run (goes on, unseen), pause "
              "(stands still) or close (stands still, and its pictures are let go; they are there some moments after "
              "it is shown, so have it in preview before)."};
}

FieldSpec on_show_spec() {
  return {.help = "Where one that stood still goes on when it is shown: continue, or restart from its beginning."};
}

template <>
const Section<PlaylistItem>& section_of<PlaylistItem>() {
  static const auto section =
      Section<PlaylistItem>("playlist item", "One of the files of a playlist. A plain text is its path.")
          .shorthand("path")
          .field(
              "path", &PlaylistItem::path,
              {.help = "The file; a relative path is relative to the show file.", .required = true, .references = true})
          .field("in_ms", &PlaylistItem::in, {.min = 0, .max = 30 * kDay, .help = "Where to start in the file."})
          .field("out_ms", &PlaylistItem::out,
                 {.min = 0, .max = 30 * kDay, .help = "Where to stop; absent: the end of the file."});
  return section;
}

template <>
const Section<PlaylistSource>& section_of<PlaylistSource>() {
  static const auto section =
      Section<PlaylistSource>("playlist",
                              "Media files, one after the other without a gap. One that cannot be played is passed "
                              "over. source.next and source.restart steer it.")
          .alternative()
          .field("items", &PlaylistSource::items,
                 {.max_items = 1000, .help = "The files, in order; one at least.", .required = true})
          .field("loop", &PlaylistSource::loop, {.help = "Begin anew after the last."})
          .field("hw", &PlaylistSource::hw,
                 {.help = "Hardware decoder: auto, none, or FFmpeg's name of a device type (vaapi, cuda, qsv, …)."})
          .field("when_hidden", &PlaylistSource::when_hidden, when_hidden_spec())
          .field("on_show", &PlaylistSource::on_show, on_show_spec());
  return section;
}

template <>
const Section<SlideshowSource>& section_of<SlideshowSource>() {
  static const auto section =
      Section<SlideshowSource>("slideshow",
                               "Pictures, each shown for the same time. source.next and source.restart steer it.")
          .alternative()
          .field("paths", &SlideshowSource::paths,
                 {.max_items = 1000,
                  .help = "The files, in order, one at least; relative paths are relative to the show file.",
                  .required = true,
                  .references = true})
          .field("each_ms", &SlideshowSource::each,
                 {.min = 40, .max = kDay, .help = "How long each is shown; it goes to the nearest frame."})
          .field("loop", &SlideshowSource::loop, {.help = "Begin anew after the last; false: the last stays."})
          .field("when_hidden", &SlideshowSource::when_hidden, drawn_hidden_spec())
          .field("on_show", &SlideshowSource::on_show, on_show_spec());
  return section;
}

}  // namespace mainstay::show
