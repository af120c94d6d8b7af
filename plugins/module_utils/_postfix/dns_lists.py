# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists in the DNS: reject_rbl_client, permit_dnswl_client and their like (find_dnsxl_addr and find_dnsxl_domain in smtpd_check.c).

A stranger picks an address and domains that no list has; but where the filter behind the zone's ``=`` is wrong, whoever gets
as far as that finds smtpd dead.
"""

import re

from .destinations import by_class
from .lookups import valid_hostname
from .replies import DEATH, DUNNO
from .splitting import needs, split, unknown
from .text import split_words

_OCTET = r"0*(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[0-9]{1,2})"
_CHOICE = r"%s(?:\.\.%s)?" % (_OCTET, _OCTET)
_FIELD = r"(?:%s|\[%s(?:;%s)*\])" % (_OCTET, _CHOICE, _CHOICE)
_FILTER = re.compile(r"(?a)%s(?:\.%s){3}\Z" % (_FIELD, _FIELD))
_RANGE = re.compile(r"([0-9]+)\.\.([0-9]+)")


def has_bad_filter(zone):
    """Tell whether smtpd dies of the filter in *zone*, as in ``list.example=127.0.0.[2..11]`` (ip_match.c)."""
    dummy, equals, text = zone.partition("=")
    if text.startswith("[") and _end_of_bracket(text) == len(text) - 1:
        text = text[1:-1]
    return bool(equals) and not (_FILTER.match(text) and all(int(low) <= int(high) for low, high in _RANGE.findall(text)))


def _end_of_bracket(text):
    level = 0
    for index, char in enumerate(text):
        level += (char == "[") - (char == "]")
        if level == 0:
            return index
    return len(text)


def _is_asked(text):
    """Is a list asked for the domain of an address or for a name?"""
    domain = (text or "").rpartition("@")[2]
    return not (not domain or domain.startswith("[") or domain.rpartition(".")[2].isdigit()) and valid_hostname(domain)


# What is looked up: field of a box -> whether a list is asked for one of its values
_SUBJECTS = {"address": ("clients", lambda client: True), "client": ("clients", lambda client: client[0] != "unknown" and _is_asked(client[0])),
             "helo": ("helos", _is_asked), "sender": ("senders", _is_asked), "recipient": ("recipients", _is_asked)}


def refuses(subject):
    """Make an effect of a list that refuses the *subject*: an address, or the domain of a client, helo, sender or recipient."""
    field, asked = _SUBJECTS[subject]

    def effect(listener, item, path):
        if not has_bad_filter(item.argument):
            return [(DUNNO, path)]
        return split(path, field, lambda value: DEATH if asked(value) else DUNNO)
    return effect if subject in ("address", "client") else needs(subject)(effect)


def refuses_by_parameter(listener, item, path):
    """The effect of reject_maps_rbl, whose lists are those of maps_rbl_domains."""
    broken = any(has_bad_filter(zone) for zone in split_words(listener.settings.value("maps_rbl_domains")))
    return [(DEATH if broken else DUNNO, path)]


def allows(subject):
    """Make an effect of a list that permits, at RCPT, mail for the server's own domains alone (permit_dnswl_addr in smtpd_check.c)."""
    field, asked = _SUBJECTS[subject]

    def ask(item, path):
        return [(DEATH, path)] if has_bad_filter(item.argument) else unknown(path, "the DNS allow-list {0}".format(item.argument))

    def effect(listener, item, path):
        found = []  # type: list[tuple]
        for named, sub in split(path, field, asked):
            parts = by_class(listener, sub) if named and "recipient" in path.available else [("own" if named else "foreign", sub)]
            for class_, part in parts:
                found.extend([(DUNNO, part)] if class_ == "foreign" else ask(item, part))
        return found
    return effect
