# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients that were seen to relay: who of them loses access by a plan, and the least that holds them."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import seen as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.host import read_configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.plan import make_plan
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

MAIN = """\
compatibility_level = 3.6
myhostname = mx.own.example
mydestination = own.example
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject_unauth_destination
mynetworks = {0}
"""


@pytest.fixture
def configured(tmp_path):
    def make(networks):
        (tmp_path / "main.cf").write_text(MAIN.format(networks))
        (tmp_path / "master.cf").write_text(u"smtp inet n - n - - smtpd\n")
        return read_configuration(str(tmp_path), "3.7")[0]
    return make


def client(address, login=None, **more):
    return dict({"address": address, "name": None, "login": login, "count": 3, "first": "2026-01-01T00:00:00Z", "last": "2026-01-09T00:00:00Z",
                 "domains": []}, **more)


def test_who_relayed_and_no_longer_can_is_named(configured):
    before = configured("127.0.0.0/8, 10.0.0.0/8, 0.0.0.0/0")
    after = make_plan(before, Trust()).configuration
    found = subject.losing([client("198.51.100.7", name="app.example.net"), client("10.1.2.3"), client("198.51.100.8", "someone"),
                            client("2001:db8::1"), client("198.51.100.9", count=1), client("rubbish")], before, after)
    assert found == ["198.51.100.7 (app.example.net): 3 messages in the log, the last on 2026-01-09",
                     "198.51.100.9: 1 message in the log, the last on 2026-01-09"]


@pytest.mark.parametrize("seen, expected", [
    (["10.1.2.3"], ["10.1.2.3/32"]),
    (["10.1.2.2", "10.1.2.3"], ["10.1.2.2/31"]),
    (["198.51.100.7", "192.168.1.1"], ["192.168.1.1/32", "198.51.100.7/32"]),  # a narrow public entry is believed
    (["203.0.113.9"], []),                                                     # a stranger, who relayed because it was open
    (["fd00::7", "127.0.0.1"], ["127.0.0.1/32", "fd00::7/128"]),
])
def test_the_least_that_holds_those_who_are_trusted(configured, seen, expected):
    configuration = configured("127.0.0.0/8, 10.0.0.0/8, 198.51.100.0/24, [fd00::]/8, 0.0.0.0/0")
    tight = subject.tightened([client(one) for one in seen] + [client("10.9.9.9", "someone")], configuration, Trust())
    plain = [str(one).replace("[", "").replace("]", "") for one in tight.declared]
    assert sorted(plain) == sorted(expected)


def test_a_tight_plan_is_at_rest(configured, tmp_path):
    configuration = configured("127.0.0.0/8, 10.0.0.0/8")
    evidence = [client("10.1.2.3")]
    first = make_plan(configuration, subject.tightened(evidence, configuration, Trust())).configuration
    assert "10.1.2.3/32" in first.main.entry("mynetworks").text and "10.0.0.0/8" not in first.main.entry("mynetworks").text
    assert make_plan(first, subject.tightened(evidence, first, Trust())).changes == []
