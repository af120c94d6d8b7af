# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of blocklists: names, keys, and what is not asked."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl import zones
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.zones import DEAD, DEFAULTS, KEYED, LONGEST, ZONES, parse_zone


@pytest.mark.parametrize("text, shown, secret", [
    ("zen.spamhaus.org", "zen.spamhaus.org", None),
    (" Zen.Spamhaus.ORG. ", "zen.spamhaus.org", None),
    ("a1b2c3.zen.dq.spamhaus.net", "***.zen.dq.spamhaus.net", "a1b2c3"),
    ("A1b2.C3.zen.dq.spamhaus.net.", "***.zen.dq.spamhaus.net", "a1b2.c3"),
    ("a1b2c3.combined.mail.abusix.zone", "***.combined.mail.abusix.zone", "a1b2c3"),
    ("a1b2c3.sbl.dq.spamhaus.net", "***.sbl.dq.spamhaus.net", "a1b2c3"),
])
def test_names(text, shown, secret):
    zone = parse_zone(text)
    assert (zone.shown, zone.secret, zone.refusal) == (shown, secret, None)
    assert zone.name == text.strip().lower().rstrip(".")


def test_a_key_does_not_hide_what_the_codes_mean():
    assert parse_zone("k.zen.dq.spamhaus.net").entry is parse_zone("zen.spamhaus.org").entry is ZONES["zen.spamhaus.org"]
    assert parse_zone("bl.example").entry is None


@pytest.mark.parametrize("text", [
    "", ".", "example", "zen..spamhaus.org", "zen spamhaus.org", "-zen.example", "zen.spamhaus.org=127.0.0.[2..11]",
    "a" * 64 + ".example", "secret!.zen.dq.spamhaus.net", "b\u00fcro.example", "zen.spamhaus.org\n.x", ".".join(["a" * 63] * 3),
])
def test_what_is_no_zone(text):
    with pytest.raises(ValueError) as caught:
        parse_zone(text)
    assert "secret" not in str(caught.value)


def test_the_longest_zone_leaves_room_for_an_ipv6_address():
    assert parse_zone(".".join(["a" * 63, "b" * 63, "c" * (LONGEST - 128)])).refusal is None


@pytest.mark.parametrize("text, why", [
    ("relays.ordb.org", "2006"), ("dnsbl.sorbs.net", "2024"), ("ix.dnsbl.manitu.net", "emptied"), ("msrbl.net", "lapsed"),
    ("k.nszones.com", "fake"), ("zen.dq.spamhaus.net", "key"), ("mail.abusix.zone", "key"),
])
def test_what_is_not_asked(text, why):
    refusal = parse_zone(text).refusal
    assert refusal.startswith("not asked: ") and why in refusal


def test_a_name_that_only_ends_like_a_dead_one_is_asked():
    assert parse_zone("notdul.ru").refusal is None


@pytest.mark.parametrize("name", sorted(ZONES))
def test_no_zone_of_the_table_is_dead(name):
    keyed = any(name.endswith("." + suffix) for suffix in KEYED)
    zone = parse_zone("k." + name if keyed else name)
    assert zone.entry is ZONES[name] and zone.refusal is None
    assert all(0 < octet < 256 and code.meaning for octet, code in zone.entry.codes.items())


def test_defaults_need_neither_key_nor_registration():
    assert set(DEFAULTS) < set(ZONES) - {"b.barracudacentral.org"}
    assert [name for name in DEFAULTS if parse_zone(name).refusal or parse_zone(name).secret or ZONES[name].mixed] == []


def test_every_dead_zone_says_why():
    assert all(dead.why and (dead.year is None or 2000 < dead.year < 2030) for dead in DEAD.values())
    assert zones.HIDDEN == "***"
