"""A server and a client of WebSocket that are not ours: the Python package `websockets`.

`echo.py server` prints its port, agrees to `v2.chat`, and echoes; "close CODE REASON" closes with that.
`echo.py client URL` sends what its standard input says, a JSON string a line, and prints what comes back the same
way; at the end of its input it closes with 4000 and prints how the connection ended.
"""

import asyncio
import json
import sys

import websockets
from websockets.asyncio.client import connect
from websockets.asyncio.server import serve


async def echo(connection):
    try:
        async for message in connection:
            if isinstance(message, str) and message.startswith("close "):
                _, code, reason = message.split(" ", 2)
                await connection.close(int(code), reason)
            else:
                await connection.send(message)
    except websockets.ConnectionClosed:
        pass  # with a code that is not 1000 or 1001


async def server():
    options = {"subprotocols": ["v2.chat"], "ping_interval": 0.2, "ping_timeout": 5, "max_size": 8 << 20}
    async with serve(echo, "127.0.0.1", 0, **options) as listening:
        print(listening.sockets[0].getsockname()[1], flush=True)
        await asyncio.Future()


async def client(url):
    options = {"subprotocols": ["v1.chat", "v2.chat"], "ping_interval": 0.2, "ping_timeout": 5, "max_size": 8 << 20}
    async with connect(url, proxy=None, **options) as connection:
        print(json.dumps(connection.subprotocol), flush=True)
        loop = asyncio.get_running_loop()
        while line := await loop.run_in_executor(None, sys.stdin.readline):
            word = json.loads(line)
            await connection.send(bytes.fromhex(word["hex"]) if isinstance(word, dict) else word)
            try:
                got = await connection.recv()
            except websockets.ConnectionClosed as closed:
                print(json.dumps([closed.rcvd.code, closed.rcvd.reason]), flush=True)
                return
            print(json.dumps({"hex": got.hex()} if isinstance(got, bytes) else got), flush=True)
        await connection.close(4000, "done")
        print(json.dumps([connection.close_code, connection.close_reason]), flush=True)


asyncio.run(server() if sys.argv[1] == "server" else client(sys.argv[2]))
