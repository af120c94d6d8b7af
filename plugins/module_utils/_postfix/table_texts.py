# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of tables with exact keys: source files of postmap(1), texthash files, inline tables."""

import re

from .text import BLANKS, LIST_SEPARATORS, logical_texts, split_words, unbrace

_PLAIN_KEY = re.compile(r'[^\s"\\]+(?=\s|\Z)', re.ASCII)


def parse_lines(lines):
    """Yield (key, value) of ``key value`` lines (postmap.c, dict_thash.c).

    Keys keep their case and their quotes; a line without a value, or with an odd number of quotes, is skipped, as
    Postfix skips it with a warning.
    """
    for text in logical_texts(lines):
        plain = _PLAIN_KEY.match(text)
        end = plain.end() if plain else _key_end(text)
        value = text[end:].strip(BLANKS) if end is not None else ""
        if value:
            yield text[:end], value


def first_of_each(pairs):
    """Return {key in lower case: value}: of two equal keys the first counts (postmap.c)."""
    entries = {}
    for key, value in pairs:
        entries.setdefault(key.lower(), value)
    return entries


def one_of_each(pairs, fold, shown):
    """Return {key: value}. :raises ValueError: for a key that is there twice, as dict_thash.c refuses the whole table

    :param callable fold: key -> key as it is looked up
    """
    entries = {}
    for key, value in pairs:
        if fold(key) in entries:
            raise ValueError("{0}: duplicate entry: \"{1}\"".format(shown, key))
        entries[fold(key)] = value
    return entries


def _key_end(text):
    """Return where the key ends: at the first blank outside quotes; None where quotes stay open."""
    quoted, index = False, 0
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text[index] == '"':
            quoted = not quoted
        elif text[index] in BLANKS and not quoted:
            break
        index += 1
    return None if quoted else min(index, len(text))


def parse_inline(name, fold, shown):
    """Return the entries of ``inline:{k=v, {k = v}}`` as a dict (dict_inline.c).

    :param callable fold: key -> key as it is looked up
    :raises ValueError: for what Postfix refuses; the text holds nothing of the table
    """
    entries = {}
    for word in split_words(unbrace(name) or "", LIST_SEPARATORS):
        pair = unbrace(word) if word.startswith("{") else word
        key, equals, value = (pair or "").partition("=")
        if not equals or not key.strip(BLANKS):
            raise ValueError("{0}: an entry is not of the form key=value or {{ key = value }}".format(shown))
        entries[fold(key.strip(BLANKS))] = value.strip(BLANKS)
    if not entries:
        raise ValueError("{0}: empty inline table".format(shown))
    return entries
