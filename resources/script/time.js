// Time and events: now, sleep, waitFor, on, off, args, exit, and the files a script may touch.
// (mainstay, global) => dispatch
(function (mainstay, global) {
  const host = mainstay.host;
  const kLookEvery = 0.05;       // seconds between two looks at a condition
  const kDefaultTimeout = 60;
  const kMostWaiting = 2000;     // events that no wait has seen yet; the studio keeps no more either
  const listeners = [];          // {pattern, act}
  let unseen = [];               // events since the last wait

  class TimeoutError extends Error {
    constructor(message) {
      super(message);
      Object.defineProperty(this, "name", {value: "TimeoutError"});
    }
  }

  function matches(pattern, type) {
    if (pattern === "*" || pattern === type) return true;
    return pattern.slice(-2) === ".*" && type.slice(0, pattern.length - 1) === pattern.slice(0, -1);
  }

  function checkPattern(who, pattern) {
    if (typeof pattern !== "string") throw new TypeError(who + ": the event is not a text, as in \"leg.state\"");
    const known = JSON.parse(host.eventTypes());
    if (!known.some((type) => matches(pattern, type))) {
      throw new TypeError(who + ": there is no event \"" + pattern + "\"" + host.hint(pattern, JSON.stringify(known)));
    }
  }

  function checkSeconds(who, seconds) {
    if (typeof seconds !== "number" || !(seconds >= 0)) {
      throw new TypeError(who + ": " + mainstay.inspect(seconds) + " is not a number of seconds");
    }
  }

  // Gives new events to the listeners; what a listener throws ends the wait it ran in.
  function dispatch() {
    JSON.parse(host.events()).forEach((event) => {
      unseen.push(event);
      if (unseen.length > kMostWaiting) unseen.shift();
      listeners.slice().forEach((listener) => {
        if (listeners.indexOf(listener) >= 0 && matches(listener.pattern, event.type)) listener.act(event);
      });
    });
    mainstay.runJobs();
  }
  mainstay.dispatch = dispatch;

  // Waits until `deadline` or what comes first.
  function pause(deadline) {
    mainstay.runJobs();
    const due = host.wait(deadline);
    dispatch();
    return due;
  }

  global.now = () => host.now();

  global.sleep = (seconds) => {
    checkSeconds("sleep", seconds);
    const deadline = host.now() + seconds;
    while (!pause(deadline)) {}
    unseen = [];
  };

  function filterOf(filter) {
    if (filter === undefined) return () => true;
    if (typeof filter === "function") return filter;
    if (!mainstay.isPlain(filter)) throw new TypeError("waitFor: the filter is neither a function nor an object");
    return (event) => Object.keys(filter).every((k) => {
      const found = k in event.data ? event.data[k] : event[k];
      return mainstay.equal(found, filter[k]);
    });
  }

  function waitForEvent(pattern, deadline, filter) {
    for (;;) {
      while (unseen.length > 0) {
        const event = unseen.shift();
        if (matches(pattern, event.type) && filter(event)) return event;
      }
      if (pause(deadline) && unseen.length === 0) return undefined;
    }
  }

  function waitForCondition(condition, deadline) {
    for (;;) {
      const value = condition();
      if (value) return value;
      if (host.now() >= deadline) return undefined;
      const look = Math.min(deadline, host.now() + kLookEvery);
      pause(look);
    }
  }

  // The event, or what the condition returned; throws a TimeoutError. Events that came since the last wait count.
  global.waitFor = (what, timeout, filter) => {
    if (timeout === undefined) timeout = kDefaultTimeout;
    checkSeconds("waitFor", timeout);
    const deadline = host.now() + timeout;
    const byEvent = typeof what !== "function";
    if (byEvent) checkPattern("waitFor", what);
    if (byEvent) dispatch();
    const found = byEvent ? waitForEvent(what, deadline, filterOf(filter)) : waitForCondition(what, deadline);
    if (found !== undefined) return found;
    const name = byEvent ? what : what.name || "the condition";
    throw new TimeoutError("waitFor: not within " + timeout + " s: " + name);
  };

  global.on = (pattern, act) => {
    checkPattern("on", pattern);
    if (typeof act !== "function") throw new TypeError("on(\"" + pattern + "\", fn): fn is not a function");
    if (listeners.length >= 1000) throw new RangeError("on: 1000 listeners are too many");
    listeners.push({pattern: pattern, act: act});
    return act;
  };
  // Without a function: all that listen to the event. The number that went.
  global.off = (pattern, act) => {
    checkPattern("off", pattern);
    let gone = 0;
    for (let i = listeners.length - 1; i >= 0; --i) {
      if (listeners[i].pattern !== pattern || (act !== undefined && listeners[i].act !== act)) continue;
      listeners.splice(i, 1);
      ++gone;
    }
    return gone;
  };

  global.TimeoutError = TimeoutError;
  global.args = JSON.parse(host.arguments());
  global.exit = (code) => host.exit(code === undefined ? 0 : code);
  global.readText = (path) => host.readText(String(path));
  global.writeText = (path, text) => host.writeText(String(path), String(text));
  global.include = (path) => host.include(String(path));
  // {code, stdout, stderr}
  global.exec = (command, list, timeout) => {
    if (timeout === undefined) timeout = kDefaultTimeout;
    checkSeconds("exec", timeout);
    return JSON.parse(host.exec(String(command), JSON.stringify((list || []).map(String)), timeout));
  };
})
