# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What single rules of regexp and pcre tables say: each row was asked of `postmap -q` 3.7, and is again wherever there is one."""

import os
import pathlib
import shutil
import string
import subprocess
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import Opaque
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.patterns import Pattern
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_regexps import PatternTable

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
from pattern_rows import LINES, PCRE, REFUSED, REGEXP, UNTOLD, VALUES, keys  # noqa: E402

POSTMAP = shutil.which("postmap", path=os.environ.get("PATH", "") + ":/usr/sbin")
CLASSES = {
    "alpha": string.ascii_letters, "digit": string.digits, "alnum": string.ascii_letters + string.digits, "upper": string.ascii_uppercase,
    "lower": string.ascii_lowercase, "space": " \t\n\v\f\r", "blank": " \t", "punct": string.punctuation, "xdigit": string.hexdigits,
    "graph": string.ascii_letters + string.digits + string.punctuation, "print": string.ascii_letters + string.digits + string.punctuation + " ",
    "cntrl": "".join(map(chr, range(32))) + "\x7f", "word": string.ascii_letters + string.digits + "_", "ascii": "".join(map(chr, range(128))),
}
LETTERS = {"d": CLASSES["digit"], "w": CLASSES["word"], "s": CLASSES["space"], "h": " \t\xa0", "v": "\n\v\f\r\x85", "R": "\n\v\f\r\x85"}
EVERY = [chr(code) for code in range(256)]


def says(kind, lines, key):
    return PatternTable(kind, "t", [line + "\n" for line in lines]).get(key)


def either(pattern):
    """Return the lines of a table that answers to each key, unless the pattern is refused."""
    return ["~%s~ v" % pattern, "!~%s~ v" % pattern]


def found(pattern, kind, flags=""):
    subject = Pattern(kind, pattern, flags)
    return [char for char in EVERY if subject.search(char.encode("latin-1"))]


@pytest.mark.parametrize("kind, rows", [("pcre", PCRE), ("regexp", REGEXP)])
def test_what_a_rule_finds(kind, rows):
    told = [(rule, [key for key in keys(ours) + keys(others) if says(kind, [rule + " v"], key)]) for rule, ours, others in rows]
    assert told == [(rule, keys(ours)) for rule, ours, dummy in rows]


@pytest.mark.parametrize("kind, rule, key, expected", LINES)
def test_keys_of_several_lines(kind, rule, key, expected):
    assert (says(kind, [rule + " v"], key) == "v") == expected


@pytest.mark.parametrize("kind, rule, value, key, expected", VALUES)
def test_what_the_groups_hold(kind, rule, value, key, expected):
    assert says(kind, [rule + " " + value], key) == expected


@pytest.mark.parametrize("kind, pattern", [(kind, pattern) for kind, patterns in sorted(REFUSED.items()) for pattern in patterns])
def test_what_the_library_refuses_is_no_rule(kind, pattern):
    assert says(kind, either(pattern), "a") is None


@pytest.mark.parametrize("kind, pattern", [(kind, pattern) for kind, patterns in sorted(UNTOLD.items()) for pattern in patterns])
def test_what_is_left_to_the_host(kind, pattern):
    with pytest.raises(Opaque):
        says(kind, either(pattern), "a")


@pytest.mark.parametrize("name", sorted(CLASSES))
def test_named_classes(name):
    """The C locale's classes (isalpha(3)), and the two more of pcre2pattern(3)."""
    members = [char for char in EVERY if char in CLASSES[name]]
    others = [char for char in EVERY if char not in CLASSES[name]]
    assert found("[[:%s:]]" % name, "pcre", "i") == members
    assert found("[[:^%s:]]" % name, "pcre", "i") == others
    if name not in ("word", "ascii"):
        assert found("[[:%s:]]" % name, "regexp", "i") == members
        # No expression of the C library finds a NUL, at which its texts end.
        assert found("[^[:%s:]]" % name, "regexp", "i") == [char for char in others if char != "\0"]


