# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is a stranger: public address space that nobody declared trusted."""

from bisect import bisect_right
from collections import Counter, OrderedDict
from collections.abc import Iterable
from operator import itemgetter

from .._postfix.errors import Opaque
from .._postfix.match_lists import Pattern
from .._postfix.networks import BITS, EVERYTHING, Network, Ranges, parse_network, to_networks
from .._postfix.tables import TableError

# Space from which no stranger comes: loopback, private, link-local, shared, multicast, this-network, v4-mapped.
UNREACHABLE = [parse_network(text) for text in (
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "224.0.0.0/4", "::/127", "::ffff:0:0/96", "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8")]
# What a server trusts of it where its mynetworks does.
PRIVATE = [parse_network(text) for text in (
    "127.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16",
    "::1/128", "fc00::/7", "fe80::/10")]
# Space from which nobody comes at all.
NOWHERE = [parse_network(text) for text in ("0.0.0.0/8", "224.0.0.0/4", "::/128", "::ffff:0:0/96", "fec0::/10", "ff00::/8")]
# Where there are others: beyond 2000::/3 no IPv6 address is anybody's (RFC 4291, section 2.4).
INHABITED = [parse_network("0.0.0.0/0"), parse_network("2000::/3")]
LOOPBACK = [parse_network("127.0.0.0/8"), parse_network("::1/128")]
# What hardly a table names.
ANYONE = ("kzq7.stranger.example", "198.51.100.77")


class Trust(object):
    """What counts as trusted.

    :param trusted: list of CIDR texts, or None where mynetworks itself says it
    :param dict widest: {"ipv4": prefix length, "ipv6": prefix length} of the widest public entry that is believed
    :raises ValueError: for a network that is none
    """

    def __init__(self, trusted: "Iterable[str] | None" = None, widest: "dict | None" = None) -> None:
        widest = widest or {}
        self.declared = None if trusted is None else [parse_network(text) for text in trusted]
        self.widest = {4: int(widest.get("ipv4", 24)), 6: int(widest.get("ipv6", 48))}

    def too_wide(self, network: Network) -> bool:
        """Tell whether *network* holds public space and is wider than what is believed."""
        return network.length < self.widest[network.family] and not any(network.within(one) for one in UNREACHABLE)

    def excluded(self, patterns: "list[Pattern]") -> "list[Network]":
        """Return the Networks that no stranger is in, for the patterns of a mynetworks list."""
        return UNREACHABLE + self.believed(patterns)

    def believed(self, patterns: "list[Pattern]") -> "list[Network]":
        """Return the Networks that are trusted, for the patterns of a mynetworks list."""
        if self.declared is not None:
            return self.declared
        found, carved = [], []  # type: list[Network], list[Network]
        for one in patterns:
            carved.extend(_ends_for(one))
            if one.negate:
                carved.extend([one.network] if one.network is not None else _named(one.table) if one.table is not None else [])
            elif one.network is not None and not self.too_wide(one.network):
                found.extend(without(one.network, carved) if carved else [one.network])
        return found


def _ends_for(pattern):
    """Return the Networks whose clients get no further in a list than *pattern*, untrusted: it excludes them, or it is broken."""
    if pattern.table is not None:
        return list(EVERYTHING.values()) if pattern.negate and matches_all(pattern.table) or fails(pattern.table) else []
    if pattern.error is None:
        return []
    return list(EVERYTHING.values()) if pattern.origin == pattern.text else [EVERYTHING[6 if ":" in pattern.text else 4]]


def _named(table):
    """Return the Networks that a table of a match list tells of."""
    found = list(table.networks())
    for key in table.keys():
        try:
            found.append(parse_network(key))
        except ValueError:
            continue  # a name
    return found


