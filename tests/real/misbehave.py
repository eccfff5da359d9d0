#!/usr/bin/env python3
"""A Modbus TCP slave of plain sockets that misbehaves as it is told, while it runs.

    misbehave.py PORT MODE_FILE

MODE_FILE holds one word, read before each answer:
    good        frames of a 32 x 16 mat that change (input registers, profile overlay-32x16)
    silent      no answer
    late        an answer after 3 s
    exceptions  every request is refused: slave device failure
    short       fewer registers than were asked for
    zeros       every cell 0
    frozen      the same frame for ever
    garbage     bytes that are no Modbus
    hangup      the connection is closed
"""

import random
import socketserver
import struct
import sys
import time

COUNTER = 1024
CELLS = 512


def frame(step):
    """Noise, and a heap in the middle that moves a little."""
    noise = random.Random(step)
    cells = []
    for cell in range(CELLS):
        row, col = divmod(cell, 16)
        loaded = 6 <= row <= 26 and 4 + step % 2 <= col <= 11
        cells.append(noise.randrange(900, 1100) if loaded else noise.randrange(0, 9))
    return cells


class Slave(socketserver.BaseRequestHandler):
    def mode(self):
        with open(sys.argv[2], encoding="ascii") as file:
            return file.read().strip()

    def registers(self, mode, first, count):
        step = 7 if mode == "frozen" else int(time.monotonic() * 5)
        if mode == "zeros":
            cells = [0] * CELLS
        else:
            cells = frame(step)
        # a frozen or dead mat still counts its frames: only the cells tell
        counter = int(time.monotonic() * 5) % 65536
        return [counter if at == COUNTER else cells[at] for at in range(first, first + count)]

    def answer(self, header, function, first, count):
        mode = self.mode()
        if mode == "silent":
            return b""
        if mode == "garbage":
            return bytes(random.randrange(256) for _ in range(40))
        if mode == "exceptions":
            pdu = struct.pack(">BB", function | 0x80, 4)
        else:
            if mode == "late":
                time.sleep(3)
            if mode == "short":
                count = max(count - 5, 0)
            values = self.registers(mode, first, count)
            pdu = struct.pack(f">BB{count}H", function, 2 * count, *values)
        return header[:4] + struct.pack(">HB", len(pdu) + 1, header[6]) + pdu

    def handle(self):
        while True:
            request = self.request.recv(12)
            if len(request) < 12 or self.mode() == "hangup":
                return
            function, first, count = struct.unpack(">BHH", request[7:12])
            try:
                self.request.sendall(self.answer(request[:7], function, first, count))
            except OSError:
                return


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True


Server(("127.0.0.1", int(sys.argv[1])), Slave).serve_forever()
