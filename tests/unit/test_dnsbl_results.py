# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the answers of several zones about several addresses come to."""

import ipaddress
import subprocess
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl import results
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.query import Answer, point_names, query_name
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.zones import parse_zone

ONE, TWO, SIX = (ipaddress.ip_address(text) for text in ("192.0.2.10", "192.0.2.11", "2001:db8::10"))
PUBLIC = ipaddress.ip_address("1.2.3.4")  # no packet is sent from here
PUBLIC_SIX = ipaddress.ip_address("2a00::1")
BL, OTHER, KEYED, DEAD = (parse_zone(text) for text in ("bl.test", "other.test", "sEcReT.zen.dq.spamhaus.net", "relays.ordb.org"))
COP, ZEN = parse_zone("bl.spamcop.net"), parse_zone("zen.spamhaus.org")
HIT = Answer(None, ("127.0.0.2",), ())
NIL = Answer(None, (), ())


def stands(*zones):
    """Answers for the test points of zones that are in order."""
    return {name: answer for zone in zones for version in (4, 6) for name, answer in zip(point_names(version, zone.name), (HIT, NIL))}


def test_every_name_is_asked_once_with_the_test_points_of_its_family():
    found = results.names([ONE, TWO], [BL])
    assert list(found) == list(point_names(4, "bl.test")) + ["10.2.0.192.bl.test", "11.2.0.192.bl.test"]
    assert list(found.values()) == [None, None, BL, BL]
    assert len(results.names([ONE, SIX], [BL, OTHER])) == 2 * (4 + 2)


def test_dead_zones_and_private_addresses_are_not_asked():
    assert results.names([ONE], [DEAD]) == {}
    assert results.names([ipaddress.ip_address("10.1.2.3")], [ZEN]) == {}
    assert len(results.names([ipaddress.ip_address("10.1.2.3")], [BL])) == 3
    assert len(results.names([ipaddress.ip_address("127.0.0.2")], [ZEN])) == 2


def test_listed_and_clean():
    answers = dict(stands(BL), **{query_name(ONE, "bl.test"): HIT})
    texts = {query_name(ONE, "bl.test"): Answer(None, (), ("sent spam",))}
    found = results.results([ONE, TWO], [BL], answers, texts)
    assert found == [
        {"address": "192.0.2.10", "zone": "bl.test", "status": "listed", "reason": None, "codes": [{"code": "127.0.0.2", "meaning": None}],
         "reasons": ["sent spam"]},
        {"address": "192.0.2.11", "zone": "bl.test", "status": "clean", "reason": None, "codes": [], "reasons": []},
    ]
    assert results.summary(found) == {"listed": ["192.0.2.10"], "unknown": [], "any_listed": True, "any_unknown": False}


@pytest.mark.parametrize("held, barred", [(NIL, NIL), (HIT, HIT), (NIL, HIT), (NIL._replace(problem="timeout"), NIL)])
def test_a_zone_in_doubt_lists_nobody_and_clears_nobody(held, barred):
    answers = dict(zip(point_names(4, "bl.test"), (held, barred)), **{query_name(ONE, "bl.test"): HIT})
    found = results.results([ONE, TWO], [BL], answers, {})
    assert [one["status"] for one in found] == ["unknown", "unknown"]
    assert found[0]["codes"] == [{"code": "127.0.0.2", "meaning": None}]
    whole = results.summary(found)
    assert whole["listed"] == [] and not whole["any_listed"] and whole["any_unknown"]
    assert [(one["zone"], one["addresses"]) for one in whole["unknown"]] == [("bl.test", ["192.0.2.10", "192.0.2.11"])]


def test_one_zone_in_doubt_leaves_the_others_their_word():
    answers = dict(stands(OTHER), **{query_name(ONE, "other.test"): HIT, query_name(TWO, "other.test"): NIL._replace(problem="SERVFAIL")})
    found = results.results([ONE, TWO], [BL, OTHER], answers, {})
    assert [one["status"] for one in found] == ["unknown", "listed", "unknown", "unknown"]
    assert "SERVFAIL" in found[3]["reason"]


def test_families_stand_apart():
    answers = dict(zip(point_names(4, "bl.test"), (HIT, NIL)))
    assert [one["status"] for one in results.results([ONE, SIX], [BL], answers, {})] == ["clean", "unknown"]


def test_ipv6_where_the_table_knows_of_no_ipv6_data():
    found = results.results([PUBLIC, PUBLIC_SIX], [COP, ZEN], stands(COP, ZEN), {})
    assert [one["status"] for one in found] == ["clean", "clean", "unknown", "clean"]
    assert "IPv6" in found[2]["reason"]
    listed = dict(stands(COP), **{query_name(PUBLIC_SIX, COP.name): HIT})
    assert results.results([PUBLIC_SIX], [COP], listed, {})[0]["status"] == "listed"


def test_what_is_not_asked_is_unknown():
    found = results.results([ipaddress.ip_address("10.1.2.3"), ONE], [ZEN, DEAD], stands(ZEN), {})
    assert {one["status"] for one in found} == {"unknown"}
    assert "no public address" in found[0]["reason"] and "2006" in found[1]["reason"]


def test_keys_stay_hidden():
    name = query_name(PUBLIC, KEYED.name)
    assert name == "4.3.2.1.secret.zen.dq.spamhaus.net"
    texts = {name: Answer(None, (), ("see https://list.example/?key=SECRET&ip=1.2.3.4 (secret)",))}
    found = results.results([PUBLIC], [KEYED], dict(stands(KEYED), **{name: HIT}), texts)
    assert found[0]["status"] == "listed" and found[0]["zone"] == "***.zen.dq.spamhaus.net"
    assert found[0]["reasons"] == ["see https://list.example/?key=***&ip=1.2.3.4 (***)"]
    assert "secret" not in repr((found, results.summary(found))).lower()


def test_reasons_are_asked_for_listings_alone():
    white = parse_zone("wl.mailspike.net")
    assert results.is_listing(HIT, BL)
    assert not results.is_listing(HIT, None)  # a test point
    assert not results.is_listing(NIL, BL)
    assert not results.is_listing(Answer(None, ("127.255.255.254",), ()), BL)
    assert not results.is_listing(Answer(None, ("127.0.0.18",), ()), white)


def test_all_rooms_can_be_entered_without_dnspython():
    """Each is imported where there is no dnspython; the one that needs it says so."""
    code = ("import sys; sys.modules['dns'] = None; sys.path[:0] = {0!r}\n"
            "from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl import arguments, check, lookup, own, query, results, zones\n"
            "assert 'ModuleNotFoundError' in lookup.MISSING or 'ImportError' in lookup.MISSING, lookup.MISSING\n").format(sys.path)
    subprocess.check_call([sys.executable, "-c", code])
