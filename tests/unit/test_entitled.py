# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who has what before a plan and after it."""

import pytest
from listening import both, listener

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.splitting import Box, Guess, Path
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import entitled as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

G = "reject_unauth_destination"
CLOSED = both("permit_mynetworks, " + G)
STRANGER, HOST = ("unknown", "198.51.100.25"), ("unknown", "127.0.0.1")
ELSEWHERE, OWN = "somebody@elsewhere.example", "somebody@example.com"


def box(clients=(STRANGER,), recipients=(ELSEWHERE,), login=None, **more):
    return Box(tuple(clients), ("x.example",), ("s@x.example",), tuple(recipients), login)._replace(**more)


def path(of, *guesses):
    return Path(of, frozenset(), False, False, False, tuple(Guess(*one) for one in guesses), ())


def test_what_two_paths_share():
    both_ = box([STRANGER, HOST], [ELSEWHERE, OWN])
    one, other = box([HOST, STRANGER], [OWN]), box([STRANGER], [ELSEWHERE, OWN])
    assert subject._common(path(both_), path(both_)) == both_
    assert subject._common(path(one), path(other)) == box([STRANGER], [OWN])
    assert subject._common(path(box([HOST])), path(box([STRANGER]))) is None
    assert subject._common(path(box(login="a")), path(box())) == box(login="a")
    for name in subject.DIMENSIONS:
        assert subject._common(path(box()), path(box(**{name: ("other",)}))) is None


@pytest.mark.parametrize("mine, theirs, shared", [
    ([("a", 1)], [("a", 1)], True), ([("a", 1)], [("a", 2)], False), ([("a", 1)], [("b", 2)], True), ([("a", 1)], [], True),
    ([("a", 1), ("b", 1)], [("a", 1), ("b", 2)], False),
])
def test_what_cannot_be_read_answers_both_alike(mine, theirs, shared):
    assert (subject._common(path(box(), *mine), path(box(), *theirs)) is not None) is shared


def test_who_is_declared_trusted_may_be_let_in():
    asked = box([STRANGER, HOST, ("unknown", "203.0.113.7"), ("unknown", "::1")])
    assert subject._undeclared(Trust(), asked) == [asked]
    assert subject._undeclared(Trust(["203.0.113.0/24"]), asked) == [box([STRANGER])]
    assert subject._undeclared(Trust(["0.0.0.0/0"]), asked) == []


def test_mail_for_the_servers_own_domains_is_told_from_that_for_elsewhere():
    found = subject.Differences([], [], [])
    host = listener("relay_domains = example.net\n")
    subject._sort_in(found, host, [box(recipients=[OWN, ELSEWHERE, "x@example.net"]), box(recipients=[OWN])])
    assert found == ([box(recipients=[ELSEWHERE, "x@example.net"])], [box(recipients=[OWN]), box(recipients=[OWN])], [])


@pytest.mark.parametrize("address, elsewhere", [
    ("198.51.100.7", True), ("2001:db8::1", True), ("3fff:ffff::1", True), ("4000::1", False), ("1fff::1", False), ("10.0.0.1", False), ("fd00::1", False),
    ("224.0.0.1", False), ("::1", False)])
def test_where_somebody_may_come_from_who_is_no_neighbour(address, elsewhere):
    assert subject._is_elsewhere(address) is elsewhere


@pytest.mark.parametrize("mynetworks, declared, address, trusted", [
    ("10.0.0.0/8", None, "10.0.0.1", True), ("10.0.0.0/8", None, "192.168.0.1", False), ("203.0.113.0/24", None, "203.0.113.7", True),
    ("203.0.0.0/16", None, "203.0.113.7", False), ("0.0.0.0/0", None, "10.0.0.1", True), ("0.0.0.0/0", None, "224.0.0.1", False),
    ("!10.0.0.1, 10.0.0.0/8", None, "10.0.0.1", False), ("unknown", None, "10.0.0.1", False), ("fail:x", None, "10.0.0.1", False),
    ("ldap:/etc/x", None, "10.0.0.1", False), ("10.0.0.0/8", ["203.0.113.0/24"], "10.0.0.1", False), ("", ["203.0.113.0/24"], "203.0.113.7", True),
    ("10.0.0.1/8", None, "10.0.0.1", False),
])
def test_which_addresses_are_trusted(mynetworks, declared, address, trusted):
    assert subject.is_trusted(listener("mynetworks = {0}\n".format(mynetworks)), Trust(declared), address) is trusted


def told(before, after, trust=None, version=(3, 7)):
    """The numbers of dialogues that are let in and cut off, as sets of (login, client, recipient)."""
    found = subject.differences(listener(before, version=version), listener(after, version=version), trust or Trust())
    return [set((bool(one.login), address, recipient) for one in kind for name, address in one.clients if name == "unknown"
                for recipient in one.recipients if recipient in (ELSEWHERE, OWN)) for kind in found]