def without(network: Network, others: "Iterable[Network]") -> "list[Network]":
    """Return the Networks that cover *network* but for what *others* hold."""
    spans = [(network.first, network.last)]
    for other in others:
        if other.family == network.family:
            parts = [part for first, last in spans for part in ((first, min(last, other.first - 1)), (max(first, other.last + 1), last))]
            spans = [(first, last) for first, last in parts if first <= last]
    return [one for first, last in spans for one in to_networks(network.family, first, last)]


def matches_all(table):
    """Tell whether *table* has a value for texts that nobody wrote into it."""
    try:
        return all(table.get(text) is not None for text in ANYONE)
    except (TableError, Opaque):
        return False


def fails(table):
    """Tell whether *table* cannot be asked for any text."""
    try:
        table.get(ANYONE[0])
    except TableError:
        return True
    except Opaque:
        pass
    return False


def private_part(network: Network) -> "list[Network]":
    """Return the Networks of private space that lie in *network*."""
    if any(network.within(one) for one in PRIVATE):
        return [network]
    return [one for one in PRIVATE if one.within(network)]


def layer(pairs):
    """Return {family: (starts, labels)} of [(Network, label), ...]: the first that holds an address labels it."""
    gathered = dict((family, ([], [])) for family in BITS)  # type: dict[int, tuple[list, list]]
    for network, label in pairs:
        spans, labels = gathered[network.family]
        spans.append((network.first, network.last))
        labels.append(label)
    found = {}
    for family, (spans, labels) in gathered.items():
        ranges = Ranges(spans)
        found[family] = ranges.starts, [None if winner is None else labels[winner] for winner in ranges.winners]
    return found


PROBED = 8  # ranges of a class in which an address is looked for to which other answers are given
FEW = 256  # so many addresses of a range are all tried


def classes(layers, excluded, favourites=(), told=None):
    """Return one (family, number) for each class of addresses outside *excluded*: the same labels make one class.

    :param layers: list of {family: (starts, labels)}; from each start on, addresses have that label
    :param excluded: list of Networks
    :param favourites: (family, number) pairs that stand for their class before any other
    :param callable told: a further label of a (family, number), where no ranges are known for it: a few addresses of each class are tried
    """
    told = told or _nothing
    layers = layers + [layer((network, True) for network in excluded)]
    found = []  # type: list[tuple[int, int]]
    for family in (4, 6):
        parts = [one[family] for one in layers]
        changes = [(start, place, label) for place, part in enumerate(parts) for start, label in zip(*part)]
        changes.sort(key=itemgetter(0))
        afters = [change[0] for change in changes[1:]] + [1 << BITS[family]]
        labels = [None] * len(parts)
        standing, probed = OrderedDict(), Counter()  # type: OrderedDict, Counter
        for one in sorted(one for one in favourites if one[0] == family):
            class_ = tuple(part[bisect_right(starts, one[1]) - 1] for starts, part in parts)
            standing.setdefault((class_, told(one)), one)
        for (start, place, label), after in zip(changes, afters):
            labels[place] = label
            class_, first = tuple(labels), max(start, 0)
            if first < after and probed[class_] < PROBED:
                probed[class_] += 1
                for number in _probes(first, after, told):
                    standing.setdefault((class_, told((family, number))), (family, number))
        found.extend(one for (class_, dummy), one in standing.items() if not class_[-1])
    return found


def _nothing(dummy):
    """The further label of an address where the ranges tell everything."""
    return ()


def _probes(first, after, told):
    """Return addresses of a range that are to stand for it, a readable one first."""
    width = after - first
    if told is _nothing:
        return [_readable(first, after)]
    return [_readable(first, after)] + ([first + width * part // 4 for part in range(4)] + [after - 1] if width > FEW else list(range(first, after)))


def _readable(first, after):
    """The first address of a network reads badly in a witness; any of its class does."""
    return first + 25 if after - first > 25 and not first & 255 else first


__all__ = ["LOOPBACK", "NOWHERE", "PRIVATE", "Trust", "UNREACHABLE", "classes", "layer", "matches_all", "private_part",
           "to_networks"]
