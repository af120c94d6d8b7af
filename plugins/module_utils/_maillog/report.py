# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Reads what there is of a log, and tells who relayed, as plain data. No sender's or recipient's address is in it."""

import os
import time

from . import sources
from .moments import Moments, shown
from .relayed import Relayed

DAY = 86400


def read(named, maillog_file, days, is_own, syslog_name):
    """Return (Relayed, sources, notes): sources are dicts with path and octets, notes are sentences.

    :param named: paths, or None for the host's own
    :param int days: how far back
    """
    now = time.time()
    relayed, read_, notes = Relayed(is_own, now - days * DAY, syslog_name), [], []
    paths = sources.find(named, maillog_file, now - days * DAY)
    for path in paths:
        read_.append(_take(relayed, path, lambda path=path: sources.blocks(path), notes))
    if not paths and named is None:
        read_.append(_take(relayed, sources.SHOWN, lambda: sources.journal(now - days * DAY), notes))
    if relayed.dropped:
        notes.append("{0} messages were under way at once and are not followed to their end".format(relayed.dropped))
    if relayed.unread:
        notes.append("{0} lines of clients could not be read, or were too many".format(relayed.unread))
    return relayed, read_, notes


def _take(relayed, path, blocks, notes):
    """Read one source as far as that goes."""
    octets = 0
    try:
        moments = Moments(os.path.getmtime(path) if path != sources.SHOWN else time.time())
        for block in blocks():
            octets += len(block)
            relayed.take(block, moments)
    except sources.ERRORS as exc:
        notes.append("{0}: {1}; what came before it counts".format(path, exc))
    return dict(path=path, octets=octets)


def clients(relayed):
    """Return the clients as the module documents them, who relayed most first."""
    found = []
    for whose, tally in relayed.tallies.items():
        found.append(dict(
            address=_text(whose.address), name=None if whose.name in (b"unknown", b"") else _text(whose.name), login=_text(whose.login) or None,
            count=tally.count, first=shown(tally.first), last=shown(tally.last), domains=[_text(domain) for domain in tally.domains]))
    return sorted(found, key=lambda one: (-one["count"], one["address"], one["login"] or ""))


def _text(octets):
    return "".join(char if char.isprintable() else "?" for char in octets.decode("utf-8", "replace"))
