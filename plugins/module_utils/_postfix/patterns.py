# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Regular expressions of pcre and regexp tables in Python's terms, and texts that match them."""

import re
from functools import lru_cache

try:
    from re import _parser as sre  # Python 3.11 and later
except ImportError:
    import sre_parse as sre

_CLASSES = {
    "alpha": "a-zA-Z", "digit": "0-9", "alnum": "a-zA-Z0-9", "upper": "A-Z", "lower": "a-z", "space": r"\s",
    "blank": r" \t", "punct": r"!-/:-@\[-`{-~", "xdigit": "0-9A-Fa-f", "print": " -~", "graph": "!-~", "cntrl": r"\x00-\x1f",
}
_CLASS = re.compile(r"\[:(\w+):\]")


def translate(kind, pattern, flags):
    """Return (pattern, flags) for re.compile.

    Both kinds ignore case unless the flag ``i`` switches that off; in pcre ``.`` matches a line feed (flag ``s``).
    """
    options = 0 if "i" in flags else re.IGNORECASE
    if kind == "pcre":
        options |= 0 if "s" in flags else re.DOTALL
        options |= re.MULTILINE if "m" in flags else 0
        options |= re.VERBOSE if "x" in flags else 0
    return _CLASS.sub(lambda match: _CLASSES[match.group(1)], pattern), options


@lru_cache(maxsize=1024)
def sample(regex):
    """Return a text that *regex* matches, or None where none could be built."""
    try:
        text = _build(sre.parse(regex.pattern, regex.flags & ~re.UNICODE))
    except (re.error, _Unbuildable, RecursionError):
        return None
    return text if regex.search(text) else None


class _Unbuildable(Exception):
    """A construct (a look-behind, a back reference) that no text is built for."""


def _build(parsed):
    return "".join(_BUILDERS.get(str(op), _fail)(arg) for op, arg in parsed)


def _fail(dummy):
    raise _Unbuildable()


def _one_of(items):
    if items and str(items[0][0]) == "NEGATE":
        taken = [re.compile("[" + _class_text(items[1:]) + "]")]
        for char in "x0-. @":
            if not taken[0].match(char):
                return char
        raise _Unbuildable()
    op, arg = items[0]
    if str(op) == "LITERAL":
        return chr(arg)
    if str(op) == "RANGE":
        return chr(ord("x")) if arg[0] <= ord("x") <= arg[1] else chr(arg[0])
    return _category(arg)


def _class_text(items):
    parts = []
    for op, arg in items:
        if str(op) == "LITERAL":
            parts.append(re.escape(chr(arg)))
        elif str(op) == "RANGE":
            parts.append(re.escape(chr(arg[0])) + "-" + re.escape(chr(arg[1])))
        else:
            parts.append({"CATEGORY_DIGIT": r"\d", "CATEGORY_WORD": r"\w", "CATEGORY_SPACE": r"\s"}.get(str(arg), ""))
    return "".join(parts) or r"\0"


def _category(name):
    return {"CATEGORY_DIGIT": "1", "CATEGORY_WORD": "x", "CATEGORY_SPACE": " ", "CATEGORY_NOT_DIGIT": "x",
            "CATEGORY_NOT_WORD": "-", "CATEGORY_NOT_SPACE": "x"}[str(name)]


def _repeat(arg):
    least, dummy, item = arg
    return _build(item) * least


_BUILDERS = {
    "LITERAL": chr,
    "NOT_LITERAL": lambda arg: "y" if arg == ord("x") else "x",
    "ANY": lambda arg: "x",
    "IN": _one_of,
    "CATEGORY": _category,
    "MAX_REPEAT": _repeat,
    "MIN_REPEAT": _repeat,
    "POSSESSIVE_REPEAT": _repeat,
    "SUBPATTERN": lambda arg: _build(arg[-1]),
    "ATOMIC_GROUP": _build,
    "BRANCH": lambda arg: _build(arg[1][0]),
    "AT": lambda arg: "",
    "ASSERT_NOT": lambda arg: "",
    "ASSERT": lambda arg: "",
}
