# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Texts that reach the rules of a regexp or pcre table: what a stranger would say to be answered by each of them."""

from itertools import islice

from .errors import Opaque
from .pattern_rules import MATCH
from .pattern_samples import Automaton, texts
from .patterns import Pattern, Uncompilable
from .text import decode

TRIES = 40
# In place of the index of a rule: no rule answers; nobody says such a text.
NOWHERE, UNSAYABLE = None, -1
_SHAPES = {}  # type: dict[str, tuple]


def texts_for(table, forms, harmless):
    """Return [(index of a rule of a PatternTable or NOWHERE, text or None), ...] without the rules that nothing of *forms* can reach.

    :param tuple forms: pcre patterns of what can be said where the table is asked, the likely first
    :param callable harmless: tells of a value that its rule need not be reached, or None
    """
    found = []  # type: list[tuple]
    shapes = [_shape(form) for form in forms]
    for index, rule in enumerate(table.rules):
        if rule.op == MATCH and not (harmless is not None and harmless(rule.text)):
            found.extend((index, text) for text in _texts(table, index, shapes))
    found.extend((NOWHERE, text) for text in _texts(table, NOWHERE, shapes))
    return _confirmed(table, found)


def _texts(table, index, shapes):
    """Return one text for rule *index* (or NOWHERE), [None] where none could be built, [] where there is none."""
    given_up = False
    for shape in shapes:
        try:
            text = _text(table, index, shape)
        except Uncompilable:
            given_up = True
            continue
        if text is not None:
            return [text]
    return [None] if given_up else []


def _text(table, index, shape):
    """Return a text of *shape* that reaches rule *index*, or None where there is none. :raises Uncompilable: where none was found"""
    if index == NOWHERE and _gets_past(table, shape[2]):
        return shape[2]
    wanted = ([] if index == NOWHERE else table.rules[index].automata()) + [(shape[1], False)]
    earlier = range(len(table.rules[:index]))
    before = []  # type: list[int]
    while True:
        taken, refused = None, False
        for data in islice(texts(wanted, [table.rules[one].automata() for one in before]), TRIES):
            text = decode(data)
            try:
                taken = table.reach(text)[0] if shape[0].search(data) else UNSAYABLE
            except Opaque as exc:
                raise Uncompilable(str(exc))
            if taken == index:
                return text
            if taken in earlier and taken not in before and _is_exact(table.rules[taken]):
                break
            refused = True
        else:
            if refused:
                # A pattern that its automaton cannot say took it, and may not take another that is like it in all else.
                raise Uncompilable("no text that is taken")
            return None
        before.append(taken)


def _gets_past(table, text):
    try:
        return table.reach(text) == (NOWHERE, None)
    except Opaque:
        return False


def _confirmed(table, found):
    """Return *found* with None for each text to which the host's postmap answers otherwise."""
    asked = [text for dummy, text in found if text is not None]
    answers = table.confirm(asked) if asked and table.confirm is not None else None
    if answers is None:
        return found
    return [(index, text if text is None or answers.get(text) == _answer(table, text) else None) for index, text in found]


def _answer(table, text):
    try:
        return table.get(text)
    except Opaque:
        return None


def passing(tables, forms, harmless):
    """Return texts that several PatternTables, in their order, do not turn away: one that gets past all, and one for each rule that says more.

    :param tuple forms: pcre patterns of what can be said, the likely first
    :param callable harmless: tells of a value that it turns away
    """
    found = _past(tables, forms, harmless)
    for number, table in enumerate(tables):
        for index, rule in enumerate(table.rules):
            if rule.op == MATCH and not harmless(rule.text):
                # What lets someone in may end the list ahead of the tables that follow.
                found.extend(_past(tables, forms, harmless, table, index) or _past(tables[:number + 1], forms, harmless, table, index))
    return found


def _past(tables, forms, harmless, goal=None, index=None):
    """Return [a text that reaches rule *index* of the table *goal*, and is turned away by none], or [] where none was found."""
    for form in forms:
        shape, avoided = _shape(form), []  # type: tuple, list
        try:
            wanted = ([] if goal is None else goal.rules[index].automata()) + [(shape[1], False)]
            while True:
                for data in islice(texts(wanted, [rule.automata() for rule in avoided]), TRIES):
                    blocking = _blocking(tables, decode(data), harmless, goal, index)
                    if blocking is None and shape[0].search(data):
                        return [decode(data)]
                    if blocking is not None and blocking not in avoided and _is_exact(blocking):
                        break
                else:
                    break
                avoided.append(blocking)
        except (Opaque, Uncompilable):
            continue
    return []


def _blocking(tables, text, harmless, goal, wanted):
    """Return the first Rule that turns *text* away, or that answers ahead of rule *wanted* of the table *goal*; None where there is none."""
    for table in tables:
        index = table.reach(text)[0]
        if table is goal and index != wanted:
            return table.rules[wanted if index is None else index]
        if index is not None and harmless(table.rules[index].text):
            return table.rules[index]
    return None


def _is_exact(rule):
    try:
        return all(one.exact for one, dummy in rule.automata())
    except Uncompilable:
        return False


def _shape(form):
    if form not in _SHAPES:
        pattern = Pattern("pcre", form, "i")
        automaton = Automaton(pattern.tree)
        # The third: the likeliest text of that form, which gets past most tables.
        _SHAPES[form] = pattern, automaton, decode(next(iter(texts([(automaton, False)], []))))
    return _SHAPES[form]
