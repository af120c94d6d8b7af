# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts made for patterns: what the automata find beside what `postmap -q` of 3.7 found, and the rules of a table that texts reach."""

import pathlib
import re
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import Opaque
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.pattern_samples import Automaton, demands, texts
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.patterns import Pattern, Uncompilable
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.rule_texts import passing
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_regexps import PatternTable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pattern_rows import PCRE, REGEXP, keys  # noqa: E402

# What an automaton cannot say: references, looks, and what gives nothing back.
INEXACT = re.compile(r"\\[1-9gkR]|\(\?<?[=!]|\(\?>|[*+?}]\+")
ROWS = [(kind, rule, key, found) for kind, rows in (("pcre", PCRE), ("regexp", REGEXP)) for rule, ours, others in rows if rule.startswith("/")
        for text, found in ((ours, True), (others, False)) for key in keys(text) if len(key) < 90]
ANY = (r"^[!-~]+\z",)


def table(kind, *lines, **options):
    return PatternTable(kind, "t", [line + "\n" for line in lines], **options)


def automaton(kind, source, flags=""):
    return Automaton(Pattern(kind, source, flags).tree)


def finds(subject, key):
    state = subject.begin()
    for code in bytearray(key.encode()):
        state = subject.step(state, code)
    return subject.ends(state)


def made(kind, *sources, **options):
    """Return the texts that all of *sources* find; none of those that begin with ``!``."""
    return [text.decode("latin-1") for text in texts([(automaton(kind, one.lstrip("!"), **options), one.startswith("!")) for one in sources], [])]


@pytest.mark.parametrize("kind", ["pcre", "regexp"])
def test_an_automaton_finds_what_postfix_finds(kind):
    """Nothing less, and nothing more where it is exact. tests/unit/test_pattern_rules.py asks Postfix for the rows."""
    for one, rule, key, found in ROWS:
        if one == kind:
            source, dummy, flags = rule[1:].rpartition("/")
            subject = automaton(kind, source, flags)
            assert subject.exact == (INEXACT.search(source.replace("(?<n", "").replace("(?<_", "")) is None), rule
            assert finds(subject, key) == found or (finds(subject, key) and not subject.exact), (rule, key)


@pytest.mark.parametrize("sources, expected", [
    (["^ab?$"], ["a", "ab"]), (["^(a|b{2}|cd?)$"], ["a", "c", "bb", "cd"]), (["^a{1,3}$"], ["a", "aa", "aaa"]), (["^a{2}$"], ["aa"]), (["^a*b$", "!a"], ["b"]),
    (["^[ab]{1,2}$", "!a"], ["b", "bb"]), (["^[ab]{1,2}$", "a", "b"], ["ba", "ab"]), (["^a$", "b"], []), (["^a$", "!^a"], []),
    (["^a+$", "!aaa"], ["a", "aa"]), (["^(a|b)(c|d)$", "!ac", "!b"], ["ad"]), (["^(a|b)(c|d)$", "!a", "!bd"], ["bc"]), (["^()a$"], ["a"]),
    (["^(a|b)c$"], ["ac"]), (["^[ab]c$", "^(a|b)c$"], ["ac"]), (["^a?$"], ["", "a"]), (["^a{0}b$"], ["b"]),
])
@pytest.mark.parametrize("kind", ["pcre", "regexp"])
def test_all_texts_that_patterns_tell_apart(kind, sources, expected):
    """The short ones first. There are no more: the languages are finite."""
    assert sorted(made(kind, *sources), key=lambda text: (len(text), text)) == sorted(expected, key=lambda text: (len(text), text))


def test_a_group_is_tried_on_the_real_pattern():
    """What an inexact automaton finds more is passed over."""
    subject = table("pcre", r"/^(a|b)\1(c|d)\2$/ A", r"/^(?>a|ab)c$/ B", "/^x(?!y)[yz]$/ C", "/^a++b$/ D", r"/^(?:(a)|b)\1c$/ E", "/^q(?<=q)r$/ F")
    assert [subject.get(text) for text in subject.samples(ANY)] == ["A", "B", "C", "D", "E", "F", None]


