"""Says what stands on standard input over TLS, and prints the first bytes of the answer."""
import socket
import ssl
import sys

port, authorities, certificate, key, wanted = sys.argv[1:]
context = ssl.create_default_context(cafile=authorities)
if certificate:
    context.load_cert_chain(certificate, key)
words = sys.stdin.buffer.read()
with socket.create_connection(("127.0.0.1", int(port)), timeout=30) as plain:
    with context.wrap_socket(plain, server_hostname="localhost") as tls:
        tls.sendall(words)
        answer = b""
        while len(answer) < int(wanted):
            part = tls.recv(65536)
            if not part:
                break
            answer += part
sys.stdout.buffer.write(answer)
