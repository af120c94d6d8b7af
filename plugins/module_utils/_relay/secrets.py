# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Takes out of a text what may be secret, before it reaches a diff, a log or a report."""

import re

_SECRET_MAPS = re.compile(r"(?m)^(\s*\w*(?:passwd|password)\w*\s*=\s*)static:[^\r\n]*")
_KINDS = re.compile(r"\b(inline|static):\{")


def mask(text):
    """Return *text* with the entries of inline tables, and static passwords, replaced by dots."""
    text = _SECRET_MAPS.sub(r"\1static:...", text)
    out, index = [], 0
    for match in _KINDS.finditer(text):
        if match.start() < index:
            continue
        end, level = match.end(), 1
        while end < len(text) and level:
            level += {"{": 1, "}": -1}.get(text[end], 0)
            end += 1
        out.append(text[index:match.end()] + "...}")
        index = end
    return "".join(out) + text[index:]
