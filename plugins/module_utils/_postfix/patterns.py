# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One pattern of a regexp or pcre table, ready to be asked."""

from .pattern_pcre import parse_pcre
from .pattern_posix import parse_posix
from .pattern_tree import Refused, Uncompilable, compile_tree
from .text import encode

FLAGS = {"regexp": "imx", "pcre": "imsxAEUX"}
_PARSERS = {"regexp": parse_posix, "pcre": parse_pcre}


class Pattern(object):
    """A compiled pattern. tree: see pattern_tree; groups: how many it has; greedy: whether its groups hold what Python's would.

    :param str kind: ``regexp`` or ``pcre``
    :raises Refused: where Postfix refuses the pattern
    :raises Uncompilable: where it is not understood here
    """

    def __init__(self, kind, source, flags):
        text = encode(source).decode("latin-1")
        self.source = source
        try:
            self.tree, self.groups = _PARSERS[kind](text, flags)
        except RecursionError:
            raise Uncompilable("nested too deeply")
        self.regex, self.numbers = compile_tree(self.tree)
        self.greedy = kind == "pcre" or _plain(self.tree)

    def search(self, key):
        """Return the match in *key* (bytes), or None."""
        return self.regex.search(key)

    def group(self, found, number):
        """Return what group *number* of the pattern holds, as bytes."""
        return found.group(self.numbers[number]) or b""


def _plain(node):
    """Tell whether there is one way only to share out a text among the groups: POSIX takes the longest, Python the first."""
    kind = node[0]
    if kind == "rep":
        return node[1][0] == "set"
    if kind == "cat":
        return all(_plain(one) for one in node[1])
    return _plain(node[2]) if kind == "group" else kind in ("set", "at")


__all__ = ["FLAGS", "Pattern", "Refused", "Uncompilable"]
