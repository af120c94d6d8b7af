# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of tables with exact keys: source files of postmap(1), texthash files, inline tables."""

import re

from .text import BLANKS, LIST_SEPARATORS, logical_lines, split_words, unbrace

_ASCII = re.compile(r"[\x00-\x7f]*\Z")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
# A key ends at the first blank outside quotes; a backslash takes the next character along.
_KEY = re.compile(r'(?:\\.|\\\Z|"(?:\\.|[^"\\])*(?:"|\\?\Z)|[^\s"\\])*', re.DOTALL | re.ASCII)
_PAIR = re.compile(r'((?:\\.|"(?:\\.|[^"\\])*"|[^\s"\\=])*)[ \t\r\n\v\f]*=(.*)\Z', re.DOTALL | re.ASCII)


def fold(key):
    """Return *key* as tables with exact keys hold it and look it up: in lower case, beyond ASCII folded as Unicode says (casefold.c)."""
    return key.lower() if _ASCII.match(key) else key.casefold()


def parse_lines(lines, twice=None):
    """Return {key: value} of ``key value`` lines as postmap(1) and texthash tables read them (postmap.c, dict_thash.c).

    A key may hold blanks between double quotes, which stay part of it. Lines without a value or with an odd quote are lost,
    and so is a key's second line.

    :param list twice: takes the keys that stand there more than once
    """
    entries = {}
    for logical in logical_lines(lines):
        match = _KEY.match(logical.text)
        value = logical.text[match.end():].strip(BLANKS)
        if _odd_quotes(match.group()) or not value:
            continue
        key = fold(match.group())
        if key in entries and twice is not None:
            twice.append(key)
        entries.setdefault(key, value)
    return entries


def _odd_quotes(key):
    return _ESCAPED.sub("", key).count('"') % 2 == 1


def parse_inline(name, shown):
    """Return the entries of ``inline:{k=v, {k = v}}`` as a dict (dict_inline.c); of a key's values the last one counts.

    :raises ValueError: for what Postfix refuses; the text holds nothing of the table
    """
    entries = {}
    for word in split_words(unbrace(name) or "", LIST_SEPARATORS):
        pair = unbrace(word) if word.startswith("{") else word
        match = _PAIR.match(pair or "")
        if match is None:
            raise ValueError("{0}: an entry is not of the form key=value or {{ key = value }}".format(shown))
        entries[fold(match.group(1))] = match.group(2).strip(BLANKS)
    if not entries:
        raise ValueError("{0}: empty inline table".format(shown))
    return entries
