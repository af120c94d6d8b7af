# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Patterns of regexp and pcre tables: what the judge makes of them against what postmap -q says."""

import os

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from postmap import POSTMAP, ask, ask_each

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import Opaque
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.pattern_forms import MAIL_FORMS
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_regexps import PatternTable

pytestmark = pytest.mark.skipif(POSTMAP is None, reason="no postmap on this machine")
BATCHES = int(os.environ.get("RELAYLOCK_PATTERN_BATCHES", "20"))

KEYS = ["a", "A", "b", "aa", "ab", "aB", "ba", "AB", "aab", "abab", "abc", "b-a", "a-b", "a.b", "a b", " a", "a ", "x", "X", "xa", "a1", "1",
    "12", "123",
        "_", "a_b", "d", "D", "dd", "-", "--", "]", "[", "a]", "^", "a^b", "$", "a$", "\\", "a\\b", "{", "}", "a{2}", "a{,3}", "a{}", "a{,}",
        "*", "a*",
        "*a", "+", "a+", "?", "(", ")", "a)", "()", "|", "a|b", "/", "a/b", "!", "a!b", "@", "a@b", "friend@example.org", "Friend@EXAMPLE.ORG",
        "x@mail.example.com", "x@evil-example.com", "somebody@elsewhere.example", "mail.stranger.example", "[192.0.2.1]", "192.0.2.25", "2001:db8::1",
        "user%host@dom", "\t", "a\tb", "\x01", "\x0b", "a\x0bb", "\x7f", "é", "É", "aéb", "`", "a`", "'", "n", "t", "w", "s", "Q", "E", "ZZ",
        "zz", "h", "k",
        "#", "a#b", ".", "..", "a..b", ":alph", "alpha:", "=", "~", "a=b", "aaaa", "bbbb", "aba", "abba", "ab\r", "owner-list@x.example",
        "-request@x"]

