# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits by words: what stays keeps its bytes, and what goes leaves no separator, no blank and no empty line of its own behind."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.text import split_words
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import edits


def edited(text, wanted):
    main = MainCf(text.encode())
    return edits.with_words(main, main.entry("l").value, wanted.split()).to_bytes().decode()


@pytest.mark.parametrize("before, wanted, after", [
    # on one line
    ("l = a, b, c\n", "a b c", "l = a, b, c\n"),
    ("l = a, b, c\n", "b c", "l = b, c\n"), ("l = a, b, c\n", "a c", "l = a, c\n"),
    ("l = a, b, c\n", "a b", "l = a, b\n"), ("l = a, b, c\n", "a", "l = a\n"),
    ("l = a, b, c\n", "c", "l = c\n"), ("l = a b c\n", "a c", "l = a c\n"),
    ("l = a b c\n", "x a b c", "l = x a b c\n"), ("l = a b\n", "a x b", "l = a x b\n"),
    ("l = a b\n", "a b x y", "l = a b x y\n"), ("l=a,b\n", "a x b", "l=a,x, b\n"), ("l = a\n", "a b", "l = a, b\n"), ("l = a\n", "b a", "l = b, a\n"),
    ("l = a, b, c, d\n", "x d", "l = x, d\n"), ("l = a, b\n", "x y z b", "l = x, y, z, b\n"), ("l = a\n", "b", "l = b\n"),
    # an empty value
    ("l =\n", "a b", "l = a, b\n"), ("l = \n", "a", "l = a\n"), ("l =\t\n", "a", "l =\ta\n"), ("l =", "a", "l = a"),
    # nothing left
    ("l = a\n", "", "l = \n"), ("l =\n a\n", "", "l =\n"), ("l = a, b\nm = c\n", "", "l = \nm = c\n"),
    # over several lines
    ("l =\n a\n b\n c\n", "a c", "l =\n a\n c\n"), ("l =\n a,\n b,\n c\n", "a b", "l =\n a,\n b,\n"), ("l = a,\n b, c\n", "a c", "l = a,\n c\n"),
    ("l = a,\n b, c\n", "a b", "l = a,\n b\n"), ("l = a, b,\n c\n", "a c", "l = a,\n c\n"), ("l = a, b,\n c, d\n", "a d", "l = a,\n d\n"),
    ("l = a, b\n , c\n", "a b x c", "l = a, b\n , x, c\n"), ("l =\n a\n # of b\n b\n", "a", "l =\n a\n # of b\n"),
    ("l = a\n b\n c\n d\n", "a d", "l = a\n d\n"),
    ("l = a\n  b\n\tc\n", "a b x", "l = a\n  b\n\tx\n"), ("l = a\n  b\n", "a x b", "l = a\n  x\n  b\n"), ("l = a,\n b\n", "c b", "l = c,\n b\n"),
    # what comes in stands as the words around it: on a line of its own
    ("l =\n a,\n # of b\n b\n", "a x b", "l =\n a,\n # of b\n x,\n b\n"), ("l =\n\ta,\n\tb\n", "a b x y", "l =\n\ta,\n\tb,\n\tx, y\n"),
    ("l =\r\n a\r\n b\r\n", "a x b", "l =\r\n a\r\n x\r\n b\r\n"), ("l =\n a\n b", "a b x", "l =\n a\n b\n x"), ("l =\n a b\n", "x a b", "l =\n x a b\n"),
    ("l = a,\n b c\n", "a b x c", "l = a,\n b x, c\n"),
    # words in braces that span lines
    ("l = {a\n b} c\nm = d\n", "c", "l = \n c\nm = d\n"), ("l = c {a\n b}\nm = d\n", "c", "l = c\nm = d\n"),
    ("l = {a\n b\n c} d\n", "x d", "l = x\n d\n"),
    ("l = x {a\n# note\n b} d\n", "x d", "l = x \n# note\n d\n"), ("l = {a\n b}\n", "", "l = \n"),
    # other line ends, and none
    ("l = a, b\r\nm = c\r\n", "a", "l = a\r\nm = c\r\n"), ("l = a\r\n b\r\nm = c\r\n", "a", "l = a\r\nm = c\r\n"),
    ("l = a, b", "a", "l = a"), ("l = a\n b", "a", "l = a\n"),
    ("l = {a\r\n b} c\r\n", "x c", "l = x\r\n c\r\n"),
])
def test_the_bytes_after_an_edit(before, wanted, after):
    assert edited(before, wanted) == after


