# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks a live SMTP server whether it relays, by MAIL FROM and RCPT TO. No mail is ever sent: DATA is never said.

What limits a dialogue: smtpd_soft_error_limit 10 (then each reply waits), smtpd_hard_error_limit 20, or 1 under stress (then 421 and the
end), so a connection bears few refusals and a new one follows (smtpd.c, smtpd_chat.c). How few, a server shows that bears still fewer.
"""

import smtplib
import socket
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor

from .forms import forms, literal, nonsense, sayable
from .outcomes import DEFERRED, DROPPED, LOCAL, NOT_ASKED, REFUSED, RELAYED, UNTESTED, of_mail, of_recipient, verdict
from .session import Session, context

REFUSALS = 8        # in one connection, at most
SLOW = 0.5          # seconds for the answer to a form; a new connection may be quicker
CONNECTIONS = 100   # to one address, one after the other
AT_ONCE = 8         # addresses
ENDS = (421, -1)    # replies after which there is no connection, or none worth having
TRIES = 2           # of a form that the connection was dropped at
NAMELESS = "server.invalid"  # for a server whose greeting tells no name
# What a call asks; see relay_probe's options.
Wish = namedtuple("Wish", "host port tls validate_certs own_domains source_address timeout witnesses foreign_domain helo retry_greylisted")
# attempts: [(Form, code, text, outcome)]
Heard = namedtuple("Heard", "address greeting attempts transcript trouble")
# What ends a connection, and no more than that.
TROUBLES = (OSError, smtplib.SMTPException, ValueError)


def addresses_of(host, port, source):
    """Return the addresses, str, of a name; only of the source address's family, if there is one. :raises OSError: where it has none"""
    family = 0 if not source else socket.AF_INET6 if ":" in source else socket.AF_INET
    return list(dict((one[4][0], None) for one in socket.getaddrinfo(host, port, family, socket.SOCK_STREAM)))


def probe(wish):
    """Return what relay_probe returns, a dict. All addresses of the host are asked, side by side."""
    deadline = time.monotonic() + wish.timeout
    try:
        addresses = addresses_of(wish.host, wish.port, wish.source_address)
    except OSError as exc:
        return dict(verdict="unreachable", attempts=[], greeting=None, transcript=[], notes=["{0}: {1}".format(wish.host, exc)])
    with ThreadPoolExecutor(min(AT_ONCE, len(addresses))) as pool:
        return _told(list(pool.map(lambda address: ask(wish, address, deadline), addresses)))


def _told(heard):
    verdicts, notes = {}, []
    for one in heard:
        found, said = verdict([(form, outcome) for form, dummy, dummy, outcome in one.attempts]) if one.attempts else ("unreachable", [])
        if not one.attempts and one.greeting is not None:
            found = "unknown"
        verdicts[one.address] = found
        notes.extend("{0}: {1}".format(one.address, text) for text in said + ([one.trouble] if one.trouble and found != "open" else []))
    worst = next(name for name in ("open", "unknown", "closed", "unreachable") if name in verdicts.values())
    return dict(
        verdict=worst, notes=notes, greeting=next((one.greeting for one in heard if one.greeting), None),
        attempts=[dict(address=one.address, sender=form.sender, recipient=form.recipient, code=code, reply=text, outcome=outcome)
                  for one in heard for form, code, text, outcome in one.attempts],
        transcript=[line for one in heard for line in one.transcript])


def ask(wish, address, deadline):
    """Return the Heard of one address."""
    talk = _Talk(wish, address, deadline)
    talk.run()
    if {DEFERRED, REFUSED} <= talk.outcomes():
        talk.again(DEFERRED)  # postscreen's deep tests put off all of the first session
    if wish.retry_greylisted and DEFERRED in talk.outcomes() and time.monotonic() + wish.retry_greylisted < deadline:
        time.sleep(wish.retry_greylisted)
        talk.again(DEFERRED)
    return Heard(address, talk.greeting, list(talk.attempts), talk.transcript, talk.trouble)


