# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Addresses and networks at their edges. What is arithmetic is Python's own ipaddress; what is a matter of taste is what smtpd and postmap said."""

import ipaddress

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import networks
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import Network, Ranges

WORLD = {4: ipaddress.ip_address("203.0.113.8"), 6: ipaddress.ip_address("2001:db8::8")}
TOP = {4: (1 << 32) - 1, 6: (1 << 128) - 1}


def number(text):
    return int(ipaddress.ip_address(text))


def spelt(network):
    """A Network as Python's ipaddress has it."""
    return ipaddress.ip_network((network.first, network.length)) if network.family == 4 else ipaddress.IPv6Network((network.first, network.length))


@pytest.mark.parametrize("text", ["0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.8/31", "203.0.113.8/32", "255.255.255.255/32", "127.0.0.0/8",
                                  "::/0", "2001:db8::/32", "2001:db8::8/127", "2001:db8::8/128", "8000::/1"])
def test_a_network_begins_and_ends_where_it_does(text):
    network, expected = networks.parse_network(text), ipaddress.ip_network(text)
    assert (network.family, network.first, network.last, network.length) == (
        expected.version, int(expected.network_address), int(expected.broadcast_address), expected.prefixlen)
    inside = [network.first, network.last]
    outside = [network.first - 1, network.last + 1]
    assert [network.holds((network.family, one)) for one in inside + outside] == [True, True, False, False]
    assert not network.holds((10 - network.family, network.first))  # the same number in the other family


@pytest.mark.parametrize("text, shown", [("10.0.0.0/8", "10.0.0.0/8"), ("10.1.2.3", "10.1.2.3/32"), ("[10.1.2.3]", "10.1.2.3/32"),
                                         ("[2001:db8::]/32", "[2001:db8::]/32"), ("[2001:db8::1/128]", "[2001:db8::1]/128"), ("[::1]", "[::1]/128")])
def test_a_network_is_shown_in_the_form_that_a_list_takes(text, shown):
    assert str(networks.parse_network(text)) == shown
    assert str(networks.parse_network(shown)) == shown


@pytest.mark.parametrize("inner, outer, expected", [
    ("10.0.0.0/8", "10.0.0.0/8", True), ("10.0.0.0/9", "10.0.0.0/8", True), ("10.128.0.0/9", "10.0.0.0/8", True), ("10.0.0.0/7", "10.0.0.0/8", False),
    ("9.0.0.0/8", "10.0.0.0/8", False), ("11.0.0.0/8", "10.0.0.0/8", False), ("10.0.0.0/8", "10.0.0.0/9", False), ("10.0.0.0/8", "10.128.0.0/9", False),
    ("0.0.0.1/32", "[::]/96", False), ("[::1]/128", "0.0.0.0/0", False), ("[::1]/128", "[::]/0", True), ("10.0.0.0/8", "0.0.0.0/0", True),
])
def test_a_network_within_another(inner, outer, expected):
    assert networks.parse_network(inner).within(networks.parse_network(outer)) is expected


def test_everything_is_everything_of_a_family():
    assert {family: (one.family, one.first, one.last) for family, one in networks.EVERYTHING.items()} == {4: (4, 0, TOP[4]), 6: (6, 0, TOP[6])}


@pytest.mark.parametrize("text", ["0.0.0.0", "1.2.3.4", "255.255.255.255", "::", "::1", "2001:db8::9", "::ffff:1.2.3.4", "ffff::"])
def test_addresses_there_and_back(text):
    expected = ipaddress.ip_address(text)
    assert networks.parse_address(text) == (expected.version, int(expected))
    assert networks.parse_address(networks.format_address((expected.version, int(expected)))) == (expected.version, int(expected))


@pytest.mark.parametrize("text", ["", "1.2.3", "1.2.3.4.5", "1.2.3.256", "a", ":", ":::", "1::2::3", "g::", "1.2.3.4 ", "\u0661.2.3.4", "::\ud800"])
def test_what_is_no_address(text):
    with pytest.raises(ValueError, match="bad address pattern"):
        networks.parse_address(text)
    assert networks.valid_address(text) is False


# As smtpd answers to HELO with reject_invalid_helo_hostname (the battery's "invalid helo"), here at the edge of 0.0.0.0/8.
@pytest.mark.parametrize("text, good", [("0.0.0.0", True), ("0.0.0.1", False), ("0.1.2.3", False), ("0.255.255.255", False), ("1.0.0.0", True),
                                        ("255.255.255.255", True), ("::", True), ("::1", True), ("::0.1.2.3", True)])
def test_addresses_that_a_host_can_have(text, good):
    assert networks.valid_address(text) is good


@pytest.mark.parametrize("text, good", [
    ("IPv6:::1", True), ("ipv6:2001:db8::9", True), ("IPV6:::", True), ("::1", False), ("2001:db8::9", False), ("IPv6:1.2.3.4", False), ("ipv6:", False),
    ("IPv6:x", False), ("1.2.3.4", True), ("0.1.2.3", False), ("1.2.3", False), ("", False), ("IPv4:1.2.3.4", False), ("IPv6::1", False)])
def test_what_may_stand_in_the_brackets_of_an_address(text, good):
    assert networks.valid_literal(text) is good


