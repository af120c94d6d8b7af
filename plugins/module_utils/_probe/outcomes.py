# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What replies mean, by their digits (RFC 5321, section 4.2); text is looked at only where it speaks of something else than relaying."""

import re

RELAYED, LOCAL, REFUSED, DEFERRED, LIMITED, CLIENT_REFUSED, TLS_REQUIRED, UNTESTED, DROPPED, NOT_ASKED = OUTCOMES = (
    "relayed", "local", "refused", "deferred", "rate_limited", "client_refused", "tls_required", "untested", "dropped", "not_asked")

# Replies that are about the client, or about how much it asks, and not about relaying.
LIMITS = re.compile(r"too (many|much)|rate limit|slow down|throttl", re.IGNORECASE)
CLIENTS = re.compile(r"blocked using|blacklist|blocklist|dnsbl|\brbl\b|spamhaus|spamcop|barracuda|helo command rejected|cannot find your|"
                     r"reverse (host|dns|lookup|mapping)|\bptr\b", re.IGNORECASE)
TURNED_AWAY = re.compile(r"client host rejected", re.IGNORECASE)  # for good, with 5xx: with 4xx it may be greylisting
# Replies that are about whether a domain exists: who asks about another may be told something else.
DOMAINS = re.compile(r"^[45]\.1\.(2|8|10)\b|^5\.7\.27\b|domain not found|does not accept mail|domain .*does not exist", re.IGNORECASE)
# Replies of a server that fails itself (RFC 3463, X.3.X), but for the 4.3.2 that puts a new client off: no answer to the question.
FAILURES = re.compile(r"^4\.3\.(?!2\b)")
RELAYING = re.compile(r"relay(ing)? (access )?(denied|not (allowed|permitted)|prohibited)", re.IGNORECASE)
# With one of these among its answers to foreign mail nobody knows what a server would have said.
UNHEARD = frozenset((CLIENT_REFUSED, LIMITED, DROPPED, NOT_ASKED))
STARTTLS = re.compile(r"STARTTLS", re.IGNORECASE)


def of_mail(code, text):
    """Return the outcome of a form whose MAIL FROM got this reply, or None where it was accepted."""
    if 200 <= code < 300:
        return None
    if code == 530 and STARTTLS.search(text):
        return TLS_REQUIRED
    return _about_the_client(code, text) or UNTESTED


def of_recipient(kind, code, text):
    """Return the outcome of a form of that kind whose RCPT TO got this reply."""
    if 200 <= code < 300:
        return LOCAL if kind in ("routed", "own") else RELAYED
    if code == 530 and STARTTLS.search(text):
        return TLS_REQUIRED
    if not 400 <= code < 600 or DOMAINS.search(text) or FAILURES.search(text):
        return UNTESTED
    # A default Postfix refuses to relay for the time being: defer_unauth_destination.
    return _about_the_client(code, text) or (REFUSED if code >= 500 or RELAYING.search(text) else DEFERRED)


def _about_the_client(code, text):
    if LIMITS.search(text):
        return LIMITED
    return CLIENT_REFUSED if CLIENTS.search(text) or code >= 500 and TURNED_AWAY.search(text) else None


def verdict(attempts):
    """Return (verdict, notes) of one address from its attempts, [(Form, outcome)].

    A relay was seen: open. Every form that was tested was refused, and one that speaks of a foreign domain plainly was: closed. Else
    nobody knows.
    """
    heard = dict((kind, [outcome for form, outcome in attempts if form.kind == kind]) for kind in ("foreign", "routed", "own", "nonsense"))
    notes = list(_notes(heard))
    if RELAYED in heard["foreign"]:
        return ("unknown" if RELAYED in heard["nonsense"] else "open"), notes
    if UNHEARD.intersection(heard["foreign"]) or REFUSED not in heard["foreign"] + _deferred(heard):
        return "unknown", notes
    return "closed", notes


def _deferred(heard):
    """Return [REFUSED] where a deferral of foreign mail is a refusal: all mail for the server's own domains was accepted beside it."""
    return [REFUSED] if DEFERRED in heard["foreign"] and set(heard["own"]) == {LOCAL} else []


def _notes(heard):
    foreign = heard["foreign"]
    if RELAYED in foreign and RELAYED in heard["nonsense"]:
        yield "It accepts what is no address at all: something that answers for everyone stands there, a honeypot or a firewall."
    if LOCAL in heard["routed"] and RELAYED not in foreign:
        yield "It accepts forms that look local, such as user%elsewhere@itself. Whether it takes these for its own mailboxes or sends them on, " \
              "RCPT does not tell."
    if TLS_REQUIRED in foreign:
        yield "It wants TLS first: ask with tls=starttls."
    if CLIENT_REFUSED in foreign:
        yield "It refuses this client for its address, its name or its HELO, which says nothing about relaying. Ask from another address."
    if LIMITED in foreign:
        yield "It limits how much this client may ask. Ask later, or from another address."
    if DEFERRED in foreign:
        yield "It puts mail for foreign domains off. " + (
            "Mail for its own it accepts, so this is how it refuses to relay." if _deferred(heard) else
            "It may be greylisting, which retry_greylisted waits for.")
    if foreign and set(foreign) <= {UNTESTED, DROPPED, NOT_ASKED}:
        yield "It took no sender from this client, did not find the foreign domain, failed itself, or dropped the connection."
    elif NOT_ASKED in foreign or DROPPED in foreign:
        yield "Not every form could be asked."
    if heard["own"] and set(heard["own"]) <= {REFUSED} and set(foreign) <= {REFUSED}:
        yield "It refuses its own postmaster too: this client may say nothing here, and what others may is not known."
