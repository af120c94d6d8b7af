# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real rbldnsd, with each kind of data set that holds addresses."""

import pytest

dnsbl_servers = pytest.importorskip("dnsbl_servers", reason="NOT TESTED: no dnspython here")
pytestmark = pytest.mark.skipif(dnsbl_servers.RBLDNSD is None, reason="NOT TESTED: no rbldnsd here")

POINTS = "127.0.0.2\n!127.0.0.1\n"
ZONES = {
    "set.test": ("ip4set", ":127.0.0.2:Listed ?ip=$\n" + POINTS + "192.0.2.10\n192.0.2.0/28 :127.0.0.4:Range\n!192.0.2.11\n"),
    "trie.test": ("ip4trie", ":127.0.0.2:Listed ?ip=$\n" + POINTS + "192.0.2.0/28 :127.0.0.4:Range\n192.0.2.10\n!192.0.2.11\n"),
    "six.test": ("ip6trie", ":127.0.0.3:Listed ?ip=$\n::ffff:7f00:2\n2001:db8:bad::/48\n!2001:db8:bad::1\n"),
    "emptied.test": ("ip4set", ""),
    "all.test": ("ip4set", ":127.0.0.2:Everyone\n0.0.0.0/1\n128.0.0.0/1\n"),
    "refusing.test": ("ip4set", ":127.255.255.254:Public resolver\n0.0.0.0/1\n128.0.0.0/1\n"),
    "k3y.zen.dq.spamhaus.net": ("ip4set", ":127.0.0.4:Asked with k3y ?ip=$\n" + POINTS + "1.2.3.4\n"),
}
ADDRESSES = ["192.0.2.10", "192.0.2.11", "192.0.2.12", "192.0.2.99", "2001:db8:bad::25", "2001:db8:bad::1", "2001:db8::25"]


@pytest.fixture(scope="module")
def real():
    with dnsbl_servers.rbldnsd(ZONES) as address:
        yield address


def short(found):
    """{(address, zone): (status, [return codes], reasons)}"""
    return {key: (one["status"], [code["code"] for code in one["codes"]], sorted(one["reasons"])) for key, one in found.items()}


def test_a_set_tells_every_match(ask, real):
    found = short(ask(real, ADDRESSES[:4], ["set.test"]))
    assert found["192.0.2.10", "set.test"] == ("listed", ["127.0.0.2", "127.0.0.4"], ["Listed ?ip=192.0.2.10", "Range"])
    assert found["192.0.2.12", "set.test"] == ("listed", ["127.0.0.4"], ["Range"])
    assert found["192.0.2.11", "set.test"] == found["192.0.2.99", "set.test"] == ("clean", [], [])


def test_a_trie_tells_the_most_specific(ask, real):
    found = short(ask(real, ADDRESSES[:4], ["trie.test"]))
    assert found["192.0.2.10", "trie.test"] == ("listed", ["127.0.0.2"], ["Listed ?ip=192.0.2.10"])
    assert found["192.0.2.12", "trie.test"] == ("listed", ["127.0.0.4"], ["Range"])
    assert found["192.0.2.11", "trie.test"] == found["192.0.2.99", "trie.test"] == ("clean", [], [])


def test_ipv6(ask, real):
    found = short(ask(real, ADDRESSES, ["six.test"]))
    assert found["2001:db8:bad::25", "six.test"] == ("listed", ["127.0.0.3"], ["Listed ?ip=2001:db8:bad::25"])
    assert found["2001:db8:bad::1", "six.test"] == found["2001:db8::25", "six.test"] == ("clean", [], [])
    assert found["192.0.2.10", "six.test"][0] == "unknown"


@pytest.mark.parametrize("zone, reason", [
    ("emptied.test", "keeps no test points"), ("all.test", "every name"), ("refusing.test", "public resolvers"), ("not-served.test", "REFUSED"),
])
def test_zones_that_say_nothing(ask, real, zone, reason):
    found = ask(real, ["192.0.2.10", "192.0.2.99"], [zone, "set.test"])
    for address in ("192.0.2.10", "192.0.2.99"):
        assert found[address, zone]["status"] == "unknown" and reason in found[address, zone]["reason"]
    assert found["192.0.2.10", "set.test"]["status"] == "listed"
    assert found["192.0.2.99", "set.test"]["status"] == "clean"


def test_a_key_is_asked_with_and_never_told(ask, real):
    found = ask(real, ["1.2.3.4", "1.2.3.5"], ["k3y.zen.dq.spamhaus.net"])
    one = found["1.2.3.4", "***.zen.dq.spamhaus.net"]
    assert one["status"] == "listed" and one["codes"][0]["meaning"].startswith("XBL")
    assert one["reasons"] == ["Asked with *** ?ip=1.2.3.4"]
    assert found["1.2.3.5", "***.zen.dq.spamhaus.net"]["status"] == "clean"
    assert "k3y" not in repr(found)


def test_an_ipv4_set_answers_for_the_ipv6_test_point(ask, real):
    """Why the test point is no proof of IPv6 data: rbldnsd takes the IPv4 address out of ::ffff:7f00:2."""
    assert ask(real, ["2001:db8::25"], ["set.test"])["2001:db8::25", "set.test"]["status"] == "clean"
