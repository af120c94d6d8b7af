# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What shows that a verdict is true: what a stranger says, and where it stands that he may."""

from collections import namedtuple

from .._postfix.configuration import Settings
from .._postfix.text import words

# client_address, client_name, helo, sender, recipient: what a stranger says; RCPT is then accepted. xclient: what he claims
# by XCLIENT before that, {attribute: value}, or None
Witness = namedtuple("Witness", "client_address client_name helo sender recipient xclient")
Because = namedtuple("Because", "file line parameter item")


def place(settings: Settings, parameter: str, word: "int | None", item: "str | None") -> Because:
    """Return the Because for word number *word* of *parameter*."""
    origin = settings.origin(parameter)
    if origin is None:
        return Because(None, None, parameter, item)
    found = words(origin.value.text)
    exact = found[word] if "$" not in origin.value.text and word is not None and word < len(found) else None
    line = origin.line if exact is None else origin.value.place(exact.start)[0] + 1
    return Because(origin.file, line, parameter, item)


__all__ = ["Because", "Witness", "place"]
