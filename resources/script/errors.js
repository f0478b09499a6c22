// What is told of an error: where in the user's files it came from. (mainstay, global) => nothing
(function (mainstay, global) {
  const kOurs = /^(file:)?\/*mainstay-runtime\//;

  // A file as the engine names it ("file:a%20b.js", "file:///a.js") as the user does.
  function fileText(name) {
    const path = name.replace(/^file:(\/\/)?/, "");
    try {
      return path === name ? name : decodeURIComponent(path);
    } catch (error) {
      return path;
    }
  }

  function frameOf(line) {
    const found = /^(.*?)@(.*):(-?\d+)$/.exec(line);
    return found ? {name: found[1], file: found[2], line: Number(found[3])} : null;
  }

  function message(error) {
    const text = String(error);
    return error.name === "Error" && error.message ? error.message : text;
  }

  const initial = Object.getOwnPropertyNames(global);
  mainstay.globals = () => Object.getOwnPropertyNames(global).filter((name) => initial.indexOf(name) < 0);

  // {message, type, file, line, stack, syntax}. `trace`: frames of what is no Error ("function:line:column:file").
  mainstay.described = (error, trace) => {
    const told = {type: "thrown", message: "", file: "", line: 0, stack: "", syntax: false};
    let frames;
    if (error instanceof Error) {
      const text = String(error.stack || "").slice(0, 20000);
      frames = text.split("\n").map(frameOf).filter((f) => f);
      told.type = String(error.name);
      told.message = message(error);
      if (error instanceof TypeError) told.message += mainstay.hintFor(String(error.message));
      told.syntax = error instanceof SyntaxError && frames.length > 0 && frames[0].name === "" &&
          frames[0].file !== "eval code";
    } else {
      frames = (trace || []).map((line) => {
        const found = /^(.*?):(-?\d+):-?\d+:(.*)$/.exec(line);
        return found ? {name: found[1], file: found[3], line: Number(found[2])} : null;
      }).filter((f) => f);
      told.message = "thrown: " + mainstay.inspect(error);
    }
    frames = frames.filter((f) => !kOurs.test(f.file) && f.line > 0);
    const own = frames.find((f) => f.file !== "eval code") || frames[0];
    if (own) {
      told.file = fileText(own.file);
      told.line = own.line;
    }
    told.message = told.message.replace(/\s*\n\s*/g, " ");
    told.stack = frames.slice(0, 20).map((f) => (f.name === "%entry" ? "(top)" : f.name || "(function)") + " " + fileText(f.file) + ":" + f.line).join("\n");
    return told;
  };
})