@pytest.mark.parametrize("length, expected", [(240, ["a" * 240]), (241, [])])
def test_a_text_fits_a_command(length, expected):
    subject = table("regexp", "/^a{%d}$/ A" % length, "!/x/ B")
    assert subject.samples((r"^a+\z",))[:-1] == expected
    assert bool(subject.unreached((r"^a+\z",))) != bool(expected)


@pytest.mark.parametrize("kind, lines, form, values, unreached", [
    # Only what comes before a rule keeps a text from it.
    ("pcre", ["/a/ A", "/b/ B", "/ab/ never", "/^c$/ C"], r"^[abc]{1,2}\z", ["A", "B", "C", None], []),
    ("regexp", ["/^a/ A", "/a$/ B", "!/b/ C", "/./ D"], r"^[abc]{1,3}\z", ["A", "B", "C", "D"], []),
    ("pcre", ["/^a/ A", "/b/ never"], r"^a[abc]\z", ["A"], []), ("pcre", ["/x/ A"], r"^[abc]{2}\z", [None], []),
    ("pcre", ["!/x/ A"], r"^[abc]{2}\z", ["A"], []),
    ("regexp", ["/a/!/b/ A", "/b/ B", "/a/ never"], r"^[abc]{1,2}\z", ["A", "B", None], []),
    ("regexp", ["if /a/", "if !/b/", "/c/ A", "endif", "/c/ B", "endif", "/c/ C"],
                                                                                              r"^[abc]{1,3}\z", ["A", "B", "C", None], []),
    ("pcre", ["if /a/", "/./ A", "endif", "/a/ never", "/b/ B"], r"^[abc]\z", ["A", "B", None], []),
    ("pcre", ["/a$/ A", "if /^b/", "/a/ B"], r"^[abc]{1,3}\z", ["A", "B", None], []),
    # What cannot be told is named.
    ("pcre", ["/a/ A", "/(*UTF)b/ B", "/c/ C"], r"^[abc]\z", ["A"], [("B", "/(*UTF)b/"), ("C", "/c/"), ("", "that matches none of them")]),
    ("regexp", ["/a/i A", "!/b/x!/d/i $$B", "!/c/i C"], r"^[abc]\z", ["A"], [("$B", "!/b/x!/d/i"), ("C", "!/c/i"), ("", "that matches none of them")]),
    ("pcre", ["/a/ A", "/^b++b$/ B"], r"^[ab]+\z", ["A", None], [("B", "/^b++b$/")]), ("pcre", ["/(*UTF)a/ A"], r"^a\z", [], [("A", "/(*UTF)a/"),
    ("", "that matches none of them")]),
    # The automata cannot tell a look's texts apart: what was not found may be there all the same (a, and !).
    ("pcre", ["/^(?=x)/ NO", "/^[a-z]$/ A"], r"^[a-z]\z", ["NO"], [("A", "/^[a-z]$/"), ("", "that matches none of them")]),
    ("pcre", ["!/^(?=x)/ A"], r"^[a-z!]\z", ["A", None], []), ("pcre", ["!/^(?=x)/ A"], r"^[a-z]\z", [None], [("A", "!/^(?=x)/")]),
    ("pcre", [r"/^([a-z])(?!\1)[a-z]$/ A"], r"^[a-z]+\z", [None], [("A", r"/^([a-z])(?!\1)[a-z]$/")]),
    ("pcre", ["/^(?!x)[a-z]$/ A"], r"^[a-z]\z", ["A", None], []),
    ("pcre", ["/^(a)(b)/ x${2}$1"], r"^[ab]{2}\z", ["xba", None], []),
])
def test_the_rules_that_a_text_reaches(kind, lines, form, values, unreached):
    subject = table(kind, *lines)
    found = subject.samples((form,))
    assert [subject.get(text) for text in found] == values
    assert all(re.search(form.replace(r"\z", r"\Z"), text) for text in found)
    assert subject.unreached((form,)) == unreached


