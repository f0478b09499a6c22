// Values as people read them: inspect(value), table(rows), and log, print, console. (mainstay, global) => nothing
(function (mainstay, global) {
  const host = mainstay.host;
  const kMostItems = 100;
  const kMostDepth = 4;
  const kWidth = 100;

  function isPlain(value) {
    return value !== null && typeof value === "object" && !Array.isArray(value) && !(value instanceof Error) &&
        !(value instanceof Date) && !(value instanceof RegExp) && !(value instanceof Map) && !(value instanceof Set);
  }

  function key(name) {
    return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
  }

  function wrapped(open, parts, close, indent) {
    if (parts.length === 0) return open + close;
    const flat = open + parts.join(", ") + close;
    if (flat.length + indent.length <= kWidth && flat.indexOf("\n") < 0) return flat;
    const inner = indent + "  ";
    return open + "\n" + parts.map((part) => inner + part).join(",\n") + "\n" + indent + close;
  }

  function inspect(value, indent, seen) {
    indent = indent || "";
    seen = seen || [];
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "function") return value.help ? value.usage : "[function " + (value.name || "") + "]";
    if (value === null || typeof value !== "object") return String(value);
    if (value instanceof Error) return String(value);
    if (value instanceof Date) return isNaN(value) ? "Invalid Date" : value.toISOString();
    if (value instanceof RegExp) return String(value);
    if (seen.indexOf(value) >= 0) return "[circular]";
    if (seen.length >= kMostDepth) return Array.isArray(value) ? "[…]" : "{…}";
    const within = seen.concat([value]);
    const inner = indent + "  ";
    const cut = (list) => list.slice(0, kMostItems);
    const more = (count) => (count > kMostItems ? ["… " + (count - kMostItems) + " more"] : []);
    if (Array.isArray(value)) {
      return wrapped("[", cut(value).map((v) => inspect(v, inner, within)).concat(more(value.length)), "]", indent);
    }
    if (value instanceof Map) {
      const pairs = Array.from(value);
      return "Map " + wrapped("{", cut(pairs).map((p) => inspect(p[0], inner, within) + " => " +
          inspect(p[1], inner, within)).concat(more(pairs.length)), "}", indent);
    }
    if (value instanceof Set) {
      const items = Array.from(value);
      return "Set " + wrapped("{", cut(items).map((v) => inspect(v, inner, within)).concat(more(items.length)), "}", indent);
    }
    const keys = Object.keys(value);
    return wrapped("{", cut(keys).map((k) => key(k) + ": " + inspect(value[k], inner, within)).concat(more(keys.length)),
                   "}", indent);
  }

  function cell(value) {
    if (value === undefined || value === null) return "";
    const text = typeof value === "string" ? value : inspect(value).replace(/\s*\n\s*/g, " ");
    return text.length > 60 ? text.slice(0, 59) + "…" : text;
  }

  // Rows that are objects get a column a key; anything else one column. An object of objects: its keys come first.
  function table(rows) {
    if (isPlain(rows)) {
      rows = Object.keys(rows).map((name) => isPlain(rows[name]) ? Object.assign({"": name}, rows[name])
                                                                 : {"": name, value: rows[name]});
    }
    if (!Array.isArray(rows)) throw new TypeError("table(rows): rows is not an array or an object");
    const shown = rows.slice(0, kMostItems * 10).map((row) => (isPlain(row) ? row : {value: row}));
    const columns = [];
    shown.forEach((row) => Object.keys(row).forEach((k) => { if (columns.indexOf(k) < 0) columns.push(k); }));
    if (columns.length === 0) return "(no rows)";
    const cells = shown.map((row) => columns.map((c) => cell(row[c])));
    const numeric = columns.map((c) => shown.every((row) => typeof row[c] === "number"));
    const widths = columns.map((c, i) => cells.reduce((w, row) => Math.max(w, row[i].length), c.length));
    const line = (texts) => texts.map((t, i) => {
      const space = " ".repeat(widths[i] - t.length);
      return numeric[i] ? space + t : t + space;
    }).join("  ").replace(/\s+$/, "");
    const out = [line(columns), widths.map((w) => "─".repeat(w)).join("  ")].concat(cells.map(line));
    if (rows.length > shown.length) out.push("… " + (rows.length - shown.length) + " more");
    return out.join("\n");
  }

  function text(values) {
    return Array.from(values).map((v) => (typeof v === "string" ? v : inspect(v))).join(" ");
  }

  mainstay.isPlain = isPlain;
  mainstay.inspect = (value) => inspect(value);
  // What the console shows of a result.
  mainstay.shown = (value) => {
    if (value === undefined) return "";
    if (Array.isArray(value) && value.length > 0 && value.every(isPlain)) return table(value);
    return inspect(value);
  };

  global.inspect = (value) => inspect(value);
  global.print = function () { host.print(text(arguments)); };
  global.table = (rows) => host.print(table(rows));
  global.log = function () { host.log("info", text(arguments)); };
  global.console = {
    log: global.print,
    info: global.log,
    warn: function () { host.log("warning", text(arguments)); },
    error: function () { host.log("error", text(arguments)); },
    table: global.table,
  };
})
