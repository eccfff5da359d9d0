#!/usr/bin/env python3
"""Plays a frames text file as holding registers of a Modbus TCP slave, once a second and again
from the start: an independent peer for the modbus driver and calib/profiles/pmd-64x32.ini.

    pymodbus_server.py PORT FILE [SKIP]      the first SKIP frames are left out

Runs with pymodbus 3.0.0 (Debian 12) and 3.8.6 (Debian 13): what differs is not used.
"""

import asyncio
import sys

from pymodbus.datastore import ModbusSequentialDataBlock, ModbusServerContext, ModbusSlaveContext
from pymodbus.server import StartAsyncTcpServer

COUNTER = 4096
FULL_SCALE = 1000


def read_frames(path, skip):
    with open(path, encoding="ascii") as lines:
        rows = [line.split() for line in lines if line.strip() and not line.startswith("#")]
    return [[min(max(int(float(cell)), 0), FULL_SCALE) for cell in row] for row in rows[skip:]]


async def play(block, frames):
    counter = 0
    while True:
        for frame in frames:
            # addresses of a block count from 1, those on the wire from 0
            counter = (counter + 1) % 65536
            block.setValues(1, frame)
            block.setValues(1 + COUNTER, [counter])
            await asyncio.sleep(1)


async def main():
    port, path = int(sys.argv[1]), sys.argv[2]
    frames = read_frames(path, int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    block = ModbusSequentialDataBlock(1, [0] * (COUNTER + 1))
    context = ModbusServerContext(slaves=ModbusSlaveContext(hr=block), single=True)
    player = asyncio.create_task(play(block, frames))
    await asyncio.gather(player, StartAsyncTcpServer(context=context, address=("127.0.0.1", port)))


asyncio.run(main())
