"""A weak connection to a server, as a relay that needs no rights: narrow, late, lossy, gone."""
import asyncio
import contextlib
import random
import socket
import struct
import threading

PACKET = 1400  # bytes of a segment of TCP


class WeakLink:
    """Relays TCP to a port of this machine. What `kbps` is narrow for is shared by all connections, what comes from the
    server. A lost packet shows as TCP shows it: all that follows on its connection stands until it was sent again, for
    `again_s` (from, to) seconds; and of the lost ones so many (`fatal`) take their connection with them. `gone`: every
    connection is reset, and so is each new one. All may be set at any time; None, 0 and False are a good network."""

    def __init__(self, to_port, seed=5):
        self.to_port = to_port
        self.kbps = None
        self.delay_s = 0
        self.loss = 0
        self.again_s = (0.4, 1.2)
        self.fatal = 0
        self.counts = {"connections": 0, "packets": 0, "lost": 0, "cut": 0, "refused": 0}
        self._gone = False
        self._chance = random.Random(seed)
        self._open = set()
        self._free_at = 0.0  # when the narrow place can take the next packet
        self._loop = asyncio.new_event_loop()
        self._server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._thread = threading.Thread(target=self._loop.run_forever, name="weak link")
        self._thread.start()

    def weak(self, kbps=None, delay_s=0, loss=0, again_s=(0.4, 1.2), fatal=0):
        self.kbps, self.delay_s, self.loss, self.again_s, self.fatal = kbps, delay_s, loss, again_s, fatal

    def gone(self, yes=True):
        def change():
            self._gone = yes
            if yes:
                for writer in list(self._open):
                    self._reset(writer)
        self._loop.call_soon_threadsafe(change)

    def end(self):
        async def close():
            self._server.close()
            for writer in list(self._open):
                writer.transport.abort()
            rest = asyncio.all_tasks() - {asyncio.current_task()}
            for task in rest:
                task.cancel()
            await asyncio.gather(*rest, return_exceptions=True)
        asyncio.run_coroutine_threadsafe(close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @staticmethod
    def _reset(writer):
        with contextlib.suppress(OSError, AttributeError):
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def _serve(self, reader, writer):
        self.counts["connections"] += 1
        if self._gone:
            self.counts["refused"] += 1
            return self._reset(writer)
        self._open.add(writer)
        behind = None
        try:
            back, behind = await asyncio.open_connection("127.0.0.1", self.to_port)
            await asyncio.gather(self._up(reader, behind), self._down(back, writer))
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._open.discard(writer)
            for end in (writer, behind):
                if end:
                    end.close()
        return None

    async def _up(self, reader, writer):
        while data := await reader.read(PACKET):
            if self.delay_s:
                await asyncio.sleep(self.delay_s)
            writer.write(data)
            await writer.drain()
        writer.write_eof()

    async def _down(self, reader, writer):
        while data := await reader.read(PACKET):
            self.counts["packets"] += 1
            if self.kbps:
                now = self._loop.time()
                self._free_at = max(now, self._free_at) + len(data) * 8 / (self.kbps * 1000)
                await asyncio.sleep(self._free_at - now)
            if self.loss and self._chance.random() < self.loss:
                self.counts["lost"] += 1
                if self._chance.random() < self.fatal:
                    self.counts["cut"] += 1
                    self._reset(writer)
                    return
                await asyncio.sleep(self._chance.uniform(*self.again_s))
            writer.write(data)
            await writer.drain()
        writer.write_eof()
