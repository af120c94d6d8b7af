# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ansible's ``diff`` of a result, as unified lines with three lines of context."""

import difflib

from .shapes import Malformed
from .text import bounded

MOST_LINES = 400
CONTEXT = 3

# Beyond that many lines that differ, finding the shortest diff may take minutes; all old and all new ones are told instead.
_MOST_COMPARED = 1500


def unified(diff):
    """Return the ``diff`` of an instance, [{"file", "lines"}], for that of a result.

    :param diff: dict or list of dicts with ``before``, ``after`` and headers, or ``prepared``; None
    :raises Malformed: for anything else
    """
    entries = [diff] if isinstance(diff, dict) else diff or []
    if not isinstance(entries, list):
        raise Malformed("diff is no list")
    found = [_one(entry) for entry in entries]
    return [entry for entry in found if entry["lines"]]


def _one(entry):
    if not isinstance(entry, dict):
        raise Malformed("diff holds what is no dictionary")
    before, after, prepared = (entry.get(key) or "" for key in ("before", "after", "prepared"))
    header = entry.get("after_header") or entry.get("before_header") or ""
    if not all(isinstance(one, str) for one in (before, after, prepared, header)):
        raise Malformed("diff holds what is no text")
    lines = _split(prepared) if prepared else _hunks(_split(before), _split(after))
    shown = [bounded(line) for line in lines[:MOST_LINES]]
    if len(lines) > MOST_LINES:
        shown.append("… ({0} more lines)".format(len(lines) - MOST_LINES))
    return {"file": bounded(header), "lines": shown}


def _split(text):
    # At line feeds alone: str.splitlines() would also split at what a main.cf may hold within a line.
    lines = text.split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def _hunks(old, new):
    """Return the lines of the unified diff of two lists of lines, without its two headers."""
    head, tail = _common(old, new)
    start = max(head - CONTEXT, 0)
    old, new = old[start:len(old) - max(tail - CONTEXT, 0)], new[start:len(new) - max(tail - CONTEXT, 0)]
    if max(len(old), len(new)) > _MOST_COMPARED:
        groups = [[("replace", 0, len(old), 0, len(new))]]
    else:
        groups = difflib.SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(CONTEXT)
    lines = []
    for group in groups:
        spans = (group[0][1] + start, group[-1][2] + start, group[0][3] + start, group[-1][4] + start)
        lines.append("@@ -{0} +{1} @@".format(_span(*spans[:2]), _span(*spans[2:])))
        for tag, old_from, old_to, new_from, new_to in group:
            if tag == "equal":
                lines.extend(" " + line for line in old[old_from:old_to])
                continue
            lines.extend("-" + line for line in old[old_from:old_to])
            lines.extend("+" + line for line in new[new_from:new_to])
    return lines


def _common(old, new):
    """Return how many lines the two have in common at their start and, of the rest, at their end."""
    shortest = min(len(old), len(new))
    head = next((index for index in range(shortest) if old[index] != new[index]), shortest)
    tail = next((index for index in range(shortest - head) if old[-1 - index] != new[-1 - index]), shortest - head)
    return head, tail


def _span(first, last):
    # As diff writes it: an empty span names the line before it, and a span of one has no length.
    if last - first == 1:
        return str(first + 1)
    return "{0},{1}".format(first + 1 if last > first else first, last - first)
