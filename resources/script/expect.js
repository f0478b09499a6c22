// assert, expect, test, beforeEach, afterEach. (mainstay, global) => nothing
(function (mainstay, global) {
  const host = mainstay.host;
  const inspect = mainstay.inspect;
  const before = [];
  const after = [];
  let inTest = false;

  class AssertionError extends Error {
    constructor(message) {
      super(message);
      Object.defineProperty(this, "name", {value: "AssertionError"});
    }
  }

  function equal(a, b) {
    if (Object.is(a, b)) return true;
    if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
    if (Array.isArray(a) !== Array.isArray(b)) return false;
    if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
    const keys = Object.keys(a);
    if (keys.length !== Object.keys(b).length) return false;
    return keys.every((k) => Object.prototype.hasOwnProperty.call(b, k) && equal(a[k], b[k]));
  }
  mainstay.equal = equal;

  function number(matcher, value) {
    if (typeof value !== "number") throw new AssertionError(matcher + ": " + inspect(value) + " is not a number");
    return value;
  }

  function contains(value, part) {
    if (typeof value === "string") return value.indexOf(part) >= 0;
    if (Array.isArray(value)) return value.some((item) => equal(item, part));
    if (value !== null && typeof value === "object") return part in value;
    throw new AssertionError("toContain: " + inspect(value) + " holds nothing");
  }

  function thrown(act, wanted) {
    if (typeof act !== "function") throw new AssertionError("toThrow: expect() needs a function: expect(() => …).toThrow()");
    try {
      act();
    } catch (error) {
      const text = String(error && error.message !== undefined ? error.message : error);
      if (wanted === undefined) return {pass: true, text: text};
      if (typeof wanted === "function") return {pass: error instanceof wanted, text: text};
      if (wanted instanceof RegExp) return {pass: wanted.test(text), text: text};
      return {pass: text.indexOf(String(wanted)) >= 0 || (error && error.code === wanted), text: text};
    }
    return {pass: false, text: "nothing"};
  }

  // Each: (value, wanted…) => [holds, what was expected]
  const matchers = {
    toBe: (value, wanted) => [Object.is(value, wanted), "to be " + inspect(wanted)],
    toEqual: (value, wanted) => [equal(value, wanted), "to equal " + inspect(wanted)],
    toBeTruthy: (value) => [Boolean(value), "to be truthy"],
    toBeUndefined: (value) => [value === undefined, "to be undefined"],
    toBeGreaterThan: (value, limit) => [number("toBeGreaterThan", value) > limit, "to be greater than " + limit],
    toBeGreaterThanOrEqual: (value, limit) => [number("toBeGreaterThanOrEqual", value) >= limit, "to be at least " + limit],
    toBeLessThan: (value, limit) => [number("toBeLessThan", value) < limit, "to be less than " + limit],
    toBeLessThanOrEqual: (value, limit) => [number("toBeLessThanOrEqual", value) <= limit, "to be at most " + limit],
    toBeCloseTo: (value, wanted, digits) => {
      const within = Math.pow(10, -(digits === undefined ? 2 : digits)) / 2;
      return [Math.abs(number("toBeCloseTo", value) - wanted) < within, "to be within " + within + " of " + wanted];
    },
    toContain: (value, part) => [contains(value, part), "to contain " + inspect(part)],
    toMatch: (value, pattern) => {
      const holds = pattern instanceof RegExp ? pattern.test(String(value)) : String(value).indexOf(pattern) >= 0;
      return [holds, "to match " + (pattern instanceof RegExp ? String(pattern) : inspect(pattern))];
    },
    toThrow: (value, wanted) => {
      const found = thrown(value, wanted);
      return [found.pass, "to throw " + (wanted === undefined ? "" : typeof wanted === "function" ? wanted.name : inspect(wanted)),
              "a function that throws " + (found.text === "nothing" ? found.text : inspect(found.text))];
    },
  };

  function expectation(value, negated) {
    const made = {};
    Object.keys(matchers).forEach((name) => {
      made[name] = (wanted, more) => {
        const result = matchers[name](value, wanted, more);
        if (result[0] === !negated) return;
        const found = result[2] || inspect(value);
        throw new AssertionError("expected " + found + (negated ? " not " : " ") + result[1]);
      };
    });
    return made;
  }

  global.AssertionError = AssertionError;
  global.assert = (condition, message) => {
    if (!condition) throw new AssertionError(message === undefined ? "the assertion does not hold" : String(message));
  };
  global.expect = (value) => {
    const made = expectation(value, false);
    made.not = expectation(value, true);
    return made;
  };

  function runStep(act) {
    const result = act();
    if (!(result instanceof Promise)) return;
    result.then(undefined, () => {});  // it is looked at here
    mainstay.runJobs();
    const state = mainstay.promiseState(result);
    if (state.pending) throw new AssertionError("the test's promise is never settled");
    if (state.failed) throw state.value;
  }

  // Runs at once. A test that fails is counted and told; the script goes on, and ends with exit code 1.
  global.test = (name, act) => {
    if (typeof name !== "string" || typeof act !== "function") throw new TypeError("test(\"name\", fn)");
    if (inTest) throw new TypeError("test(\"" + name + "\"): a test within a test");
    const began = host.now();
    let failure;
    const attempt = (step) => {
      try {
        runStep(step);
      } catch (error) {
        if (failure === undefined) failure = {error: error};
      }
    };
    inTest = true;
    before.forEach((step) => { if (!failure) attempt(step); });
    if (!failure) attempt(act);
    after.forEach(attempt);
    inTest = false;
    const told = failure && mainstay.described(failure.error);
    host.tested(JSON.stringify({name: name, seconds: host.now() - began, failure: told || null}));
  };
  global.beforeEach = (act) => { before.push(act); };
  global.afterEach = (act) => { after.push(act); };
})
