"""A client of the Python package `websockets` that compresses in every way that it can agree on.

`deflate.py client URL` sends texts and bytes of many lengths on a connection for each set of parameters and prints a
list: what was agreed, how many messages were sent, how many came back as they were.
"""

import asyncio
import json
import random
import sys

from websockets.asyncio.client import connect
from websockets.extensions.permessage_deflate import ClientPerMessageDeflateFactory

SETS = [
    {},
    {"client_max_window_bits": True},
    {"client_max_window_bits": 9},
    {"server_max_window_bits": 9, "client_max_window_bits": True},
    {"server_max_window_bits": 12},
    {"server_no_context_takeover": True},
    {"client_no_context_takeover": True},
    {"server_no_context_takeover": True, "client_no_context_takeover": True, "client_max_window_bits": 10},
    {"server_max_window_bits": 15, "client_max_window_bits": 15},
]
LENGTHS = [0, 1, 16, 63, 64, 65, 125, 126, 200, 1024, 4096, 65535, 65536, 300000]


def messages():
    chance = random.Random(7)
    for length in LENGTHS:
        line = json.dumps({"id": length, "name": "n%d" % length, "tags": ["a", "b"]})
        yield (line * (length // len(line) + 1))[:length]
        yield ("é€😀" * length)[: length // 4]
        yield bytes(chance.getrandbits(8) for _ in range(length))


async def client(url):
    results = []
    for parameters in SETS:
        factory = ClientPerMessageDeflateFactory(**parameters)
        options = {"compression": None, "extensions": [factory], "max_size": 8 << 20, "proxy": None}
        async with connect(url, **options) as connection:
            sent = echoed = 0
            for message in messages():
                await connection.send(message)
                sent += 1
                echoed += await connection.recv() == message
            agreed = repr(connection.protocol.extensions)
            results.append({"agreed": agreed, "sent": sent, "echoed": echoed})
    print(json.dumps(results))


asyncio.run(client(sys.argv[2]))
