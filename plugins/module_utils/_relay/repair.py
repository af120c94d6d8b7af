# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The smallest edit of a listener's relay or recipient list after which it is closed and no one entitled has lost anything."""

from collections import namedtuple
from difflib import SequenceMatcher

from .._postfix.errors import ConfigError
from .._postfix.restrictions import parse
from .._postfix.tables import safe_name
from .._postfix.text import split_words
from . import baseline
from .entitled import Harm
from .failing import described, fault
from .judge import BAD, NO_GUARD

RELAY, RECIPIENT = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"
LOSS = 3
# Words that are no loss: what they say is what opens the list.
SPENT = ("permit", "warn_if_reject")
OWN = "permit_auth_destination"
# words: of a list as it is written; starts: indices of the words that begin an item, and of the end; culprits: items that open it;
# bad: whether the listener is open or down; guards: words that may stand ahead of everything; broken: words that Postfix does not know
List = namedtuple("List", "words starts culprits bad guards broken")


def repaired(draft, name, judged, trust, harm):
    """Return (Draft, None) with the smallest edit, or (None, Harm) with what is in the way of the smallest one that closes.

    An edit that does mild harm is taken only where none without does.

    :param Judgement judged: of the listener as the draft has it
    :param harm: callable, Draft -> Harm or None
    """
    entry = draft.entry(name)
    in_the_way, second_best, unmended = None, None, None
    try:
        edits = _by_size(draft.configuration.settings(entry), judged)
    except ConfigError:  # of which smtpd dies, whatever its lists say
        edits = []
    for parameter, wanted in edits:
        candidate = draft.set(entry, parameter, wanted)
        found = candidate.judged(name, trust)
        if found.verdict not in BAD and not (found.failing and judged.failing and judged.listener):
            done = harm(candidate)
            if done is None:
                return candidate, None
            second_best = second_best or (candidate if done.mild else None)
            in_the_way = in_the_way or done
        elif found.listener is not None and set(one.item for one in found.failing) - set(one.item for one in judged.failing):
            unmended = unmended or Harm("leave {0} down: {1}".format(name, described(found.failing)), False)
    return second_best, None if second_best else in_the_way or unmended


def _by_size(settings, judged):
    """Return [(parameter, words), ...], the smallest edit first; of equally small ones that in the parameter at fault."""
    found, seen = [], set()
    for order, (parameter, wanted) in enumerate(_candidates(settings, judged)):
        key = (parameter, tuple(wanted))
        have = settings.written(parameter)
        if key not in seen and wanted != have and not _loses_a_lookup(settings, parameter, wanted):
            seen.add(key)
            fault = any(one.parameter == parameter and one.item != NO_GUARD for one in judged.because)
            found.append(((_size(have, wanted, _broken(settings, have)), not fault, order), (parameter, wanted)))
    return [edit for dummy, edit in sorted(found, key=lambda one: one[0])]


def _loses_a_lookup(settings, parameter, wanted):
    """Tell whether a lookup would be thrown away for want of its table: what it is to refuse, the table says when it is there."""
    gone = [texts for word, texts in settings.pieces(parameter) if ":" in word and word not in wanted]
    return any(fault(settings.tables, text) for texts in gone for text in texts)


def _broken(settings, have):
    """Return the words that no Postfix of this version knows."""
    return [have[item.word] for item in _parsed(settings, have) if item.effect == "error" and "$" not in have[item.word]]


def _size(have, wanted, broken):
    """Return how large an edit is, in words; a word thrown away weighs more than one that is moved or added, and so does a new list."""
    steps = [one for one in SequenceMatcher(None, have, wanted, autojunk=False).get_opcodes() if one[0] != "equal"]
    changed = max(sum(b - a for dummy, a, b, dummy2, dummy3 in steps), sum(d - c for dummy, dummy2, dummy3, c, d in steps))
    return changed + (not have) + LOSS * sum(word not in wanted and word.lower() not in SPENT and word not in broken for word in have)


def _candidates(settings, judged):
    """Yield (parameter, words): ways to put a guard in force, whatever their size."""
    lists = dict((name, settings.written(name)) for name in (RELAY, RECIPIENT))
    guards = [_guard_words(lists), _guard_words(lists, _destinations(lists))]
    if _named(lists):
        guards.insert(0, _named(lists) + [baseline.GUARD])
    # Where neither is there, it is Postfix's own place for a guard.
    for name in (RECIPIENT, RELAY) if lists[RECIPIENT] or lists[RELAY] else (RELAY, RECIPIENT):
        culprits = [one.item for one in judged.because if one.parameter == name]
        starts = [item.word for item in _parsed(settings, lists[name])] + [len(lists[name])]
        have = List(lists[name], starts, culprits, judged.verdict in BAD, guards, _broken(settings, lists[name]))
        for way in WAYS if have.words else (_new_guard,):
            for wanted in way(have):
                yield name, wanted


def _parsed(settings, have):
    return parse(" ".join(have), "check_client_access", settings.classes(), settings.configuration.version)


