# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How fast a mail log is read, beside grep on the same file, and how much memory that takes."""

import os
import random
import subprocess
import sys
import time

import pytest

MEGABYTES = int(os.environ.get("MEGABYTES", "200"))
ENOUGH = 100.0   # MB a second, on one core
MEMORY = 100.0   # MB
MESSAGE = """\
2026-11-24T08:53:21.{n:06d}+00:00 mx1 postfix/smtpd[{pid}]: connect from host{host}.example.net[198.51.{octet}.{last}]
2026-11-24T08:53:21.{n:06d}+00:00 mx1 postfix/smtpd[{pid}]: {id}: client=host{host}.example.net[198.51.{octet}.{last}]
2026-11-24T08:53:21.{n:06d}+00:00 mx1 postfix/cleanup[{pid}]: {id}: message-id=<2026112408532{n}.{host}@host{host}.example.net>
2026-11-24T08:53:21.{n:06d}+00:00 mx1 postfix/qmgr[2211]: {id}: from=<sender{host}@example.net>, size=48213, nrcpt=1 (queue active)
2026-11-24T08:53:22.{n:06d}+00:00 mx1 postfix/smtpd[{pid}]: disconnect from host{host}.example.net[198.51.{octet}.{last}] ehlo=1 mail=1 commands=5
2026-11-24T08:53:23.{n:06d}+00:00 mx1 postfix/{daemon}[{pid}]: {id}: to=<user{n}@{domain}>, relay={relay}, delay=1.4, delays=0.1/0/0.3/1, {status}
2026-11-24T08:53:23.{n:06d}+00:00 mx1 postfix/qmgr[2211]: {id}: removed
"""
READ = """
import json, resource, sys, time
sys.path.insert(0, sys.argv[1])
from ansible_collections.relaylock.postfix.plugins.module_utils._maillog import report
began, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
relayed, read, notes = report.read([sys.argv[2]], "", 36500, lambda domain: domain == "own.example", "postfix")
print(json.dumps([time.process_time() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0, len(report.clients(relayed)), notes]))
"""


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """A log of MEGABYTES, of which every third message leaves the host."""
    chance, path = random.Random(1), tmp_path_factory.mktemp("log") / "mail.log"
    pieces = []
    for number in range(20000):
        leaves = number % 3 == 0
        pieces.append(MESSAGE.format(
            n=number, pid=chance.randrange(1000, 99999), id="%010X" % chance.randrange(16 ** 10), host=chance.randrange(2000), octet=chance.randrange(256),
            last=chance.randrange(256), daemon="smtp" if leaves else "local", domain="d%d.example" % chance.randrange(3000) if leaves else "own.example",
            relay="mx.example[203.0.113.9]:25" if leaves else "local",
            status="dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as 4F1%06d)" % number))
    text = "".join(pieces).encode()
    with open(path, "wb") as stream:
        for dummy in range(MEGABYTES * 1000000 // len(text)):
            stream.write(text)
    return path


def test_speed_and_memory(log, capsys):
    size = log.stat().st_size / 1e6
    best, memory, clients, notes = min(json_of(log) for dummy in range(3))
    start = time.perf_counter()
    subprocess.run(["grep", "-c", "client=", str(log)], check=True, stdout=subprocess.PIPE, env=dict(os.environ, LC_ALL="C"))
    grep = time.perf_counter() - start
    with capsys.disabled():
        print("\n{0:.0f} MB of log: {1:.0f} MB a second, {2:.0f} MB of memory, {3} clients; grep -c: {4:.0f} MB a second".format(
            size, size / best, memory, clients, size / grep))
    assert not [note for note in notes if "broken" in note]
    assert memory < MEMORY
    assert size / best >= ENOUGH


def json_of(log):
    """[seconds of processor time, peak of memory in MB, clients, notes] of one reading, in a process of its own."""
    import json
    build = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../.build")
    return json.loads(subprocess.run([sys.executable, "-c", READ, build, str(log)], check=True, capture_output=True, text=True).stdout)
