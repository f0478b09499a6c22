// The fields of the sources that the program puts together: scenes in scenes, multiviews. Each key is declared here and
// nowhere else.
#include "engine/show/show_schema.h"

namespace mainstay::show {

template <>
const Section<SceneSource>& section_of<SceneSource>() {
  static const auto section =
      Section<SceneSource>(
          "scene",
          "A scene as a picture in other scenes, with its sound. Made once a frame however often it is "
          "shown, and not at all while nobody sees it. Transparent where nothing of it is.")
          .alternative()
          .field("scene", &SceneSource::scene,
                 {.help = "Name of the scene. Scenes may lie in scenes eight deep, but none in itself.",
                  .required = true});
  return section;
}

template <>
const Section<MultiviewCell>& section_of<MultiviewCell>() {
  static const auto section =
      Section<MultiviewCell>("multiview cell", "One of the pictures of a multiview. A plain word is what it shows.")
          .shorthand("shows")
          .field("shows", &MultiviewCell::shows, {.help = "program, preview, a scene or a source.", .required = true})
          .field("name", &MultiviewCell::name, {.help = "Name of the scene or source."})
          .field("label", &MultiviewCell::label,
                 {.help = "What is written under it; empty: the name of what it shows."})
          .field("span", &MultiviewCell::span,
                 {.min = 1, .max = 8, .unit = "cells", .help = "How many cells it is wide and high."});
  return section;
}

template <>
const Section<MultiviewSource>& section_of<MultiviewSource>() {
  static const auto section =
      Section<MultiviewSource>(
          "multiview",
          "Program, preview, scenes and sources at once, with names and tally. Made while somebody "
          "sees it. It is silent.")
          .alternative()
          .field("rows", &MultiviewSource::rows, {.min = 1, .max = 8, .unit = "cells", .help = "How many cells high."})
          .field("columns", &MultiviewSource::columns,
                 {.min = 1, .max = 8, .unit = "cells", .help = "How many cells wide."})
          .field(
              "cells", &MultiviewSource::cells,
              {.max_items = 64,
               .help = "What they show, in the order of reading; each comes to the first place where it fits. Empty: "
                       "program and preview, twice as large as the others, and the scenes by name."})
          .field("labels", &MultiviewSource::labels, {.help = "Whether names are written under the pictures."})
          .field("tally", &MultiviewSource::tally,
                 {.help = "Frames around the pictures: red what is on program, green what is in preview."})
          .field("every", &MultiviewSource::every,
                 {.min = 1, .max = 60, .unit = "frames", .help = "Made anew with every nth frame of the program."});
  return section;
}

}  // namespace mainstay::show