# Each with what is special about it; both kinds are asked all of them.
ODD = [
    r"*a", r"a**", r"a*+", r"a+*", r"a|*b", r"(*a)", r"(|a)", r"a|", r"|a", r"()", r"a()b", r"a)", r")", r"(a", r"^*", r"^*a", r"a^b", r"a$b",
    r"$*", r"$a",
    r"^", r"$", r"^$", r"(^a)", r"(a$)", r"(^|@)a", r"x*", r"(^)*a", r"(a*)*", r"(a*)+b", r"(a|ab)(c|bcd)*", r"((a)|b)*c",
    r"a{2}", r"a{2,}", r"a{,3}", r"a{,}", r"a{", r"a{x}", r"a{2", r"a{2,1}", r"a{0}", r"a{0,0}b", r"a{1}{2}", r"{2}", r"^{2}", r"a{ 2 }",
    r"a{70000}", r"a{40000}", r"a{2}*",
    r"(a){0}b", r"a{2,3}b", r"}", r"a}", r"a{1,2}+b", r"(ab){2}", r"(a{0,1}){2}",
    r"]", r"[]", r"[]a]", r"[^]a]", r"[a", r"[a-]", r"[-a]", r"[a-c]", r"[c-a]", r"[a-c-e]", r"[--a]", r"[a--]", r"[---]", r"[a---b]", r"[%--]",
    r"[Z-a]", r"[A-z]", r"[_-z]",
    r"[[:alpha:]]", r"[[:ALPHA:]]", r"[[:foo:]]", r"[:alpha:]", r"[[:alpha:]-z]", r"[a-[:digit:]]", r"[[:upper:]]", r"[[:lower:]]",
    r"[^[:lower:]]", r"[[:^alpha:]]", r"[[:word:]]",
    r"[[:space:]]", r"[[:blank:]]", r"[[:punct:]]", r"[[:cntrl:]]", r"[[:print:]]", r"[[:graph:]]", r"[[:xdigit:]]", r"[[:alnum:]]",
    r"[[:ascii:]]", r"[[.a.]]", r"[[.hyphen.]]", r"[[=a=]]",
    r"[[.-.]-z]", r"[a\]", r"[a\]]", r"[\d]", r"[\w]", r"[^\w]", r"[\b]", r"[\\]", r"[\n]", r"[a^]", r"[^^]", r"[[a]", r"[a[]", r"[[]", r"[[:a]",
    r"[[:a:b]", r"[.]", r"[\Q]\E]", r"[a\-c]", r"[\w-a]",
    r"[[:alpha:", r"[[:alpha:]", r"[a-\d]", r"[^a-c]", r"[^a]", r"[\]]", r"[é]", r"[^é]", r"é", r"a.b", r"^a.b$", r"^.$", r"^..$",
    r"\a", r"\A", r"\b", r"a\b", r"\ba", r"\B", r"a\B", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\h", r"\v", r"\R", r"\N", r"\K", r"a\Kb",
    r"\n", r"\t", r"\x41", r"\x{41}", r"\x", r"\e", r"\cA", r"\y",
    r"\q", r"\z", r"a\z", r"a\Z", r"\G", r"\<a", r"a\>", r"\<", r"\`a", r"a\'", r"\.", r"\/", r"a\/b", r"\-", r"\_", r"\@", r"\|", r"a\|b",
    r"\(", r"\(a\)", r"\{", r"a\{2\}", r"\+", r"a\+", r"\?", r"\\", r"\$",
    r"\101", r"\0", r"\07", r"\08", r"\E", r"\Qa.b\E", r"\Q.\E*", r"a\Q\E*", r"\Qa", r"\p{L}", r"\C", r"\u", r"\L", r"\U", r"\X", r"\8", r"\10",
    r"\Aa", r"\i",
    r"(a)\1", r"(a)(b)\2", r"\1(a)", r"(a\1)", r"(.)\1", r"(.)(.)\2\1", r"(a)\2", r"(?:a)\1", r"(a)\g1", r"(a)\g{1}", r"(a)\g{-1}",
    r"(?<n>a)\k<n>", r"(?P<n>a)(?P=n)", r"(?P<n>a)", r"(?'n'a)b", r"(a|b)\1", r"(a*)\1b",
    r"(?:ab)+", r"(?i)AB", r"a(?i)B", r"a(?-i)B", r"(?-i)ab", r"(a(?-i)B|AB)", r"(?-i:A)b", r"(?s)a.b", r"(?x) a b", r"(?x: a b )c", r"(?m)^a",
    r"(?U)a+", r"(?J)a", r"(?^)a", r"(?^i:a)", r"(?#x)a", r"a(?#x)b", r"(?",
    r"(?=a)", r"(?!a)b", r"^(?!a)", r"^(?!owner-)(.*)@", r"(?<=a)b", r"(?<!a)b", r"(?<=a|bb)c", r"(?<=a+)b", r"(?<=(a|bb))c", r"(?<!a|bb)c",
    r"(?>a+)b", r"(?>a+)ab", r"(?>a|ab)c", r"a++b", r"a++a", r"a*+a", r"a?+a",
    r"a{1,2}+a", r"a??b", r"a+?b", r"^a+?$", r"(?|a|b)", r"(?(1)a|b)", r"(a)?(?(1)b|c)", r"(?R)", r"(?1)(a)", r"(*UTF)a", r"(*ACCEPT)",
    r"a(*FAIL)", r"(*:x)a", r"(?=a)*b", r"\b*", r"\b+a", r"$+", r"^+a", r"\A*a",
    r"^[^@]+@[^@]+$", r"@example\.(com|org)$", r"^friend@", r"[0-9]{2,}", r"^\[?[0-9.]+\]?$", r"[a-z0-9._%+-]+@[a-z0-9.-]+\.[a-z]{2,}",
    r"(\d+)\.(\d+)\.(\d+)\.(\d+)", r"[0-9]+-[0-9]+",
    r"^\S+@\S+$", r"^(.*)-request@x$", r"a #b", r"a b", r"a\ b", r" a", r"a  *b", r"a{1,}?b", r"(a)|b\1", r"(?:(a)|b)*\1", r"(a)*\1", r"\s*",
    r"[\s]", r"[\S]b", r"[\D]", r"[\h]", r"[\v]", r"[\R]", r"[\e]", r"[\x41]", r"[\x41-\x43]",
    r"[\101]", r"[\1]", r"[\0]", r"[\cA]", r"[\Qa-z\E]", r"[a\E-c]", r"[\E]a]", r"[^\E]a]", r"[[:alpha:][:digit:]]", r"[[:digit:]a-]", r"[+--]",
    r"[!--]", r"[a-a]", r"[ab-]", r"[]-a]", r"[^]-a]", r"[a]]", r"[[]]", r"x{1,3}y{0}",
]
FLAGS = ["", "i", "ii", "m", "s", "x", "A", "E", "U", "X", "im", "ix", "AE", "q", "sx"]