@pytest.mark.parametrize("arguments, wanted, after", [
    (b"-o l=a,b", "a", b"-o l=a"), (b"-o l=a,b", "b", b"-o l=b"), (b"-o l=a", "a b", b"-o l=a,b"),
    (b"-o l=", "a b", b"-o l=a,b"), (b"-o k=v\n  -o l=a", "a b", b"-o k=v\n  -o l=a,b"),
    (b"-o k=v\n  -o { l =\n  a\n  b }", "a b c", b"-o k=v\n  -o { l =\n  a\n  b\n  c }"), (b"-ol=a,b,c", "a c", b"-ol=a,c"),
    (b"-o {l=a b}", "a x b", b"-o {l=a x b}"), (b"-o { l = }", "a b", b"-o { l = a, b }"),
    (b"-o {l=}", "a", b"-o {l= a}"), (b"-o { l = a }", "a b", b"-o { l = a, b }"),
    (b"-o { l =\n }", "a b", b"-o { l = a, b\n }"), (b"-o { l = a\n  b }", "b", b"-o { l = \n  b }"), (b"-o { l = a\n  b }", "a", b"-o { l = a\n   }"),
    (b"-o { l = a\n b }", "a", b"-o { l = a\n  }"),
])
def test_the_bytes_of_an_override(arguments, wanted, after):
    head, tail = b"smtp inet n - n - - smtpd -v ", b" -o m=x\n587 inet n - n - - smtpd\n"
    master = MasterCf(head + arguments + tail)
    option = master.services[0].option("l")
    changed = edits.with_words(master, option.value, wanted.split(), option.braced)
    assert changed.to_bytes() == head + after + tail
    assert split_words(changed.services[0].option("l").text) == wanted.split()


@pytest.mark.parametrize("before, after", [("", "n = a, b\n"), ("x = y\n", "x = y\nn = a, b\n"),
                                           ("x = y", "x = y\nn = a, b\n"), ("x = y\r\n", "x = y\r\nn = a, b\r\n"),
                                           ("x = y\r\nz = y", "x = y\r\nz = y\nn = a, b\n"), ("# x\n", "# x\nn = a, b\n")])
def test_a_parameter_at_the_end(before, after):
    assert edits.with_parameter(MainCf(before.encode()), "n", ["a", "b"]).to_bytes().decode() == after


WORDS = st.lists(st.sampled_from(["a", "b", "c", "{d e}", "f{g,\n h}"]), max_size=6)
BETWEEN = st.sampled_from([" ", ", ", ",", "\n ", ",\n\t", "\n# note\n ", " \n\n  , "])


@st.composite
def laid_out(draw):
    found = draw(WORDS)
    return "".join(draw(BETWEEN) + word for word in found) + draw(st.sampled_from(["", " ", ",", "\n", "\n "]))


@given(laid_out(), WORDS)
def test_the_words_are_those_that_were_wanted_and_nothing_else_is_touched(text, wanted):
    before = "# head\nk = v\nl =" + text + "\nm = x\n# foot"
    main = MainCf(before.encode())
    wanted = [word.replace("\n", "") for word in wanted]
    after = edits.with_words(main, main.entry("l").value, wanted)
    assert split_words(after.entry("l").text) == wanted
    assert (after.entry("k").text, after.entry("m").text, len(after.entries)) == ("v", "x", 3)
    assert [line for line in after.lines if "#" in line] == [line for line in main.lines if "#" in line]
