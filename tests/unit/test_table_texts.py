# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that reach a rule of a pattern table, what the judge makes of a rule without one, and maps that are out of date."""

import os

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import Opaque
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.pattern_forms import MAIL_FORMS, mail_forms
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_regexps import PatternTable
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.findings import find
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

MAIN = "myhostname = mx.example.com\nmydestination = example.com\nmynetworks =\nsmtpd_relay_restrictions = {0}, reject_unauth_destination\n"


def table(kind, *lines):
    return PatternTable(kind, "t", [line + "\n" for line in lines])


def verdict_of(restriction, files=None):
    subject = Configuration(MainCf(MAIN.format(restriction).encode()), None, (3, 7), files or Files())
    verdict = judge(subject, Trust())
    return subject, verdict


@pytest.mark.parametrize("lines, values", [
    (["/./ REJECT", "/^a@/ OK"], ["REJECT"]),
    (["/^a/ REJECT", "/^[ab]@/ OK"], ["REJECT", "OK", None]),
    (["!/@x/ A", "/^[^y]*$/ B", "/y/ C"], ["A", "B", "C"]),
    (["if /example/", "!/^a/ A", "endif", "/^b.*example/ never", "/^a.*example/ B"], ["A", "B", None]),
    (["/^owner-/ A", "if !/-bounce@/", "/-bounce@/ never", "endif", "/bounce/ B"], ["A", "B", None]),
])
@pytest.mark.parametrize("kind", ["regexp", "pcre"])
def test_each_rule_that_can_be_reached_has_a_text_and_so_has_what_none_answers(kind, lines, values):
    subject = table(kind, *lines)
    assert [subject.get(text) for text in subject.samples(MAIL_FORMS)] == values
    assert subject.unreached(MAIL_FORMS) == []


@pytest.mark.parametrize("pattern", [r"^(?!owner-)(.*)-outgoing@", r"^(?=.*foo)(?=.*bar)", r"^(.)\1(.)\2@", r"(?i)^ab(?-i)C", r"(?<!x)y(?<=y)z", r"a++b@",
                                     r"\bx\b.\by"])
def test_texts_for_what_is_peculiar_to_pcre(pattern):
    subject = table("pcre", "/" + pattern + "/ OK")
    assert [subject.get(text) for text in subject.samples(MAIL_FORMS)] == ["OK", None]


def test_foreign_domains():
    subject = table("pcre", r"/@partner\.example$/ A", r"/\.com$/ B", r"/^boss@/ C")
    assert subject.samples(mail_forms(r"elsewhere\.[a-z]+")) == ["x@elsewhere.com", "boss@elsewhere.x", "x@elsewhere.x"]
    assert subject.unreached(mail_forms(r"elsewhere\.[a-z]+")) == []


def test_what_is_not_understood_is_not_guessed():
    subject = table("pcre", "/^a/ A", "/(*UTF)b/ B", "/c/ C")
    assert subject.get("a") == "A"
    with pytest.raises(Opaque, match="UTF"):
        subject.get("c")
    assert [value for value, dummy in subject.unreached()] == ["B", "C", ""]


@pytest.mark.parametrize("rule, expected", [
    ("/^friend@/ OK", "open"), ("/^.{300}/ OK", "unknown"), ("/^.{300}/ REJECT", "closed"), ("/^a++a/ OK", "unknown"),
    ("/(*UTF)x/ OK", "unknown"), ("/[/ OK", "closed"), ("/./ REJECT\n/^x/ OK", "closed"),
    # The first does not take a@, and what takes x@ shows nothing of it.
    ("/^(?=x)/ REJECT\n/^[a-z]@/ OK", "unknown"),
])
def test_the_verdict_hangs_on_a_text(tmp_path, rule, expected):
    (tmp_path / "t").write_text(rule + "\n")
    verdict = verdict_of("check_sender_access pcre:{0}".format(tmp_path / "t"))[1]
    assert verdict.verdict == expected
    if expected == "unknown":
        assert rule.rpartition("\n")[2].rpartition(" ")[0] in verdict.listeners[0].reasons[0]


def test_a_map_that_is_older_than_its_source(tmp_path):
    for name, time in (("t", 2000), ("t.db", 1000)):
        (tmp_path / name).write_text("friend@example.org OK\n")
        os.utime(str(tmp_path / name), (time, time))
    subject, verdict = verdict_of("check_sender_access hash:{0}".format(tmp_path / "t"))
    found = [one for one in find(subject, verdict, Trust()) if one.id == "table_stale"]
    assert [(one.severity, one.parameter) for one in found] == [("medium", "smtpd_relay_restrictions")]
    assert "run postmap hash:" in found[0].message


@pytest.mark.parametrize("kind", ["regexp", "pcre"])
def test_patterns_have_no_map_that_could_be_older(tmp_path, kind):
    (tmp_path / "t").write_text("/^friend@/ OK\n")
    subject, verdict = verdict_of("check_sender_access {0}:{1}".format(kind, tmp_path / "t"))
    assert [one.id for one in find(subject, verdict, Trust()) if one.id == "table_stale"] == []
