# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of tables with exact keys: source files of postmap(1), texthash files, inline tables."""

import re

from .text import BLANKS, LIST_SEPARATORS, logical_texts, split_words, unbrace

_PLAIN_KEY = re.compile(r'[^\s"\\]+(?=\s|\Z)', re.ASCII)


def parse_lines(lines):
    """Return {key: value} of ``key value`` lines (postmap.c, dict_thash.c).

    Keys are in lower case and keep their quotes; of two equal keys the first counts; a line without a value, or with
    an odd number of quotes, is skipped, as Postfix skips it with a warning.
    """
    entries = {}
    for text in logical_texts(lines):
        plain = _PLAIN_KEY.match(text)
        end = plain.end() if plain else _key_end(text)
        value = text[end:].strip(BLANKS) if end is not None else ""
        if value:
            entries.setdefault(text[:end].lower(), value)
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


def parse_inline(name, shown):
    """Return the entries of ``inline:{k=v, {k = v}}`` as a dict (dict_inline.c).

    :raises ValueError: for what Postfix refuses; the text holds nothing of the table
    """
    entries = {}
    for word in split_words(unbrace(name) or "", LIST_SEPARATORS):
        pair = unbrace(word) if word.startswith("{") else word
        key, equals, value = (pair or "").partition("=")
        if not equals or not key.strip(BLANKS):
            raise ValueError("{0}: an entry is not of the form key=value or {{ key = value }}".format(shown))
        entries[key.strip(BLANKS).lower()] = value.strip(BLANKS)
    if not entries:
        raise ValueError("{0}: empty inline table".format(shown))
    return entries
