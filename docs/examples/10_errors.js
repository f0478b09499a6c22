// What can go wrong, and how a script meets it.
//   mainstay script docs/examples/10_errors.js
function attempt(act) {
  try {
    act();
    print("it went well");
  } catch (error) {
    print(error.name, error.code || "", error.message);
  }
}

attempt(() => program.stop());                // wrong_state: nothing is on air
attempt(() => program.cut({scen: "Main"}));   // invalid_params: did you mean "scene"?
attempt(() => destination.strat("main"));     // unknown_command: did you mean "destination.start"?
attempt(() => readText("../secret.txt"));     // outside the script's folder
attempt(() => assert(1 > 2, "one is less"));  // AssertionError
exit(0);