def differences(folder, kind, patterns, keys):
    """Return ([(pattern, key or None, the judge's answer, Postfix's)], comparisons, patterns that are not understood)."""
    real, skipped = ask_each(folder, kind, patterns, keys)
    found, count, unknown = [], 0, 0
    for number, pattern in enumerate(patterns):
        table = PatternTable(kind, "t", [pattern + " v\n"])
        if any(test.pattern is None for rule in table.rules for test in rule.tests):
            unknown += 1
            continue
        kept = bool(table.rules)
        count += 1
        if kept == (number in skipped):
            found.append((pattern, None, kept, number not in skipped))
            continue
        for key in keys:
            count += 1
            if (table.get(key) is not None) != (key in real[number]):
                found.append((pattern, key, table.get(key), real[number].get(key)))
    return found, count, unknown


@pytest.mark.parametrize("flags", FLAGS)
@pytest.mark.parametrize("kind", ["regexp", "pcre"])
def test_odd_patterns(tmp_path, kind, flags):
    patterns = ["~" + one + "~" + flags for one in ODD if "~" not in one]
    found, count, unknown = differences(tmp_path, kind, patterns, KEYS)
    print("{0} {1}: {2} comparisons, {3} of {4} patterns not understood".format(kind, flags, count, unknown, len(patterns)))
    assert found == []


ATOMS = {
    "regexp": ["a", "b", "A", "1", "-", "@", r"\.", ".", "x", "[ab]", "[^a]", "[a-c]", "[[:alpha:]]", "[^[:digit:]@]", r"\w", r"\W", r"\s",
    r"\<", r"\>", r"\b", r"\B", "^", "$", "()", r"\d", r"\@", "é", "]", "}", "[]a-]", r"[\d]"],
    "pcre": ["a", "b", "A", "1", "-", "@", r"\.", ".", "x", "[ab]", "[^a]", "[a-c]", "[[:alpha:]]", "[^[:digit:]@]", r"\w", r"\W", r"\d", r"\D",
    r"\s", r"\h", r"\b", r"\B", "^", "$", r"\A", r"\z", r"\Z", "()", r"\x41", r"\Qa.\E",
             "(?i)", "(?-i)", "(?=a)", "(?!b)", "(?<=a)", "(?<!b)", "é", "]", "}", r"[\w-]", r"[\d@]", "(?>a*)", "(?#c)", "(?x)", " ", r"\K", r"\R"],
}
REPEATS = {"regexp": ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}"],
           "pcre": ["", "", "", "*", "+", "?", "{2}", "{1,2}", "{0,1}", "{2,}", "*?", "+?", "??", "*+", "++", "?+", "{1,2}+", "{,2}"]}
GROUPS = {"regexp": ["({0})"], "pcre": ["({0})", "(?:{0})", "(?i:{0})", "(?-i:{0})", "(?>{0})", "(?={0})", "(?!{0})", "(?<n>{0})"]}


def grammar(kind):
    """Return a strategy of patterns."""
    atom = st.sampled_from(ATOMS[kind])

    def larger(inner):
        piece = st.builds(lambda form, text, repeat: form.replace("{0}", text) + repeat, st.sampled_from(GROUPS[kind]), inner, st.sampled_from(REPEATS[kind]))
        single = st.builds(str.__add__, atom, st.sampled_from(REPEATS[kind]))
        branch = st.lists(st.one_of(single, piece), min_size=1, max_size=4).map("".join)
        return st.lists(branch, min_size=1, max_size=3).map("|".join)
    return st.recursive(st.lists(st.builds(str.__add__, atom, st.sampled_from(REPEATS[kind])), min_size=1, max_size=4).map("".join), larger, max_leaves=6)


