# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Edits of a document by words: the smallest change of bytes that turns one list of words into another."""

from difflib import SequenceMatcher

from .._postfix.main_cf import MainCf
from .._postfix.text import Logical, Word, words


def with_words(document, value: Logical, wanted: "list[str]", braced: bool = True):  # type: ignore[no-untyped-def]  # a TypeVar would load typing
    """Return *document* with the words of *value* (Logical) changed to *wanted*.

    Words that stay keep their bytes, and so do comments between them.

    :param bool braced: False where no blank may stand in the value (``-o name=value`` in master.cf)
    """
    have = words(value.text)
    separator = "," if not braced else (", " if "," in value.text or len(have) < 2 else " ")
    lines = list(document.lines)
    for kind, old_from, old_to, new_from, new_to in reversed(
            SequenceMatcher(None, [word.text for word in have], wanted, autojunk=False).get_opcodes()):
        if kind == "equal":
            continue
        text = separator.join(wanted[new_from:new_to])
        if kind == "insert":
            _insert(lines, value, have, old_from, text, separator)
            continue
        kept = old_from + (kind == "replace")
        _remove(lines, value, have, kept, old_to)
        if kind == "replace":
            _cut(lines, value, have[old_from].start, have[old_from].end, text)
    return document.with_lines(lines)


def _insert(lines: "list[str]", value: Logical, have: "list[Word]", index: int, text: str, separator: str) -> None:
    if index < len(have):
        line, column = value.place(have[index].start)
        text += separator if lines[line][:column].strip(" \t") or index == 0 else _to_next_line(lines[line], separator)
    elif have:
        line, last = value.place(have[-1].end - 1)
        # A word of a line that goes on the list and holds nothing else; that of an option without braces has its name ahead of it.
        begun, first = value.place(have[-1].start)
        own = begun == line and first > 0 and not lines[line][:first].strip(" \t")
        column, text = last + 1, (_to_next_line(lines[line], separator) if own else separator) + text
    else:
        line, column = value.place(0)
        text = text if separator == "," or lines[line][column - 1] in " \t" else " " + text
    lines[line] = lines[line][:column] + text + lines[line][column:]


def _to_next_line(line: str, separator: str) -> str:
    """Return what parts one word from another on a line of its own, as the words around it stand."""
    ending = line[len(line.rstrip("\r\n")):] or "\n"
    return separator.strip(" ") + ending + line[:len(line) - len(line.lstrip(" \t"))]


def _remove(lines: "list[str]", value: Logical, have: "list[Word]", begin: int, end: int) -> None:
    """Take out the words from *begin* to *end*, with the separators that they leave over."""
    last = end
    while last > begin:
        line, first = value.place(have[last - 1].start)[0], last - 1
        while first > begin and value.place(have[first - 1].start)[0] == line:
            first -= 1
        _remove_from_line(lines, value, have, range(first, last), end)
        last = first


def _remove_from_line(lines: "list[str]", value: Logical, have: "list[Word]", gone: range, end: int) -> None:
    """Take out the words *gone*, which begin on one line; a line that held nothing else goes as a whole.

    :param end: index of the next word that stays
    """
    first, last = gone[0], gone[-1] + 1
    start, stop_at = have[first].start, have[last - 1].end
    line, column = value.place(start)
    stop_line, stop = value.place(stop_at - 1)
    rest = lines[line][:column] + (lines[line][stop + 1:] if stop_line == line else "")
    if not rest.strip(" \t\r\n,") and stop_line == line:
        lines[line] = ""
    elif last == end < len(have) and value.place(have[end].start)[0] == stop_line:
        _cut(lines, value, start, have[end].start, "")
    elif first and value.place(have[first - 1].end - 1)[0] == line:
        _cut(lines, value, have[first - 1].end, stop_at, "")
    else:
        _cut(lines, value, start, stop_at, "")


def _cut(lines: "list[str]", value: Logical, start: int, end: int, text: str) -> None:
    """Put *text* in the place of the characters from *start* to *end*, which may span lines."""
    first, column = value.place(start)
    last, stop = value.place(end - 1)
    if first == last:
        lines[first] = lines[first][:column] + text + lines[first][stop + 1:]
        return
    # What is left of the last line still continues the first.
    blanks, rest = lines[last][:len(lines[last]) - len(lines[last].lstrip(" \t"))], lines[last][stop + 1:]
    lines[last] = (blanks or " ") + rest.lstrip(" \t") if rest.strip(" \t\r\n,") else ""
    for line in range(first + 1, last):
        if not lines[line].lstrip(" \t").startswith("#"):
            lines[line] = ""
    ending = lines[first][len(lines[first].rstrip("\r\n")):]
    lines[first] = lines[first][:column] + text + ending


def with_parameter(main: MainCf, name: str, wanted: "list[str]") -> MainCf:
    """Return the MainCf with ``name = words`` added at its end."""
    lines = list(main.lines)
    ending = "\r\n" if lines and lines[-1].endswith("\r\n") else "\n"
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += ending
    return main.with_lines(lines + ["{0} = {1}{2}".format(name, ", ".join(wanted), ending)])
