# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who relayed: lines of a log, in their order, become clients with counts. Memory is bounded whatever the log holds."""

from collections import OrderedDict

from .lines import CLIENT, LOCAL, LONGEST_ID, TO, client, destination, events, handed_on, is_tagged

LIVES = 50000       # messages that are followed at once
RECIPIENTS = 1000   # of a message that are told apart
FEW = 20            # so many of them need no set
CLIENTS = 20000
SAMPLES = 5         # destinations' domains of a client
DOMAINS = 50000     # of which it is remembered whether they are the server's own


class Life(object):
    """A message from the line with its client on, which is read when it is needed: most mail stays here."""

    __slots__ = ("text", "client", "seen")

    def __init__(self, text, whose=None):
        self.text = text
        self.client = whose
        self.seen = ()

    def whose(self):
        """Return the Client, or None where the line cannot be read."""
        if self.client is None and self.text is not None:
            self.client = client(self.text)
            self.text = None
        return self.client

    def is_local(self):
        """Tell whether it came from this host itself, as from a content filter."""
        return self.text is not None and LOCAL.search(self.text) is not None


class Tally(object):
    """What one client did. first, last: seconds since the epoch."""

    __slots__ = ("count", "first", "last", "domains")

    def __init__(self):
        self.count, self.first, self.last, self.domains = 0, None, None, []

    def add(self, moment, domain):
        self.count += 1
        self.first = moment if self.first is None else min(self.first, moment)
        self.last = moment if self.last is None else max(self.last, moment)
        if domain not in self.domains and len(self.domains) < SAMPLES:
            self.domains.append(domain)


class Relayed(object):
    """Takes blocks of log lines.

    :param is_own: a function (domain, str) -> whether mail for it is for the server itself
    :param float since: seconds since the epoch; what is older does not count
    :param str syslog_name: of the instance; lines of others do not count
    """

    def __init__(self, is_own, since, syslog_name="postfix"):
        self.is_own, self.since, self.tag = is_own, since, syslog_name.encode() + b"/"
        self.lives, self.tallies, self.own = OrderedDict(), {}, {}
        self.dropped = self.unread = 0

    def take(self, block, moments):
        """Take a block of lines. :param moments: the Moments of its file"""
        for at, kind in events(block):
            blank = block.rfind(b" ", at - LONGEST_ID, at)
            id_ = block[blank + 1:at]
            # Of the many lines about deliveries most are of messages that came from no client, or have been counted.
            if kind != TO or id_ in self.lives:
                self._event(block, kind, id_, blank, at, moments)

    def _event(self, block, kind, id_, blank, at, moments):
        start = block.rfind(b"\n", 0, at) + 1
        if not is_tagged(block, start, blank, self.tag) or not id_.isalnum() or id_ == b"NOQUEUE":
            return
        end = block.find(b"\n", at)
        text = block[at + len(kind):end if end >= 0 else len(block)]
        if kind == TO:
            self._delivery(id_, text, moments, block[start:start + 60])
        elif kind == CLIENT:
            self._begin(id_, text)
        else:
            self.lives.pop(id_, None)  # a message from the host itself: queue ids come again

    def _begin(self, id_, text):
        earlier = self.lives.pop(id_, None)
        if earlier is not None and earlier.text is None and LOCAL.search(text) is not None:
            self.lives[id_] = earlier  # the content filter's half of a message whose client is known
            return
        self._follow(id_, Life(text))

    def _follow(self, id_, life):
        self.lives[id_] = life
        if len(self.lives) > LIVES:
            self.lives.popitem(last=False)
            self.dropped += 1

    def _delivery(self, id_, text, moments, stamp):
        life = self.lives[id_]
        further = handed_on(text)
        if further is not None:
            # Its second half is what leaves the host, and may be logged before or after this line.
            half = self.lives.get(further)
            if half is None:
                self._follow(further, Life(None, life.whose()))
            elif half.is_local():
                half.text, half.client = None, life.whose()
            return
        domain, address = destination(text)
        if not domain or self._own(domain) or address in life.seen:
            return
        moment, whose = moments(stamp), life.whose()
        if moment is None or whose is None:
            self.unread += 1
        elif moment >= self.since:
            if len(life.seen) < RECIPIENTS:
                life.seen = life.seen + (address,) if len(life.seen) < FEW else set(life.seen) | {address}
            self._count(whose, moment, domain)

    def _count(self, whose, moment, domain):
        if whose in self.tallies or len(self.tallies) < CLIENTS:
            self.tallies.setdefault(whose, Tally()).add(moment, domain)
        else:
            self.unread += 1

    def _own(self, domain):
        if domain not in self.own:
            if len(self.own) > DOMAINS:
                self.own.clear()
            self.own[domain] = domain.startswith(b"[") or self.is_own(domain.decode("ascii", "replace"))
        return self.own[domain]
