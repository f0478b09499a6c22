// The studio's commands as functions and its state as live properties, both made from the registry.
// (mainstay, global) => nothing
(function (mainstay, global) {
  const host = mainstay.host;
  const commands = JSON.parse(host.commands());  // [{name, help, usage, params: [{key, any}]}]
  const stateNames = ["program", "legs", "sources", "scenes", "encoders", "recorder", "show"];
  mainstay.missed = null;  // the last property that neither state nor commands have: for the message that follows

  class CommandError extends Error {
    constructor(command, error) {
      super(error.message);
      Object.defineProperty(this, "name", {value: "CommandError"});
      this.command = command;
      this.code = error.code;
      this.errors = error.errors;
    }
  }
  global.CommandError = CommandError;

  function checkJson(command, value, where) {
    const type = typeof value;
    if (type === "function" || type === "symbol" || (type === "number" && !isFinite(value))) {
      throw new TypeError(command + ": " + where + ": " + (type === "number" ? value : "a " + type) +
                          " cannot be a parameter");
    }
    if (value === null || type !== "object") return;
    Object.keys(value).forEach((k) => checkJson(command, value[k], where + "." + k));
  }

  function asJson(command, value) {
    try {
      const text = JSON.stringify(value);
      checkJson(command, value, "parameters");
      return text;
    } catch (error) {
      if (error instanceof TypeError && /cannot be a parameter/.test(error.message)) throw error;
      throw new TypeError(command + ": the parameters cannot be written as JSON: " + error.message);
    }
  }

  // One plain object is the parameters by name, unless the first parameter can itself be an object: then it has to be
  // among the keys, or all of the keys are names of parameters.
  function byName(command, list) {
    if (list.length !== 1 || !mainstay.isPlain(list[0])) return false;
    const first = command.params[0];
    if (!first || !first.any) return true;
    const keys = Object.keys(list[0]);
    return first.key in list[0] || (keys.length > 0 && keys.every((k) => command.params.some((p) => p.key === k)));
  }

  function call(command, list) {
    while (list.length > 0 && list[list.length - 1] === undefined) list.pop();
    const params = byName(command, list) ? list[0] : list;
    const answer = JSON.parse(host.call(command.name, asJson(command.name, params)));
    if (answer.error) throw new CommandError(command.name, answer.error);
    return answer.value === null ? undefined : answer.value;
  }

  const namespaces = {};
  commands.forEach((command) => {
    const dot = command.name.indexOf(".");
    const subject = command.name.slice(0, dot);
    const verb = command.name.slice(dot + 1);
    const act = function () { return call(command, Array.from(arguments)); };
    Object.defineProperty(act, "name", {value: command.name});
    act.help = command.help;
    act.usage = command.usage;
    (namespaces[subject] = namespaces[subject] || {})[verb] = act;
  });

  function readState(path) {
    const text = host.state(JSON.stringify(path));
    return text === "" ? undefined : JSON.parse(text);
  }

  function wrap(path, value) {
    return mainstay.isPlain(value) ? live(path, {}, value) : value;
  }

  // A list is a list; what is in it can be asked for by its name too (sources.clip).
  function listed(name, list) {
    list.forEach((item) => {
      if (!mainstay.isPlain(item) || typeof item.name !== "string" || item.name in list) return;
      Object.defineProperty(list, item.name, {value: wrap([name, item.name], item), enumerable: false});
    });
    return list;
  }

  const plumbing = ["then", "toJSON", "toString", "valueOf", "constructor", "inspect", "length", "prototype",
                    "hasOwnProperty", "help", "usage", "name"];

  // Throws when it is called: what a getter throws gets lost in a call in this engine.
  function unknown(name) {
    return () => { throw new CommandError(name, JSON.parse(host.unknownCommand(name))); };
  }

  // Properties are read from the state when they are asked for; the keys are those of when this was made (`value`).
  // `path` null: commands only.
  function live(path, own, value) {
    const name = own.$ || path.join(".");
    return new Proxy(path === null ? Object.assign({}, own) : value || {}, {
      get: (target, k) => {
        if (typeof k !== "string") return undefined;
        if (Object.prototype.hasOwnProperty.call(own, k)) return own[k];
        const found = path === null ? undefined : readState(path.concat([k]));
        if (found !== undefined) return wrap(path.concat([k]), found);
        if (plumbing.indexOf(k) >= 0) return k === "toJSON" && path ? () => readState(path) : Object.prototype[k];
        if (path === null) return unknown(name + "." + k);
        mainstay.missed = {subject: name, key: k};
        return undefined;
      },
      set: (target, k) => {
        throw new TypeError(name + "." + String(k) + " cannot be set: use a command");
      },
      deleteProperty: (target, k) => {
        throw new TypeError(name + "." + String(k) + " cannot be deleted: use a command");
      },
    });
  }

  Object.keys(namespaces).concat(stateNames).forEach((name) => {
    const own = namespaces[name] || {};
    Object.defineProperty(own, "$", {value: name, enumerable: false});
    const hasState = stateNames.indexOf(name) >= 0;
    const commandsOnly = live(null, own);
    // Absent from the state (no recorder): undefined, but a namespace stays one.
    const get = () => {
      if (!hasState) return commandsOnly;
      const value = readState([name]);
      if (value === undefined || value === null) return namespaces[name] ? live([name], own, {}) : undefined;
      return mainstay.isPlain(value) || namespaces[name] ? live([name], own, mainstay.isPlain(value) ? value : {})
                                                         : listed(name, value);
    };
    const set = () => { throw new TypeError(name + " cannot be set: use a command, or another name"); };
    Object.defineProperty(global, name, {get: get, set: set, configurable: true, enumerable: true});
  });
  Object.defineProperty(global, "phase", {configurable: true, enumerable: true, get: () => readState(["phase"])});

  global.help = (what) => {
    if (what === undefined) return host.print(host.help(""));
    const name = typeof what === "function" ? what.name : String(what);
    host.print(host.help(name));
  };

  // "did you mean": what the engine says of a call to something that is not there.
  mainstay.hintFor = (message) => {
    const missed = mainstay.missed;
    mainstay.missed = null;
    const found = /Property '([^']+)' of object/.exec(message);
    if (!missed || !found || found[1] !== missed.key || !namespaces[missed.subject]) return "";
    return host.hint(missed.subject + "." + missed.key, JSON.stringify(commands.map((c) => c.name)));
  };
})
