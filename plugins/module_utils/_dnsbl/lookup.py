# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Puts many questions to nameservers at once, through dnspython.

A bounded number of threads, each with a bounded number of questions under way on sockets of its own: a few hundred questions take
about as long as one, and no burst overruns a socket's buffer. A question is sent again while there is time, and a late answer to
the first sending counts.
"""

import contextlib
import random
import selectors
import socket
import time
import traceback
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

from .query import NOTHING, Answer

try:
    import dns.exception
    import dns.flags
    import dns.message
    import dns.query
    import dns.rcode
    import dns.rdatatype
    import dns.resolver
    MISSING = None
except ImportError:
    MISSING = traceback.format_exc()  # what missing_required_lib() wants to show

THREADS = 32
BATCH = 32  # questions that a thread has under way
ROUNDS = 2  # how often a question is sent to each nameserver
_DATAGRAM = 65535
_RANDOM = random.SystemRandom()  # query ids are all that tells an answer from a forgery, beside the port

# name: str; kind: "A" or "TXT"
Question = namedtuple("Question", "name kind")


def system_servers():
    """Return the nameservers of the host's resolver, a list of (address, port).

    :raises ValueError: where it has none, with a message for the user
    """
    try:
        found = [str(address) for address in dns.resolver.Resolver().nameservers]
    except (dns.exception.DNSException, OSError):
        found = []
    if not found:
        raise ValueError("this host's resolver has no nameserver: name one in nameservers")
    return [(address, 53) for address in found]


def ask_all(questions, servers, timeout, follow=lambda question, answer: []):
    """Ask all questions at once.

    :param questions: a list of Question
    :param servers: a list of (address, port), tried in this order
    :param float timeout: seconds within which a question must be answered, over all nameservers and repetitions
    :param follow: a function (Question, Answer) -> further questions that this answer raises
    :returns: {Question: Answer}
    """
    questions = list(dict.fromkeys(questions))
    batches = [questions[first:first + BATCH] for first in range(0, len(questions), BATCH)]
    found = {}
    if batches:
        with ThreadPoolExecutor(max_workers=min(THREADS, len(batches))) as pool:
            for answers in pool.map(lambda batch: _Exchange(servers, timeout, follow).run(batch), batches):
                found.update(answers)
            cut = [question for question, answer in found.items() if answer.problem == "truncated"]
            until = time.monotonic() + timeout  # for all of them: what truncates everything shall not hold us up
            found.update(zip(cut, pool.map(lambda question: _over_tcp(question, servers, until), cut)))
    return found


class _Open(object):
    """A question that waits for its answer."""

    def __init__(self, question, ident, tries):
        self.question = question
        self.query = dns.message.make_query(question.name, question.kind)
        self.query.id = ident
        self.wire = self.query.to_wire()
        self.tries = tries  # indices of the servers that it is still to be sent to
        self.at = None  # index of the one that it was sent to last
        self.due = 0.0  # when to send it again
        self.until = 0.0
        self.problems = {}  # index of a server -> why it has no answer


class _Exchange(object):
    """The questions of one thread and their answers."""

    def __init__(self, servers, timeout, follow):
        self.servers, self.timeout, self.follow = servers, timeout, follow
        self.step = timeout / float(ROUNDS * len(servers))
        self.sockets = {}  # index of a server -> socket
        self.selector = selectors.DefaultSelector()
        self.open = {}  # query id -> _Open
        self.found = {}

    def run(self, questions):
        """Return {Question: Answer}, of the questions and of those that followed."""
        with contextlib.closing(self):
            for question in questions:
                self._start(question)
            while self.open:
                self._send_due()
                self._receive()
        return self.found

    def close(self):
        self.selector.close()
        for sock in self.sockets.values():
            sock.close()

    def _start(self, question):
        ident = _RANDOM.randrange(65536)
        while ident in self.open:
            ident = _RANDOM.randrange(65536)
        one = self.open[ident] = _Open(question, ident, list(range(len(self.servers))) * ROUNDS)
        one.until = time.monotonic() + self.timeout
        self._send(one)

    def _end(self, one, answer):
        del self.open[one.query.id]
        self.found[one.question] = answer
        for question in self.follow(one.question, answer):
            self._start(question)

    def _send_due(self):
        now = time.monotonic()
        for one in list(self.open.values()):
            if now >= one.until:
                self._end(one, _nothing(one.problems))
            elif now >= one.due:
                self._send(one)

    def _send(self, one):
        """Send a question to the next server that has not failed it; where there is none left, wait for those that may still answer."""
        while one.tries:
            one.at = one.tries.pop(0)
            if one.at in one.problems:
                continue
            try:
                self._socket(one.at).send(one.wire)
            except OSError:
                one.problems[one.at] = "unreachable"
                continue
            one.due = time.monotonic() + self.step
            return
        one.due = one.until
        if len(one.problems) == len(self.servers):
            self._end(one, _nothing(one.problems))

    def _socket(self, index):
        """Return the socket to a server. It is connected: it takes nothing from others, and hears that nobody listens."""
        if index not in self.sockets:
            address, port = self.servers[index]
            sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)
            try:
                sock.setblocking(False)
                sock.connect((address, port))
            except OSError:
                sock.close()
                raise
            self.sockets[index] = sock
            self.selector.register(sock, selectors.EVENT_READ, index)
        return self.sockets[index]

    def _receive(self):
        """Wait until something comes or is due, and take what came."""
        if not self.open:
            return
        wait = min(min(one.due, one.until) for one in self.open.values()) - time.monotonic()
        for key, dummy in self.selector.select(max(0.0, wait)):
            for dummy_count in range(BATCH):
                try:
                    wire = key.fileobj.recv(_DATAGRAM)
                except BlockingIOError:
                    break
                except OSError:
                    self._unreachable(key.data)
                    break
                self._take(wire, key.data)

    def _unreachable(self, index):
        for one in [one for one in self.open.values() if one.at == index]:
            self._failed(one, index, "unreachable")

    def _failed(self, one, index, problem):
        one.problems[index] = problem
        self._send(one)

    def _take(self, wire, index):
        one = self.open.get(int.from_bytes(wire[:2], "big"))
        if one is None:
            return  # late, or no answer to us
        answer = _answer(one.query, wire)
        if answer is None:
            return
        if answer.problem and answer.problem != "truncated":
            self._failed(one, index, answer.problem)
        else:
            self._end(one, answer)


def _nothing(problems):
    """Return the Answer where none came: what a nameserver said is worth more than another's silence."""
    said = [problem for dummy, problem in sorted(problems.items()) if problem != "unreachable"]
    return NOTHING._replace(problem=(said + ["unreachable" if problems else "timeout"])[0])


