# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Macro expansion in parameter values (postconf(5) "parameter value syntax"; mac_parse.c and mac_expand.c)."""

import re
from collections import namedtuple
from collections.abc import Callable
from functools import lru_cache

from .text import BLANKS

NESTING_LIMIT = 100  # as mac_expand.c
_NAME = re.compile("[a-zA-Z0-9_]*")
LEVEL_LIMITS = (2 ** 43 - 1, 1023, 1023)  # as compat_level.c
_DIGITS = re.compile(r"[ \t\n\v\f\r]*\+?([0-9]+)\Z")  # what strtol(3) reads to its end
_LONGEST = "9223372036854775807"  # what it can return
_BRACKETS = {"{": ("}", re.compile("[{}]")), "(": (")", re.compile("[()]"))}
_OPERATOR = "<>!=?+-*/~&|%"
_COMPARE = {
    "==": lambda left, right: left == right, "!=": lambda left, right: left != right,
    "<": lambda left, right: left < right, "<=": lambda left, right: left <= right,
    ">=": lambda left, right: left >= right, ">": lambda left, right: left > right,
}


# subject: a name, or the Relation that is asked; then, otherwise: what is expanded where it is true, and where not (None: nothing)
Macro = namedtuple("Macro", "subject then otherwise")
Relation = namedtuple("Relation", "left operator suffix right")


class MacroError(ValueError):
    """A macro that Postfix refuses; the process that evaluates it dies."""

    hint = "Close every brace, and let no parameter name itself."


@lru_cache(maxsize=4096)
def compatibility_level(text: str) -> "tuple[int, ...]":
    """Return a compatibility level such as ``3.6`` as a tuple of three ints; raise MacroError where it is none."""
    found = [_DIGITS.match(part) for part in text.split(".")]
    parts = [_number(one.group(1)) for one in found if one is not None]
    if parts != parts[:3] or len(parts) < len(found) or any(part > most for part, most in zip(parts, LEVEL_LIMITS)):
        raise MacroError("bad compatibility level: \"{0}\"".format(text))
    return tuple(parts + [0, 0, 0])[:3]


def _number(digits: str) -> int:
    """Return the number that ASCII *digits* make. :raises MacroError: where it is too large for Postfix"""
    bare = digits.lstrip("0")
    if (len(bare), bare) > (len(_LONGEST), _LONGEST):
        raise MacroError("bad conversion: {0}".format(digits))
    return int(bare or "0")


def _broken(what: str, text: str) -> MacroError:
    return MacroError("{0}: \"{1}\"".format(what, text[:60]))


def expand(text: str, lookup: "Callable[[str], str | None]", depth: int = 0) -> str:
    """Return *text* with every macro expanded.

    :param callable lookup: name -> raw value (str), or None where the name is not defined
    :raises MacroError: for an unclosed brace, a lone ``$``, a self reference, a bad operator
    """
    if text and depth > NESTING_LIMIT:
        raise _broken("unreasonable macro call nesting", text)
    if "$" not in text:
        return text
    return "".join(one if isinstance(one, str) else _value(one, lookup, depth + 1) for one in _parsed(text))


def _value(macro: Macro, lookup: "Callable[[str], str | None]", depth: int) -> str:
    """Return what *macro* becomes; *depth*: of what it stands for."""
    subject = macro.subject
    value = lookup(subject) if isinstance(subject, str) else _holds(subject, lookup, depth)
    if macro.then is None and macro.otherwise is None:
        return expand(value or "", lookup, depth)
    chosen = macro.then if value else macro.otherwise
    return expand(chosen or "", lookup, depth)


def _holds(relation: Relation, lookup: "Callable[[str], str | None]", depth: int) -> str:
    """Return "true" where a comparison holds, else "".

    To Postfix each side is a text of its own, in which nothing is nested yet; here it is, so that what never ends ends.
    """
    left, right = expand(relation.left, lookup, depth), expand(relation.right, lookup, depth)
    numbers = left and right and not (left + right).strip("0123456789")
    kind = compatibility_level if relation.suffix == "level" else _number if numbers else str
    return "true" if _COMPARE[relation.operator](kind(left), kind(right)) else ""


@lru_cache(maxsize=4096)
def _parsed(text: str) -> "tuple[str | Macro, ...]":
    """Return *text* as a tuple of str and Macro. :raises MacroError:"""
    out, index = [], 0  # type: list[str | Macro], int
    while index < len(text):
        dollar = text.find("$", index)
        if dollar < 0:
            out.append(text[index:])
            break
        out.append(text[index:dollar])
        index = dollar + 1
        following = text[index:index + 1]
        if following == "$":
            out.append("$")
            index += 1
            continue
        if following in ("{", "("):
            close = _closing(text, index)
            body, index = text[index + 1:close], close + 1
        else:
            body = _name(text, index)
            index += len(body)
        if not body:
            raise _broken("empty macro name", text)
        out.append(_macro(body))
    return tuple(out)


def _closing(text: str, start: int) -> int:
    closing, either = _BRACKETS[text[start]]
    level = 0
    for match in either.finditer(text, start):
        level += -1 if match.group() == closing else 1
        if level == 0:
            return match.start()
    raise _broken("truncated macro reference", text)


def _payload(text: str, start: int) -> "tuple[str, int]":
    """Return (what the braces at *start* hold, where the text goes on)."""
    close = _closing(text, start)
    return text[start + 1:close], _skip(text, close + 1)


def _name(text: str, index: int) -> str:
    """Return the name at *index*, as long as it goes; it may be empty."""
    return next(_NAME.finditer(text, index)).group()  # there is one: every text begins with a name, were it an empty one


def _skip(text: str, index: int) -> int:
    return len(text) - len(text[index:].lstrip(BLANKS))


def _macro(body: str) -> Macro:
    """Return what stands between the braces of a macro as a Macro."""
    start = _skip(body, 0)
    if body[start:start + 1] == "{":
        subject, index = _relation(body, start)  # type: str | Relation, int
    else:
        subject = _name(body, start)
        index = _skip(body, start + len(subject))
    operator = body[index:index + 1]
    if operator not in ("", "?", ":"):
        raise _broken("attribute name syntax error", body)
    return _choice(body, index, subject) if operator else Macro(subject, None, None)


def _choice(body: str, index: int, subject: "str | Relation") -> Macro:
    then = None  # type: str | None
    if body[index] == "?":
        then, index = _operand(body, index + 1)
        if index == len(body):
            return Macro(subject, then, None)
        if body[index] != ":":
            raise _broken("\":\" expected at", body[index:])
    otherwise, index = _operand(body, index + 1)
    if index != len(body):
        raise _broken("unexpected input at", body[index:])
    return Macro(subject, then, otherwise)


def _operand(body: str, index: int) -> "tuple[str, int]":
    start = _skip(body, index)
    if body[start:start + 1] == "{":
        return _payload(body, start)
    return body[index:], len(body)


def _relation(body: str, start: int) -> "tuple[Relation, int]":
    """Return (the Relation at *start*, where the body goes on)."""
    left, index = _payload(body, start)
    rest = body[index:].lstrip(_OPERATOR)
    operator = body[index:len(body) - len(rest)]
    if operator not in _COMPARE:
        raise _broken("bad operator at", body[index:])
    suffix = _name(rest, 0)
    if suffix not in ("", "level"):
        raise _broken("bad operator suffix", suffix)
    index = _skip(body, len(body) - len(rest) + len(suffix))
    if body[index:index + 1] != "{":
        raise _broken("an expression in braces expected at", body[index:])
    right, index = _payload(body, index)
    return Relation(left, operator, suffix, right), index
