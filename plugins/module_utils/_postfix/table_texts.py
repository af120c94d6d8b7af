# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of tables with exact keys: source files of postmap(1), texthash files, inline tables."""

import re

from .text import BLANKS, LIST_SEPARATORS, logical_texts, split_words, unbrace

_ASCII = re.compile(r"[\x00-\x7f]*\Z")
# A key ends at the first blank outside quotes; a backslash takes the next character along. Every text begins with one, if an empty one.
_KEY = re.compile(r'(?:\\.|\\\Z|"(?:\\.|[^"\\])*(?:"|\\?\Z)|[^\s"\\])*', re.ASCII)
_PAIR = re.compile(r'((?:\\.|"(?:\\.|[^"\\])*"|[^\s"\\=])*)[ \t\r\n\v\f]*=(.*)\Z', re.ASCII)


def casefolded(key):
    """Return *key* as tables with exact keys look it up: in lower case, beyond ASCII folded as Unicode says (casefold.c)."""
    return key.lower() if _ASCII.match(key) else key.casefold()


def parse_lines(lines):
    """Yield (key, value) of ``key value`` lines (postmap.c, dict_thash.c).

    Keys keep their case and their quotes; a line without a value is skipped, as Postfix skips it with a warning. After an
    odd number of quotes the key takes all of the line.
    """
    for text in logical_texts(lines):
        match = _KEY.match(text)
        key = match.group() if match else ""
        value = text[len(key):].strip(BLANKS)
        if value:
            yield key, value


def first_of_each(pairs):
    """Return {folded key: value}: of two equal keys the first counts (postmap.c)."""
    entries = {}  # type: dict[str, str]
    for key, value in pairs:
        entries.setdefault(casefolded(key), value)
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


def parse_inline(name, fold, shown):
    """Return the entries of ``inline:{k=v, {k = v}}`` as a dict (dict_inline.c); of a key's values the last one counts.

    :param callable fold: key -> key as it is looked up
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
