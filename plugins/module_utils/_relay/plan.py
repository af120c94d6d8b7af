# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plan: edits that lead from the text to the baseline, each checked by the judge before it is offered."""

from collections import namedtuple
from collections.abc import Callable, Container, Iterable, Iterator
from itertools import combinations

from .._postfix.configuration import Configuration
from .._postfix.errors import ConfigError
from .._postfix.text import split_words
from . import baseline
from .draft import Change, Draft
from .harm import Harm, harm_done, weigher
from .judge import BAD, NO_GUARD, Judgement, listeners
from .narrowing import STEPS, narrowed_qmqp
from .repair import repaired
from .trust import Trust

Plan = namedtuple("Plan", "configuration changes lost")
Wish = namedtuple("Wish", "trust profile strategy sasl dnsbl_zones waived")


LOGINS = "permit_sasl_authenticated"
# Who relayed by an item of a list, by its restriction, and what he may be told.
_STRANGERS = {"": "strangers, whom {0} in {1} let in",
              "check_client_access": "clients whom {0} in {1} let in; trusted_networks keeps those that it names"}
ROUNDS = 3  # further ones, after the first


class PlanError(Exception):
    """No edit was found that closes the relay and costs no one entitled his mail; the text says what is in the way."""


def make_plan(configuration: Configuration, trust: Trust, profile: str = "guard", strategy: str = "merge",
              sasl: "dict | None" = None, dnsbl_zones: "Iterable[str]" = (), waived: "Container[str]" = frozenset()) -> Plan:
    """Return the Plan that leads *configuration* to the baseline.

    :param Trust trust: who is no stranger
    :param waived: ids of findings; what they are about stays as it is
    :raises PlanError: where no edit closes it without letting in someone new or cutting off someone entitled
    """
    wish = Wish(trust, profile, strategy, sasl, dnsbl_zones, waived)
    broken = configuration.main.error or (configuration.master is not None and configuration.master.error)
    if broken:
        raise PlanError("{0} Mend the file first: nothing was written.".format(broken))
    try:
        # Who shall log in is entitled from the start: no later edit may cut him off.
        draft = _at_rest(_with_logins(Draft(configuration), wish.sasl) if wish.sasl else Draft(configuration), wish)
    except ConfigError as exc:
        raise PlanError("{0} Nothing was written.".format(exc))
    return Plan(draft.configuration, draft.net_changes(), draft.lost)


def _at_rest(draft: Draft, wish: Wish) -> Draft:
    """Return the Draft from which no further plan leads away: what one edit made possible, the next does. :raises PlanError, ConfigError:"""
    after = _first(draft, wish)
    for dummy in range(ROUNDS):
        if after.net_changes() == draft.net_changes():
            break
        draft = after
        after = _first(draft, wish)
    return after


def _first(before: Draft, wish: Wish) -> Draft:
    """Return the Draft of the first choice of narrowing steps that hurts nobody. :raises PlanError, ConfigError:"""
    reasons = []
    for steps in _choices(before, wish):
        try:
            return _drawn(before, wish, steps)
        except PlanError as exc:
            reasons.append(exc)
    raise reasons[0]


def _choices(draft: Draft, wish: Wish) -> "Iterator[tuple]":
    """Yield tuples of narrowing steps: all that have something to do, then all but one, and so on."""
    active = [step for step in STEPS if step(draft, wish.trust, wish.waived) is not draft]
    for count in range(len(active), -1, -1):
        yield from combinations(active, count)


def _drawn(before: Draft, wish: Wish, steps: tuple) -> Draft:
    """Return the Draft of one choice of narrowing steps. :raises PlanError:"""
    draft = _narrowed(before, (narrowed_qmqp,) + steps, wish.trust, wish.waived)
    if wish.strategy == "replace":
        draft = _listed(draft, "guard", _replaced)
    draft = _guarded(before, draft, wish)
    if wish.profile == "hardened":
        draft = _listed(draft, "hardened", _merged if wish.strategy == "merge" else _replaced, wish.dnsbl_zones)
    return _checked(before, draft, wish)


def _in_the_way(harm: Harm) -> str:
    people = harm.text.startswith(("cut off", "let in"))
    return "the smallest edit would {0}. {1}".format(harm.text, "If that may be, make it by hand" if people else "Mend that first")


def _unmended(judged: Judgement) -> str:
    return ". ".join([text.rstrip(".") for text in judged.reasons] + ["No edit of the relay and recipient lists mends that"])


def _narrowed(draft: Draft, steps: tuple, trust: Trust, waived: "Container[str]") -> Draft:
    for step in steps:
        draft = step(draft, trust, waived)
    return draft


def _excused(before: Draft, wish: Wish, name: str) -> bool:
    """Tell whether what is wrong with a listener is waived: were it not for the waivers, narrowing alone would mend it."""
    if not wish.waived:
        return False
    return "stranger_relays" in wish.waived and before.judged(name, wish.trust).verdict == "open" \
        or _narrowed(before, STEPS, wish.trust, frozenset()).judged(name, wish.trust).verdict not in BAD


