# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: edits that lead from the text to the baseline, each checked by the judge before it is offered."""

from collections import namedtuple
from difflib import SequenceMatcher

from .._postfix.errors import ConfigError
from .._postfix.match_lists import ListFatal
from .._postfix.tables import safe_name
from .._postfix.text import split_words
from . import baseline, edits
from .entitled import differences
from .judge import NO_GUARD, judge_listener, listeners, on_loopback, rewrite_service
from .narrow import narrowed_clients, narrowed_domains, narrowed_tables
from .ways import QMQP

# One edit: of a parameter in main.cf (service None) or in a service of master.cf; before, after: texts
Change = namedtuple("Change", "file service parameter before after")
Plan = namedtuple("Plan", "configuration changes lost")

RELAY, RECIPIENT = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"
ROUNDS = 4
LOSS = 3
# Words that are no loss: what they say is what opens the list.
SPENT = ("permit", "warn_if_reject")


class PlanError(Exception):
    """No edit was found that closes the relay and costs no one entitled his mail; the text says what is in the way."""


class _Draft(object):
    """A configuration under change, with the list of changes so far."""

    def __init__(self, configuration, changes=(), lost=()):
        self.configuration = configuration
        self.changes = list(changes)
        self.lost = list(lost)

    def entry(self, name):
        """Return the service of master.cf that was called *name* at the start."""
        return next((one for one in listeners(self.configuration) if one.name == name), None)

    def set(self, service, parameter, wanted):
        """Return the draft in which *parameter* reads *wanted* (words) where it is in force for *service*."""
        settings = self.configuration.settings(service)
        option = service.option(parameter) if service is not None else None
        entry = self.configuration.main.entry(parameter)
        before = settings.raw(parameter) or ""
        after = ", ".join(wanted)
        if option is not None:
            document = edits.with_words(self.configuration.master, option.value, wanted, option.braced)
            changed, file_ = self.configuration.changed(master=document), self.configuration.master.path
        else:
            main = self.configuration.main
            document = edits.with_words(main, entry.value, wanted) if entry is not None else edits.with_parameter(main, parameter, wanted)
            changed, file_ = self.configuration.changed(main=document), main.path
        change = Change(file_, service.name if option is not None else None, parameter, before, after)
        return _Draft(changed, self.changes + [change], self.lost)


def make_plan(configuration, trust, profile="guard", strategy="merge", sasl=None, dnsbl_zones=()):
    """Return the Plan that leads *configuration* to the baseline.

    :raises PlanError: where no edit closes it without cutting off someone entitled
    """
    broken = configuration.main.error or (configuration.master is not None and configuration.master.error)
    if broken:
        raise PlanError("{0} Mend the file first: nothing was written.".format(broken))
    draft = _Draft(configuration)
    for step in (_networks, _qmqp, _ways_in, _lists if strategy == "replace" else _guard):
        draft = step(draft, trust, profile)
    if sasl:
        draft = _sasl(draft, sasl)
    if profile == "hardened":
        draft = _hardened(draft, trust, strategy, dnsbl_zones)
    return Plan(draft.configuration, _net(configuration, draft), draft.lost)


def _net(configuration, draft):
    """Return the changes that remain when each parameter's first and last text are compared."""
    order, first, last = [], {}, {}
    for change in draft.changes:
        key = (change.file, change.service, change.parameter)
        if key not in first:
            order.append(key)
            first[key] = change.before
        last[key] = change.after
    return [Change(key[0], key[1], key[2], first[key], last[key]) for key in order if first[key] != last[key]]


def _scopes(draft, parameter):
    """Return None (main.cf) and each listener that overrides *parameter* and that strangers can reach."""
    return [None] + [one for one in listeners(draft.configuration)
                     if one.option(parameter) is not None and not on_loopback(draft.configuration, one)]


def _networks(draft, trust, dummy):
    for parameter in ("mynetworks", "smtpd_authorized_xclient_hosts"):
        for name in [scope and scope.name for scope in _scopes(draft, parameter)]:
            scope = draft.entry(name) if name else None
            settings = draft.configuration.settings(scope)
            if settings.origin(parameter) is None and (parameter != "mynetworks" or trust.declared is None):
                continue
            try:
                wanted, lost = narrowed_clients(settings, parameter, trust)
            except (ConfigError, ListFatal):
                continue
            if wanted is not None:
                draft = draft.set(scope, parameter, wanted)
                draft.lost.extend(text for text in lost if text not in draft.lost)
    return draft


def _qmqp(draft, trust, dummy):
    """Narrow whom qmqpd takes mail from, in main.cf and where a service overrides it."""
    for name in [None] + [one.name for one in draft.configuration.services("qmqpd") if one.option(QMQP) is not None]:
        scope = next((one for one in draft.configuration.services("qmqpd") if one.name == name), None) if name else None
        settings = draft.configuration.settings(scope)
        if settings.origin(QMQP) is None or not draft.configuration.services("qmqpd"):
            continue
        wanted, lost = narrowed_clients(settings, QMQP, trust)
        if wanted is not None:
            draft = draft.set(scope, QMQP, wanted)
            draft.lost.extend(text for text in lost if text not in draft.lost)
    return draft


