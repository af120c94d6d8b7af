# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that are too wide, made narrow: networks, domains, certificates."""

from .._postfix.match_lists import ListFatal, MatchList
from .._postfix.networks import merge, to_networks
from .._postfix.tables import TableFatal, is_table
from .._postfix.text import split_words, words
from . import baseline
from .dialogues import LOCAL_NAMES, is_wide_domain
from .findings import matches_all
from .trust import PRIVATE, private_part


def narrowed_clients(settings, parameter, trust):
    """Return (words, lost) of a client list without what trusts strangers, or (None, []) where it is narrow enough.

    A wide network becomes the private networks in it; a wildcard becomes the private networks; a broken entry goes.

    :raises ListFatal: where no word of the list can be kept
    """
    value = settings.value(parameter)
    if parameter == "mynetworks" and trust.declared is not None:
        return _declared(value, settings, trust)
    tables, parents = settings.configuration.tables, settings.parents(parameter)
    wanted, lost, comment = [], [], False
    for word in words(value):
        comment = comment or word.text.startswith("#")
        if comment:
            continue
        try:
            patterns = MatchList(word.text, tables, parents).patterns
        except ListFatal:
            lost.append("nobody: {0} in {1} is broken".format(word.text, parameter))
            continue
        replacement, gone = _one(word.text, patterns, trust)
        wanted.extend(one for one in replacement if one not in wanted)
        lost.extend(gone)
    have = split_words(value)
    return (None, []) if wanted == have or (comment and not lost) else (wanted, lost)


def _declared(value, settings, trust):
    wanted = list(baseline.LOOPBACK_NETWORKS) + [str(net) for net in trust.declared]
    have = split_words(value)
    if sorted(have) == sorted(wanted):
        return None, []
    return wanted, ["clients in {0} that trusted_networks does not name".format(value)]


def _one(word, patterns, trust):
    """Return (words that take the place of one word, what is lost)."""
    if all(one.negate for one in patterns) and patterns:
        return [word], []
    broken = [one for one in patterns if one.error is not None]
    wide = [net for one in patterns if not one.negate for net in _networks(one) if trust.too_wide(net)]
    wildcard = [one for one in patterns if not one.negate and (one.text == "unknown" or one.table is not None and matches_all(one.table))]
    if wildcard:
        if wildcard[0].text == "unknown":
            return [], ["clients without a reverse name, by \"unknown\""]
        return _texts(list(PRIVATE)), ["all public addresses, by {0}".format(word.partition("{")[0])]
    if broken and len(patterns) == 1:
        return [], ["nobody: {0}".format(broken[0].error)]
    if not wide:
        return [word], []
    kept = [net for one in patterns if one.error is None and not one.negate for net in _networks(one) if not trust.too_wide(net)]
    return _texts(kept + [part for net in wide for part in private_part(net)]), ["public addresses in {0}".format(net) for net in wide]


def _networks(pattern):
    if pattern.network is not None:
        return [pattern.network]
    return pattern.table.networks() if pattern.table is not None else []


def _texts(networks):
    return [str(net) for family, first, last in merge(networks) for net in to_networks(family, first, last)]


def narrowed_domains(configuration, settings):
    """Return the words of relay_domains without whole public domains and wildcards, or None where there is none."""
    have = split_words(settings.value("relay_domains"))
    own = split_words(settings.value("mydestination"))
    wanted = [word for word in have if not _opens(configuration, word, own)]
    return None if wanted == have else wanted


def _opens(configuration, word, own):
    if is_table(word):
        return _all(configuration, word)
    return not word.startswith(("!", "/")) and is_wide_domain(word) and word.strip(".") not in LOCAL_NAMES and word not in own


def narrowed_tables(settings, parameter):
    """Return the words of a list of tables without those that match everything, or None where there is none."""
    have = split_words(settings.value(parameter))
    wanted = [word for word in have if not (is_table(word) and _all(settings.configuration, word))]
    return None if wanted == have else wanted


def _all(configuration, word):
    try:
        return matches_all(configuration.tables.open(word))
    except TableFatal:
        return False