class _Talk(object):
    """All connections to one address."""

    def __init__(self, wish, address, deadline):
        self.wish, self.address, self.deadline = wish, address, deadline
        self.greeting = self.trouble = self.session = self.sender = None
        self.context = None if wish.tls == "none" else context(wish.validate_certs)
        self.attempts, self.transcript = [], []
        self.connections = self.refusals = 0
        self.bearable, self.introduction = REFUSALS, 0.0  # refusals in one connection; seconds until a new one is ready
        self.begun = self.accepted = False  # a message, a recipient of it

    def run(self):
        """Connect, and try every form that the server's greeting makes."""
        if self._connect():
            words = self._words()
            self._try_all(forms(words, self.wish.own_domains, self.wish.witnesses))
            if RELAYED in self.outcomes():
                self._try_all(nonsense(words))
        self._leave()

    def again(self, outcome):
        """Try those forms once more that had this outcome."""
        forms_ = [form for form, dummy, dummy, found in self.attempts if found == outcome]
        self.attempts = [one for one in self.attempts if one[3] != outcome]
        self._try_all(forms_)
        self._leave()

    def outcomes(self):
        """Return the set of outcomes so far."""
        return set(outcome for dummy, dummy, dummy, outcome in self.attempts)

    def _words(self):
        return {"user": "relaytest", "domain": self.wish.foreign_domain, "literal": literal(self.address), "name": self._name()}

    def _name(self):
        """Return the server's name, the first word of its greeting (RFC 5321, section 4.3.1)."""
        words = (self.greeting or "").split()
        return words[1] if len(words) > 1 and "." in words[1] and words[1].isprintable() and len(words[1]) < 256 else NAMELESS

    def _try_all(self, pending):
        pending, tries = list(pending), 0
        while pending:
            if (self.session is None or self.refusals >= self.bearable) and not self._connect():
                break
            if not sayable(pending[0]):
                self.attempts.append((pending.pop(0), None, "no command can say it", UNTESTED))
                continue
            tries += 1
            tried = self._try(pending[0])
            if tried is None and tries < TRIES:
                continue
            self.attempts.append((pending.pop(0),) + (tried or (None, "the connection was dropped", DROPPED)))
            tries = 0
        self.attempts.extend((form, None, "not asked", NOT_ASKED) for form in pending)

    def _connect(self):
        """Open a new connection and greet; tell whether there is one."""
        self._leave()
        if self.connections >= CONNECTIONS:
            self.trouble = "it dropped {0} connections".format(CONNECTIONS)
            return False
        self.connections += 1
        self.refusals, self.sender, self.begun, self.accepted = 0, None, False, False
        session, began = Session(self.wish.helo, self.wish.tls, self.context, self.deadline, self.wish.source_address, self.transcript), time.monotonic()
        try:
            code, text = session.open(self.address, self.wish.port, self.wish.host)
            self.greeting = self.greeting or ("{0} {1}".format(code, text.decode()) if code > 0 else None)
            if code == 220:
                code, text = session.greet()
        except TROUBLES as exc:
            self.trouble = str(exc) or type(exc).__name__
            session.close()
            return False
        self.session, self.introduction = session, time.monotonic() - began
        if code == 250:
            return True
        self.trouble = "it answers {0} {1}".format(code, text.decode()) if code > 0 else "what answers does not speak SMTP"
        self._leave()
        return False

    def _try(self, form):
        """Return (code, text, outcome) of one form, or None where the connection ended with it."""
        began = time.monotonic()
        try:
            outcome, code, text = self._said(form)
        except socket.timeout:
            self._hang_up()
            return None, "no answer in time", DROPPED
        except TROUBLES as exc:
            self._bear(self.refusals)
            self.trouble = str(exc) or type(exc).__name__
            self._hang_up()
            return None
        if code in ENDS:
            self._bear(self.refusals)
            self.trouble = "it answers {0} {1}".format(code, text)
            self._hang_up()
            return None
        if self.refusals and time.monotonic() - began > max(SLOW, self.introduction):
            self._bear(self.refusals)
        if outcome in (RELAYED, LOCAL):
            self.accepted = True
        else:
            self.refusals += 1
        return code, text, outcome

    def _said(self, form):
        """Return (outcome, code, text): what comes of saying a form."""
        commands = []
        if self.sender != form.sender or self.accepted and self.session.pipelines():
            # What was begun, and perhaps accepted, is taken back first.
            commands = ["RSET"] * self.begun + ["MAIL FROM:<{0}>".format(form.sender)]
            self.begun, self.sender, self.accepted = True, None, False
        replies = self.session.say(*(commands + ["RCPT TO:<{0}>".format(form.recipient)]))
        for code, text in replies[:len(commands)]:
            outcome = of_mail(code, text)
            if outcome is not None:
                return outcome, code, text
        self.sender, (code, text) = form.sender, replies[-1]
        return of_recipient(form.kind, code, text), code, text

    def _bear(self, refusals):
        """Note that a connection bears no more than so many refusals: then the server is slow, or hangs up."""
        self.bearable = max(1, min(self.bearable, refusals))

    def _hang_up(self):
        if self.session is not None:
            self.session.close()
        self.session = None

    def _leave(self):
        if self.session is not None:
            self.session.leave()
        self.session = None