def _without_warning(have):
    """What only warned refuses."""
    if "warn_if_reject" in have.words:
        ahead = [word == "warn_if_reject" and following in baseline.GUARDS for word, following in zip(have.words, have.words[1:] + [""])]
        yield [word for word, warns in zip(have.words, ahead) if not warns]
        yield [word for word in have.words if word != "warn_if_reject"]


def _without_broken(have):
    """A slip of the pen goes."""
    yield _guarded([word for word in have.words if word not in have.broken])


def _ends_in_guard(have):
    """With the guard alone, or with those who relay ahead of it."""
    yield _guarded(_without_permit(have.words))
    for guard in have.guards:
        yield _behind(have.words, guard)


def _at_an_item(have):
    """The guard comes there instead of later, or the item goes, or the guard takes its place."""
    for index, following in reversed(list(zip(have.starts, have.starts[1:]))):
        moved = [word for number, word in enumerate(have.words) if number < index or word.lower() != baseline.GUARD]
        if len(moved) < len(have.words):
            yield moved[:index] + [baseline.GUARD] + moved[index:]
            yield have.words[:index] + have.words[following:]
        yield have.words[:index] + [baseline.GUARD] + have.words[following:]


def _ahead_of_an_item(have):
    """A guard more; what permits everything ahead of it goes."""
    for index in reversed(have.starts):
        yield have.words[:index] + [baseline.GUARD] + have.words[index:]
        yield _without_permit(have.words[:index]) + [baseline.GUARD] + have.words[index:]


def _without_culprits(have):
    """What opens the list goes, or comes behind the guard."""
    without, moved = _take_out(have.words, have.culprits)
    if moved:
        yield _guarded(without)
        yield _guarded(without) + moved


def _own_ahead_of_an_item(have):
    """Where others than strangers are to be let in to the server's own domains."""
    if not have.bad:
        for index in reversed(have.starts[:-1]):
            yield have.words[:index] + [OWN] + have.words[index:]


def _new_guard(have):
    """A guard with those who relay by what either list names, ahead of all else or in its place."""
    for guard in have.guards:
        yield guard + _others(have.words, guard)
        yield guard


# Of equally small edits the one of the first way is taken.
WAYS = (_without_warning, _without_broken, _ends_in_guard, _at_an_item, _ahead_of_an_item, _without_culprits, _own_ahead_of_an_item, _new_guard)


def _behind(words_, guard):
    """Return what a list says with a guard at its end."""
    return _others(words_, guard) + guard


def _others(words_, guard):
    """Return the words that are not of *guard* and permit not everything; a warning goes with what it is about, and else stays a warning."""
    stays = [word not in guard and word.lower() != "permit" for word in words_] + [False]
    return [word for word, here, after in zip(words_, stays, stays[1:]) if here and (after or word.lower() != "warn_if_reject")]


def _without_permit(words_):
    return [word for word in words_ if word.lower() != "permit"]


def _guarded(words_):
    return words_ if any(word in baseline.GUARDS for word in words_) else words_ + [baseline.GUARD]


def _take_out(have, culprits):
    """Return (words without the culprits, the culprits' words); a culprit is ``name`` or ``name argument``."""
    pairs = [text.split() for text in culprits]
    kept, moved, index = [], [], 0  # type: list[str], list[str], int
    while index < len(have):
        size, argument = 0, [safe_name(word) for word in have[index + 1:index + 2]]
        for name, *rest in pairs:
            named = have[index].lower() == name.lower()
            if named and rest and rest == argument:
                size = 2
            elif rest == [safe_name(have[index])] or named and not rest and name not in baseline.ENTITLING:
                size = 1
        (moved if size else kept).extend(have[index:index + (size or 1)])
        index += size or 1
    return kept, _without_permit(moved)


def ideal(draft, name):
    """Return the draft in which both lists of a listener are the guard alone, with those who relay by what they name now."""
    settings = draft.settings(name)
    lists = dict((one, split_words(settings.value(one))) for one in (RELAY, RECIPIENT))
    named = _named(lists)
    for parameter in (RELAY, RECIPIENT):
        draft = draft.set(draft.entry(name), parameter, named + [baseline.GUARD] if named else baseline.GUARD_LIST)
    return draft


def as_written(draft, name):
    """Return the draft in which both lists of a listener say what they say, and then hold the guard with those who relay by either."""
    settings = draft.settings(name)
    lists = dict((one, split_words(settings.value(one))) for one in (RELAY, RECIPIENT))
    for parameter in (RELAY, RECIPIENT):
        draft = draft.set(draft.entry(name), parameter, _behind(lists[parameter], _guard_words(lists)))
    return draft


def _named(lists):
    """Return the words of both lists that say who relays."""
    return [word for word in baseline.ENTITLING if word in lists[RELAY] + lists[RECIPIENT]]


def _guard_words(lists, destinations=()):
    kept = [word for word in baseline.ENTITLING if word in _named(lists) or word in baseline.GUARD_LIST]
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
