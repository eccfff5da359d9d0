"""A mat of profile overlay-32x16 that misbehaves as it is told, on Modbus TCP or on a serial line (a
pseudo-terminal under a name that stays). Plain sockets and terminals: no code of the project's.

Mat.mode, read before each answer:
    good        frames of a person, five a second
    silent      no answer
    late        an answer after 3 s
    stale       an answer after 0.9 s, just when the master has given it up
    cut         half of the answer
    crc         a wrong checksum (serial line)
    unit        the answer of another unit (serial line; on TCP nobody looks at it)
    exceptions  every request is refused: slave device failure
    short       fewer registers than were asked for
    garbage     bytes that are no Modbus, as from a line at another baud rate
    hangup      the connection is closed (TCP)
    frozen      the same frame for ever; the mat's counter goes on, only the cells tell
    zeros       every cell 0
    half        the last half of the rows reads 0
"""

import os
import random
import select
import socket
import struct
import termios
import threading
import time
import tty

CELLS = 512
COUNTER = 1024
RATE_HZ = 5


def crc16(data):
    crc = 0xFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ 0xA001 if crc & 1 else crc >> 1
    return struct.pack("<H", crc)


class Mat:
    """What the registers hold, and how a request is answered."""

    def __init__(self, frames):
        self.frames = frames
        self.mode = "good"
        self.kept = frames[7]

    def cells(self):
        if self.mode == "frozen":
            return self.kept
        if self.mode == "zeros":
            return [0] * CELLS
        cells = self.frames[int(time.monotonic() * RATE_HZ) % len(self.frames)]
        return cells[: CELLS // 2] + [0] * (CELLS // 2) if self.mode == "half" else cells

    def read(self, first, count):
        cells = self.cells()
        counter = int(time.monotonic() * RATE_HZ) % 65536
        return [counter if at == COUNTER else cells[at] for at in range(first, first + count)]

    def answer(self, unit, request, seal):
        """The bytes to send, or None to hang up. seal(unit, pdu) frames them for the line."""
        mode = self.mode
        function, first, count = struct.unpack(">BHH", request[:5])
        if mode == "silent":
            return b""
        if mode == "hangup":
            return None
        if mode == "garbage":
            return bytes(random.randrange(256) for _ in range(40))
        if mode == "exceptions":
            return seal(unit, struct.pack(">BB", function | 0x80, 4))
        if mode in ("late", "stale"):
            time.sleep(3 if mode == "late" else 0.9)
        if mode == "short":
            count = max(count - 5, 0)
        values = self.read(first, count)
        sealed = seal(unit + (mode == "unit"),
                      struct.pack(f">BB{count}H", function, 2 * count, *values))
        if mode == "cut":
            return sealed[: len(sealed) // 2]
        return sealed[:-1] + bytes([sealed[-1] ^ 0x55]) if mode == "crc" else sealed


class Tcp:
    """The mat on a port of the loopback."""

    def __init__(self, mat):
        self.mat = mat
        self.clients = []
        self.address = ("127.0.0.1", 0)
        self.plug()

    def settings(self):
        return [f"modbus.port = {self.address[1]}"]

    def plug(self):
        self.listener = socket.create_server(self.address)
        self.address = self.listener.getsockname()
        threading.Thread(target=self.accept, args=(self.listener,), daemon=True).start()

    def unplug(self):
        # shutdown wakes the accept() that would keep the port open
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for client in self.clients:
            try:
                client.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            client.close()
        self.clients = []

    def accept(self, listener):
        while True:
            try:
                client = listener.accept()[0]
            except OSError:
                return
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.clients.append(client)
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        try:
            while len(request := client.recv(12, socket.MSG_WAITALL)) == 12:
                def seal(unit, pdu, transaction=request[:4]):
                    return transaction + struct.pack(">HB", len(pdu) + 1, unit) + pdu
                answer = self.mat.answer(request[6], request[7:], seal)
                if answer is None:
                    break
                client.sendall(answer)
            client.close()
        except OSError:
            pass


class Rtu:
    """The mat on a pseudo-terminal, found under a name that stays, as udev gives one."""

    def __init__(self, mat, link):
        self.mat = mat
        self.link = link
        self.plug()

    def settings(self):
        return ["modbus.transport = rtu", f"modbus.device = {self.link}"]

    def plug(self):
        master, slave = os.openpty()
        tty.setraw(slave, termios.TCSANOW)
        os.symlink(os.ttyname(slave), self.link)
        self.stop, stopped = os.pipe()[::-1]
        self.thread = threading.Thread(
            target=self.serve, args=(master, slave, stopped), daemon=True)
        self.thread.start()

    def unplug(self):
        os.unlink(self.link)
        os.close(self.stop)
        self.thread.join()

    def serve(self, master, slave, stopped):
        # the slave's side stays open here, so that the line outlives a master that opens it anew
        waiting = b""
        while True:
            ready = select.select([master, stopped], [], [], 0.05)[0]
            if stopped in ready:
                break
            if master not in ready:
                waiting = b""  # a pause parts two requests
                continue
            waiting += os.read(master, 256)
            while len(waiting) >= 8:
                request, waiting = waiting[:8], waiting[8:]
                if crc16(request[:6]) != request[6:]:
                    waiting = b""
                    break
                answer = self.mat.answer(request[0], request[1:],
                                         lambda unit, pdu: seal_rtu(unit, pdu))
                os.write(master, answer)
        for fd in (master, slave, stopped):
            os.close(fd)


def seal_rtu(unit, pdu):
    return bytes([unit]) + pdu + crc16(bytes([unit]) + pdu)