def _ways_in(draft, trust, dummy):
    rewrite = rewrite_service(draft.configuration)
    for parameter, scope in (("relay_domains", rewrite), ("allow_untrusted_routing", None)):
        settings = draft.configuration.settings(scope)
        if settings.origin(parameter) is None:
            continue
        if parameter == "allow_untrusted_routing":
            wanted = ["no"] if settings.value(parameter).lower() == "yes" else None
        else:
            wanted = narrowed_domains(draft.configuration, settings)
        if wanted is not None:
            draft = draft.set(scope, parameter, wanted)
            draft.lost.append("destinations that {0} opened".format(parameter))
    for name in [one.name for one in listeners(draft.configuration) if one.option("allow_untrusted_routing") is not None]:
        draft = draft.set(draft.entry(name), "allow_untrusted_routing", ["no"])
    wanted = narrowed_tables(draft.configuration.settings(None), "relay_clientcerts")
    if wanted is not None:
        draft = draft.set(None, "relay_clientcerts", wanted)
        draft.lost.append("clients with a certificate that no one listed")
    return draft


def _guard(draft, trust, dummy):
    for name in [one.name for one in listeners(draft.configuration)]:
        for dummy_round in range(ROUNDS):
            entry = draft.entry(name)
            judged = judge_listener(draft.configuration, entry, trust)
            if judged.verdict in ("closed", "unknown"):
                break
            draft = _repaired(draft, entry, judged, trust)
            draft.lost.extend(text for text in _let_in(judged) if text not in draft.lost)
        else:
            raise PlanError("{0}: no edit of the lists closes this listener.".format(name))
    return draft


def _let_in(judged):
    """Return in plain words who relayed through an open listener by its lists."""
    return sorted(set("strangers, whom {0} in {1} let in".format(one.item, one.parameter) for one in judged.because
                      if one.parameter != "mynetworks" and one.item not in (NO_GUARD,) + baseline.ENTITLING)) \
        or (["strangers, whom no guard held back"] if judged.verdict == "open" else [])


def _repaired(draft, entry, judged, trust):
    """Return the draft with the smallest edit of the lists that closes one listener."""
    settings = draft.configuration.settings(entry)
    found = []
    for order, (parameter, wanted) in enumerate(_candidates(settings, judged)):
        try:
            candidate = draft.set(entry, parameter, wanted)
        except ConfigError:
            continue
        size = _size(split_words(settings.value(parameter)), wanted)
        fault = any(one.parameter == parameter and one.item != NO_GUARD for one in judged.because)
        found.append((size, not fault, order, candidate))
    in_the_way = []
    for dummy_size, dummy_fault, dummy_order, candidate in sorted(found, key=lambda one: one[:3]):
        after = judge_listener(candidate.configuration, candidate.entry(entry.name), trust)
        if after.verdict not in ("closed", "unknown"):
            continue
        reason = _harm(draft, candidate, trust)
        if reason is None:
            return candidate
        in_the_way.append(reason)
    why = in_the_way[0] if in_the_way else "; ".join(judged.reasons).rstrip(".") or "no edit of the relay and recipient lists closes it"
    raise PlanError("{0}: {1}. Nothing was written.".format(entry.name, why))


def _size(have, wanted):
    """Return how large an edit is, in words; a word thrown away weighs more than one that is moved or added."""
    steps = SequenceMatcher(None, have, wanted, autojunk=False).get_opcodes()
    changed = sum(max(b - a, d - c) for kind, a, b, c, d in steps if kind != "equal")
    return changed + LOSS * sum(word not in wanted and word.lower() not in SPENT for word in have)


def _harm(draft, candidate, trust):
    """Return in plain words whom an edit would hurt, on whichever listener, or None."""
    for entry in listeners(draft.configuration):
        before = judge_listener(draft.configuration, entry, trust)
        after = judge_listener(candidate.configuration, candidate.entry(entry.name), trust)
        if before.verdict == "down" or before.listener is None:
            continue
        if after.verdict == "down" or after.listener is None:
            return "the smallest edit would stop {0}: {1}".format(entry.name, "; ".join(after.reasons))
        widened, cut = differences(before.listener, after.listener, trust)
        for word, keys in (("let in", widened), ("cut off", cut)):
            if keys:
                (name, address), dummy, sender, recipient = keys[0]
                return "{0}: the smallest edit would {1} {2} [{3}] from <{4}> to <{5}>".format(
                    entry.name, word, name, address, sender, recipient)
    return None


