# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Choices out of weighted words: cheap strategies, whose first word is the one that Hypothesis shrinks to."""

import functools

from hypothesis import strategies as st


@functools.lru_cache(maxsize=None)
def words(*weighted_words):
    """A strategy for one of these words; "3* word" is three times as likely as "word"."""
    found = []
    for text in weighted_words:
        times, star, word = text.partition("* ")
        found += [word] * int(times) if star and times.isdigit() else [text]
    return st.sampled_from(found)


@functools.lru_cache(maxsize=None)
def number(most, least=0):
    """A strategy for an integer from least to most."""
    return st.integers(least, most)


def once_in(draw, times):
    """True once in so many times; shrinks to False."""
    return draw(number(times - 1)) == times - 1


def weighted(*pairs):
    """A strategy that chooses among (weight, strategy) pairs."""
    found = [one for weight, strategy in pairs for one in [strategy] * weight]
    return st.sampled_from(found).flatmap(lambda one: one)


def several(element, most, least=0):
    """A strategy for a list of these elements."""
    return st.lists(element, min_size=least, max_size=most)


def some(element, most):
    """As several(), but as often short as long: Hypothesis prefers short lists."""
    return number(most).flatmap(lambda least: st.lists(element, min_size=least, max_size=most))
