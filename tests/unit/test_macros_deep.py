# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How deep macros may stand in one another, as `postconf -x` of 3.7 has it, and what is said of those that are wrong."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.macros import MacroError, compatibility_level, expand


def chain(form, length):
    """Parameters each of which names the next in this form; the last is a word."""
    found = {"x{0}".format(number): form.format("x{0}".format(number + 1)) for number in range(length)}
    return dict(found, a="set", **{"x{0}".format(length): "end"})


@pytest.mark.parametrize("form, most", [("${}", 99), ("$({})", 99), ("${{a?{{${}}}}}", 49), ("${{a?${}}}", 49), ("${{b:{{${}}}}}", 49), ("${{b:${}}}", 49)])
def test_a_chain_of_macros_may_be_so_long(form, most):
    assert expand("$x0", chain(form, most).get) == "end"
    with pytest.raises(MacroError, match="nesting"):
        expand("$x0", chain(form, most + 1).get)


def test_at_the_end_of_the_longest_chain_there_may_be_nothing():
    """postconf -x: an empty text is not looked at, so the chain has room for one more."""
    longest = dict(chain("${}", 100), x100="")
    assert expand("$x0", longest.get) == ""
    assert expand("$x0", dict(longest, x100=None).get) == ""


@pytest.mark.parametrize("form", ["${me}", "${{$me} == {x}?{a}:{b}}", "${a?$me}"])
def test_what_never_ends_ends(form):
    with pytest.raises(MacroError, match="nesting"):
        expand("$me", {"me": form, "a": "set"}.get)


@pytest.mark.parametrize("text, shown", [
    ("${a?{x}" + "y" * 99, "${a?{x}yyy"), ("$" + "-" * 99, "$---"), ("${a" + "!" * 99 + "}", "a!!!"), ("${a?{x}" + "y" * 99 + "}", "yyyy"),
    ("${a:{x}" + "y" * 99 + "}", "yyyy"), ("${{1}" + "y" * 99 + "}", "yyyy"), ("${{1} == {1} " + "y" * 99 + "}", "{1} == {1} yyy"),
    ("${{1} ==" + "y" * 99 + "{1}}", "yyyy"),
])
def test_a_long_text_is_quoted_in_part(text, shown):
    with pytest.raises(MacroError, match="\"") as caught:
        expand(text, {"a": "set"}.get)
    quoted = str(caught.value).partition(": \"")[2]
    assert quoted.startswith(shown) and quoted.endswith("\"") and len(quoted) == 61


@pytest.mark.parametrize("text, level", [("3", (3, 0, 0)), ("3.6", (3, 6, 0)), ("3.6.1", (3, 6, 1)),
                                         (" +3.06", (3, 6, 0)), (" " * 30 + "3." + "0" * 30 + "6", (3, 6, 0)), ("0", (0, 0, 0)),
                                         ("8796093022207.1023.1023", (8796093022207, 1023, 1023))])
def test_levels_are_three_numbers(text, level):
    assert compatibility_level(text) == level
