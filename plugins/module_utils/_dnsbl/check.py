# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Asks blocklists about addresses: everything at once, and the reasons of a listing as soon as it is seen."""

from . import results
from .lookup import Question, ask_all


def check(addresses, zones, servers, timeout):
    """Return one dict for each address and zone, as the module documents them.

    :param addresses: ipaddress objects
    :param zones: Zone objects
    :param servers: a list of (address, port)
    :param float timeout: seconds for one answer
    """
    names = results.names(addresses, zones)

    def follow(question, answer):
        listing = question.kind == "A" and results.is_listing(answer, names[question.name])
        return [Question(question.name, "TXT")] if listing else []
    found = ask_all([Question(name, "A") for name in names], servers, timeout, follow)
    kinds = {"A": {}, "TXT": {}}
    for question, answer in found.items():
        kinds[question.kind][question.name] = answer
    return results.results(addresses, zones, kinds["A"], kinds["TXT"])
