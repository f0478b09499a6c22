"""Scripts and the console as users run them: every example of docs/examples, errors, limits, interruption, a terminal."""
import json
import os
import pathlib
import pty
import random
import select
import shutil
import signal
import stat
import subprocess
import time
import unittest
import xml.etree.ElementTree

import frame_codes
import peers

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "docs" / "examples"


class ScriptTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = pathlib.Path(workspace.__enter__())
        self.addCleanup(workspace.__exit__, None, None, None)
        self.examples = self.folder / "examples"
        shutil.copytree(EXAMPLES, self.examples)
        self.show = str(self.examples / "show.json")

    def script(self, name, *arguments, show=True, **more):
        words = [str(self.examples / name)] + ([self.show] if show else [])
        return peers.run([peers.MAINSTAY, "script", *words, "--log-level", "warning", *arguments], **more)

    def text(self, source, *arguments, name="test.js", **more):
        (self.examples / name).write_text(source)
        return self.script(name, *arguments, **more)

    # --- frames ---------------------------------------------------------------------------------------------------------

    def test_every_picture_of_a_recording_shows_what_the_scripts_cuts_say(self):
        chance = random.Random(7)
        names = ["Bars", "Black", "White"]
        rundown = []
        for _ in range(40):
            scene = chance.choice([name for name in names if not rundown or name != rundown[-1]["scene"]])
            rundown.append({"wait": chance.choice([1, 1, 2, 3, 5, 17, 30, 61]), "scene": scene})
        show = frame_codes.scenes_show({}, rate="25/1", record={"path": "cuts.mp4"})
        (self.folder / "show.json").write_text(json.dumps(show))
        (self.folder / "cuts.js").write_text(f"""
            const rundown = {json.dumps(rundown)};
            const taken = [];
            program.start();
            sleep(1);
            for (const item of rundown) {{
              sleep(item.wait / 25);
              program.cut(item.scene);
              taken.push([program.frames, item.scene]);
            }}
            sleep(1);
            program.stop();
            print(JSON.stringify(taken));
            """)
        done = peers.run([peers.MAINSTAY, "script", str(self.folder / "cuts.js"), str(self.folder / "show.json"), "--offline",
                          "--log-level", "warning"], seconds=120)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        taken = json.loads(done.stdout.splitlines()[-1])
        self.assertEqual(len(taken), 40)
        steps = [b[0] - a[0] for a, b in zip(taken, taken[1:])]
        self.assertEqual(steps, [item["wait"] for item in rundown[1:]])
        frame_codes.assert_shows(self, self.folder / "cuts.mp4", taken)

    # --- the guide's examples ----------------------------------------------------------------------------------------

    def test_every_example_is_run_here(self):
        tested = {name[len("test_example_"):][:2] for name in dir(self) if name.startswith("test_example_")}
        self.assertEqual(tested, {path.name[:2] for path in EXAMPLES.glob("*.js")})
        self.assertEqual(len(tested), 10)
        guide = (EXAMPLES.parent / "scripting.md").read_text()
        for path in EXAMPLES.glob("*.js"):
            self.assertIn(f"`{path.name}`", guide)

    def passes(self, name, *arguments, **more):
        done = self.script(name, *arguments, **more)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def test_example_01_first_steps(self):
        out = self.passes("01_first_steps.js", "--offline")
        self.assertIn("show: Examples phase: off", out)
        self.assertIn("phase: on_air frames: 10", out)

    def test_example_02_an_hour_takes_seconds_and_has_exactly_its_frames(self):
        began = time.monotonic()
        out = self.passes("02_an_hour_in_seconds.js", "--offline", seconds=300)
        self.assertIn("36000 frames", out)
        self.assertLess(time.monotonic() - began, 300, "an hour has to be far from an hour on any machine")

    def test_example_03_cuts_fall_on_the_same_frames_in_each_run(self):
        runs = {self.passes("03_cuts_on_time.js", "--offline") for _ in range(3)}
        self.assertEqual(len(runs), 1, runs)
        (out,) = runs
        self.assertEqual([line.split() for line in out.splitlines()[2:]],
                         [["Break", "20"], ["Bars", "50"], ["Break", "600"]])

    def test_example_04_a_lost_leg_is_told(self):
        nginx = peers.Nginx(self.folder)
        self.addCleanup(nginx.end)
        show = json.loads(pathlib.Path(self.show).read_text())
        show["program"]["rate"] = "30/1"
        show["destinations"] = {"platform": {"main": {"url": nginx.url(), "key": "one"}}}
        path = self.examples / "air.json"
        path.write_text(json.dumps(show))
        process = peers.Process([peers.MAINSTAY, "script", str(self.examples / "04_watch_legs.js"), str(path), "--", "30"],
                                self.folder, "watch")
        self.addCleanup(process.end)
        peers.wait_for("the leg to be live", lambda: "→ live" in process.log())
        nginx.kill()
        peers.wait_for("the loss", lambda: "platform/main live →" in process.log())
        nginx.start()
        peers.wait_for("the recovery", lambda: "was away for" in process.log(), 25)
        self.assertEqual(process.child.wait(40), 0, process.log())

    def test_example_05_tests_write_junit(self):
        junit = self.folder / "results.xml"
        self.passes("05_tests.js", "--offline", "--junit", str(junit))
        suite = xml.etree.ElementTree.parse(junit).getroot().find("testsuite")
        self.assertEqual((suite.get("tests"), suite.get("failures"), suite.get("errors")), ("4", "0", "0"))

    def test_example_06_the_show_is_changed_and_checked(self):
        out = self.passes("06_change_the_show.js", "--offline")
        self.assertIn("has #00aa00", out)
        self.assertIn("invalid_show: /sources/blue/color", out)

    def test_example_07_the_report_is_written(self):
        self.assertIn("rendered 600 frames", self.passes("07_report.js", "--offline"))
        self.assertEqual(json.loads((self.examples / "report.json").read_text())["frames"]["rendered"], 600)

    def test_example_08_files_are_included(self):
        self.assertIn("played 100 frames", self.passes("08_include.js", "--offline"))

    def test_example_09_waits_end(self):
        out = self.passes("09_wait_for.js", "--offline")
        self.assertIn("program.ended Examples after 50 frames", out)
        self.assertIn("TimeoutError: waitFor: not within 3600 s: leg.state", out)

    def test_example_10_errors_are_met(self):
        out = self.passes("10_errors.js", show=False)
        for part in ("wrong_state", "did you mean \"scene\"?", "did you mean \"destination.start\"?", "outside the script's folder",
                     "AssertionError  one is less"):
            self.assertIn(part, out)

    # --- how scripts end -----------------------------------------------------------------------------------------------

    def test_wrong_input_is_one_line_and_exit_2(self):
        for arguments in (["script"], ["script", "absent.js"], ["run", "a.json", "--allow-exec"], ["check", "a.json", "--junit", "x"],
                          ["run", "a.json", "--", "x"]):
            with self.subTest(arguments):
                done = peers.run([peers.MAINSTAY, *arguments])
                self.assertEqual((done.returncode, done.stdout), (2, ""))
                self.assertEqual(len(done.stderr.strip().splitlines()), 1, done.stderr)
        done = self.text("let a = 1;\nlet b = = 2;")
        self.assertEqual(done.returncode, 2)
        self.assertRegex(done.stderr.strip(), r"^/.*/test\.js:2:9: SyntaxError: Unexpected token `='$")

    def test_failures_are_one_line_with_its_place_and_exit_1(self):
        for source, line in (("\nthrow new Error('no')", r"test\.js:2: no$"), ("\n\nprogram.cut(5)", r"test\.js:3: CommandError: program\.cut: scene: "),
                             ("new Promise((y, n) => n(1))", "a rejected promise that nothing handles"),
                             ("function f() { f() }\nf()", "RangeError"), ("test('t', () => {\n assert(false, 'why') })", r"test\.js:2: AssertionError: why")):
            with self.subTest(source):
                done = self.text(source)
                self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
                self.assertRegex(done.stderr, line)

    def test_limits_end_the_script_and_the_show_in_good_order(self):
        for source, arguments, message in (("while (true) {}", ["--time-limit", "2s"], "time limit of 2 s is over"),
                                           ("const a = []; while (true) a.push(new Uint8Array(1 << 20).fill(1))", [], "more than 512 MiB")):
            with self.subTest(message):
                report = self.folder / "recording.mp4"
                show = json.loads(pathlib.Path(self.show).read_text())
                show["record"] = {"path": str(report)}
                (self.examples / "recorded.json").write_text(json.dumps(show))
                (self.examples / "limit.js").write_text("program.start(); waitFor(() => program.frames > 10);\n" + source)
                done = peers.run([peers.MAINSTAY, "script", str(self.examples / "limit.js"), str(self.examples / "recorded.json"), *arguments])
                self.assertEqual(done.returncode, 1, done.stderr)
                self.assertIn(message, done.stderr)
                self.assertGreater(float(peers.run(["ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0",
                                                    str(report)]).stdout), 0.5)
                report.unlink()

    def test_a_signal_interrupts_a_script_and_ends_its_show(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            for source in ("sleep(3600)", "while (true) {}", "exec('sleep', [3600], 3600)"):
                with self.subTest(f"{number.name} {source}"):
                    (self.examples / "long.js").write_text("program.start(); print('on air');\n" + source)
                    process = peers.Process([peers.MAINSTAY, "script", str(self.examples / "long.js"), self.show, "--allow-exec"],
                                            self.folder, f"long{number}{len(source)}")
                    self.addCleanup(process.end)
                    peers.wait_for("on air", lambda: "on air\n" in process.log())
                    process.signal(number)
                    self.assertEqual(process.child.wait(10), 1, process.log())
                    self.assertIn("long.js: interrupted", process.log())

    def test_exit_codes_arguments_and_programs(self):
        done = self.text("print(args.join('+')); exit(args.length)", "--", "--x", "y z")
        self.assertEqual((done.returncode, done.stdout), (2, "--x+y z\n"))
        self.assertIn("--allow-exec allows it", self.text("exec('true')").stderr)
        self.assertEqual(self.text("print(exec('cat', ['show.json']).stdout.length > 10)", "--allow-exec").stdout, "true\n")

    # --- the console ---------------------------------------------------------------------------------------------------

    def console(self, text):
        return subprocess.run([peers.MAINSTAY, "console", self.show, "--log-level", "warning"], input=text, text=True,
                              capture_output=True, timeout=60, check=False)

    def test_the_console_reads_a_pipe(self):
        done = self.console("let x = {\n  a: 1\n}\nx.a + 1\n[{name: 'v0', n: 1}]\nprogram.nothing\nhelp program.cut")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue(done.stdout.startswith("2\nname  n\n────  ─\nv0    1\nprogram.cut([scene])\n"), done.stdout)
        done = self.console("nope()\n1 + 1\n")
        self.assertEqual((done.returncode, done.stdout, done.stderr),
                         (1, "2\n", "console:1: ReferenceError: nope is not defined\n"))
        self.assertEqual(self.console("exit(7)\nprint('no')").returncode, 7)

    def test_a_signal_ends_a_console_that_waits_for_its_input(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number.name):
                child = subprocess.Popen([peers.MAINSTAY, "console", self.show, "--log-level", "off"], text=True,
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                child.stdin.write("program.start()\nprint(phase)\n")
                child.stdin.flush()
                self.assertEqual(child.stdout.readline(), "on_air\n")
                child.send_signal(number)
                self.assertEqual(child.wait(10), 1)
                for pipe in (child.stdin, child.stdout, child.stderr):
                    pipe.close()

    def test_the_console_edits_completes_interrupts_and_remembers(self):
        home = self.folder / "home"
        home.mkdir()
        pid, fd = pty.fork()
        if pid == 0:
            os.environ.update(XDG_STATE_HOME=str(home), TERM="dumb", INPUTRC="/dev/null")
            os.execv(peers.MAINSTAY, [peers.MAINSTAY, "console", self.show, "--log-level", "off"])
        self.addCleanup(os.close, fd)
        seen = ""

        def expect(text):
            nonlocal seen
            deadline = time.monotonic() + 20
            while text not in seen:
                self.assertGreater(deadline, time.monotonic(), f"{text!r} not in {seen!r}")
                if select.select([fd], [], [], 0.2)[0]:
                    seen += os.read(fd, 65536).decode(errors="replace")
            seen = seen[seen.index(text) + len(text):]

        def type_(text):
            os.write(fd, text.encode())

        expect("mainstay> ")
        type_("6 * 7\r")
        expect("42\r\n")
        expect("mainstay> ")
        type_("prog\t.cu\t")
        expect("program.cut")
        type_("\x03")
        expect("^C")
        expect("mainstay> ")
        type_("print('be' + 'gun'); while (true) {\r")
        expect("... ")
        type_("}\r")
        expect("begun")  # it computes: a Ctrl-C before that is one at the prompt
        type_("\x03")
        expect("console: interrupted")
        expect("mainstay> ")
        type_("\x1b[A\x1b[A\r")  # two up: 6 * 7
        expect("42\r\n")
        expect("mainstay> ")
        type_("\x04")
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), 0)
        history = home / "mainstay" / "console_history"
        self.assertEqual(stat.S_IMODE(history.stat().st_mode), 0o600)
        self.assertEqual(history.read_text().splitlines()[0], "6 * 7")


if __name__ == "__main__":
    unittest.main()
