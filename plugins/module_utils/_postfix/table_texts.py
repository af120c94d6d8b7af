# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text of tables with exact keys: source files of postmap(1), texthash files, inline tables."""

from .text import BLANKS, LIST_SEPARATORS, logical_texts, split_words, unbrace


def parse_lines(lines):
    """Yield (key, value) of ``key value`` lines; keys in lower case, as postmap(1) folds them; the last one counts."""
    for text in logical_texts(lines):
        parts = text.strip(BLANKS).split(None, 1)
        key = parts[0]
        if key.startswith('"') and '"' in key[1:]:
            key = key.replace('"', "")
        yield key.lower(), (parts[1] if len(parts) > 1 else "")


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