def _candidates(settings, judged):
    """Yield (parameter, words): ways to put a guard in force, whatever their size."""
    lists = dict((name, split_words(settings.value(name))) for name in (RELAY, RECIPIENT))
    guards = [_guard_words(lists), _guard_words(lists, _destinations(lists))]
    for name in (RECIPIENT, RELAY):
        have = lists[name]
        culprits = [one.item for one in judged.because if one.parameter == name]
        if have:
            if "warn_if_reject" in have:
                yield name, [word for word in have if word != "warn_if_reject"]
            if not any(word in baseline.GUARDS for word in have):
                yield name, have + [baseline.GUARD]
                yield name, [word for word in have if word.lower() != "permit"] + [baseline.GUARD]
            else:
                yield name, [word for word in have if word.lower() != "permit"]
            without, moved = _take_out(have, culprits)
            if moved:
                yield name, _guarded(without)
                yield name, _guarded(without) + moved
        for guard in guards:
            yield name, guard + [word for word in have if word not in guard and word.lower() not in SPENT]
            yield name, guard


def _guarded(words_):
    return words_ if any(word in baseline.GUARDS for word in words_) else words_ + [baseline.GUARD]


def _take_out(have, culprits):
    """Return (words without the culprits, the culprits' words); a culprit is ``name`` or ``name argument``."""
    pairs = [tuple(text.split(None, 1)) for text in culprits]
    kept, moved, index = [], [], 0
    while index < len(have):
        size = 0
        for pair in pairs:
            argument = safe_name(have[index + 1]) if len(pair) > 1 and index + 1 < len(have) and ":" in have[index + 1] else None
            if have[index].lower() == pair[0].lower() and len(pair) > 1 and argument == pair[1]:
                size = 2
            elif len(pair) > 1 and ":" in have[index] and safe_name(have[index]) == pair[1]:
                size = 1
            elif have[index].lower() == pair[0].lower() and len(pair) == 1 and pair[0] not in baseline.ENTITLING:
                size = 1
        (moved if size else kept).extend(have[index:index + (size or 1)])
        index += size or 1
    return kept, [word for word in moved if word.lower() != "permit"]


def _guard_words(lists, destinations=()):
    kept = [word for word in baseline.ENTITLING if word in lists[RELAY] + lists[RECIPIENT] or word in baseline.GUARD_LIST]
    return kept + list(destinations) + [baseline.GUARD]


def _destinations(lists):
    """Return the words of check_recipient_access that allow destinations: they must stay ahead of a new guard."""
    found = []
    for name in (RELAY, RECIPIENT):
        have = lists[name]
        for index, word in enumerate(have[:-1]):
            if word.lower() == "check_recipient_access":
                found.extend([word, have[index + 1]])
    return found


def _lists(draft, trust, profile):
    """Write the baseline's lists as they stand, in main.cf and in every listener that overrides them."""
    for parameter, wanted in sorted(baseline.LISTS[profile].items()):
        for name in [scope and scope.name for scope in _scopes(draft, parameter)]:
            scope = draft.entry(name) if name else None
            if split_words(draft.configuration.settings(scope).value(parameter)) != wanted:
                draft = draft.set(scope, parameter, wanted)
    return _guard(draft, trust, profile)


def _sasl(draft, sasl):
    wanted = [("smtpd_sasl_type", sasl.get("type") or "dovecot"), ("smtpd_sasl_path", sasl.get("path") or "private/auth")]
    for parameter, value in wanted + baseline.SASL:
        settings = draft.configuration.settings(None)
        if parameter == "smtpd_sasl_security_options":
            have = split_words(settings.value(parameter))
            if value not in have:
                draft = draft.set(None, parameter, have + [value])
        elif settings.value(parameter) != value:
            draft = draft.set(None, parameter, [value])
    return draft


def _hardened(draft, trust, strategy, dnsbl_zones):
    """Add what the article's baseline asks for beyond the guard; local items keep their order ahead of it."""
    for parameter, wanted in sorted(baseline.LISTS["hardened"].items()):
        wanted = list(wanted)
        if parameter == "smtpd_client_restrictions":
            for zone in dnsbl_zones or ():
                wanted.extend(["reject_rbl_client", zone if "=" in zone else zone + "=" + baseline.DNSBL_LISTED])
        have = split_words(draft.configuration.settings(None).value(parameter))
        after = _merged(have, wanted) if strategy == "merge" else wanted
        if after != have:
            draft = draft.set(None, parameter, after)
    for name in [one.name for one in listeners(draft.configuration)]:
        judged = judge_listener(draft.configuration, draft.entry(name), trust)
        if judged.verdict in ("open", "down"):
            raise PlanError("{0}: the hardened lists leave this listener {1}. Nothing was written.".format(name, judged.verdict))
    return draft


def _merged(have, wanted):
    missing, index = [], 0
    while index < len(wanted):
        size = 2 if wanted[index] == "reject_rbl_client" else 1
        key = wanted[index + size - 1].partition("=")[0]
        if not any(word.partition("=")[0] == key for word in have):
            missing.extend(wanted[index:index + size])
        index += size
    # What is missing goes ahead of the guard or of a last word that ends the list: behind it, it would say nothing.
    ends = [number for number, word in enumerate(have) if word.lower() in baseline.GUARDS + ("permit",)]
    place = ends[0] if ends else len(have)
    return have[:place] + missing + have[place:]


__all__ = ["Change", "Plan", "PlanError", "make_plan"]