@pytest.mark.parametrize("letter", sorted(LETTERS))
def test_classes_of_a_letter(letter):
    """pcre2pattern(3), "Generic character types" and "Newline sequences", without UTF; regex(7) for \\w and \\s."""
    others = [char for char in EVERY if char not in LETTERS[letter]]
    members = [char for char in EVERY if char in LETTERS[letter]]
    assert found("\\" + letter, "pcre") == members
    if letter != "R":
        assert found("\\" + letter.upper(), "pcre") == others
        assert found("[\\" + letter + "]", "pcre") == members
    if letter in "ws":
        assert found("\\" + letter, "regexp") == members
        assert found("\\" + letter.upper(), "regexp") == others


@pytest.mark.parametrize("kind, flags, without", [("pcre", "", ""), ("pcre", "s", "\n"), ("regexp", "", "\0"), ("regexp", "m", "\0\n")])
def test_a_dot(kind, flags, without):
    """pcre_table(5) has it find a line feed, unlike pcre2pattern(3); what regexec(3) reads ends at a NUL."""
    assert found(".", kind, flags) == [char for char in EVERY if char not in without]


def test_basic_regular_expressions_are_left_to_the_host():
    with pytest.raises(Opaque, match="basic"):
        says("regexp", ["/a/x v"], "a")


@pytest.mark.parametrize("kind", ["pcre", "regexp"])
def test_a_letter_stands_for_both_its_cases_and_nothing_else_does(kind):
    for char in set(string.printable) - set("<>`'" if kind == "regexp" else ""):
        mark = "\\" if char in string.punctuation else ""
        assert found(mark + char, kind) == sorted({char.lower(), char.upper()}), char
        assert found(mark + char, kind, "i") == [char]


@pytest.fixture(scope="module")
def postmap():
    if POSTMAP is None:
        pytest.skip("NO POSTFIX HERE: the rules were not tried on the real postmap")
    return lambda table, *asked: subprocess.run([POSTMAP, "-q", asked[0] if len(asked) == 1 else "-", table], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                                input="".join(key + "\n" for key in asked).encode()).stdout.decode()


def union(folder, kind, tables):
    """Return a table that answers with the numbers of those of *tables*, lists of rules, that have an answer."""
    for number, rules in enumerate(tables):
        (folder / str(number)).write_bytes("".join("%s %d\n" % (rule, number) for rule in rules).encode("utf-8", "surrogateescape"))
    return "unionmap:{" + ", ".join("%s:%s/%d" % (kind, folder, number) for number in range(len(tables))) + "}"


@pytest.mark.parametrize("kind, rows", [("pcre", PCRE), ("regexp", REGEXP)])
def test_what_the_real_one_finds(tmp_path, postmap, kind, rows):
    asked = {key for dummy, ours, others in rows for key in keys(ours) + keys(others)}
    told = postmap(union(tmp_path, kind, [[rule] for rule, dummy, dummy in rows]), *sorted(asked))
    answers = {key: answer.split(",") for key, answer in (line.rsplit("\t", 1) for line in told.split("\n")[:-1])}
    real = [(rule, [key for key in keys(ours) + keys(others) if str(number) in answers.get(key, ())]) for number, (rule, ours, others) in enumerate(rows)]
    assert real == [(rule, keys(ours)) for rule, ours, dummy in rows]


@pytest.mark.parametrize("kind", ["pcre", "regexp"])
def test_what_the_real_one_refuses(tmp_path, postmap, kind):
    rules = [["~%s~" % pattern, "!~%s~" % pattern] for pattern in REFUSED[kind] + ["a"]]
    assert postmap(union(tmp_path, kind, rules), "a", "b") == "a\t{0}\nb\t{0}\n".format(len(rules) - 1)


def test_what_the_real_one_says_of_several_lines_and_of_groups(tmp_path, postmap):
    path = tmp_path / "t"
    for kind, rule, value, key, expected in VALUES + [(kind, rule, "v", key, "v" if expected else "") for kind, rule, key, expected in LINES]:
        path.write_text("%s %s\n" % (rule, value))
        assert postmap("%s:%s" % (kind, path), key) == (expected + "\n" if expected else ""), rule
