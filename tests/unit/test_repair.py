# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which edits of a list are tried, how large each is, and which of them is taken."""

import pytest
from listening import RECIPIENT, RELAY, both, configuration

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import repair as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.draft import Draft
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.harm import Harm
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

GUARD = "reject_unauth_destination"
MINE, LOGINS, CERTS = "permit_mynetworks", "permit_sasl_authenticated", "permit_tls_clientcerts"


@pytest.mark.parametrize("have, wanted, broken, size", [
    ("a b", "a b", "", 0), ("a b", "a b c", "", 1), ("a b", "x a y b", "", 2), ("a b", "a x y b", "", 2),
    # What is moved is one word, and so is what takes the place of a word that goes, and that weighs three more.
    ("a b", "b a", "", 1), ("a b c d", "c d a b", "", 2), ("a b", "a", "", 4), ("a b", "a c", "", 4), ("a b", "a c d", "", 5), ("a b c", "d", "", 12),
    # No loss: what opens the list, what no Postfix knows.
    ("a permit", "a", "", 1), ("a PERMIT", "a", "", 1), ("warn_if_reject a", "a", "", 1), ("a b", "a", "b", 1), ("a b c", "a", "b", 5),
    # A new list.
    ("", "a", "", 2), ("", "a b", "", 3),
])
def test_the_size_of_an_edit(have, wanted, broken, size):
    assert subject._size(have.split(), wanted.split(), broken.split()) == size


@pytest.mark.parametrize("have, culprits, kept, moved", [
    (["permit_mynetworks", "static:OK", GUARD], ["check_client_access static:OK"], ["permit_mynetworks", GUARD], ["static:OK"]),
    (["check_client_access", "static:OK", GUARD], ["check_client_access static:OK"], [GUARD], ["check_client_access", "static:OK"]),
    (["Check_Client_Access", "static:OK", GUARD], ["check_client_access static:OK"], [GUARD], ["Check_Client_Access", "static:OK"]),
    (["check_client_access", "static:DUNNO", "check_client_access", "static:OK"], ["check_client_access static:OK"],
     ["check_client_access", "static:DUNNO"], ["check_client_access", "static:OK"]),
    (["check_sender_access", "inline:{a=OK}", GUARD], ["check_sender_access inline:{...}"], [GUARD], ["check_sender_access", "inline:{a=OK}"]),
    # Of two that are at fault, both; of those that are not, none.
    (["a:b", MINE, "check_helo_access", "c:d"], ["check_client_access a:b", "check_helo_access c:d"], [MINE], ["a:b", "check_helo_access", "c:d"]),
    (["check_helo_access", "a:b"], ["check_client_access c:d"], ["check_helo_access", "a:b"], []),
    # A word that stands alone: a class, or what permits; who is entitled stays.
    (["friends", GUARD], ["friends"], [GUARD], ["friends"]), (["Friends", GUARD], ["friends"], [GUARD], ["Friends"]),
    (["permit", GUARD], ["permit"], [GUARD], []), ([MINE, LOGINS, GUARD], [MINE, LOGINS], [MINE, LOGINS, GUARD], []),
    (["friends", GUARD], ["enemies"], ["friends", GUARD], []), (["friends", GUARD], [], ["friends", GUARD], []),
    (["check_client_access", GUARD], ["check_client_access"], [GUARD], ["check_client_access"]),
    # A name without its table.
    ([GUARD, "check_client_access"], ["check_client_access a:b"], [GUARD, "check_client_access"], []),
    (["check_client_access", GUARD], ["check_client_access a:b"], ["check_client_access", GUARD], []),
    (["friends", "a:b"], ["friends"], ["a:b"], ["friends"]),
])
def test_what_opens_a_list_is_taken_out_whole(have, culprits, kept, moved):
    assert subject._take_out(have, culprits) == (kept, moved)


def test_the_words_of_a_guard():
    lists = {RELAY: [CERTS, "Check_Recipient_Access", "a:b", "check_sender_access", "c:d"], RECIPIENT: [MINE, "check_recipient_access", "e:f", GUARD]}
    assert subject._named(lists) == [MINE, CERTS]
    assert subject._destinations(lists) == ["Check_Recipient_Access", "a:b", "check_recipient_access", "e:f"]
    assert subject._guard_words(lists) == [MINE, LOGINS, CERTS, GUARD]
    assert subject._guard_words(lists, ["x", "a:b"]) == [MINE, LOGINS, CERTS, "x", "a:b", GUARD]
    assert subject._destinations({RELAY: ["check_recipient_access", "a:b"], RECIPIENT: []}) == ["check_recipient_access", "a:b"]
    nothing = {RELAY: [], RECIPIENT: ["check_recipient_access"]}
    assert (subject._named(nothing), subject._destinations(nothing)) == ([], [])
    assert subject._guard_words(nothing) == [MINE, LOGINS, GUARD]


