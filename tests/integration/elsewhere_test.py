"""The console and scripts about a Mainstay that runs elsewhere: a pipe into `mainstay console URL`."""
import os
import pathlib
import subprocess
import unittest

import peers


class ElsewhereTest(unittest.TestCase):
    def setUp(self):
        workspace = peers.workspace()
        self.folder = workspace.__enter__()
        self.addCleanup(workspace.__exit__, None, None, None)
        self.port = peers.free_port()

    def start(self, remote=None):
        show = peers.show({"type": "bars"}, {}, width=320, height=180)
        show["sources"]["blue"] = {"type": "color", "color": "#0000ff"}
        show["scenes"] = {"Bars": {"layers": [{"source": "clip"}]}, "Blue": {"layers": [{"source": "blue"}]}}
        show["on_air"] = "Bars"
        show["remote"] = {"listen": f"127.0.0.1:{self.port}", **(remote or {})}
        mainstay = peers.Mainstay(self.folder, show)
        self.addCleanup(mainstay.stop)
        peers.wait_for("the API to listen", lambda: peers.can_connect(self.port) or not mainstay.process.running())
        return mainstay

    def elsewhere(self, words, source, token=None):
        env = {**os.environ, "MAINSTAY_TOKEN": token or ""}
        done = subprocess.run([peers.MAINSTAY, *words], input=source, env=env, capture_output=True, text=True,
                              timeout=60 * peers.TIME_SCALE, check=False)
        peers.assert_no_sanitizer_report("mainstay " + words[0], done.stderr)
        return done

    def test_the_console_of_a_running_instance_calls_reads_and_hears(self):
        mainstay = self.start({"token": "a-token-of-this-test"})
        done = self.elsewhere(["console", f"http://127.0.0.1:{self.port}"], """
            program.scene
            program.cut("Blue").revision > 1
            program.scene
            on("show.changed", (e) => print("heard", e.data.revision > 1))
            program.cut({scene: "Bars"}).revision > 2
            waitFor("program.scene", 10).subject
            waitFor(() => program.frames > 10, 10)
            console_test = 1
            program.cut("Nowhere")
            show.name
            """, token="a-token-of-this-test")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)  # a statement failed
        self.assertEqual(done.stderr.strip(), "console:1: CommandError: no scene is called 'Nowhere'")
        lines = done.stdout.splitlines()
        self.assertEqual(lines[:3], ['"Bars"', "true", '"Blue"'])
        self.assertIn("heard true", lines)
        self.assertEqual(mainstay.stop(), 0, mainstay.log())  # the show went on

    def test_a_script_is_run_against_a_running_instance(self):
        mainstay = self.start()
        script = os.path.join(self.folder, "elsewhere.js")
        with open(script, "w") as file:
            file.write("""
                test("cuts", () => {
                  program.cut("Blue");
                  expect(program.scene).toBe("Blue");
                });
                exit(phase === "on_air" ? 3 : 4);
                """)
        done = self.elsewhere(["script", script, "--connect", f"127.0.0.1:{self.port}"], "")
        self.assertEqual(done.returncode, 3, done.stdout + done.stderr)
        self.assertEqual(self.elsewhere(["call", f"127.0.0.1:{self.port}", "state.get", "/phase"], "").stdout, '"on_air"\n')
        self.assertEqual(mainstay.stop(), 0, mainstay.log())

    def test_a_certificate_of_ones_own_is_trusted_when_it_is_named(self):
        certificate, key = os.path.join(self.folder, "cert.pem"), os.path.join(self.folder, "key.pem")
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=60)
        mainstay = self.start({"tls_cert": certificate, "tls_key": key})
        url = f"https://localhost:{self.port}"
        done = self.elsewhere(["call", url, "state.get", "/phase", "--ca", certificate], "")
        self.assertEqual((done.returncode, done.stdout), (0, '"on_air"\n'), done.stderr)
        done = self.elsewhere(["console", url, "--ca", certificate], "phase\n")
        self.assertEqual((done.returncode, done.stdout), (0, '"on_air"\n'), done.stderr)
        for words in (["call", url, "state.get", "/phase"], ["console", url]):
            done = self.elsewhere(words, "phase\n")
            self.assertEqual((done.returncode, done.stdout), (1, ""))
            self.assertRegex(done.stderr, r"\Ano TLS connection to localhost:\d+: .*--ca.*\n\Z")
        self.assertEqual(mainstay.stop(), 0, mainstay.log())

    def test_a_wrong_token_and_nobody_there_are_one_line_and_exit_code_1(self):
        self.start({"token": "a-token-of-this-test"})
        done = self.elsewhere(["console", f"127.0.0.1:{self.port}"], "phase\n", token="another")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"\A127\.0\.0\.1:\d+ refuses \(401\): the token is wrong: .*\n\Z")
        done = self.elsewhere(["console", f"127.0.0.1:{peers.free_port()}"], "phase\n")
        self.assertEqual((done.returncode, done.stdout), (1, ""))
        self.assertRegex(done.stderr, r"\Anobody listens at .*\n\Z")
        done = self.elsewhere(["console", "nonsense://127.0.0.1"], "phase\n")
        self.assertEqual(done.returncode, 2, done.stderr)

    def test_when_the_instance_dies_the_console_says_so_and_ends_with_1(self):
        mainstay = self.start()
        with open(os.path.join(self.folder, "console.err"), "w+") as errors:
            console = subprocess.Popen([peers.MAINSTAY, "console", f"127.0.0.1:{self.port}"], text=True,
                                       stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
            self.addCleanup(console.stdout.close)
            self.addCleanup(console.kill)
            console.stdin.write("phase\n")
            console.stdin.flush()
            self.assertEqual(console.stdout.readline(), '"on_air"\n')
            mainstay.process.kill()
            told = lambda: pathlib.Path(errors.name).read_text()
            peers.wait_for("the console to say so", lambda: "is gone: " in told())
            out, _ = console.communicate('program.cut("Blue")\nprint("after")\n', timeout=20)
            self.assertEqual(console.returncode, 1)
            self.assertEqual(out, "after\n")
            self.assertIn(f"CommandError: program.cut: connection to 127.0.0.1:{self.port} is gone: ", told())


if __name__ == "__main__":
    unittest.main()
