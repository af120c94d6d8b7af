# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is asked of a DNS blocklist and what its answer says (RFC 5782). Pure: no DNS library, no network."""

import ipaddress
from collections import namedtuple

LISTED, CLEAN, UNKNOWN = "listed", "clean", "unknown"

# problem: why there is no answer, a key of PROBLEMS or the name of another RCODE, or None; addresses: the A records, texts;
# reasons: the TXT records. NXDOMAIN is an answer: no problem, no address.
Answer = namedtuple("Answer", "problem addresses reasons")
NOTHING = Answer(None, (), ())

# status: LISTED, CLEAN or UNKNOWN; codes: [(A record, meaning or None)]; reason: one phrase where UNKNOWN, else None
Reading = namedtuple("Reading", "status codes reason")

PROBLEMS = {
    "timeout": "no answer in time",
    "unreachable": "the nameserver cannot be reached",
    "malformed": "the answer is no DNS message",
    "truncated": "the answer is truncated, and there is none over TCP",
    "SERVFAIL": "the nameserver failed (SERVFAIL)",
    "REFUSED": "the nameserver refuses to answer (REFUSED)",
}

# Answers within 127.0.0.0/8 that are no listing.
ERRORS = {
    "127.255.255.252": "the zone's name is mistyped, the zone says",
    "127.255.255.254": "the zone does not answer public resolvers, or resolvers without a name of their own",
    "127.255.255.255": "the zone has had too many queries from this resolver",
}
_ERROR_SPACE = ipaddress.ip_network("127.255.255.0/24")
_ANSWER_SPACE = ipaddress.ip_network("127.0.0.0/8")
_REFUSAL = "127.0.0.1"

# By IP version: what every list holds, what none may hold (RFC 5782, section 5).
TEST_POINTS = {4: ("127.0.0.2", "127.0.0.1"), 6: ("::ffff:7f00:2", "::ffff:7f00:1")}
_TEST_POINTS = {version: tuple(ipaddress.ip_address(text) for text in texts) for version, texts in TEST_POINTS.items()}

DNS_PORT = 53


def parse_address(text):
    """Return the ipaddress object of *text*; an IPv4 address that is mapped into IPv6 is one of IPv4.

    :raises ValueError: where it is none, with a message for the user
    """
    try:
        address = ipaddress.ip_address("" if "%" in text else text.strip())
    except ValueError:
        raise ValueError("\"{0}\" is no IP address".format(text))
    return getattr(address, "ipv4_mapped", None) or address


def parse_server(text):
    """Return (address, port) of a nameserver: ``192.0.2.1``, ``192.0.2.1:5354``, ``2001:db8::1`` or ``[2001:db8::1]:5354``.

    :raises ValueError: where it is none, with a message for the user
    """
    host, port = text.strip(), str(DNS_PORT)
    if host.startswith("["):
        host, bracket, rest = host[1:].partition("]")
        port = rest[1:] if rest.startswith(":") else port if bracket and not rest else ""
    elif host.count(":") == 1:
        host, dummy, port = host.partition(":")
    try:
        number, address = int(port) if port.isdigit() else 0, ipaddress.ip_address(host)
    except ValueError:
        number = 0
    if not 0 < number < 65536:
        raise ValueError("\"{0}\" is no address of a nameserver, such as 192.0.2.1 or [2001:db8::1]:5354".format(text))
    return str(address), number


def query_name(address, zone):
    """Return the name to ask *zone* (str) for: octets, or 32 nibbles, from last to first (RFC 5782, sections 2.1 and 2.4).

    :param address: an ipaddress object
    """
    # By number: what a mapped IPv4 address looks like as text depends on the Python.
    parts = str(address).split(".") if address.version == 4 else "{0:032x}".format(int(address))
    return ".".join(list(reversed(parts)) + [zone])


def point_names(version, zone):
    """Return (name that must be listed, name that must not) in *zone* (str) for an IP version, 4 or 6."""
    return tuple(query_name(address, zone) for address in _TEST_POINTS[version])


def read(answer, entry):
    """Return the Reading of an Answer.

    :param entry: the zone's Entry, or None where it is none of ours
    """
    if answer.problem:
        return Reading(UNKNOWN, [], PROBLEMS.get(answer.problem, "the nameserver answers {0}".format(answer.problem)))
    codes, reasons, against = [], [], False
    for text in sorted(answer.addresses, key=ipaddress.ip_address):
        meaning, reason, listed = _read_code(text, entry)
        codes.append((text, meaning))
        reasons.extend([reason] if reason else [])
        against = against or listed
    if reasons:
        return Reading(UNKNOWN, codes, reasons[0])
    return Reading(LISTED if against else CLEAN, codes, None)


def _read_code(text, entry):
    """Return (meaning or None, reason why it says nothing or None, whether it speaks against the address)."""
    address = ipaddress.ip_address(text)
    if address not in _ANSWER_SPACE:
        return None, "{0} is no answer of a blocklist: the resolver rewrites it, or the zone is for sale".format(text), False
    if address in _ERROR_SPACE:
        return None, "{0}: {1}".format(text, ERRORS.get(text, "an error that the zone tells")), False
    code = entry.codes.get(int(address) - int(_ANSWER_SPACE.network_address)) if entry else None
    if code:
        return code.meaning, None, code.listed
    if text == _REFUSAL:
        return None, "127.0.0.1: the zone refuses to answer this resolver", False
    if entry and entry.mixed:
        return None, "{0} is no code that is known, and the zone lists good senders too".format(text), False
    return None, None, True


def doubt(held, barred, version):
    """Return why a zone is not to be believed for an IP version (4 or 6), or None.

    :param Answer held: for the test point that it must hold
    :param Answer barred: for the one that it must not hold
    """
    points = TEST_POINTS[version]
    for point, answer in zip(points, (held, barred)):
        reading = read(answer, None)
        if reading.status == UNKNOWN:
            return "test point {0}: {1}".format(point, reading.reason)
    if held.addresses and barred.addresses:
        return "both test points, {0} and {1}, are listed: the zone, or the resolver, answers every name".format(*points)
    if barred.addresses:
        return "test point {1} is listed and {0} is not: no blocklist, or a broken one".format(*points)
    if not held.addresses:
        return "test point {0} is not listed: the zone {1}".format(points[0], _NO_DATA[version])
    return None


_NO_DATA = {
    4: "is empty, withholds its data from this resolver, is no blocklist, or one that keeps no test points",
    6: "has no IPv6 data, or keeps no test points for it",
}