SOUP = list("aab1@.-^$*+?(){}[]|\\,:=AxdwsbQEKhRz< >#i") + ["[[:alpha:]]", "(?:", "(?i)", "[^", "{2}", "\\1", "(a)"]
TEXT = st.text(alphabet="aAbBx1@.-_ é", min_size=1, max_size=7).filter(lambda text: text.strip() == text)


@pytest.mark.parametrize("kind", ["regexp", "pcre"])
@pytest.mark.parametrize("source", ["grammar", "soup"])
def test_made_patterns(tmp_path_factory, kind, source):
    strategy = grammar(kind) if source == "grammar" else st.lists(st.sampled_from(SOUP), min_size=1, max_size=9).map("".join)
    flags = st.sampled_from(["", "", "", "i", "m", "s", "E", "A", "U"])
    total = [0, 0, 0]

    @seed(20240229)
    @settings(max_examples=BATCHES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(st.tuples(strategy, flags), min_size=20, max_size=20), st.lists(TEXT, min_size=10, max_size=10))
    def check(pairs, keys):
        patterns = ["~" + one + "~" + flag for one, flag in pairs if len(one) < 60]
        found, count, unknown = differences(tmp_path_factory.mktemp("t"), kind, patterns, sorted(set(keys + KEYS[:40])))
        for index, one in enumerate((len(patterns), count, unknown)):
            total[index] += one
        assert found == []
    check()
    print("{0} {1}: {2} patterns, {3} comparisons, {4} patterns not understood".format(kind, source, *total))


VALUES = ["v{0}", "v{0}", "v{0}", "$1 v{0}", "x$$v{0}", "${2}v{0}", "$(1)", "$v", "$", "${1", "$0", "a$1b$1"]
STRAY = ["# c", "   x", "foo bar", "!", "/abc", "/", "//", "// e", "/a/b/ c", "!!/a/ d", "! /a/ e", "endif", "ENDIF", "endif x", "endifx", "/a/i!/b/ f"]


def rule(kind):
    """Return a strategy of lines of a table."""
    delimited = st.builds(lambda text, mark, flags: mark + text.replace(mark, "\\" + mark) + mark + flags, grammar(kind), st.sampled_from("/~%,"),
                          st.sampled_from(["", "", "", "i", "q", "m"]))
    match = st.builds("{0}{1}{2}{3}".format, st.sampled_from(["", "", "", "!", "!!"]), delimited, st.sampled_from([" ", "\t", "  "]), st.sampled_from(VALUES))
    opened = st.builds("{0}{1}{2}".format, st.sampled_from(["if ", "IF", "if !", "if  "]), delimited, st.sampled_from(["", " extra"]))
    return st.one_of(match, match, opened, st.sampled_from(STRAY))


@pytest.mark.parametrize("kind", ["regexp", "pcre"])
def test_made_tables(tmp_path_factory, kind):
    """Whole tables: each key has the value that postmap says, and each sample has one, but for the one that no rule answers."""
    count = [0, 0, 0]

    @seed(20240301)
    @settings(max_examples=10 * BATCHES, deadline=None, database=None, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(st.lists(rule(kind), min_size=1, max_size=7), st.lists(TEXT, min_size=10, max_size=10))
    def check(lines, keys):
        lines = [line.replace("{0}", str(number)) for number, line in enumerate(lines)]
        table = PatternTable(kind, "t", [line + "\n" for line in lines])
        kinds = [table.samples(), table.samples(MAIL_FORMS)]
        samples = kinds[0] + kinds[1]
        path = tmp_path_factory.mktemp("t") / "t"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        keys = sorted(set(keys + KEYS[:30] + samples))
        real = ask("{0}:{1}".format(kind, path), keys)
        for key in keys:
            try:
                mine = table.get(key)
            except Opaque:
                count[1] += 1
                continue
            count[0] += 1
            assert (key, mine) == (key, real.answers.get(key)), lines
        for found in kinds:
            assert all(text in real.answers for text in found[:-1]), lines
        count[2] += len(samples)
    check()
    print("{0}: {1} comparisons, {2} not told, {3} samples".format(kind, *count))
