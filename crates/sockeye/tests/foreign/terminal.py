"""A terminal that is not ours: a program on a pseudo terminal, typed at and read step by step.

Arguments: steps as JSON, then the program and its arguments. A step is ["type", TEXT],
["signal", NAME] or ["expect", TEXT], which waits until TEXT comes after what was expected before. Typing waits until the
program reads keys. Prints JSON: status, all output, and whether the terminal was left as it was found.
"""

import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time

PATIENCE = 10

steps = json.loads(sys.argv[1])
ours, theirs = pty.openpty()
found = termios.tcgetattr(theirs)
child = subprocess.Popen(
    sys.argv[2:], stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
)
output = b""
seen = 0


def read_more(deadline):
    global output
    ready, _, _ = select.select([ours], [], [], max(0, min(0.05, deadline - time.monotonic())))
    if ready:
        output += os.read(ours, 65536)
    return bool(ready)


def is_edited():
    """Whether the program reads keys. Before and between its lines the terminal would make them up itself."""
    return not termios.tcgetattr(theirs)[3] & termios.ICANON


def fail(what):
    child.kill()
    sys.exit(f"{what}; the terminal got {output!r}")


for kind, text in steps:
    if kind == "type":
        deadline = time.monotonic() + PATIENCE
        while not is_edited():
            if time.monotonic() > deadline:
                fail(f"nobody reads {text!r}")
            read_more(deadline)
        os.write(ours, text.encode())
        continue
    if kind == "signal":
        child.send_signal(signal.Signals[text])
        continue
    deadline = time.monotonic() + PATIENCE
    while (at := output.find(text.encode(), seen)) < 0:
        if time.monotonic() > deadline:
            fail(f"{text!r} did not come")
        read_more(deadline)
    seen = at + len(text.encode())

deadline = time.monotonic() + PATIENCE
while child.poll() is None:
    if time.monotonic() > deadline:
        fail("it does not end")
    read_more(deadline)
while read_more(time.monotonic() + 0.05):
    pass
is_restored = termios.tcgetattr(theirs)[:4] == found[:4]
print(json.dumps({"status": child.returncode, "output": output.decode(), "restored": is_restored}))
