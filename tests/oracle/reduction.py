# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A drawn configuration made smaller line by line and word by word, where Hypothesis left something over."""

import re
from dataclasses import replace

WORD = re.compile(r"(?:[^\s,{}]|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\})+[\s,]*")


def _without_lines(text):
    lines = text.splitlines(True)
    for index in reversed(range(len(lines))):
        yield "".join(lines[:index] + lines[index + 1:])


def _without_words(text):
    for found in reversed(list(WORD.finditer(text))):
        yield text[:found.start()] + text[found.end():]


def _smaller(drawn):
    """Yield the configurations that lack one line or one word of this one."""
    for cut in (_without_lines, _without_words):
        for text in cut(drawn.main_cf):
            yield replace(drawn, main_cf=text)
        if drawn.master_cf is not None:
            yield replace(drawn, master_cf=None)
            for text in cut(drawn.master_cf):
                yield replace(drawn, master_cf=text)
        for number, (name, old) in enumerate(drawn.files):
            if name not in drawn.main_cf + (drawn.master_cf or ""):
                yield replace(drawn, files=drawn.files[:number] + drawn.files[number + 1:], tables=tuple(
                    one for one in drawn.tables if not one.endswith(":" + name)))
            for text in cut(old):
                yield replace(drawn, files=drawn.files[:number] + ((name, text),) + drawn.files[number + 1:])


def reduced(drawn, fails):
    """The smallest configuration, got by leaving parts out one after the other, for which fails(configuration) still holds."""
    found = drawn
    while found is not None:
        drawn, found = found, next((one for one in _smaller(found) if fails(one)), None)
    return drawn
