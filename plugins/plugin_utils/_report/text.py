# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text of strangers: bounded when it is taken in, on one line where it is shown."""

import re

from .visible import visible

LIMIT = 2000

# What a bounded text may be longer than LIMIT: its own last words. So bounding it again changes nothing.
_ROOM = 40

_SURROGATES = re.compile("[\ud800-\udfff]")


def bounded(text, limit=LIMIT):
    """Return *text* (str) cut to about *limit* characters, saying how many are left out, without lone surrogates."""
    text = _SURROGATES.sub("\ufffd", text)
    if len(text) <= limit + _ROOM:
        return text
    return "{0}… ({1} more characters)".format(text[:limit], len(text) - limit)


def one_line(text):
    """Return *text* (str), made visible, on one line."""
    return visible(" ".join(text.replace("\r\n", "\n").replace("\t", " ").split("\n")))


def count(number, singular, plural=None):
    """Return for example "1 host" or "3 hosts"."""
    return "{0:,} {1}".format(number, singular if number == 1 else plural or singular + "s")
