# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restrictions that look at the recipient's domain, and those that ask whether an address exists."""

from .match_lists import ListError
from .replies import DEATH, DUNNO, PERMIT, SERVER_ERROR, reject
from .splitting import Unread, guessed, needs, read, split, unknown
from .tables import Opaque, TableError


def destination(listener, recipient):
    """own, foreign, error or what cannot be read: the destination of *recipient* as permit_auth_destination sees it."""
    resolved = listener.resolver.resolve(recipient)
    if resolved.class_ == "error":
        return "error"
    if resolved.routed and not listener.untrusted_routing and resolved.unknown is None:
        return "foreign"
    if resolved.unknown is not None:
        return Unread(resolved.unknown)
    return "own" if resolved.class_ != "default" else "foreign"


def by_class(listener, path):
    """Split by the destination: [("own", "foreign" or "error", Path), ...]; what cannot be read counts as both of the first two."""
    found = []  # type: list[tuple]
    for answer, sub in split(path, "recipients", lambda one: destination(listener, one)):
        if isinstance(answer, Unread):
            found.extend((guess, guessed(sub, str(answer), guess)) for guess in ("own", "foreign"))
        else:
            found.append((answer, sub))
    return found


def by_destination(own, foreign):
    """Make an effect that answers *own* or *foreign* by the recipient's domain; a callable takes the listener."""
    @needs("recipient")
    def effect(listener, item, path):
        results = {"own": own, "foreign": foreign(listener) if callable(foreign) else foreign, "error": SERVER_ERROR}
        return [(results[class_], sub) for class_, sub in by_class(listener, path)]
    return effect


@needs("recipient")
def mx_backup(listener, item, path):
    found = []  # type: list[tuple]
    for class_, sub in by_class(listener, path):
        if class_ == "foreign":
            found.extend(unknown(sub, "permit_mx_backup, which asks the DNS of the recipient's domain"))
        else:
            found.append((PERMIT if class_ == "own" else SERVER_ERROR, sub))
    return found


def relay_domains(listener, item, path):
    """check_relay_domains also permits a client whose own name is in relay_domains."""
    def classify(client):
        try:
            return PERMIT if listener.relay_domains.matches_domain(client[0]) else DUNNO
        except ListError:
            return DEATH  # smtpd ends itself here, where it meets its own relay_domains
        except Opaque as exc:
            return Unread(exc)
    found = []  # type: list[tuple]
    for result, sub in read(split(path, "clients", classify)):
        found.extend(relayed(listener, item, sub) if result is DUNNO else [(result, sub)])
    return found


def unlisted(field):
    """Make an effect that refuses addresses that no table of recipients has.

    Where a table of the server's own recipients cannot be read, they all count as known: no relay hangs on it.
    """
    def effect(listener, item, path):
        def classify(text):
            if not text or not listener.checks_recipients:
                return DUNNO
            resolved = listener.resolver.resolve(text)
            try:
                reason = listener.recipients.missing(resolved, field == "senders")
            except TableError:
                return SERVER_ERROR
            except Opaque as exc:
                return DUNNO if resolved.class_ in ("local", "alias", "mailbox") else Unread(exc)
            if reason is None:
                return DUNNO
            return reject({"error": 550, "retry": 450}.get(reason) or listener.code(reason))
        found = []  # type: list[tuple]
        for answer, sub in split(path, field, classify):
            if isinstance(answer, Unread):
                found.extend((guess, guessed(sub, str(answer), guess)) for guess in (DUNNO, reject(550)))
            else:
                found.append((answer, sub))
        return found
    return effect


relayed = by_destination(PERMIT, lambda listener: reject(listener.code("relay_domains_reject_code")))
unauth = by_destination(DUNNO, lambda listener: reject(listener.code("relay_domains_reject_code")))
deferred_unauth = by_destination(DUNNO, lambda listener: reject(listener.code("relay_domains_reject_code") - 100))
unlisted_recipient = unlisted("recipients")
unlisted_sender = unlisted("senders")