def test_the_likelier_form_is_tried_first():
    subject = table("pcre", "/a/ A", "/b/ B", "/c/ never")
    assert subject.samples((r"^[ax]\z", r"^b\z")) == subject.samples((r"^b\z", r"^[ax]\z")) == ["a", "b", "x"]
    assert subject.samples((r"^aa\z", r"^a\z", r"^b\z")) == ["aa", "b"]
    assert subject.samples((r"^a\z", r"^aa\z", r"^b\z")) == ["a", "b"]


def test_a_form_for_which_the_search_is_given_up_leaves_the_next():
    subject = table("pcre", "/^(x++x|a)$/ A")
    assert subject.samples((r"^x+\z", r"^a\z")) == ["a", "x"]
    assert subject.unreached((r"^x+\z", r"^a\z")) == []
    assert subject.unreached((r"^x+\z",)) == [("A", "/^(x++x|a)$/")]


def test_a_harmless_rule_need_not_be_reached():
    subject = table("pcre", "/a/ NO", "/b/ YES", "/(*UTF)c/ NO")

    def harmless(value):
        return value == "NO"
    assert subject.samples((r"^[ab]\z",), harmless) == ["b"]
    assert subject.samples((r"^[ab]\z",)) == ["a", "b"]
    assert subject.unreached((r"^[ab]\z",), harmless) == []
    assert subject.unreached((r"^[ab]\z",)) == [("NO", "/(*UTF)c/")]


def test_the_host_confirms():
    """Its postmap has the last word: a text to which it answers otherwise is none."""
    asked = []

    def confirm(texts_asked):
        asked.append(texts_asked)
        return {"a": "A", "b": "other"}
    subject = table("pcre", "/a/ A", "/b/ B", "/^c++c$/ C", confirm=confirm)
    assert subject.samples((r"^[abcx]\z",)) == ["a", "x"]
    assert subject.unreached((r"^[abcx]\z",)) == [("B", "/b/")]
    assert asked == [["a", "b", "x"]]


def test_a_host_that_cannot_answer_is_believed_by_none():
    subject = table("pcre", "/a/ A", confirm=lambda dummy: None)
    assert subject.samples((r"^[ax]\z",)) == ["a", "x"]
    asked = []
    assert table("pcre", "/(*UTF)a/ A", confirm=asked.append).samples((r"^a\z",)) == []
    assert asked == []


def test_what_a_group_holds_is_confirmed_as_unknown():
    """POSIX shares out otherwise than Python: the value cannot be told, so the host's own cannot agree with it."""
    subject = table("regexp", "/^(a|ab)(b*)$/ $1", confirm=lambda dummy: {"a": "a"})
    with pytest.raises(Opaque, match=r"what \$1 holds"):
        subject.get("a")
    assert subject.samples((r"^a\z",)) == []


