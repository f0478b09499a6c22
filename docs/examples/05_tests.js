// Tests with a report for a CI system.
//   mainstay script docs/examples/05_tests.js docs/examples/show.json --offline --junit results.xml
beforeEach(() => program.start());
afterEach(() => program.stop());

test("the program keeps its rate", () => {
  const before = program.frames;
  sleep(10);
  expect(program.frames - before).toBe(100);
});

test("nothing is late or repeated", () => {
  sleep(30);
  expect([program.late, program.repeated]).toEqual([0, 0]);
});

test("a scene that is not there is refused", () => {
  expect(() => program.cut("Nowhere")).toThrow("not_found");
  expect(program.scene).toBe("Bars");
});

test("promises are waited for", () => Promise.resolve(1).then((one) => expect(one).toBe(1)));
