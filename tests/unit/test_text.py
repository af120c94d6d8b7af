# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logical lines, the places of their characters, and the words of a value: as postconf(5) and Postfix's readlline.c, mystrtok.c and extpar.c have them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.text import (
    LIST_SEPARATORS,
    MASTER_SEPARATORS,
    Logical,
    Piece,
    decode,
    encode,
    logical_lines,
    logical_texts,
    name_and_value,
    split_lines,
    split_words,
    unbrace,
    words,
)

LINES = st.lists(st.text("ab= \t#{},\0", max_size=6).map(lambda one: one + "\n"), max_size=6)


@given(LINES)
def test_each_character_of_a_logical_line_knows_its_place(lines):
    for logical in logical_lines(lines):
        for offset, char in enumerate(logical.text):
            line, column = logical.place(offset)
            assert lines[line][column] == char


@given(LINES, st.integers(0, 20), st.integers(0, 20))
def test_so_it_does_in_a_part_of_it(lines, one, other):
    for logical in logical_lines(lines):
        start, end = sorted((min(one, len(logical.text)), min(other, len(logical.text))))
        part = logical.cut(start, end)
        assert part.text == logical.text[start:end]
        assert [part.place(offset) for offset in range(len(part.text))] == [logical.place(offset) for offset in range(start, end)]
        if start < end:
            assert (part.pieces[0].line, part.pieces[0].column) == logical.place(start)


@pytest.mark.parametrize("lines, start, place", [(["a =\n", " b\n"], 3, (0, 3)), (["a =\n", " b\n"], 0, (0, 0)), (["a =\n", " b\n"], 5, (1, 2))])
def test_an_empty_part_stands_behind_what_precedes_it(lines, start, place):
    assert next(logical_lines(lines)).cut(start, start).place(0) == place


@given(LINES)
def test_the_texts_alone_are_the_same(lines):
    assert list(logical_texts(lines)) == [logical.text for logical in logical_lines(lines)]


@pytest.mark.parametrize("text, expected", [
    ("a\n b\nc\n", ["a b", "c"]), ("a\n#x\n\n \t\n\tb\n", ["a\tb"]), (" a\n b\nc", ["c"]), ("a\n  # x\nb\n", ["a", "b"]), ("a\r\n\x0bb\r\n", ["a\r\x0bb\r"]),
    ("a\0b\n c\nd\n", ["a", "d"]), ("\0a\nb\n", ["", "b"]), ("#a\n b\n", []), ("", []), ("\n\n", []), ("a#b\n", ["a#b"]),
])
def test_logical_lines(text, expected):
    assert [logical.text for logical in logical_lines(split_lines(text))] == expected


@pytest.mark.parametrize("text, expected", [("", []), ("\n", ["\n"]), ("a", ["a"]), ("a\nb", ["a\n", "b"]), ("a\r\n\x0cb\x85\n", ["a\r\n", "\x0cb\x85\n"])])
def test_a_line_feed_alone_ends_a_line(text, expected):
    assert split_lines(text) == expected


@given(st.binary(max_size=40))
def test_no_octet_is_lost(data):
    assert encode(decode(data)) == data


@pytest.mark.parametrize("value, separators, expected", [
    ("a, b\tc\nd", LIST_SEPARATORS, ["a", "b", "c", "d"]), (",, a ,", LIST_SEPARATORS, ["a"]), ("", LIST_SEPARATORS, []), (" ,", LIST_SEPARATORS, []),
    ("a,b c", MASTER_SEPARATORS, ["a,b", "c"]), ("a {b, c} d", LIST_SEPARATORS, ["a", "{b, c}", "d"]),
    ("x{a, {b c}, d}y z", LIST_SEPARATORS, ["x{a, {b c}, d}y", "z"]),
    ("{a b", LIST_SEPARATORS, ["{a b"]), ("a} {b c} d", LIST_SEPARATORS, ["a}", "{b c}", "d"]), ("}} {b c", LIST_SEPARATORS, ["}}", "{b c"]),
    ("{a}{b c}", LIST_SEPARATORS, ["{a}{b c}"]), ("{a},{b} ", LIST_SEPARATORS, ["{a}", "{b}"]), ("{} a", LIST_SEPARATORS, ["{}", "a"]),
])
def test_words(value, separators, expected):
    found = words(value, separators)
    assert [word.text for word in found] == split_words(value, separators) == expected
    assert [value[word.start:word.end] for word in found] == expected


@given(st.text("ab{}, \t\n", max_size=12))
def test_a_word_is_where_it_says(value):
    assert [value[word.start:word.end] for word in words(value)] == split_words(value)


@pytest.mark.parametrize("text, inside", [("{a}", "a"), ("{ a b }", "a b"), ("{}", ""), ("{{a}}", "{a}"), ("{a}{b}", None), ("{a}b", None), ("{a", None),
                                          ("{{a}", None), ("", None), ("{\ta\n}", "a"), ("{a {b} c}", "a {b} c")])
def test_braces_are_taken_off_where_they_enclose_all(text, inside):
    assert unbrace(text) == inside


@pytest.mark.parametrize("line, name, value", [
    ("a=b", "a", "b"), ("a = b c ", "a", "b c"), ("  a\t=\tb\r", "a", "b"), ("a =", "a", ""),
    ("a =  \t", "a", ""), ("a==b", "a", "=b"), ("a\x0b=\x0cb", "a", "b"),
])
def test_name_and_value(line, name, value):
    pair, reason = name_and_value(Logical(line, [Piece(0, 0, 0)]))
    assert ([part.text for part in pair], reason) == ([name, value], "")
    assert [line[part.place(0)[1]:part.place(len(part.text) - 1)[1] + 1] for part in pair] == [name, value]


@pytest.mark.parametrize("line, reason", [("= b", "missing attribute name"), ("a b = c", "missing '='"), ("a", "missing '='"), ("", "attribute name")])
def test_what_is_no_name_and_value(line, reason):
    pair, said = name_and_value(Logical(line, [Piece(0, 0, 0)]))
    assert pair is None and reason in said