@pytest.mark.parametrize("tables, form, values", [
    ([["/a/ NO", "/b/ B"], ["/c/ NO", "/d/ D"]], r"^[a-d]\z", [("B", None), ("B", None), (None, "D")]),
    ([["/a/ NO", "/b/ B"], ["/c/ NO", "/d/ D"]], r"^[a-dx]\z", [(None, None), ("B", None), (None, "D")]),
    ([["/a/ NO", "/b/ B"], ["/./ NO"]], r"^[abx]\z", [("B", "NO")]), ([["/a/ NO"], ["/b/ NO"], ["/c/ NO"]], r"^[abcd]\z", [(None, None, None)]),
    ([["/a/ NO"], ["/b/ NO"]], r"^[ab]\z", []),
    ([["/a/ NO", "/ab/ B"]], r"^[ab]{2}\z", [(None,)]), ([["/^b/ NO", "/b/ B"], ["/^a/ NO", "/cb/ C"]], r"^[abc]{2}\z", [(None, None), ("B", "C"), ("B", "C")]),
    ([["/(*UTF)a/ A"]], r"^[ab]\z", []), ([["!/a/ NO", "/b/ B"], ["/c/ NO"]], r"^[abc]{2}\z", [(None, None), ("B", None)]),
    ([["/a++a/ NO", "/ab/ B"]], r"^[ab]{2}\z", [(None,), ("B",)]),
    ([["/a/ NO"], ["/b/ NO", "/cd/ D", "/c/ C"]], r"^[a-d]{2}\z", [(None, "C"), (None, "D"), (None, "C")]), ([["/a/ A"], ["/a/ B"]], r"^a\z", [("A", "B"),
    ("A", "B"), ("A", "B")]),
    ([["/^(?!x)[xy]$/ A"]], r"^[xy]\z", [(None,), ("A",)]), ([["/x/ X", "/^(?!x)[xy]$/ A", "/^y/ never"]], r"^[xy]\z", [("X",), ("X",), ("A",)]),
    ([["if /a/", "/b/ NO", "endif", "/b/ B"]], r"^[ab]{2}\z", [(None,), ("B",)]), ([["/ab/ A", "/a/ NO", "/b/ B"]], r"^[ab]{2}\z", [("B",), ("A",), ("B",)]),
])
def test_texts_that_get_past_several_tables(tables, form, values):
    """One that none turns away, and one for each rule that says something else; where that needs one that a later table turns away, that."""
    subjects = [table("pcre", *lines) for lines in tables]
    found = passing(subjects, (form,), lambda value: value == "NO")
    assert [tuple(one.get(text) for one in subjects) for text in found] == values


def test_a_form_that_cannot_be_searched_leaves_the_next():
    subjects = [table("pcre", "/a/ A", "/(*UTF)c/ B", "/d/ D")]
    assert passing(subjects, (r"^c\z", r"^b\z", r"^a\z"), lambda dummy: False) == ["a", "a"]


def test_what_cannot_be_said():
    """RFC 5321, 4.1.1: a command is a line, and Postfix takes none with a NUL."""
    assert [code for code in range(256) if not made("pcre", r"^\x{0:02x}$".format(code), flags="i")] == [0, 10, 13]
    assert [made("pcre", r"^\x{0:02x}$".format(code), flags="i") for code in (1, 11, 14, 255)] == [["\x01"], ["\x0b"], ["\x0e"], ["\xff"]]


@pytest.mark.parametrize("excluded, expected", [("a|b|c|d|e", ["f"]), ("a|b|c|d|e|f", [])])
def test_so_many_texts_are_tried_that_differ_in_nothing_but_a_look(excluded, expected):
    """Six: after that, the rule is left to the host."""
    subject = table("pcre", "/^(?!%s)[a-g]$/ A" % excluded)
    assert [text for text in subject.samples((r"^[a-g]\z",)) if subject.get(text) == "A"] == expected
    assert bool(subject.unreached((r"^[a-g]\z",))) != bool(expected)


def test_an_automaton_has_a_limit():
    """3000 states, of which a letter takes two, a repetition and an anchor in a sequence one, the ends of all two."""
    assert len(automaton("regexp", "a{1000}a{498}").edges) == 3000
    with pytest.raises(Uncompilable, match="too large"):
        automaton("regexp", "a{1000}a{498}$")


def test_what_a_look_ahead_asks_for():
    tree = Pattern("pcre", "^(?=.*a)(?!b)((?=.*c).)(?<=d)", "i").tree
    assert [finds(Automaton(one), key) for one in demands(tree) for key in ("a", "c", "b",
        "d")] == [True, False, False, False, False, True, False, False, False, False, False, True]


def test_a_search_that_would_take_too_long_is_given_up():
    with pytest.raises(Uncompilable):
        made("regexp", "^[ab]*a[ab]{15}$", "c")


def test_what_is_lost_is_not_followed():
    """Of the first pattern alone there would be too many states for the search to end."""
    assert made("regexp", "^[ab]*a[ab]{15}$", "!^[ab]") == []
    assert list(texts([(automaton("regexp", "^[ab]*a[ab]{15}$"), False)], [[(automaton("regexp", "^[ab]"), False)]])) == []