def has(found, login, address, recipient):
    return any(one[0] is login and one[1].startswith(address) and one[2] == recipient for one in found)


def test_nothing_changes_where_nothing_is_changed():
    assert told(CLOSED, CLOSED) == [set(), set(), set()]


def test_who_is_let_in():
    relayed, received, cut = told("mydestination = example.com\n" + CLOSED, "mydestination = example.com\nmynetworks = 198.51.100.0/24, 127.0.0.0/8\n" + CLOSED)
    assert has(relayed, False, "198.51.100.", ELSEWHERE) and not has(relayed, False, "127.", ELSEWHERE) and (received, cut) == (set(), set())
    relayed, received, cut = told(both("reject"), CLOSED)
    assert has(received, False, "1", OWN) and not has(relayed, False, "2001", ELSEWHERE) and has(relayed, False, "127.", ELSEWHERE) and cut == set()
    # Whom somebody declared trusted may be let in.
    relayed, received, cut = told("mynetworks =\n" + CLOSED, "mynetworks = 198.51.100.0/24\n" + CLOSED, Trust(["198.51.100.0/24"]))
    assert (relayed, received, cut) == (set(), set(), set())


def test_who_is_cut_off():
    relayed, received, cut = told(CLOSED, both(G))
    assert (relayed, received) == (set(), set()) and has(cut, False, "127.", ELSEWHERE)
    # A stranger's mail for the server's own domain, and not that for elsewhere.
    relayed, received, cut = told(CLOSED, both("permit_mynetworks, reject"))
    assert has(cut, False, "192.0.2.", OWN) and not has(cut, False, "127.", OWN) and not has(cut, False, "192.0.2.", ELSEWHERE)
    relayed, received, cut = told(both("check_sender_access static:OK, " + G), CLOSED)
    assert not has(cut, False, "192.0.2.", ELSEWHERE) and (relayed, received) == (set(), set())


def test_logins_are_entitled_where_people_can_log_in():
    lists, without = both("permit_sasl_authenticated, permit_mynetworks, " + G), CLOSED
    relayed, received, cut = told("smtpd_sasl_auth_enable = yes\n" + lists, "smtpd_sasl_auth_enable = yes\n" + without)
    assert has(cut, True, "192.0.2.", ELSEWHERE) and not has(cut, False, "192.0.2.", ELSEWHERE)
    assert told(lists, without)[2] == set()


def test_a_server_that_failed_for_somebody_did_not_refuse_him():
    """What answered a server error may accept; who was refused may not be let in."""
    broken = "mynetworks = 127.0.0.0/8, 203.0.113.1/24\n"
    assert told(broken + CLOSED, CLOSED)[1] == set()
    assert told(both("reject"), CLOSED)[1] != set()


def test_destinations_that_a_table_allows_are_for_everybody():
    table = "check_recipient_access inline:{elsewhere.example=OK}, "
    found = subject.differences(listener(both(table + G)), listener(both(G)), Trust())
    assert any("somebody@elsewhere.example" in one.recipients for one in found.cut)


def test_what_a_listener_refuses_on_purpose_is_not_unserved():
    found = subject.unserved(listener(CLOSED), [box([STRANGER, HOST], [ELSEWHERE])])
    assert [one.clients for one in found] == [(HOST,)]
    assert subject.unserved(listener("mynetworks = 198.51.100.1/24\n" + CLOSED), [box([STRANGER])]) == [box([STRANGER])]
    assert subject.unserved(listener(CLOSED), []) == []


def test_a_dialogue_is_described_in_plain_words():
    assert subject.described(box([HOST, STRANGER])) == "unknown [127.0.0.1] from <s@x.example> to <somebody@elsewhere.example>"
    assert "127.0.0.1] logged in from" in subject.described(box([HOST], login="a"))


def test_the_dialogues_that_are_compared_are_those_that_either_tells_apart():
    one, other = listener("mynetworks = 10.0.0.0/8\n"), listener("mynetworks = 10.0.0.0/16, static.example\nsmtpd_helo_required = yes\n")
    found = subject.comparison_box(one, other, Trust(), "me")
    addresses = [address for name, address in found.clients if name == "unknown"]
    assert found.login == "me" and len([one for one in addresses if one.startswith("10.")]) == 2 and None in found.helos
    assert all(len(values) == len(set(values)) for values in found[:4])
    # A name that is known is tried with an address that is trusted and with one that is not.
    assert [address.startswith("10.") for name, address in found.clients if name == "static.example"] == [True, False]
    assert OWN in found.recipients and ELSEWHERE in found.recipients
    assert ("mail.stranger.example", addresses[0]) in found.clients
    assert "@elsewhere.example:somebody@mx.example.com" in found.recipients
