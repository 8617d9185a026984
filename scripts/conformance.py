"""Runs the Autobahn testsuite in pieces and compares its verdicts: called by scripts/conformance.

The suite writes its index when it has ended, so each piece is a run of its own. A verdict is two words: how the
case went and how the connection was closed.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time

FOLDER, SOCKEYE, CLIENT, BLESS, SIDES = sys.argv[1:6]
PIECES = sys.argv[6:]
WSTEST = os.path.join(FOLDER, "venv", "bin", "wstest")
# Of each group of 12 and 13 those with messages of up to 8 KiB, one of them in fragments.
FEW = (1, 2, 3, 4, 5, 6, 11)
CASES = {
    "core": ["1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*"],
    "12": ["12.*"],
    "13": ["13.*"],
    "few": ["%d.%d.%d" % (top, group, case) for top, groups in ((12, 5), (13, 7)) for group in range(1, groups + 1) for case in FEW],
}
COUNTS = {"core": 301, "12": 90, "13": 126, "few": 84}
MOST_SECONDS = 3600
MOCK = """websocket:
  max_message_size: 64MiB
  ping_interval: 0
  compression: {compression}
  handlers:
    - path: /echo
      type: echo
"""
# A server that keeps its windows, and one that does not: what is expected is the same.
SERVERS = {"server": "{ context_takeover: true }", "server-default": "on"}


def belongs(case, piece):
    parts = case.split(".")
    if parts[0] not in ("12", "13"):
        return piece == "core"
    return piece == parts[0] or piece == "few" and int(parts[2]) in FEW


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


def wait_for(port, process):
    for _ in range(600):
        if process.poll() is not None:
            sys.exit("a process ended before it listened")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.05)
    sys.exit("nothing listens at port %d" % port)


def end(process):
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def fresh(name):
    path = os.path.join(FOLDER, name)
    shutil.rmtree(path, ignore_errors=True)
    os.makedirs(path)
    return path


def spec(path, content):
    with open(path, "w") as file:
        json.dump(content, file)
    return path


def verdicts(reports):
    with open(os.path.join(reports, "index.json")) as file:
        (cases,) = json.load(file).values()
    return {case: "%s %s" % (said["behavior"], said["behaviorClose"]) for case, said in cases.items()}


def test_server(name, piece, compression):
    work = fresh("%s-%s" % (name, piece))
    mock = os.path.join(work, "echo.yaml")
    with open(mock, "w") as file:
        file.write(MOCK.format(compression=compression))
    port = free_port()
    log = open(os.path.join(work, "log"), "w")
    server = subprocess.Popen([SOCKEYE, "serve", mock, "--port", str(port), "--no-admin"], stdout=log, stderr=log)
    try:
        wait_for(port, server)
        reports = os.path.join(work, "reports")
        content = {
            "outdir": reports,
            "servers": [{"agent": "sockeye", "url": "ws://127.0.0.1:%d/echo" % port, "options": {"version": 18}}],
            "cases": CASES[piece],
            "exclude-cases": [],
            "exclude-agent-cases": {},
        }
        wstest = [WSTEST, "-m", "fuzzingclient", "-s", spec(os.path.join(work, "spec.json"), content)]
        subprocess.run(wstest, stdout=log, stderr=log, timeout=MOST_SECONDS, check=True)
        return verdicts(reports)
    finally:
        end(server)
        log.close()


def test_client(piece):
    work = fresh("client-" + piece)
    port = free_port()
    reports = os.path.join(work, "reports")
    content = {
        "url": "ws://127.0.0.1:%d" % port,
        "outdir": reports,
        "cases": CASES[piece],
        "exclude-cases": [],
        "exclude-agent-cases": {},
    }
    log = open(os.path.join(work, "log"), "w")
    wstest = [WSTEST, "-m", "fuzzingserver", "-u", "0", "-s", spec(os.path.join(work, "spec.json"), content)]
    server = subprocess.Popen(wstest, stdout=log, stderr=log)
    try:
        wait_for(port, server)
        client = [CLIENT, "ws://127.0.0.1:%d" % port, "sockeye", "1", str(COUNTS[piece])]
        subprocess.run(client, stdout=log, stderr=log, timeout=MOST_SECONDS, check=True)
        return verdicts(reports)
    finally:
        end(server)
        log.close()


def in_order(found):
    return dict(sorted(found.items(), key=lambda item: [int(part) for part in item[0].split(".")]))


def summary(found):
    counts = {}
    for verdict in found.values():
        counts[verdict] = counts.get(verdict, 0) + 1
    return ", ".join("%d %s" % (count, verdict) for verdict, count in sorted(counts.items()))


def compare(name, piece, found):
    path = "conformance/autobahn/%s.json" % name.split("-")[0]
    expected = {}
    if os.path.exists(path):
        with open(path) as file:
            expected = json.load(file)
    print("%s, %s: %d cases: %s" % (name, piece, len(found), summary(found)), flush=True)
    others = {case: verdict for case, verdict in expected.items() if not belongs(case, piece)}
    if BLESS == "1" and name != "server-default":
        with open(path, "w") as file:
            json.dump(in_order({**others, **found}), file, indent=0)
            file.write("\n")
        return True
    wanted = {case: verdict for case, verdict in expected.items() if belongs(case, piece)}
    # A case that nobody has run yet has to be good.
    different = sorted(case for case in {**wanted, **found} if wanted.get(case, "OK OK") != found.get(case))
    for case in different:
        print("  %s: %s, expected %s" % (case, found.get(case), wanted.get(case, "OK OK")))
    return not different


def main():
    os.makedirs("conformance/autobahn", exist_ok=True)
    good = True
    for piece in PIECES:
        started = time.time()
        for name, compression in SERVERS.items():
            # What is not about compression is not different without it.
            if name in SIDES.split() and (name == "server" or piece != "core"):
                good &= compare(name, piece, test_server(name, piece, compression))
        if "client" in SIDES.split():
            good &= compare("client", piece, test_client(piece))
        print("%s: %d s" % (piece, time.time() - started), flush=True)
    sys.exit(0 if good else 1)


main()
