"""Macros of a show on air: on command, at events, their faults and limits."""
import json
import os
import unittest

import control
import peers


class MacrosTest(control.ControlCase):
    def test_macros_run_on_command_and_at_events_and_their_faults_stay_theirs(self):
        show = self.bars_show({})
        (self.folder / "hello.js").write_text("print('hello from', program.scene);\nsleep(0.1);\nprint('done');\n")
        show["macros"] = {
            "hello": {"script": "hello.js", "key": "F5"},
            "to blue": {"code": "program.cut('Blue')", "on": "show.changed", "subject": "Test", "enabled": False},
            "quick": {"code": "1"},
            "broken": {"code": "nothing.there()"},
            "endless": {"code": "while (true) {}", "time_limit_ms": 300},
            "ping": {"code": "show.set('/name', 'N' + Math.random())", "on": "show.changed"},
            "pong": {"code": "show.set('/name', 'M' + Math.random())", "on": "show.changed"},
        }
        self.start(show)
        seen = lambda kind, name: [e for e in self.must("event.list", limit=2000)
                                   if e["type"] == kind and e["subject"] == name]
        self.assertEqual([m["name"] for m in self.must("macro.list")], sorted(show["macros"]))
        self.must("macro.run", name="hello")
        peers.wait_for("hello to end", lambda: seen("macro.ended", "hello"))
        self.assertEqual([e["message"] for e in seen("macro.log", "hello")], ["hello from Bars", "done"])
        self.assertTrue(seen("macro.ended", "hello")[0]["data"]["ok"])
        for name, words in (("broken", "nothing"), ("endless", "time limit")):
            self.must("macro.run", name=name)
            ended = peers.wait_for(f"{name} to end", lambda: seen("macro.ended", name))[0]
            self.assertFalse(ended["data"]["ok"])
            self.assertIn(words, ended["message"])
        self.must("macro.run", name="to blue")
        peers.wait_for("the cut", lambda: self.state("/program/scene") == "Blue")
        # Macros that set each other off (since the cut changed the show), or are asked for without end, come to rest by
        # a limit; the show is on air.
        peers.wait_for("the two to set each other off", lambda: seen("macro.started", "ping") and seen("macro.started", "pong"))
        def refused():
            control.api(self.port, "macro.run", {"name": "quick"})
            return [e for e in seen("macro.ended", "quick") if "within a second" in e["message"]]
        peers.wait_for("the limit to say so", refused, 10, 0.001)
        self.assertLessEqual(len(seen("macro.started", "quick")), 60)
        self.assertEqual(self.state("/phase"), "on_air")
        _, error = control.api(self.port, "macro.run", {"name": "nobody"})
        self.assertEqual(error["data"]["code"], "not_found")
        _, error = control.api(self.port, "show.set", {"pointer": "/macros/hello/on", "value": "leg.stat"})
        self.assertIn('did you mean "leg.state"?', error["message"])

    def test_macros_that_still_run_or_just_begin_end_with_the_window(self):
        show = self.bars_show({})
        show["macros"] = {
            "told": {"code": "throw new Error('it ran')", "on": "program.started"},
            "endless": {"code": "while (true) {}", "on": "program.started"},
            "asleep": {"code": "sleep(60)", "on": "program.started"},
            "last": {"code": "while (true) {}", "on": "program.ended"},
        }
        path = self.folder / "window.json"
        path.write_text(json.dumps(show))
        ended = peers.run([peers.MAINSTAY, str(path), "--on-air", "--for", "1s"],
                          env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
        self.assertEqual(ended.returncode, 0, ended.stderr)
        self.assertIn("told: ", ended.stderr)
        self.assertIn("it ran", ended.stderr)


if __name__ == "__main__":
    unittest.main()
