# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is known of DNS blocklists: their zones, their return codes, and which of them are gone.

Sources: RFC 5782 and what the operators publish of their own zones. Nothing here is asked of the network.
"""

import re
from collections import namedtuple

# meaning: one phrase; listed: whether the code speaks against the address (False: it speaks for a good sender)
Code = namedtuple("Code", "meaning listed")

# codes: {last octet of 127.0.0.x: Code}; mixed: whether the zone answers for good senders too, so that a code that is not
# in the table proves nothing; ipv6: whether it is known to hold IPv6 addresses. Its test point alone does not show that: rbldnsd
# answers for ::ffff:7f00:2 from the IPv4 addresses that it has.
Entry = namedtuple("Entry", "codes mixed ipv6")

# year: of its end, or None where no source dates it; why: what became of it
Dead = namedtuple("Dead", "year why")


def _entry(codes, white=None, ipv6=False):
    """Return the Entry of {octet or (first, last): meaning}, those of good senders apart."""
    found = {}
    for table, listed in ((codes, True), (white or {}, False)):
        for octets, meaning in table.items():
            first, last = octets if isinstance(octets, tuple) else (octets, octets)
            found.update(dict.fromkeys(range(first, last + 1), Code(meaning, listed)))
    return Entry(found, bool(white), ipv6)


_ZEN = _entry({
    2: "SBL: spam sources and spam operations",
    3: "CSS: snowshoe spam and compromised senders",
    4: "XBL: exploited or infected hosts",
    (5, 7): "XBL: a code that is not in use",
    9: "DROP: networks run by criminals",
    10: "PBL, entered by the provider: policy, not abuse; the range is not meant to send mail directly",
    11: "PBL, entered by Spamhaus: policy, not abuse; the range is not meant to send mail directly",
    30: "BCL: controllers of botnets",
}, ipv6=True)
_ABUSIX = _entry({
    (2, 3): "spam", 200: "spam", 4: "exploited host", 11: "policy: a generic reverse name", 12: "policy: no reverse name",
}, ipv6=True)
_MAILSPIKE_BAD = {2: "a wave of spam right now", 10: "worst reputation", 11: "very bad reputation", 12: "bad reputation"}
_MAILSPIKE_GOOD = {(17, 20): "good reputation"}
_RANGE = "a whole range or network is listed: no evidence about this address"

ZONES = {
    "zen.spamhaus.org": _ZEN,
    "zen.dq.spamhaus.net": _ZEN,
    "bl.spamcop.net": _entry({2: "reported as a source of spam of late"}),
    "b.barracudacentral.org": _entry({2: "poor reputation"}),
    "psbl.surriel.com": _entry({2: "sent mail to a spam trap"}),
    "dnsbl-1.uceprotect.net": _entry({2: "sent mail to a spam trap"}),
    "dnsbl-2.uceprotect.net": _entry({2: _RANGE}),
    "dnsbl-3.uceprotect.net": _entry({2: _RANGE}),
    "ips.backscatterer.org": _entry({2: "sent bounces or callouts to strangers in the last four weeks; no list of spam sources"}),
    # The operator's pages and the software that uses the zone differ on what each class is.
    "dnsbl.dronebl.org": _entry({(3, 19): "abused or abusable host, of the class that the last octet numbers"}),
    "bl.mailspike.net": _entry(_MAILSPIKE_BAD),
    "rep.mailspike.net": _entry(_MAILSPIKE_BAD, _MAILSPIKE_GOOD),
    "wl.mailspike.net": _entry({}, _MAILSPIKE_GOOD),
    "combined.mail.abusix.zone": _ABUSIX,
    "all.s5h.net": _entry({2: "sent spam"}),
    "hostkarma.junkemailfilter.com": _entry({2: "black: sends spam"}, {1: "white: a good sender"}),
}

# Free, in operation, asked without a key or a registration, and about the address itself.
DEFAULTS = ("zen.spamhaus.org", "bl.spamcop.net", "psbl.surriel.com", "bl.mailspike.net")

# Below these a name starts with the key of a customer, which is a secret.
KEYED = ("dq.spamhaus.net", "mail.abusix.zone")

_LISTED_ALL = "it ended by listing every address"
_EMPTIED = "it was emptied"
_GONE = "it is not run any more"
_FAKE = "a fake list, Spamhaus says"

# A zone is dead with everything below it.
DEAD = {
    "relays.ordb.org": Dead(2006, _LISTED_ALL),
    "spews.org": Dead(2006, _GONE),
    "list.dsbl.org": Dead(2008, _LISTED_ALL),
    "ybl.megacity.org": Dead(2010, _LISTED_ALL),
    "rfc-ignorant.org": Dead(2012, _GONE),
    "dnsbl.njabl.org": Dead(2013, _GONE),
    "ahbl.org": Dead(2015, _LISTED_ALL),
    "dul.ru": Dead(2015, _LISTED_ALL),
    "virbl.bit.nl": Dead(2017, _GONE),
    "dnsbl.cyberlogic.net": Dead(2018, _LISTED_ALL),
    "spamcannibal.org": Dead(2018, _GONE),
    "megarbl.net": Dead(2019, _LISTED_ALL),
    "bl.emailbasura.org": Dead(2019, _LISTED_ALL),
    "dnsbl.inps.de": Dead(2020, _GONE),
    "sorbs.net": Dead(2024, _EMPTIED),
    "ix.dnsbl.manitu.net": Dead(2025, _EMPTIED),
    "db.wpbl.info": Dead(2025, _GONE),
    "wormrbl.imp.ch": Dead(2025, _GONE),
    "ubl.unsubscore.com": Dead(None, _GONE),
    "msrbl.net": Dead(None, "its domain lapsed twice, and every address was listed"),
    "nszones.com": Dead(None, _FAKE),
    "bad.psky.me": Dead(None, _FAKE),
}

HIDDEN = "***"
# RFC 1035, as text without the last dot; an IPv6 address takes 32 nibbles and as many dots of it.
LONGEST = 253 - 64
_LABEL = re.compile(r"(?i)(?!-)[a-z0-9_-]{1,63}(?<!-)\Z")

# name: in lower case, without the last dot; what is asked. shown: the same without the key; what may be told.
# secret: the key, or None; entry: Entry, or None where the zone is none of ours; refusal: why it is not asked, or None
Zone = namedtuple("Zone", "name shown secret entry refusal")


def parse_zone(text):
    """Return the Zone that *text* names.

    :raises ValueError: where it is no name of a zone; the message does not repeat the text, which may hold a key
    """
    if "=" in text:
        raise ValueError("has a filter behind \"=\", which is for Postfix: write the name of the zone alone")
    name = text.strip().lower()
    if name.endswith("."):
        name = name[:-1]
    labels = name.split(".")
    if len(name) > LONGEST or len(labels) < 2 or not all(_LABEL.match(label) for label in labels):
        raise ValueError("is no domain name of a zone")
    shown, secret = _without_key(name)
    return Zone(name, shown, secret, ZONES.get(shown[len(HIDDEN) + 1:] if secret else name), _refusal(name, secret))


def _without_key(name):
    """Return (what may be shown, key or None): the key is all that stands ahead of the list, as in KEY.zen.dq.spamhaus.net."""
    for suffix in KEYED:
        if name.endswith("." + suffix):
            key, dummy, rest = name[:-len(suffix) - 1].rpartition(".")
            return (".".join((HIDDEN, rest, suffix)), key) if key else (name, None)
    return name, None


def _refusal(name, secret):
    if secret is None and any(name == suffix or name.endswith("." + suffix) for suffix in KEYED):
        return "not asked: the zone answers only with a customer's key ahead of its name"
    for parent, dead in DEAD.items():
        if name == parent or name.endswith("." + parent):
            return "not asked: a dead zone ({0}{1})".format("" if dead.year is None else "{0}: ".format(dead.year), dead.why)
    return None
