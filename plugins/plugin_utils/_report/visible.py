# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of strangers, made visible: what reorders, hides or controls is shown by its number, as [U+202E]."""

from __future__ import annotations

import re
import unicodedata

# Printable by Unicode's book, and yet nothing is seen of them: joiners, fillers and selectors of variants.
UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0" + "".join(map(chr, range(0xFE00, 0xFE10)))
                   + "".join(map(chr, range(0xE0100, 0xE01F0))))
# Blanks that lay lines out as their writer meant; what shows the text keeps them or folds them.
LAYOUT = frozenset("\n\t")
_PIECES = re.compile(r"(?s)(.)\1*")
FEW = 3  # of the same unseen character in a row, before they are counted instead; and of marks on one letter, before they are named


def is_visible(character: str) -> bool:
    """Tell whether a reader sees that this character is there, and where."""
    return character in LAYOUT or character.isprintable() and character not in UNSEEN


def is_plain(text: str) -> bool:
    """Tell whether *text* is ASCII that can be shown as it is: the common case, and the fast one."""
    return text.isascii() and text.isprintable()


def named(character: str, times: int) -> str:
    """Return what stands for *times* unseen characters in a row."""
    name = "U+{0:04X}".format(ord(character))
    return "[{0}]".format(name) * times if times <= FEW else "[{0} x {1}]".format(name, times)


def pieces(text: str) -> list[tuple[bool, str]]:
    """Return *text* as [(whether it is as it was, piece)], unseen characters by their numbers. Lone surrogates are such."""
    found: list[tuple[bool, str]] = []
    marks = 0  # on the last letter; a tower of them would cover the lines above
    for match in _PIECES.finditer(text):
        character, run = match.group(1), match.group(0)
        marks = marks + len(run) if unicodedata.combining(character) else 0
        seen = is_visible(character) and marks <= FEW
        piece = run if seen else named(character, len(run))
        if found and found[-1][0] is seen:
            found[-1] = (seen, found[-1][1] + piece)
        else:
            found.append((seen, piece))
    return found


def visible(text: str) -> str:
    """Return *text* with every unseen character by its number. It can be encoded, and it reads in the order in which it is stored
    once it is isolated from what surrounds it."""
    return text if is_plain(text) else "".join(piece for dummy, piece in pieces(text))