def _answer(query, wire):
    """Return the Answer in a datagram, or None where it is none to *query*."""
    try:
        message = dns.message.from_wire(wire, ignore_trailing=True)
    except (dns.exception.DNSException, ValueError, IndexError):  # what a parser of hostile bytes may meet
        return NOTHING._replace(problem="malformed")
    return _said(query, message) if query.is_response(message) else None


def _said(query, message):
    """Return the Answer in a message."""
    if message.flags & dns.flags.TC:
        return NOTHING._replace(problem="truncated")
    code = message.rcode()
    if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
        return NOTHING._replace(problem=dns.rcode.to_text(code))
    return _records(query.question[0].name, message.answer)


def _records(name, rrsets):
    """Return the Answer for *name* out of the answer section, aliases followed."""
    names, addresses, reasons = {name}, [], []
    for rrset in rrsets:
        if rrset.name not in names:
            continue
        for data in rrset:
            if rrset.rdtype == dns.rdatatype.CNAME:
                names.add(data.target)
            elif rrset.rdtype == dns.rdatatype.A:
                addresses.append(data.address)
            elif rrset.rdtype == dns.rdatatype.TXT:
                reasons.append(b"".join(data.strings).decode("utf-8", "replace"))
    return Answer(None, tuple(addresses), tuple(reasons))


def _over_tcp(question, servers, until):
    """Return the Answer over TCP, from the first nameserver that has one before *until* (time.monotonic())."""
    query = dns.message.make_query(question.name, question.kind)
    for address, port in servers:
        left = until - time.monotonic()
        if left <= 0:
            break
        try:
            message = dns.query.tcp(query, address, timeout=left, port=port)
        except (dns.exception.DNSException, OSError, EOFError, ValueError):
            continue
        answer = _said(query, message)
        if answer.problem is None:
            return answer
    return NOTHING._replace(problem="truncated")
