# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who is a stranger, and which few addresses stand for all: the edges of each rule that trust.py tells in its docstrings."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import MatchList
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import parse_address, parse_network
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Tables
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import trust as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust, classes, layer, without


def networks(texts):
    return [parse_network(text) for text in texts]


def shown(found):
    return [str(one) for one in found]


@pytest.mark.parametrize("network, widest, wide", [
    ("203.0.113.0/24", None, False), ("203.0.112.0/23", None, True), ("0.0.0.0/0", None, True), ("203.0.113.7", None, False),
    ("[2001:db8::]/48", None, False), ("[2001:db8::]/47", None, True), ("[::]/0", None, True),
    # Private space is as wide as it is; what holds some of it and more is public.
    ("10.0.0.0/8", None, False), ("10.0.0.0/7", None, True), ("172.16.0.0/12", None, False),
    ("172.0.0.0/8", None, True), ("224.0.0.0/4", None, False), ("fc00::/7", None, False), ("fe80::/10", None, False),
    ("203.0.0.0/16", {"ipv4": "16"}, False), ("202.0.0.0/15", {"ipv4": "16"}, True), ("[2001:db8::]/47", {"ipv4": 16}, True),
    ("[2001:db8::]/32", {"ipv6": 32}, False), ("[2001:db8::]/31", {"ipv6": 32}, True), ("203.0.112.0/23", {"ipv6": 32}, True),
])
def test_a_network_is_too_wide_where_it_holds_public_space_beyond_the_line(network, widest, wide):
    assert Trust(widest=widest).too_wide(parse_network(network)) is wide


def test_what_is_declared_is_all_that_is_trusted_and_must_be_networks():
    patterns = MatchList("198.51.100.0/24", Tables(Files())).patterns
    assert shown(Trust(["203.0.113.0/24", "[2001:db8::]/32"]).believed(patterns)) == ["203.0.113.0/24", "[2001:db8::]/32"]
    assert Trust([]).believed(patterns) == []
    assert Trust([]).excluded(patterns) == subject.UNREACHABLE
    assert shown(Trust().excluded(patterns)) == shown(subject.UNREACHABLE) + ["198.51.100.0/24"]
    with pytest.raises(ValueError):
        Trust(["rubbish"])


REST = "198.51.100.0/24, [2001:db8::]/48"
NARROW = ["198.51.100.0/24", "[2001:db8::]/48"]


# As match_list.c and match_ops.c have it: the first pattern that matches decides, and a broken one fails for whoever gets there.
@pytest.mark.parametrize("mynetworks, believed", [
    ("127.0.0.0/8, " + REST, ["127.0.0.0/8"] + NARROW),
    ("203.0.112.0/23, " + REST, NARROW),
    ("!198.51.100.0/25, " + REST, ["198.51.100.128/25", "[2001:db8::]/48"]),
    (REST + ", !198.51.100.0/25", NARROW),
    ("!198.51.100.0/25, !198.51.100.192/26, " + REST, ["198.51.100.128/26", "[2001:db8::]/48"]),
    ("!198.51.100.0/24, " + REST, ["[2001:db8::]/48"]),
    ("!inline:{host.example=x, 198.51.100.2=x}, 198.51.100.2/31", ["198.51.100.3/32"]),
    ("!cidr:{{198.51.100.0/25 x}}, " + REST, ["198.51.100.128/25", "[2001:db8::]/48"]),
    ("!mail.example.com, " + REST, NARROW), ("mail.example.com, unknown, " + REST, NARROW),
    ("static:x, " + REST, NARROW), ("!static:x, " + REST, []), (REST + ", !static:x", NARROW),
    ("!regexp:{{/^198/ x}}, " + REST, NARROW), ("inline:{203.0.113.7=x}, " + REST, NARROW),
    ("203.0.113.1/24, " + REST, ["[2001:db8::]/48"]), ("[2001:db8::1]/48, " + REST, ["198.51.100.0/24"]), (REST + ", 203.0.113.1/24", NARROW),
    ("!203.0.113.1/24, " + REST, ["[2001:db8::]/48"]),
    ("/nowhere/at/all, " + REST, []), (REST + ", /nowhere/at/all", NARROW),
    ("fail:x, " + REST, []), ("ldap:/etc/x, " + REST, NARROW), ("!ldap:/etc/x, " + REST, NARROW),
])
def test_of_a_list_that_trust_is_believed_which_a_client_gets_to(mynetworks, believed):
    assert shown(Trust().believed(MatchList(mynetworks, Tables(Files())).patterns)) == believed