def ways_of(way, words, starts=(), culprits=(), bad=True, guards=(), broken=()):
    return [" ".join(found) for found in way(subject.List(words.split(), list(starts), list(culprits), bad, [one.split() for one in guards], broken))]


G = GUARD


@pytest.mark.parametrize("way, asked, found", [
    ("_without_warning", ("warn_if_reject a warn_if_reject b",), ["warn_if_reject a warn_if_reject b", "a b"]), ("_without_warning", ("a b",), []),
    ("_without_broken", ("a x b", (), (), True, (), ["x"]), ["a b " + G]), ("_without_broken", ("a x reject", (), (), True, (), ["x"]), ["a reject"]),
    ("_ends_in_guard", ("a permit b",), ["a b " + G]), ("_ends_in_guard", ("a permit reject",), ["a reject"]),
    ("_ends_in_guard", ("a x", (), (), True, ["x y", "z"]), ["a x " + G, "a x y", "a x z"]),
    ("_at_an_item", ("a b", (0, 1, 2)), ["a " + G, G + " b"]),
    # The guard comes there instead of later; what stands ahead of the item stays, a guard too.
    ("_at_an_item", ("a x:y " + G, (0, 2, 3)), ["a x:y " + G, "a x:y", "a x:y " + G, G + " a x:y", G, G + " " + G]),
    ("_at_an_item", (G + " a", (0, 1, 2)), [G + " " + G, G + " a", "a", G + " a"]),
    ("_ahead_of_an_item", ("permit a", (0, 1, 2)),
     ["permit a " + G, "a " + G, "permit " + G + " a", G + " a", G + " permit a", G + " permit a"]),
    ("_without_culprits", ("friends a", (), ["friends"]), ["a " + G, "a " + G + " friends"]),
    ("_without_culprits", ("friends reject", (), ["friends"]), ["reject", "reject friends"]), ("_without_culprits", ("a", (), ["friends"]), []),
    ("_own_ahead_of_an_item", ("a b", (0, 1, 2), (), False), ["a permit_auth_destination b", "permit_auth_destination a b"]),
    ("_own_ahead_of_an_item", ("a b", (0, 1, 2), (), True), []),
    ("_new_guard", ("warn_if_reject a warn_if_reject m b", (), (), True, ["m " + G]), ["m " + G + " warn_if_reject a b", "m " + G]),
    ("_without_warning", ("warn_if_reject a warn_if_reject reject",), ["warn_if_reject a reject", "a reject"]),
    ("_new_guard", ("a m permit warn_if_reject", (), (), True, ["m " + G]), ["m " + G + " a", "m " + G]),
])
def test_the_candidates_of_each_way(way, asked, found):
    assert ways_of(getattr(subject, way), *asked) == found


def drawn(main, services=""):
    draft = Draft(configuration(main, services))
    return draft, draft.judged("smtp", Trust())


def test_of_edits_the_smallest_comes_first_and_none_twice():
    draft, judged = drawn(both("check_sender_access static:OK, permit_mynetworks, " + GUARD, "permit_mynetworks, permit"))
    settings = draft.settings("smtp")
    found = subject._by_size(settings, judged)
    have = dict((name, settings.written(name)) for name in (RELAY, RECIPIENT))
    sizes = [subject._size(have[name], wanted, []) for name, wanted in found]
    assert sizes == sorted(sizes) and len(set((name, tuple(wanted)) for name, wanted in found)) == len(found) >= 20
    assert all(wanted != have[name] for name, wanted in found) and set(name for name, dummy in found) == {RELAY, RECIPIENT}


def test_of_equally_small_edits_that_in_the_parameter_at_fault_comes_first():
    """The list of recipients is as good a place for a guard; what lets strangers in stands in the relay list."""
    draft, judged = drawn(both("check_sender_access static:OK, permit_mynetworks, " + GUARD, "permit_mynetworks"))
    fault = [one.parameter for one in judged.because if one.item != subject.NO_GUARD]
    assert fault == [RELAY]
    settings = draft.settings("smtp")
    found = [(subject._size(settings.written(name), wanted, []), name not in fault) for name, wanted in subject._by_size(settings, judged)]
    assert found == sorted(found) and {(1, False), (1, True)} <= set(found)


def candidates(relay, recipient, parameter):
    draft, judged = drawn(both(relay, recipient))
    return [" ".join(words) for name, words in subject._candidates(draft.settings("smtp"), judged) if name == parameter]


