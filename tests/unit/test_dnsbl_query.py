# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a blocklist is asked, and what its answers say. Expected names and test points are those of RFC 5782."""

import ipaddress

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.query import (
    CLEAN,
    LISTED,
    NOTHING,
    UNKNOWN,
    Answer,
    doubt,
    parse_address,
    parse_server,
    point_names,
    query_name,
    read,
)
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.zones import ZONES

ZEN, HOSTKARMA, REPUTATION = ZONES["zen.spamhaus.org"], ZONES["hostkarma.junkemailfilter.com"], ZONES["rep.mailspike.net"]


def said(*addresses):
    return Answer(None, addresses, ())


def failed(problem):
    return NOTHING._replace(problem=problem)


@pytest.mark.parametrize("address, name", [
    # RFC 5782, sections 2.1 and 2.4
    ("192.0.2.99", "99.2.0.192.bad.example.com"),
    ("2001:db8:1:2:3:4:567:89ab", "b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bad.example.com"),
    ("::1", "1." + "0." * 31 + "bad.example.com"),
])
def test_query_names(address, name):
    assert query_name(ipaddress.ip_address(address), "bad.example.com") == name


def test_names_of_the_test_points():
    assert point_names(4, "bl.test") == ("2.0.0.127.bl.test", "1.0.0.127.bl.test")
    tail = ".0.0.0.0.0.f.7.f.f.f.f" + ".0" * 20 + ".bl.test"
    assert point_names(6, "bl.test") == ("2" + tail, "1" + tail)


@pytest.mark.parametrize("text, address", [
    ("192.0.2.1", "192.0.2.1"), (" 2001:DB8::0001 ", "2001:db8::1"), ("::ffff:192.0.2.1", "192.0.2.1"), ("::ffff:c000:201", "192.0.2.1"),
])
def test_addresses(text, address):
    assert parse_address(text) == ipaddress.ip_address(address)


@pytest.mark.parametrize("text", ["", "mx.example.com", "192.0.2", "192.0.2.256", "192.0.2.0/24", "fe80::1%eth0", "[::1]", "192.0.2.1:25"])
def test_what_is_no_address(text):
    with pytest.raises(ValueError, match="is no IP address"):
        parse_address(text)


@pytest.mark.parametrize("text, server", [
    ("192.0.2.1", ("192.0.2.1", 53)), ("127.0.0.1:5354", ("127.0.0.1", 5354)), ("::1", ("::1", 53)), ("[::1]", ("::1", 53)),
    ("[::1]:5354", ("::1", 5354)), ("2001:db8::53", ("2001:db8::53", 53)), (" 192.0.2.1 ", ("192.0.2.1", 53)),
])
def test_servers(text, server):
    assert parse_server(text) == server


@pytest.mark.parametrize("text", [
    "", "ns.example.com", "192.0.2.1:", "192.0.2.1:0", "192.0.2.1:65536", "192.0.2.1:dns", "[::1", "[::1]5354", "[::1]:", "::1]:53", "127.0.0.1:-1",
])
def test_what_is_no_server(text):
    with pytest.raises(ValueError, match="is no address of a nameserver"):
        parse_server(text)


@pytest.mark.parametrize("entry, addresses, status, meanings", [
    (None, [], CLEAN, []),
    (None, ["127.0.0.2"], LISTED, [None]),
    (None, ["127.9.9.9"], LISTED, [None]),
    (ZEN, ["127.0.0.10", "127.0.0.4"], LISTED, ["XBL", "PBL"]),
    (ZEN, ["127.0.0.99"], LISTED, [None]),
    (ZEN, ["127.0.1.2"], LISTED, [None]),
    (HOSTKARMA, ["127.0.0.2"], LISTED, ["black"]),
    (HOSTKARMA, ["127.0.0.1"], CLEAN, ["white"]),
    (HOSTKARMA, ["127.0.0.1", "127.0.0.2"], LISTED, ["white", "black"]),
    (REPUTATION, ["127.0.0.18"], CLEAN, ["good"]),
    (REPUTATION, ["127.0.0.10"], LISTED, ["worst"]),
])
def test_what_an_answer_says(entry, addresses, status, meanings):
    reading = read(said(*addresses), entry)
    assert reading.status == status and reading.reason is None
    assert sorted(code for code, dummy in reading.codes) == sorted(addresses)
    assert len(reading.codes) == len(meanings)
    assert all(found == meaning or found.startswith(meaning) for (dummy, found), meaning in zip(reading.codes, meanings))


@pytest.mark.parametrize("entry, answer, reason", [
    (None, said("127.255.255.254"), "public resolvers"),
    (ZEN, said("127.255.255.252"), "mistyped"),
    (ZEN, said("127.255.255.255"), "too many"),
    (None, said("127.255.255.1"), "error"),
    (None, said("127.0.0.1"), "refuses"),
    (ZEN, said("127.0.0.1"), "refuses"),
    (None, said("198.51.100.80"), "rewrites"),
    (None, said("127.0.0.2", "198.51.100.80"), "rewrites"),
    (ZEN, said("127.0.0.2", "127.255.255.254"), "public resolvers"),
    (REPUTATION, said("127.0.0.99"), "good senders"),
    (None, failed("timeout"), "in time"),
    (None, failed("SERVFAIL"), "SERVFAIL"),
    (None, failed("REFUSED"), "REFUSED"),
    (None, failed("NOTIMP"), "NOTIMP"),
    (None, failed("malformed"), "no DNS message"),
])
def test_what_an_answer_does_not_say(entry, answer, reason):
    reading = read(answer, entry)
    assert reading.status == UNKNOWN and reason in reading.reason


@pytest.mark.parametrize("version", [4, 6])
@pytest.mark.parametrize("held, barred, why", [
    (said("127.0.0.2"), said(), None),
    (said("127.0.0.2", "127.0.0.4", "127.0.0.10"), said(), None),
    (said(), said(), "is not listed"),
    (said("127.0.0.2"), said("127.0.0.2"), "every name"),
    (said("198.51.100.80"), said("198.51.100.80"), "rewrites"),
    (said(), said("127.0.0.2"), "broken"),
    (said("127.255.255.254"), said("127.255.255.254"), "public resolvers"),
    (said("127.0.0.1"), said("127.0.0.1"), "refuses"),
    (failed("timeout"), said(), "in time"),
    (said("127.0.0.2"), failed("timeout"), "in time"),
    (failed("SERVFAIL"), failed("SERVFAIL"), "SERVFAIL"),
])
def test_what_test_points_say(version, held, barred, why):
    found = doubt(held, barred, version)
    assert found is None if why is None else why in found


def test_an_unlisted_test_point_says_what_that_may_mean():
    assert "keeps no test points" in doubt(said(), said(), 4)
    assert "no IPv6 data" in doubt(said(), said(), 6)