@pytest.mark.parametrize("network, others, left", [
    ("10.0.0.0/8", [], ["10.0.0.0/8"]), ("10.0.0.0/8", ["[::]/0", "11.0.0.0/8", "9.0.0.0/8"], ["10.0.0.0/8"]),
    ("10.0.0.0/8", ["10.0.0.0/9"], ["10.128.0.0/9"]), ("10.0.0.0/8", ["10.128.0.0/9"], ["10.0.0.0/9"]),
    ("10.0.0.0/8", ["10.0.0.0/8"], []), ("10.0.0.0/8", ["0.0.0.0/0"], []), ("10.0.0.0/30", ["10.0.0.1/32"], ["10.0.0.0/32", "10.0.0.2/31"]),
    ("10.0.0.0/30", ["10.0.0.0/32", "10.0.0.3/32"], ["10.0.0.1/32", "10.0.0.2/32"]), ("10.0.0.0/31", ["10.0.0.0/32", "10.0.0.1/32"], []),
    ("[2001:db8::]/32", ["10.0.0.0/8", "[2001:db8:8000::]/33"], ["[2001:db8::]/33"]),
])
def test_a_network_without_others(network, others, left):
    assert shown(without(parse_network(network), networks(others))) == left


@pytest.mark.parametrize("spec, all_, fails", [
    ("static:x", True, False), ("inline:{a=b}", False, False), ("regexp:{{/./ x}}", True, False),
    ("regexp:{{/^198/ x}}", False, False), ("regexp:{{/stranger/ x}}", False, False), ("cidr:{{0.0.0.0/0 x}}", False, False),
    ("ldap:/etc/x", False, False), ("pipemap:{regexp:{{/^198/ x}}, fail:x}", False, False), ("fail:x", False, True), ("texthash:/nowhere/at/all", False, True),
])
def test_tables_that_match_everything_and_such_that_fail(spec, all_, fails):
    table = Tables(Files()).open(spec)
    assert subject.matches_all(table) is all_
    assert subject.fails(table) is fails


