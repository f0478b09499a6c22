// Promises with jobs that the host runs: Qt's engine would need an event loop for its own, and tells nobody of a
// rejection that no one handles. (mainstay, global) => {runJobs, unhandled}
(function (mainstay, global) {
  const jobs = [];
  const rejected = new Set();  // without a handler so far
  const kPending = 0, kDone = 1, kRejected = 2;

  function settle(promise, state, value) {
    if (promise._state !== kPending) return;
    promise._state = state;
    promise._value = value;
    if (state === kRejected && !promise._handled) rejected.add(promise);
    const waiting = promise._waiting;
    promise._waiting = [];
    waiting.forEach((reaction) => jobs.push(() => react(promise, reaction)));
  }

  function resolve(promise, value) {
    if (value === promise) return settle(promise, kRejected, new TypeError("a promise cannot wait for itself"));
    let then;
    try {
      then = value !== null && (typeof value === "object" || typeof value === "function") ? value.then : undefined;
    } catch (error) {
      return settle(promise, kRejected, error);
    }
    if (typeof then !== "function") return settle(promise, kDone, value);
    jobs.push(() => follow(promise, (yes, no) => then.call(value, yes, no)));
  }

  function follow(promise, executor) {
    let called = false;
    const once = (act) => (value) => {
      if (called) return;
      called = true;
      act(promise, value);
    };
    try {
      executor(once(resolve), once((p, error) => settle(p, kRejected, error)));
    } catch (error) {
      once((p, e) => settle(p, kRejected, e))(error);
    }
  }

  function react(promise, reaction) {
    const handler = promise._state === kDone ? reaction.onDone : reaction.onRejected;
    if (typeof handler !== "function") {
      if (promise._state === kDone) resolve(reaction.next, promise._value);
      else settle(reaction.next, kRejected, promise._value);
      return;
    }
    try {
      resolve(reaction.next, handler(promise._value));
    } catch (error) {
      settle(reaction.next, kRejected, error);
    }
  }

  function hidden(object, key, value) {
    Object.defineProperty(object, key, {value: value, writable: true, enumerable: false});
  }

  class Promise {
    constructor(executor) {
      if (typeof executor !== "function") throw new TypeError("new Promise(fn): fn is not a function");
      hidden(this, "_state", kPending);
      hidden(this, "_value", undefined);
      hidden(this, "_waiting", []);
      hidden(this, "_handled", false);
      follow(this, executor);
    }
    then(onDone, onRejected) {
      const next = new Promise(() => {});
      const reaction = {onDone: onDone, onRejected: onRejected, next: next};
      this._handled = true;
      rejected.delete(this);
      if (this._state === kPending) this._waiting.push(reaction);
      else jobs.push(() => react(this, reaction));
      return next;
    }
    catch(onRejected) {
      return this.then(undefined, onRejected);
    }
    finally(act) {
      return this.then((value) => Promise.resolve(act()).then(() => value),
                       (error) => Promise.resolve(act()).then(() => { throw error; }));
    }
    static resolve(value) {
      return value instanceof Promise ? value : new Promise((yes) => yes(value));
    }
    static reject(error) {
      return new Promise((yes, no) => no(error));
    }
    static all(list) {
      return collect(list, (promise, keep, yes, no) => promise.then(keep, no));
    }
    static allSettled(list) {
      return collect(list, (promise, keep) => promise.then(
          (value) => keep({status: "fulfilled", value: value}), (error) => keep({status: "rejected", reason: error})));
    }
    static race(list) {
      return new Promise((yes, no) => Array.from(list).forEach((item) => Promise.resolve(item).then(yes, no)));
    }
  }

  function collect(list, join) {
    return new Promise((yes, no) => {
      const items = Array.from(list);
      const values = new Array(items.length);
      let left = items.length;
      if (left === 0) yes(values);
      items.forEach((item, i) => join(Promise.resolve(item), (value) => {
        values[i] = value;
        if (--left === 0) yes(values);
      }, yes, no));
    });
  }

  Object.defineProperty(global, "Promise", {value: Promise, writable: true, configurable: true});

  mainstay.runJobs = () => {
    while (jobs.length > 0) jobs.shift()();
  };
  // Takes the reasons of the rejections that nobody handles.
  mainstay.takeUnhandled = () => {
    const reasons = Array.from(rejected).map((promise) => promise._value);
    rejected.clear();
    return reasons;
  };
  mainstay.promiseState = (promise) => ({pending: promise._state === kPending, failed: promise._state === kRejected,
                                         value: promise._value});
})