def _guarded(before: Draft, draft: Draft, wish: Wish) -> Draft:
    """Return the draft with every listener closed, by edits of its lists."""
    for name in [one.name for one in listeners(before.configuration)]:
        judged = draft.judged(name, wish.trust)
        if judged.verdict in BAD and _excused(before, wish, name):
            continue
        # The lists of the strategy "replace" stand as they are; whom they would hurt is found at the end.
        harm = None if judged.verdict in BAD or wish.strategy == "replace" else harm_done(before, draft, wish.trust, name)
        if judged.verdict not in BAD and (harm is None or harm.mild):
            continue
        found, why = repaired(draft, name, judged, wish.trust, weigher(before, draft, wish.trust, name))
        if found is None:
            harm = why or harm_done(before, draft, wish.trust, name)
            raise PlanError("{0}: {1}. Nothing was written.".format(name, _in_the_way(harm) if harm else _unmended(judged)))
        draft = found.losing(_let_in(judged))
    return draft


def _let_in(judged: Judgement) -> "list[str]":
    """Return in plain words who relayed through an open listener by its lists."""
    return sorted(set(_STRANGERS.get(one.item.split()[0], _STRANGERS[""]).format(one.item, one.parameter) for one in judged.because
                      if one.parameter != "mynetworks" and one.item not in (NO_GUARD,) + baseline.ENTITLING)) \
        or (["strangers, whom no guard held back"] if judged.verdict == "open" else [])


def _checked(before: Draft, draft: Draft, wish: Wish) -> Draft:
    """Return *draft* where every listener is closed and no one is hurt. :raises PlanError:"""
    for name in [one.name for one in listeners(before.configuration)]:
        judged = draft.judged(name, wish.trust)
        if judged.verdict in BAD and not _excused(before, wish, name):
            raise PlanError("{0}: the wanted lists leave this listener {1}. Nothing was written.".format(name, judged.verdict))
        harm = harm_done(before, draft, wish.trust, name)
        if harm is not None and not harm.mild:
            raise PlanError("{0}: the wanted lists would {1}. Name who may relay in trusted_networks, or let strategy be merge. "
                            "Nothing was written.".format(name, harm.text))
    return draft


def _listed(draft: Draft, profile: str, choose: "Callable[[list[str], list[str]], list[str]]", dnsbl_zones: "Iterable[str]" = ()) -> Draft:
    """Return the draft with the lists of a profile in main.cf; *choose* makes one of what a list has and what is wanted."""
    for parameter, wanted in sorted(baseline.LISTS[profile].items()):
        wanted = list(wanted)
        for zone in dnsbl_zones if parameter == "smtpd_client_restrictions" else ():
            wanted.extend(["reject_rbl_client", zone if "=" in zone else zone + "=" + baseline.DNSBL_LISTED])
        have = draft.settings(None).written(parameter)
        after = choose(have, wanted)
        if after != have:
            draft = draft.set(None, parameter, after)
    return draft


def _with_logins(draft: Draft, sasl: dict) -> Draft:
    """Return the draft in which people log in, and relay who have: where a list of main.cf guards, it permits them first."""
    wanted = [("smtpd_sasl_type", sasl.get("type") or "dovecot"), ("smtpd_sasl_path", sasl.get("path") or "private/auth")]
    for parameter, value in wanted + baseline.SASL:
        settings = draft.settings(None)
        if parameter == "smtpd_sasl_security_options":
            if value not in split_words(settings.value(parameter)):
                draft = draft.set(None, parameter, settings.written(parameter) + [value])
        elif settings.value(parameter) != value:
            draft = draft.set(None, parameter, [value])
    for parameter in baseline.LISTS["guard"]:
        have = draft.settings(None).written(parameter)
        ends = [index for index, word in enumerate(have) if word.lower() in baseline.GUARDS]
        if ends and LOGINS not in split_words(draft.settings(None).value(parameter)):
            draft = draft.set(None, parameter, have[:ends[0]] + [LOGINS] + have[ends[0]:])
    return draft


def _replaced(dummy: "list[str]", wanted: "list[str]") -> "list[str]":
    return wanted


def _merged(have: "list[str]", wanted: "list[str]") -> "list[str]":
    """Return *have* with what is missing of *wanted*, ahead of the guard or of a last word that ends the list."""
    missing, index = [], 0  # type: list[str], int
    while index < len(wanted):
        size = 2 if wanted[index] == "reject_rbl_client" else 1
        key = wanted[index + size - 1].partition("=")[0]
        if not any(word.partition("=")[0] == key for word in have):
            missing.extend(wanted[index:index + size])
        index += size
    # Behind it, what is missing would say nothing.
    ends = [number for number, word in enumerate(have) if word.lower() in baseline.GUARDS + ("permit",)]
    place = ends[0] if ends else len(have)
    return have[:place] + missing + have[place:]


__all__ = ["Change", "Plan", "PlanError", "make_plan"]
