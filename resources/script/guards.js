// One call that would take gigabytes, or run for minutes without a place to interrupt it, is refused before it starts:
// the watchdog only sees what has happened already. (mainstay, global) => nothing
(function (mainstay, global) {
  const kMostText = 64 * 1024 * 1024;      // characters
  const kMostBytes = 256 * 1024 * 1024;
  const kMostItems = 32 * 1024 * 1024;
  const kLongestPattern = 4096;  // deeper nesting than this overflows the pattern compiler's stack

  function refuse(what) {
    throw new RangeError(what + ": too large for a script");
  }
  function guard(object, name, check) {
    const original = object[name];
    Object.defineProperty(object, name, {writable: true, configurable: true, enumerable: false,
      value: function () {
        check.apply(this, arguments);
        return original.apply(this, arguments);
      }});
  }

  guard(String.prototype, "repeat", function (count) {
    if (String(this).length * count > kMostText) refuse("repeat");
  });
  ["padStart", "padEnd"].forEach((name) => guard(String.prototype, name, (length) => {
    if (length > kMostText) refuse(name);
  }));
  ["fill", "join", "sort", "reverse", "indexOf", "lastIndexOf", "includes", "concat", "slice", "map", "filter", "forEach",
   "reduce", "reduceRight", "every", "some", "find", "findIndex", "copyWithin", "splice", "shift", "unshift"]
      .forEach((name) => guard(Array.prototype, name, function () {
        if (this !== null && this !== undefined && this.length > kMostItems) refuse(name);
      }));
  guard(Array, "from", (list) => {
    if (list !== null && list !== undefined && list.length > kMostItems) refuse("Array.from");
  });
  ["match", "search", "matchAll"].forEach((name) => {
    if (String.prototype[name]) guard(String.prototype, name, (pattern) => {
      if (typeof pattern === "string" && pattern.length > kLongestPattern) refuse(name);
    });
  });

  // No Proxy: in this engine nothing is an instance of one.
  function guarded(name, check) {
    const original = global[name];
    if (!original) return;
    const wrapper = function () {
      check(arguments);
      if (new.target === undefined) return original.apply(this, arguments);
      return Reflect.construct(original, Array.from(arguments), new.target === wrapper ? original : new.target);
    };
    wrapper.prototype = original.prototype;
    Object.setPrototypeOf(wrapper, original);
    Object.defineProperty(wrapper, "name", {value: name});
    Object.defineProperty(original.prototype, "constructor", {value: wrapper, writable: true, configurable: true});
    global[name] = wrapper;
  }
  guarded("RegExp", (list) => {
    if (String(list[0]).length > kLongestPattern) refuse("RegExp");
  });
  guarded("ArrayBuffer", (list) => {
    if (list[0] > kMostBytes) refuse("ArrayBuffer");
  });
  ["Int8Array", "Uint8Array", "Uint8ClampedArray", "Int16Array", "Uint16Array", "Int32Array", "Uint32Array", "Float32Array",
   "Float64Array"].forEach((name) => guarded(name, (list) => {
    if (typeof list[0] === "number" && list[0] * global[name].BYTES_PER_ELEMENT > kMostBytes) refuse(name);
  }));
})
