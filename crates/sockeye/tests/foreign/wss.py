"""A client of wss:// that is not ours: Python's own TLS, a handshake and frames by hand.

Arguments: host, port, file of authorities, path, version (1.2 or 1.3), bytes of a message
(at least 65536).
"""

import os
import select
import socket
import ssl
import struct
import sys

host, port, authorities, path, version, size = sys.argv[1:]
versions = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}
context = ssl.create_default_context(cafile=authorities)
context.minimum_version = context.maximum_version = versions[version]
context.set_alpn_protocols(["h2", "http/1.1"])
plain = socket.create_connection((host, int(port)), timeout=10)
link = context.wrap_socket(plain, server_hostname="localhost")
assert link.selected_alpn_protocol() == "http/1.1", link.selected_alpn_protocol()


def take(count):
    taken = b""
    while len(taken) < count:
        more = link.recv(min(count - len(taken), 65536))
        assert more, "the connection ended"
        taken += more
    return taken


link.sendall(
    f"GET {path} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
)
head = b""
while not head.endswith(b"\r\n\r\n"):
    head += take(1)
assert head.startswith(b"HTTP/1.1 101 "), head

message = os.urandom(int(size))
length = struct.pack("!Q", len(message))
# The server sends back while we still send: it reads on only if its echo gets away. In one thread,
# since a connection of OpenSSL is for one at a time.
unsent = memoryview((b"\x82\xff" + length + bytes(4) + message) * 3)
expected = (b"\x82\x7f" + length + message) * 3
received = bytearray()
link.setblocking(False)
while len(received) < len(expected):
    waiting = True
    try:
        if unsent:
            unsent = unsent[link.send(unsent[:65536]) :]
            waiting = False
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        pass
    try:
        more = link.recv(65536)
        assert more, "the connection ended"
        received += more
        waiting = False
    except (ssl.SSLWantReadError, ssl.SSLWantWriteError):
        pass
    if waiting:
        ready = select.select([link], [link] if unsent else [], [], 10)
        assert any(ready), "nothing moves"
assert received == expected, "another message came back"
link.setblocking(True)
link.settimeout(10)
link.sendall(b"\x88\x82" + bytes(4) + struct.pack("!H", 1000))
assert take(4) == b"\x88\x02" + struct.pack("!H", 1000)
# Not a cut connection, which Python's TLS would complain about: close_notify.
assert link.recv(1) == b""
print(link.version())
