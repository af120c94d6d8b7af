# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The order in which tables are searched (access(5), transport(5), virtual(5); smtpd_check.c, mail_addr_find.c).

Every function takes a Maps and returns a str or None; all raise TableError and Opaque.
"""

from collections import namedtuple
from functools import lru_cache

from .networks import valid_address
from .quoting import external, quoted

_LABEL = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")
_UNSPLIT = ("postmaster", "mailer-daemon")
# delimiters: recipient_delimiter; owners: whether owner-list and list-request are whole (owner_request_special); bounces: who else is whole
Extensions = namedtuple("Extensions", "delimiters owners bounces")


def domain(maps, name, parents):
    """Look up a host name, then its parent domains (``.parent`` unless *parents*); an address has no parents."""
    value = maps.get(name)
    return value if value is not None or valid_address(name) else _parents(maps, name, parents)


def _parents(maps, name, parents):
    dot = name.find(".", 1)
    while dot >= 0:
        name = name[dot + 1:] if parents else name[dot:]
        value = maps.get(name, True)
        if value is not None:
            return value
        dot = name.find(".", 1)
    return None


def address(maps, text):
    """Look up an address, then its parent networks by octet or group."""
    value, delimiter = maps.get(text), ":" if ":" in text else "."
    while value is None and delimiter in text:
        text = text.rpartition(delimiter)[0]
        value = maps.get(text, True)
    return value


def mail(maps, text, parents, extensions):
    """Look up a mail address in an access table: in full, its domain, the parents, user+ext@, user@."""
    value = mail_domain(maps, text, parents, extensions)
    return _first(maps, [key + "@" for key in _users(text, extensions)], _form) if value is None else value


def mail_domain(maps, text, parents, extensions):
    """Look up a mail address in a transport table: in full, its domain, the parents."""
    value = _full(maps, text, extensions)
    if value is None:
        name = text.rpartition("@")[2]
        value = maps.get(name, True)
        value = _parents(maps, name, parents) if value is None else value
    return value


def mail_default(maps, text, extensions, is_local):
    """Look up a mail address in any other table: in full, user+ext and user of a local domain, @domain.

    :param is_local: callable domain -> bool
    """
    value = _full(maps, text, extensions)
    if value is None and is_local(text.rpartition("@")[2]):
        value = _first(maps, _users(text, extensions), quoted)
    return maps.get("@" + text.rpartition("@")[2], True) if value is None else value


def _full(maps, text, extensions):
    """Look up user+ext@domain, then user@domain."""
    value = _found(maps, text, external, False)
    user, at, name = text.rpartition("@")
    if value is None and bare(user, extensions) != user:
        value = _found(maps, bare(user, extensions) + at + name, external, True)
    return value


def _users(text, extensions):
    user = text.rpartition("@")[0]
    return [user] if bare(user, extensions) == user else [user, bare(user, extensions)]


def _first(maps, keys, form):
    for key in keys:
        value = _found(maps, key, form, True)
        if value is not None:
            return value
    return None


def _form(key):
    """Return ``user@`` in external form."""
    return quoted(key[:-1]) + "@"


def _found(maps, key, form, partial):
    """Look up a key in external form, then in internal form."""
    value = maps.get(form(key), partial)
    return maps.get(key, partial) if value is None and form(key) != key else value


def extensions_of(settings):
    """Return the Extensions of a service's addresses."""
    special = settings.value("owner_request_special").lower() != "no"
    return Extensions(settings.value("recipient_delimiter"), special, settings.value("double_bounce_sender").lower())


def bare(user, extensions):
    """Return *user* without its address extension (split_addr.c)."""
    cuts = [user.find(char) for char in extensions.delimiters if char in user]
    lowered = user.lower()
    if not cuts or min(cuts) == 0 or lowered in _UNSPLIT or lowered == extensions.bounces:
        return user
    owners = extensions.owners and "-" in extensions.delimiters
    if owners and (lowered.startswith("owner-") or (lowered.endswith("-request") and len(lowered) > 8)):
        return user
    return user[:min(cuts)]


@lru_cache(maxsize=4096)
def valid_hostname(name):
    """Tell whether *name* has the form of a host name (valid_hostname.c)."""
    if not name or len(name) > 255 or not all(char in _LABEL or char == "." for char in name):
        return False
    labels = name.split(".")
    return all(label and len(label) < 64 and label[0] != "-" and label[-1] != "-" for label in labels) \
        and not name.replace(".", "").isdigit()


@lru_cache(maxsize=4096)
def valid_utf8_hostname(name):
    """Tell whether *name*, with letters beyond ASCII, has the form of an internationalised host name (valid_utf8_hostname.c)."""
    try:
        return valid_hostname(name.encode("idna").decode("ascii"))
    except UnicodeError:
        return False
