# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS servers on loopback: a real rbldnsd, and such as lie. Each runs in a block of `with` and is gone after it."""

import contextlib
import os
import pathlib
import shutil
import socket
import struct
import subprocess
import tempfile
import threading
import time

import dns.flags
import dns.message
import dns.rcode
import dns.rrset

LOOPBACK = "127.0.0.1"
RBLDNSD = shutil.which("rbldnsd", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
HEAD = "$SOA 3600 ns.bl.test hostmaster.bl.test 0 600 300 86400 300\n$NS 3600 ns.bl.test\n"
SECONDS = 5


def free_port():
    """A UDP port that nobody has right now."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.bind((LOOPBACK, 0))
        return sock.getsockname()[1]


@contextlib.contextmanager
def rbldnsd(zones):
    """Yield (address, port) of an rbldnsd. *zones*: {zone: (kind of data set, text without SOA)}."""
    with tempfile.TemporaryDirectory(prefix="rbldnsd") as folder:
        os.chmod(folder, 0o755)  # it does not stay root
        yield from _rbldnsd(pathlib.Path(folder), zones)


def _rbldnsd(folder, zones):
    words = []
    for number, (zone, (kind, text)) in enumerate(zones.items()):
        (folder / f"{number}.zone").write_text(HEAD + text, encoding="ascii")
        words.append(f"{zone}:{kind}:{number}.zone")
    port = free_port()
    command = [RBLDNSD, "-n", "-b", f"{LOOPBACK}/{port}", "-w", folder, *(["-u", "nobody"] if os.geteuid() == 0 else []), *words]
    with open(folder / "rbldnsd.log", "wb") as log, subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log) as process:
        try:
            _wait(port, process, folder / "rbldnsd.log")
            yield LOOPBACK, port
        finally:
            process.terminate()


def _wait(port, process, log):
    """Until it answers anything."""
    query = dns.message.make_query("ready.test", "A").to_wire()
    deadline = time.monotonic() + SECONDS
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.settimeout(0.1)
        sock.connect((LOOPBACK, port))
        while process.poll() is None and time.monotonic() < deadline:
            try:
                sock.send(query)
                sock.recv(512)
                return
            except OSError:
                time.sleep(0.02)
    raise RuntimeError("rbldnsd does not answer: " + log.read_text(encoding="utf-8", errors="replace"))


class Server:
    """A UDP server. *answer*: a function of a dns.message.Message -> Message, bytes, or None for silence."""

    def __init__(self, answer, delay=0.0, port=0):
        self.answer, self.delay = answer, delay
        self.queries = []  # (time, name, type) of each question
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self.sock.bind((LOOPBACK, port))
        self.sock.settimeout(0.05)
        self.port = self.sock.getsockname()[1]
        self.address = (LOOPBACK, self.port)
        self.over = False
        self.late = []  # (when, wire, client), in order

    def run(self):
        while not self.over:
            self.sock.settimeout(max(0.0005, min(0.05, self.late[0][0] - time.monotonic())) if self.late else 0.05)
            try:
                wire, client = self.sock.recvfrom(4096)
                self._take(wire, client)
            except OSError:  # nothing came
                pass
            while self.late and self.late[0][0] <= time.monotonic():
                self.sock.sendto(*self.late.pop(0)[1:])

    def _take(self, wire, client):
        now = time.monotonic()
        query = dns.message.from_wire(wire)
        self.queries.append((now, query.question[0].name.to_text(omit_final_dot=True), query.question[0].rdtype))
        reply = self.answer(query)
        if reply is not None:
            self.late.append((now + self.delay, reply if isinstance(reply, bytes) else reply.to_wire(), client))


@contextlib.contextmanager
def server(answer, delay=0.0, port=0):
    """Yield a running Server."""
    one = Server(answer, delay, port)
    thread = threading.Thread(target=one.run, daemon=True)
    thread.start()
    try:
        yield one
    finally:
        one.over = True
        thread.join()
        one.sock.close()


@contextlib.contextmanager
def tcp_server(answer):
    """Yield (port, questions) of a TCP server on loopback; where *answer* has none, the connection stays open, and silent."""
    questions, kept = [], []

    def serve(client):
        size = client.recv(2)
        query = dns.message.from_wire(client.recv(int.from_bytes(size, "big")))
        questions.append(query.question[0])
        reply = answer(query)
        if reply is not None:
            wire = reply.to_wire()
            client.sendall(struct.pack("!H", len(wire)) + wire)

    def run():
        while True:
            try:
                client, _peer = listener.accept()
            except OSError:  # it is over
                return
            kept.append(client)
            threading.Thread(target=serve, args=(client,), daemon=True).start()
    with contextlib.closing(socket.socket()) as listener:
        listener.bind((LOOPBACK, 0))
        listener.listen(256)
        threading.Thread(target=run, daemon=True).start()
        yield listener.getsockname()[1], questions
        listener.shutdown(socket.SHUT_RDWR)
        for client in kept:
            client.close()


def says(*addresses, kind="A"):
    """Answers every question with these addresses or texts."""
    def answer(query):
        reply = dns.message.make_response(query)
        if addresses:
            reply.answer.append(dns.rrset.from_text(query.question[0].name, 60, "IN", kind, *addresses))
        return reply
    return answer


def fails(code):
    """Answers every question with this RCODE."""
    def answer(query):
        reply = dns.message.make_response(query)
        reply.set_rcode(dns.rcode.from_text(code))
        return reply
    return answer


def cut(query):
    """Says that its answer is truncated; there is nobody on TCP."""
    reply = dns.message.make_response(query)
    reply.flags |= dns.flags.TC
    return reply


def garbage(query):
    """The right id, and then half of an answer."""
    return says("127.0.0.2")(query).to_wire()[:-7]


def noise(query):
    """The right id and nothing that makes sense."""
    return struct.pack("!H", query.id) + b"\xff" * 37


def silent(query):
    """Nothing."""


def listing(*names):
    """A blocklist in order that holds the test points and the addresses with these names, zones left off: by their first labels."""
    held = ("2.0.0.127.", "2.0.0.0.0.0.f.7.f.f.f.f.", *names)

    def answer(query):
        question = query.question[0]
        if not question.name.to_text().startswith(held):
            return fails("NXDOMAIN")(query)
        return says("127.0.0.2")(query) if question.rdtype == 1 else says('"sent spam to ""a trap"', kind="TXT")(query)
    return answer