def test_a_list_that_is_empty_gets_a_guard_with_those_who_relay_by_the_other_one():
    """Where either list names somebody, first with him alone; then with all who are trusted, and with the destinations that a table allows."""
    assert set(candidates("", "", RELAY)) == {"permit_mynetworks permit_sasl_authenticated " + G}
    found = candidates("", "permit_tls_clientcerts, check_recipient_access static:OK, permit", RELAY)
    assert list(dict.fromkeys(found)) == ["permit_tls_clientcerts " + G, "permit_mynetworks permit_sasl_authenticated permit_tls_clientcerts " + G,
                                          "permit_mynetworks permit_sasl_authenticated permit_tls_clientcerts check_recipient_access static:OK " + G]


def test_only_what_opens_a_list_is_taken_out_of_it_and_only_a_good_one_gets_a_word_for_its_own_domains():
    table, harmless = "check_sender_access static:OK", "check_sender_access static:DUNNO"
    assert " ".join([harmless, G, table]) in candidates(", ".join([table, harmless, G]), "", RELAY)
    assert " ".join([table, G, harmless]) not in candidates(", ".join([harmless, table, G]), "", RELAY)
    assert not any("permit_auth_destination" in one for one in candidates(table + ", " + G, "", RELAY))
    assert "permit_auth_destination " + G in candidates(G, "", RELAY)


def test_words_that_no_postfix_knows_are_no_loss():
    settings = configuration(both("permit_mynetworks, allow_all, $x, " + GUARD)).settings()
    assert subject._broken(settings, settings.written(RELAY)) == ["allow_all"]


OPEN = both("check_sender_access static:OK, permit_mynetworks, " + GUARD)


def told(*answers):
    """A harm that gives *answers* one after the other, and then the last again and again; with the Drafts that it was asked about."""
    asked = []

    def harm(candidate):
        asked.append(candidate)
        return answers[min(len(asked), len(answers)) - 1]
    return harm, asked


MILD, FIRST, SECOND = Harm("mild", True), Harm("first", False), Harm("second", False)


@pytest.mark.parametrize("answers, taken, why", [
    ((None,), 0, None), ((FIRST, None), 1, None), ((MILD, None), 1, None), ((MILD, FIRST, None), 2, None),
    ((FIRST, MILD, SECOND), 1, None), ((MILD, MILD, SECOND), 0, None), ((MILD,), 0, None), ((FIRST, SECOND), None, FIRST), ((FIRST,), None, FIRST),
])
def test_the_smallest_edit_that_hurts_nobody_is_taken_else_the_smallest_that_does_mild_harm(answers, taken, why):
    draft, judged = drawn(OPEN)
    harm, asked = told(*answers)
    found, reason = subject.repaired(draft, "smtp", judged, Trust(), harm)
    assert reason is why
    assert found is (None if taken is None else asked[taken])
    assert all(one.judged("smtp", Trust()).verdict == "closed" for one in asked)


def test_where_smtpd_dies_of_something_else_no_edit_is_tried():
    draft, judged = drawn("smtpd_restriction_classes = friends\n" + OPEN)
    harm, asked = told(None)
    assert subject.repaired(draft, "smtp", judged, Trust(), harm) == (None, None) and asked == []


@pytest.mark.parametrize("relay, recipient, ideal, as_written", [
    ("permit_mynetworks, permit", "a", "permit_mynetworks " + G,
     ["permit_mynetworks permit_sasl_authenticated " + G, "a permit_mynetworks permit_sasl_authenticated " + G]),
    ("", "", "permit_mynetworks permit_sasl_authenticated " + G, ["permit_mynetworks permit_sasl_authenticated " + G] * 2),
    ("a", CERTS + " " + LOGINS, LOGINS + " " + CERTS + " " + G, ["a " + " ".join([MINE, LOGINS, CERTS, G]), " ".join([MINE, LOGINS, CERTS, G])]),
])
def test_the_lists_that_a_listener_ought_to_have_and_those_that_it_means_to_have(relay, recipient, ideal, as_written):
    draft = Draft(configuration("", "26 inet n - n - - smtpd -o {{ {0} = {1} }} -o {{ {2} = {3} }}\n".format(RELAY, relay, RECIPIENT, recipient)))
    found = subject.ideal(draft, "26").settings("26")
    assert [" ".join(found.written(name)) for name in (RELAY, RECIPIENT)] == [ideal] * 2
    found = subject.as_written(draft, "26").settings("26")
    assert [" ".join(found.written(name)) for name in (RELAY, RECIPIENT)] == as_written
    assert draft.settings("26").written(RELAY) == relay.replace(",", "").split()
