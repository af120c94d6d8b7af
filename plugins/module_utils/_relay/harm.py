# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a plan would hurt: who is let in that was not, who is cut off that may send, and which listener stops."""

from collections.abc import Callable

from .._postfix.errors import ConfigError
from .draft import Draft
from .entitled import Harm, described, differences, unserved
from .judge import Judgement, listeners
from .repair import as_written, ideal
from .trust import Trust


def harm_done(before: Draft, after: Draft, trust: Trust, name: str) -> "Harm | None":
    """Return the Harm that the way from one draft to another does on the listener *name*, or None.

    What it answers now is compared with what it will. One that is down answers nobody: there, what it would answer with the lists that a guard
    ends is what it should, and what it would with its own lists tells whom it means to refuse.
    """
    if before.configuration is after.configuration:
        return None
    old, new = before.judged(name, trust), after.judged(name, trust)
    # Where strangers hear server errors alone, some still relay; beside them, those count who should.
    should = _with_lists(ideal, before, name, trust) if old.verdict == "down" else None
    if should is not None and should.verdict != "closed":
        should = None
    if new.verdict == "down" and (old.listener is not None or should is not None):
        return Harm("stop {0}: {1}".format(name, "; ".join(new.reasons)), False)
    found = _done(old, new, trust) if old.listener is not None else None
    if found is None and should is not None:
        # Of one that does not even start, its lists tell what they mean to refuse if a guard ends them.
        found = _missed(should, old if old.listener is not None else _with_lists(as_written, before, name, trust), new, trust)
    return found


def _done(old: Judgement, new: Judgement, trust: Trust) -> "Harm | None":
    """Return the Harm that shows between what a listener answers and what it will."""
    found = differences(old.listener, new.listener, trust)
    return _first_of(("let in", found.relayed, False), ("cut off", found.cut, False), ("let in", found.received, True))


def _missed(should: Judgement, meant: "Judgement | None", new: Judgement, trust: Trust) -> "Harm | None":
    """Return the Harm to those whom a listener that is down *should* serve; whom it refuses as it is *meant* to it may go on refusing."""
    cut = differences(should.listener, new.listener, trust).cut
    return _first_of(("cut off", unserved(meant.listener, cut) if meant is not None else cut, False))


def _first_of(*done: "tuple[str, list, bool]") -> "Harm | None":
    return next((Harm("{0} {1}".format(word, described(boxes[0])), mild) for word, boxes, mild in done if boxes), None)


def _with_lists(lists: "Callable[[Draft, str], Draft]", draft: Draft, name: str, trust: Trust) -> "Judgement | None":
    """Return the Judgement of a listener that is down, had it other *lists*; None where it would not start with those either."""
    try:
        good = lists(draft, name)
    except ConfigError:
        return None
    judged = good.judged(name, trust)
    return judged if judged.listener is not None else None


def weigher(before: Draft, draft: Draft, trust: Trust, name: str) -> "Callable[[Draft], Harm | None]":
    """Make the function that tells whom a candidate hurts: on this listener since the start, on the others since *draft*."""
    others = [one.name for one in listeners(draft.configuration) if one.name != name and draft.judged(one.name, trust).verdict != "down"]

    def weigh(candidate: Draft) -> "Harm | None":
        found = [harm_done(before, candidate, trust, name)] + [harm_done(draft, candidate, trust, other) for other in others]
        return next((one for one in sorted((each for each in found if each), key=lambda each: each.mild)), None)
    return weigh
