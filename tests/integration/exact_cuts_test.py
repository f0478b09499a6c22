"""A cut on air shows in exactly the frame that its event names, in what the ingest gets."""
import random
import unittest

import control
import frame_codes
import peers

CUTS = 40


class ExactCutsTest(control.ControlCase):
    def test_on_air_the_frame_that_the_event_names_is_the_first_that_the_ingest_gets(self):
        chance = random.Random(11)
        receiver = peers.SrtReceiver(self.folder)
        self.addCleanup(receiver.end)
        mainstay = self.start(frame_codes.scenes_show({"platform": {"main": {"url": receiver.url()}}}))
        self.await_live("platform", "main")
        scene = "Bars"
        for _ in range(CUTS):
            scene = chance.choice([name for name in ("Bars", "Black", "White") if name != scene])
            frames = self.state("/program/frames")
            self.must("program.cut", scene=scene)
            pause = chance.randint(2, 12)
            peers.wait_for("some frames", lambda: self.state("/program/frames") > frames + pause, step=0.003)
        peers.wait_for("another second", lambda: self.state("/program/frames") > frames + 42)
        events = [event for event in self.must("event.list", limit=2000) if event["type"] == "program.scene"]
        # The timeline starts at one second, the numbers in the pictures at 0.
        taken = [(event["data"]["frame"] - 30, event["subject"]) for event in events]
        self.assertEqual(len(taken), CUTS)
        self.assertEqual(mainstay.stop(), 0, mainstay.log())
        receiver.end()
        frame_codes.assert_shows(self, receiver.path, taken)


if __name__ == "__main__":
    unittest.main()
