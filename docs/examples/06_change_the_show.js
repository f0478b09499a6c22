// The show is a document: read it, change it, look at what comes of it. It is checked as a whole each time.
//   mainstay script docs/examples/06_change_the_show.js docs/examples/show.json --offline
print("rate:", show.get("/program/rate"));

const revision = show.set("/sources/blue/color", "#00aa00").revision;
print("revision", revision, "has", show.get("/sources/blue/color"));

// By name, and with a message for the history:
show.set({pointer: "/name", value: "Examples, changed", message: "another name"});
expect(show.get("/name")).toBe("Examples, changed");

try {
  show.set("/sources/blue/color", "blue");
} catch (error) {
  print(error.code + ":", error.errors[0].pointer, error.errors[0].message);
}
expect(show.get("/sources/blue/color")).toBe("#00aa00");