@pytest.mark.parametrize("network, private", [
    ("10.1.0.0/16", ["10.1.0.0/16"]), ("10.0.0.0/8", ["10.0.0.0/8"]), ("10.0.0.0/7", ["10.0.0.0/8"]), ("203.0.0.0/8", []), ("172.0.0.0/8", ["172.16.0.0/12"]),
    ("0.0.0.0/0", ["127.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "169.254.0.0/16", "172.16.0.0/12", "192.168.0.0/16"]),
    ("[::]/0", ["[::1]/128", "[fc00::]/7", "[fe80::]/10"]), ("[2000::]/3", []),
])
def test_the_private_part_of_a_network(network, private):
    assert shown(subject.private_part(parse_network(network))) == private


def at(text):
    return parse_address(text)[1]


def test_a_layer_labels_addresses_by_the_first_network_that_holds_them():
    found = layer([(parse_network("10.0.0.0/16"), "a"), (parse_network("10.0.0.0/8"), "b"), (parse_network("[::]/0"), "c")])
    starts, labels = found[4]
    assert (list(starts), labels) == ([-1, at("10.0.0.0"), at("10.1.0.0"), at("11.0.0.0")], [None, "a", "b", None])
    starts, labels = found[6]
    assert (list(starts), labels) == ([-1, 0, 1 << 128], [None, "c", None])
    assert layer([])[4] == ([-1], [None]) and layer([])[6] == ([-1], [None])


NOT_SIX = parse_network("[::]/0")


def test_each_class_of_addresses_gets_one_and_none_of_those_left_out():
    layers = [layer([(parse_network("20.0.0.0/30"), "a"), (parse_network("20.0.0.0/28"), "b")]), layer([(parse_network("20.0.0.2/31"), "c")])]
    found = classes(layers, networks(["20.0.0.8/29", "[::]/0"]))
    assert found == [(4, 25), (4, at("20.0.0.0")), (4, at("20.0.0.2")), (4, at("20.0.0.4"))]
    found = classes(layers, networks(["0.0.0.0/0"]))
    assert [family for family, dummy in found] == [6]


def test_what_is_the_last_address_of_all_is_a_class_too():
    found = classes([layer([(parse_network("255.255.255.255"), "a")])], [NOT_SIX])
    assert found[1:] == [(4, at("255.255.255.255"))]
    found = classes([layer([(parse_network("[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]"), "a")])], networks(["0.0.0.0/0"]))
    assert found[1:] == [(6, (1 << 128) - 1)]


def test_a_favourite_stands_for_its_class_and_for_no_other():
    layers = [layer([(parse_network("20.0.0.0/24"), "a"), (parse_network("30.0.0.0/24"), "b")])]
    favourites = [parse_address(text) for text in ("20.0.0.77", "20.0.0.88", "2001:db8::25", "40.0.0.1")]
    found = classes(layers, networks(["40.0.0.0/24"]), favourites)
    assert sorted(found) == sorted([(4, 25), (4, at("20.0.0.77")), (4, at("30.0.0.25")), (6, at("2001:db8::25"))])


@pytest.mark.parametrize("network, readable", [
    ("20.0.0.0/24", "20.0.0.25"), ("20.0.0.0/27", "20.0.0.25"), ("20.0.0.0/28", "20.0.0.0"), ("20.0.0.64/26", "20.0.0.64"), ("20.0.1.0/24", "20.0.1.25")])
def test_the_first_address_of_a_network_that_ends_in_0_reads_badly(network, readable):
    assert classes([layer([(parse_network(network), "a")])], [NOT_SIX])[1:] == [(4, at(readable))]


def test_a_range_that_begins_behind_the_first_address_begins_where_it_begins():
    starts = [-1, at("20.0.0.1"), at("20.0.0.200")]
    assert classes([{4: (starts, [None, "a", None]), 6: ([-1], [None])}], [NOT_SIX])[1:] == [(4, at("20.0.0.1"))]


@pytest.mark.parametrize("last, readable", [(at("20.0.0.25"), "20.0.0.25"), (at("20.0.0.24"), "20.0.0.0")])
def test_a_witness_is_never_beyond_its_range(last, readable):
    starts = [-1, at("20.0.0.0"), last + 1]
    assert classes([{4: (starts, [None, "a", None]), 6: ([-1], [None])}], [NOT_SIX])[1:] == [(4, at(readable))]


def test_where_no_ranges_are_known_each_address_of_a_narrow_range_is_asked():
    """256 are few; of more, some are."""
    few, many = parse_network("20.0.0.0/24"), parse_network("20.0.0.0/23")
    for place in (0, 1, 77, 130, 255):
        found = classes([layer([(few, "a")])], [NOT_SIX], told=lambda one, place=place: one[1] == at("20.0.0.0") + place)
        assert (4, at("20.0.0.0") + place) in found and len(found) == 3
    asked = []
    classes([layer([(many, "a")])], [NOT_SIX], told=asked.append)
    inside = [number - at("20.0.0.0") for family, number in asked if family == 4 and many.first <= number <= many.last]
    assert sorted(set(inside)) == [0, 25, 128, 256, 384, 511]
    starts = [-1, at("20.0.0.0"), at("20.0.0.0") + 257]
    asked = []
    classes([{4: (starts, [None, "a", None]), 6: ([-1], [None])}], [NOT_SIX], told=asked.append)
    assert len([one for one in asked if one[0] == 4 and starts[1] <= one[1] < starts[2]]) == 6


def test_of_a_class_with_many_ranges_the_first_eight_are_asked():
    ranges = [parse_network("20.0.{0}.0/32".format(number)) for number in range(12)]
    asked = []
    found = classes([layer([(one, "a") for one in ranges])], [NOT_SIX], told=asked.append)
    assert [one.first in [number for dummy, number in asked] for one in ranges] == [True] * 8 + [False] * 4
    assert found[1:] == [(4, at("20.0.0.0"))]


def test_where_ranges_tell_everything_one_of_a_class_is_enough():
    ranges = [parse_network("20.0.{0}.0/32".format(number)) for number in range(12)]
    assert classes([layer([(one, "a") for one in ranges])], [NOT_SIX])[1:] == [(4, at("20.0.0.0"))]


def test_what_is_taken_away_in_many_parts_leaves_no_more_parts_than_gaps():
    """With what is empty kept, the parts would double with each of 60."""
    taken = [parse_network("10.0.{0}.0/24".format(number)) for number in range(60)]
    assert [str(one) for one in without(parse_network("10.0.0.0/18"), taken)] == ["10.0.60.0/22"]