@pytest.mark.parametrize("text, reason", [
    ("203.0.113.0/", "bad mask value"), ("203.0.113.0/x", "bad mask value"), ("203.0.113.0/-1", "bad mask value"), ("203.0.113.0/33", "bad mask length"),
    ("::/129", "bad mask length"), ("203.0.113/24", "bad network value"), ("x/24", "bad network value"), ("203.0.113.1/31", "non-null host address bits"),
    ("::1/127", "non-null host address bits"), ("0.0.0.1/0", "non-null host address bits"), ("[203.0.113.1", "missing ']'"), ("[", "missing ']'"),
    ("[203.0.113.1]x", "garbage after"), ("[203.0.113.0]24", "garbage after"), ("203.0.113", "bad address pattern"), ("[]", "bad address pattern"),
    ("203.0.113.0/24/24", "bad mask value")])
def test_a_broken_network_says_what_is_wrong(text, reason):
    with pytest.raises(ValueError, match=reason):
        networks.parse_network(text)


@pytest.mark.parametrize("family", [4, 6])
@pytest.mark.parametrize("first, last", [(0, 0), (0, 1), (0, 15), (1, 1), (1, 6), (1, 15), (3, 12), (7, 8), (8, 15), (4, 11), (5, 5)])
def test_the_fewest_networks_that_cover_a_range(family, first, last):
    kind = {4: ipaddress.IPv4Address, 6: ipaddress.IPv6Address}[family]
    for low in (0, TOP[family] - 15):
        expected = list(ipaddress.summarize_address_range(kind(low + first), kind(low + last)))
        assert [spelt(one) for one in networks.to_networks(family, low + first, low + last)] == expected


@pytest.mark.parametrize("family", [4, 6])
def test_the_one_network_that_covers_all(family):
    assert [(one.first, one.length) for one in networks.to_networks(family, 0, TOP[family])] == [(0, 0)]
    assert networks.to_networks(family, 5, 4) == []


@pytest.mark.parametrize("texts, expected", [
    ([], []),
    (["10.0.0.0/32", "10.0.0.1/32"], [("10.0.0.0", "10.0.0.1")]),                       # neighbours
    (["10.0.0.0/32", "10.0.0.2/32"], [("10.0.0.0", "10.0.0.0"), ("10.0.0.2", "10.0.0.2")]),  # a gap of one
    (["10.0.0.2/31", "10.0.0.0/31"], [("10.0.0.0", "10.0.0.3")]),                       # in whatever order
    (["10.0.0.0/8", "10.1.0.0/16"], [("10.0.0.0", "10.255.255.255")]),                  # one in the other
    (["10.0.0.0/8", "10.1.0.0/16", "10.255.255.255/32", "11.0.0.0/32"], [("10.0.0.0", "11.0.0.0")]),
    (["255.255.255.255/32", "[::]/128"], [("255.255.255.255", "255.255.255.255"), ("::", "::")]),
    (["10.0.0.0/32", "10.0.0.2/32", "10.0.0.3/32"], [("10.0.0.0", "10.0.0.0"), ("10.0.0.2", "10.0.0.3")]),
    (["255.0.0.0/8", "[::5]/128", "[::6]/128"], [("255.0.0.0", "255.255.255.255"), ("::5", "::6")]),
    (["0.0.0.5/32", "[::5]/128", "[::6]/128"], [("0.0.0.5", "0.0.0.5"), ("::5", "::6")]),  # numbers that meet, families that do not
])
def test_ranges_that_meet_are_one(texts, expected):
    found = networks.merge(networks.parse_network(text) for text in texts)
    assert found == [(ipaddress.ip_address(first).version, number(first), number(last)) for first, last in expected]


@pytest.mark.parametrize("ranges, answers", [
    ([], {0: None, 5: None}),
    ([(0, 0)], {0: 0, 1: None}),
    ([(3, 5)], {2: None, 3: 0, 5: 0, 6: None}),
    ([(4, 6), (3, 5)], {2: None, 3: 1, 4: 0, 5: 0, 6: 0, 7: None}),
    ([(3, 3), (0, 9), (3, 4)], {2: 1, 3: 0, 4: 1, 9: 1, 10: None}),
    ([(0, 1), (4, 5), (0, 9)], {0: 0, 2: 2, 3: 2, 4: 1, 5: 1, 6: 2}),
    ([(2, 3), (4, 5)], {1: None, 2: 0, 3: 0, 4: 1, 5: 1, 6: None}),
])
def test_the_first_range_that_holds_a_number(ranges, answers):
    indexed = Ranges(ranges)
    assert {one: indexed.find(one) for one in answers} == answers
    changes = [one for one in range(12) if indexed.find(one) != (indexed.find(one - 1) if one else None)]
    assert indexed.starts[0] < 0 and indexed.starts[1:] == changes  # nothing is kept that changes nothing
    assert indexed.winners[1:] == [indexed.find(one) for one in changes]


def test_a_network_is_what_its_numbers_say():
    for family, bits in ((4, 32), (6, 128)):
        network = Network(family, int(WORLD[family]), bits - 3)
        assert (network.first, network.last) == (int(WORLD[family]), int(WORLD[family]) + 7)
