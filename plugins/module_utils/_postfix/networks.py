# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and networks as numbers, and the pattern syntax of match lists and cidr tables (cidr_match.c)."""

import socket
from bisect import bisect_right
from collections.abc import Iterable
from functools import lru_cache
from heapq import heappop, heappush

BITS = {4: 32, 6: 128}
_LONG_MAX, _UNSIGNED = 2 ** 63 - 1, 2 ** 32 - 1  # a mask is read as a long and kept in 32 bits (atoi(3) in cidr_match.c)
_FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}


class Network(object):
    """A range of addresses of one family: family 4 or 6, first and last address as int, prefix length."""

    __slots__ = ("family", "first", "last", "length")

    def __init__(self, family: int, first: int, length: int) -> None:
        self.family = family
        self.length = length
        self.first = first
        self.last = first | ((1 << (BITS[family] - length)) - 1)

    def holds(self, address: "tuple[int, int]") -> bool:
        """Tell whether *address*, a (family, number) pair, lies in this network."""
        return address[0] == self.family and self.first <= address[1] <= self.last

    def within(self, other: "Network") -> bool:
        """Tell whether this network lies in *other*."""
        return self.family == other.family and other.first <= self.first and self.last <= other.last

    def __str__(self) -> str:
        text = format_address((self.family, self.first))
        return "{0}/{1}".format(text if self.family == 4 else "[" + text + "]", self.length)


EVERYTHING = dict((family, Network(family, 0, 0)) for family in BITS)


@lru_cache(maxsize=4096)
def parse_address(text: str) -> "tuple[int, int]":
    """Return (family, number) of an address in text form; raise ValueError where it is none."""
    family = 6 if ":" in text else 4
    try:
        return family, int.from_bytes(socket.inet_pton(_FAMILY[family], text), "big")
    except (OSError, UnicodeError):
        raise ValueError("bad address pattern: \"{0}\"".format(text))


def valid_address(text: str) -> bool:
    """Tell whether *text* is an address a host can have: 0.0.0.0 is one, 0.1.2.3 is none (valid_hostname.c)."""
    try:
        family, number = parse_address(text)
    except ValueError:
        return False
    return family == 6 or number == 0 or number >= 1 << 24


def valid_literal(text: str) -> bool:
    """Tell whether *text* may stand in the brackets of ``user@[...]``: an IPv6 address needs its prefix (valid_mailhost_addr.c)."""
    if text[:5].lower() == "ipv6:":
        return ":" in text[5:] and valid_address(text[5:])
    return ":" not in text and valid_address(text)


@lru_cache(maxsize=4096)
def format_address(address: "tuple[int, int]") -> str:
    """Return the text form of a (family, number) pair."""
    family, number = address
    return socket.inet_ntop(_FAMILY[family], number.to_bytes(BITS[family] // 8, "big"))


@lru_cache(maxsize=4096)
def parse_network(pattern: str) -> Network:
    """Return the Network that *pattern* means to Postfix; raise ValueError with Postfix's reason where it is broken."""
    bare, slash, mask = (_unbracketed(pattern) if pattern.startswith("[") else pattern).partition("/")
    if not slash:
        family, number = parse_address(bare)
        return Network(family, number, BITS[family])
    bits = BITS[6 if ":" in bare else 4]
    if not mask or mask.strip("0123456789"):
        raise ValueError("bad mask value in \"{0}\"".format(pattern))
    length = min(int(mask), _LONG_MAX) & _UNSIGNED
    if length > bits:
        raise ValueError("bad mask length in \"{0}\"".format(pattern))
    try:
        family, number = parse_address(bare)
    except ValueError:
        raise ValueError("bad network value in \"{0}\"".format(pattern))
    if number & ((1 << (bits - length)) - 1):
        raise ValueError("non-null host address bits in \"{0}\"".format(pattern))
    return Network(family, number, length)


def _unbracketed(pattern: str) -> str:
    """Return ``[addr]/len``, ``[addr/len]`` or ``[addr]`` without its brackets."""
    inside, bracket, rest = pattern[1:].partition("]")
    if not bracket:
        raise ValueError("missing ']' character after \"{0}\"".format(pattern))
    if rest and not rest.startswith("/"):
        raise ValueError("garbage after \"[{0}]\"".format(inside))
    return inside + rest


def to_networks(family: int, first: int, last: int) -> "list[Network]":
    """Return the fewest Networks that cover the addresses from *first* to *last* and no other."""
    found, bits = [], BITS[family]
    while first <= last:
        size = (first ^ (first - 1)).bit_length() - 1 if first else bits
        while (1 << size) - 1 > last - first:
            size -= 1
        found.append(Network(family, first, bits - size))
        first += 1 << size
    return found


def merge(networks: "Iterable[Network]") -> "list[tuple[int, ...]]":
    """Return sorted, disjoint (family, first, last) ranges that cover *networks*."""
    merged = []  # type: list[list[int]]
    for family, first, last in sorted((net.family, net.first, net.last) for net in networks):
        if merged and merged[-1][0] == family and first <= merged[-1][2] + 1:
            merged[-1][2] = max(merged[-1][2], last)
        else:
            merged.append([family, first, last])
    return [tuple(item) for item in merged]


class Ranges(object):
    """Which of many ranges of one family holds a number: the first in their order, found in logarithmic time.

    :param ranges: list of (first, last) pairs of int; they may overlap
    starts: where the winner changes, ascending; winners: who wins from there on, a position in *ranges* or None
    """

    __slots__ = ("starts", "winners")

    def __init__(self, ranges: "list[tuple[int, int]]") -> None:
        self.starts, self.winners = [-1], [None]  # type: list[int], list[int | None]
        if not ranges:
            return
        order = sorted(range(len(ranges)), key=lambda position: ranges[position][0])
        edges = set(first for first, dummy in ranges)
        edges.update(last + 1 for dummy, last in ranges)
        begun, rivals = 0, []  # type: int, list[int]
        for edge in sorted(edges):
            while begun < len(order) and ranges[order[begun]][0] == edge:
                heappush(rivals, order[begun])
                begun += 1
            while rivals and ranges[rivals[0]][1] < edge:
                heappop(rivals)
            winner = rivals[0] if rivals else None
            if winner != self.winners[-1]:
                self.starts.append(edge)
                self.winners.append(winner)

    def find(self, number: int) -> "int | None":
        """Return the position of the first range that holds *number*, or None."""
        return self.winners[bisect_right(self.starts, number) - 1]
