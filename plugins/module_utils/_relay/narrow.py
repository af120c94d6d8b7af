# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that are too wide, made narrow: networks, domains, certificates."""

from .._postfix.match_lists import ListFatal, MatchList
from .._postfix.networks import merge, parse_network, to_networks
from .._postfix.tables import TableFatal, is_table, safe_name
from .._postfix.text import split_words
from . import baseline
from .findings import is_wildcard
from .recipients import LOCAL_NAMES, is_wide_domain
from .trust import PRIVATE, matches_all, private_part

# The findings about a list of clients: what is too wide, what trusts everyone, what is broken, what nobody declared
IDS = {"mynetworks": ("mynetworks_too_broad", "mynetworks_wildcard", "mynetworks_broken", "mynetworks_beyond_declared"),
       "smtpd_authorized_xclient_hosts": ("xclient_too_broad", "xclient_too_broad", None, None),
       "qmqpd_authorized_clients": ("qmqpd_open", "qmqpd_open", None, None)}
_LOOPBACK = [parse_network(one) for one in baseline.LOOPBACK_NETWORKS]


def narrowed_clients(settings, parameter, trust, waived=frozenset()):
    """Return (words, lost) of a client list without what trusts strangers, or (None, []) where it is narrow enough.

    A wide network becomes the private networks in it; a wildcard becomes the private networks; a broken entry goes.

    :param waived: ids of findings; what they are about stays
    :raises ConfigError, ListFatal: where Postfix dies of the value, or of parent_domain_matches_subdomains
    """
    value = settings.value(parameter)
    kept = [id_ in waived for id_ in IDS[parameter]]
    if parameter == "mynetworks" and trust.declared is not None and not kept[3]:
        return _declared(value, settings, trust)
    tables, parents = settings.tables, settings.parents(parameter)
    wanted, lost, comment = [], [], False  # type: list[str], list[str], bool
    for written, texts in settings.pieces(parameter):
        left = []
        for text in texts:
            comment = comment or text.startswith("#")
            if comment:
                break
            try:
                patterns = MatchList(text, tables, parents).patterns
            except ListFatal:
                left.extend([text] if kept[2] else [])
                lost.extend([] if kept[2] else ["nobody: {0} in {1} is broken".format(text, parameter)])
                continue
            replacement, gone = _one(text, patterns, trust, kept)
            left.extend(replacement)
            lost.extend(gone)
        wanted.extend(one for one in ([written] if left == texts else left) if one not in wanted or left == texts)
    return (None, []) if wanted == settings.written(parameter) or (comment and not lost) else (wanted, lost)


def _declared(value, settings, trust):
    wanted = list(baseline.LOOPBACK_NETWORKS) + [str(net) for net in trust.declared]
    if sorted(split_words(value)) == sorted(wanted):
        return None, []
    try:
        patterns = MatchList(value, settings.tables).patterns
    except ListFatal:
        patterns = []  # nobody relays where smtpd dies
    gone = [safe_name(one.text) for one in patterns if not one.negate and not one.error and not _is_declared(one, trust)]
    return wanted, ["clients in {0} that trusted_networks does not name".format(", ".join(gone))] if gone else []


def _is_declared(pattern, trust):
    """Tell whether loopback and the declared networks hold all that *pattern* does."""
    return pattern.network is not None and any(pattern.network.within(one) for one in _LOOPBACK + trust.declared)


def _one(word, patterns, trust, kept):
    """Return (words that take the place of one word, what is lost); *kept*: whether what is wide, a wildcard or broken stays.

    Of a file the entries that stay as they are take its place, and in theirs stand those of the others that are left.
    """
    wanted, lost = [], []  # type: list[str], list[str]
    for one in patterns:
        wide = [] if one.negate or kept[0] else [net for net in _networks(one) if trust.too_wide(net)]
        if one.negate:
            wanted.append("!" + one.text)
        elif one.error is not None and one.origin == one.text:
            wanted.append(one.text)  # a file that is not there today: what it trusts, it says when it is back
        elif one.error is not None and not kept[2]:
            lost.append("nobody: {0}".format(one.error))
        elif is_wildcard(one) and not kept[1]:
            wanted.extend(_texts(PRIVATE) if one.table is not None else [])
            lost.append(_by_wildcard(one))
        elif wide:
            narrow = [net for net in _networks(one) if not trust.too_wide(net)]
            wanted.extend(_texts(narrow + [part for net in wide for part in private_part(net)]))
            lost.extend("public addresses in {0}".format(net) for net in wide)
        else:
            wanted.append(one.text)
    return (wanted, lost) if lost else ([word], [])


def _by_wildcard(pattern):
    if pattern.table is not None:
        return "all public addresses, by {0}".format(pattern.text.partition("{")[0])
    return "clients without a reverse name, by \"unknown\"" if pattern.text == "unknown" else "clients with a name in all of {0}".format(pattern.text)


def _networks(pattern):
    if pattern.network is not None:
        return [pattern.network]
    return pattern.table.networks() if pattern.table is not None else []


def _texts(networks):
    return [str(net) for family, first, last in merge(networks) for net in to_networks(family, first, last)]


def narrowed_domains(settings):
    """Return the words of relay_domains without whole public domains and wildcards, or None where there is none."""
    own = split_words(settings.value("mydestination"))
    return _without(settings, "relay_domains", lambda word: _opens(settings.tables, word, own))


def _without(settings, parameter, goes):
    """Return the words of *parameter* but for those that *goes* tells of, or None where there is none."""
    wanted = []
    for written, texts in settings.pieces(parameter):
        left = [one for one in texts if not goes(one)]
        wanted.extend([written] if left == texts else left)
    return None if wanted == settings.written(parameter) else wanted


def _opens(tables, word, own):
    if is_table(word):
        return _all(tables, word)
    return not word.startswith(("!", "/")) and is_wide_domain(word) and word.strip(".") not in LOCAL_NAMES and word not in own


def narrowed_tables(settings, parameter):
    """Return the words of a list of tables without those that match everything, or None where there is none."""
    return _without(settings, parameter, lambda word: is_table(word) and _all(settings.tables, word))


def _all(tables, word):
    try:
        return matches_all(tables.open(word))
    except TableFatal:
        return False
