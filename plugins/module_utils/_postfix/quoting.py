# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail addresses in external form (as SMTP and tables have them) and internal form (without quotes) (quote_822_local.c)."""

import re
from functools import lru_cache

_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_SPECIAL = frozenset(' ()<>@,;:\\"[]')


@lru_cache(maxsize=4096)
def internal(text: str) -> str:
    """Return an address in internal form: without route, quotes and backslashes, each bracket closed (extract_addr in smtpd.c)."""
    if text.startswith("@") and ":" in text:
        text = text.partition(":")[2]
    if text.rpartition("@")[2].startswith("[") and "]" not in text and '"' not in text:
        text += "]"
    return _QUOTED.sub(lambda found: re.sub(r"\\(.)", r"\1", found.group(1)), text)


def neutered(helo: str) -> str:
    """Return a HELO name as smtpd keeps it: without what could be mistaken for an address (NEUTER_CHARACTERS in smtpd.c)."""
    return re.sub(r'[ <>()\\";@]', "?", helo)


@lru_cache(maxsize=4096)
def external(address: str) -> str:
    """Return an address in external form: its local part quoted where it must be."""
    local, at, domain = address.rpartition("@")
    return quoted(local) + at + domain if at else quoted(domain)


def quoted(local: str) -> str:
    """Return a local part, quoted where it must be."""
    if is_dot_string(local):
        return local
    return '"{0}"'.format(re.sub(r'(["\\\r])', r"\\\1", local))


@lru_cache(maxsize=4096)
def is_dot_string(local: str) -> bool:
    """Tell whether a local part needs no quotes."""
    return bool(local) and not local.startswith(".") and not local.endswith(".") and ".." not in local \
        and not any(char in _SPECIAL or ord(char) < 32 or ord(char) == 127 for char in local)
