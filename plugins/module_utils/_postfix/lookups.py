# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which an access table is searched (access(5); smtpd_check.c, mail_addr_find.c)."""

_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


def domain(table, name, parents):
    """Look up a host name, then its parent domains (``.parent`` unless *parents*); numbers have no parents."""
    value = table.get(name) if name else None
    if value is not None or not table.fixed or _numeric(name):
        return value
    return _parents(table, name, parents)


def _parents(table, name, parents):
    dot = name.find(".", 1)
    while dot >= 0:
        name = name[dot + 1:] if parents else name[dot:]
        value = table.get(name) if name else None
        if value is not None:
            return value
        dot = name.find(".", 1)
    return None


def address(table, text):
    """Look up an address, then its parent networks by octet or group."""
    value = table.get(text)
    if value is not None or not table.fixed:
        return value
    delimiter = ":" if ":" in text else "."
    while delimiter in text:
        text = text.rpartition(delimiter)[0]
        value = table.get(text) if text else None
        if value is not None:
            return value
    return None


def mail(table, text, parents, delimiters):
    """Look up a mail address: user+ext@domain, user@domain, domain, its parents, user+ext@, user@."""
    value = mail_full(table, text, delimiters)
    if value is not None or not table.fixed:
        return value
    user, dummy, name = text.rpartition("@")
    value = table.get(name) if name else None
    if value is None:
        value = _parents(table, name, parents)
    if value is None:
        value = table.get(user + "@")
    if value is None and bare(user, delimiters) != user:
        value = table.get(bare(user, delimiters) + "@")
    return value


def mail_full(table, text, delimiters):
    """Look up user+ext@domain, then user@domain."""
    value = table.get(text)
    user, at, name = text.rpartition("@")
    stripped = bare(user, delimiters)
    if value is None and table.fixed and stripped != user:
        value = table.get(stripped + at + name)
    return value


def bare(user, delimiters):
    """Return *user* without its address extension (recipient_delimiter)."""
    cuts = [user.find(char, 1) for char in delimiters if user.find(char, 1) > 0]
    return user[:min(cuts)] if cuts and user.lower() not in ("mailer-daemon", "double-bounce") else user


def valid_hostname(name):
    """Tell whether *name* has the form of a host name, without a dot at its end (valid_hostname.c)."""
    return (0 < len(name) <= 255 and not all(char.isdigit() or char == "." for char in name)
            and all(_valid_label(label) for label in name.split(".")))


def _valid_label(label):
    return 0 < len(label) < 64 and "-" not in (label[0], label[-1]) and all(char in _LABEL for char in label)


def _numeric(name):
    return ":" in name or (name.count(".") == 3 and name.replace(".", "").isdigit())
