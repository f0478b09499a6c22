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

  // One plain object is the parameters by name, unless the first parameter can itself be an object and not all of the
  // keys are names of parameters.
  function byName(command, list) {
    if (list.length !== 1 || !mainstay.isPlain(list[0])) return false;
    const first = command.params[0];
    if (!first || !first.any) return true;
    const keys = Object.keys(list[0]);
    return keys.length > 0 && keys.every((k) => command.params.some((p) => p.key === k));
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
    return mainstay.isPlain(value) ? live(path, {}) : value;
  }

  const plumbing = ["then", "toJSON", "toString", "valueOf", "constructor", "inspect", "length", "prototype",
                    "hasOwnProperty", "help", "usage", "name"];

  // Throws when it is called: what a getter throws gets lost in a call in this engine.
  function unknown(name) {
    return () => { throw new CommandError(name, JSON.parse(host.unknownCommand(name))); };
  }

  // `path` null: commands only.
  function live(path, own) {
    const top = path !== null && path.length === 1 ? path[0] : "";
    return new Proxy({}, {
      get: (target, k) => {
        if (typeof k !== "string") return undefined;
        if (Object.prototype.hasOwnProperty.call(own, k)) return own[k];
        const value = path === null ? undefined : readState(path.concat([k]));
        if (value !== undefined) return wrap(path.concat([k]), value);
        if (plumbing.indexOf(k) >= 0) return k === "toJSON" && path ? () => readState(path) : Object.prototype[k];
        if (path === null) return unknown(own.$ + "." + k);
        mainstay.missed = {subject: top, key: k};
        return undefined;
      },
      set: (target, k) => {
        throw new TypeError((path || [own.$]).join(".") + "." + String(k) + " cannot be set: use a command");
      },
      deleteProperty: (target, k) => {
        throw new TypeError((path || [own.$]).join(".") + "." + String(k) + " cannot be deleted: use a command");
      },
      has: (target, k) => k in own || (path !== null && typeof k === "string" && readState(path.concat([k])) !== undefined),
      ownKeys: () => {
        const value = path === null ? undefined : readState(path);
        const keys = mainstay.isPlain(value) ? Object.keys(value) : [];
        return path === null ? Object.keys(own) : keys;
      },
      getOwnPropertyDescriptor: (target, k) => {
        const value = path === null ? own[k] : readState(path.concat([k]));
        if (value === undefined) return undefined;
        return {value: path === null ? value : wrap(path.concat([k]), value), enumerable: true, configurable: true,
                writable: false};
      },
    });
  }

  Object.keys(namespaces).concat(stateNames).forEach((name) => {
    const own = namespaces[name] || {};
    Object.defineProperty(own, "$", {value: name, enumerable: false});
    const value = live(stateNames.indexOf(name) >= 0 ? [name] : null, own);
    Object.defineProperty(global, name, {value: value, writable: false, configurable: true, enumerable: true});
  });
  Object.defineProperty(global, "phase", {configurable: true, enumerable: true, get: () => readState(["phase"])});

  global.help = (what) => {
    if (what === undefined) {
      host.print(commands.map((c) => c.usage + "\n    " + c.help).join("\n"));
      return;
    }
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
