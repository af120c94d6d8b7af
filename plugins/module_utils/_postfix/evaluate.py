# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one listener answers to RCPT, for whole classes of SMTP dialogues at once (smtpd_check.c).

A Box holds the dialogues that are still alike: all combinations of its clients, HELO names, senders and recipients.
Each restriction looks at one of these four and splits the box by what it answers. Nothing is sampled.
"""

from collections import namedtuple

from . import destinations, effects, lookups, tls
from .addresses import OwnDomains, Resolver, families
from .catalogue import LISTS, SHORTHAND
from .configuration import Settings
from .listed import Recipients
from .replies import BAD_SYNTAX, DEATH, DEFER_IF_PERMIT, DEFER_IF_REJECT, DISCARD, DUNNO, PERMIT, SERVER_ERROR, Nested, Reject
from .restrictions import Item, parse
from .splitting import Box, Path
from .text import split_words

NESTING_LIMIT = 100  # where smtpd refuses to look into the value of a table (check_table_result)
# A list that was entered: from a table's value or as a class; its text or its name; how; and the Path that came there
Entered = namedtuple("Entered", "by_table list shorthand warn path")
SKIPPED = None  # stands for each of many times that a list was entered, in between
ALL = frozenset(("client", "helo", "sender", "recipient"))
RELAY = "smtpd_relay_restrictions"
# What smtpd tries in place of an empty one (FAKE_RELAY_CHECKS in smtpd_check.c). It lets nobody in; what cannot be looked up fails.
TRIED = "permit_mynetworks, permit_sasl_authenticated, permit_auth_destination"
STAGES = {
    "smtpd_client_restrictions": frozenset(("client",)),
    "smtpd_helo_restrictions": frozenset(("client", "helo")),
    "smtpd_sender_restrictions": frozenset(("client", "helo", "sender")),
}


BEFORE_MAIL = ("smtpd_client_restrictions", "smtpd_helo_restrictions")


class Listener(object):
    """One smtpd service, ready to be asked.

    :param Settings settings: of the service
    :param Resolver resolver: of the rewrite service
    :param Service resolver_service: that service, or None where master.cf has none
    :raises ConfigError, ListFatal: for what smtpd dies of
    """

    def __init__(self, settings: Settings, resolver: Resolver, resolver_service=None) -> None:
        self.settings = settings
        self.resolver = resolver
        self.resolver_service = resolver_service
        self.version = settings.configuration.version
        self.tables = settings.tables
        self.classes = settings.classes()
        self.mynetworks = settings.match_list("mynetworks")
        self.clientcerts = settings.value("relay_clientcerts")
        self.relay_domains = settings.match_list("relay_domains")
        self.access_parents = settings.parents("smtpd_access_maps")
        self.untrusted_routing = settings.flag("allow_untrusted_routing")
        self.sasl = settings.flag("smtpd_sasl_auth_enable")
        self.permits_logins = self.sasl  # one that is claimed by XCLIENT may be permitted although no one can log in, see ways.py
        self.tls = tls.offered(settings)
        self.asks_certificates = tls.asks_certificates(settings)
        self.null_key = settings.value("smtpd_null_access_lookup_key")
        self.header_rewriting = split_words(settings.value("local_header_rewrite_clients"))
        self.extensions = lookups.extensions_of(settings)
        self.delay_reject = settings.flag("smtpd_delay_reject")
        self.strict = settings.flag("strict_rfc821_envelopes")
        self.helo_required = settings.flag("smtpd_helo_required")
        # receive_override_options = no_unknown_recipient_checks also switches the restrictions of that name off.
        self.checks_recipients = "no_unknown_recipient_checks" not in split_words(settings.value("receive_override_options"))
        self.unlisted_sender = settings.flag("smtpd_reject_unlisted_sender")
        self.unlisted_recipient = settings.flag("smtpd_reject_unlisted_recipient")
        self.recipients = Recipients(settings, self.tables, OwnDomains(settings, self.tables, settings.configuration.host.addresses), resolver)
        self.names_clients = settings.flag("smtpd_peername_lookup")
        self.interfaces = self.recipients.own.addresses
        self.families = families(settings)
        texts = dict((name, settings.value(name)) for name, dummy in LISTS)
        # At compatibility level 0 the relay list is empty unless somebody says otherwise, and smtpd tries the later one all the same, to warn.
        tried = settings.origin(RELAY) is None and not texts[RELAY]
        if tried:
            texts[RELAY] = TRIED
        self.order = self._order(tried)
        self.lists = dict((name, self.parse(texts[name], short)) for name, short in LISTS)
        self.class_items = {}  # type: dict[tuple, tuple[Item, ...]]

    def code(self, parameter: str) -> int:
        """Return the reply code that *parameter* sets, an int."""
        return int(self.settings.value(parameter))

    def parse(self, text: str, shorthand: "str | None") -> "tuple[Item, ...]":
        """Return the Items of a list."""
        return parse(text, shorthand, self.classes, self.version)

    def class_of(self, name: str, shorthand: "str | None") -> "tuple[Item, ...]":
        """Return the Items of restriction class *name* as they read in a list with *shorthand*."""
        key = (name, shorthand)
        if key not in self.class_items:
            self.class_items[key] = self.parse(self.classes[name], shorthand)
        return self.class_items[key]

    def _order(self, recipients_first: bool) -> "list[str]":
        names = [name for name, dummy in LISTS]
        if recipients_first or self.version < (3, 6) or not self.settings.flag("smtpd_relay_before_recipient_restrictions"):
            names[3], names[4] = names[4], names[3]
        return names


def answers(listener: Listener, box: Box) -> "list[tuple]":
    """Return ((answer, Path), ...) for all dialogues of *box*: PERMIT where RCPT is accepted, else a Reject."""
    ended = []  # type: list[tuple]
    early = [] if listener.delay_reject else listener.order[:3]
    # Two lists have had their say before MAIL FROM; without delay the third runs there, once the command itself is found to be in order.
    greeted = _lists(listener, early[:2], [Path(box, ALL, False, False, False, (), ())], ended)
    heard = [pair for path in greeted for pair in _manners(listener, path)]
    ended.extend(pair for pair in heard if pair[0] is not DUNNO)
    live = _lists(listener, early[2:], [path for verdict, path in heard if verdict is DUNNO], ended)
    # RFC 5321 section 4.5.1: a bare postmaster is accepted, whatever the lists that run at RCPT say.
    waved, live = _postmaster(live)
    live = _lists(listener, listener.order[len(early):], live, ended)
    for path in live:
        if path.defer_if_permit:
            ended.append((Reject(450, False), path))
        elif listener.unlisted_recipient and not path.discard:
            ended.extend((PERMIT if verdict is DUNNO else verdict, after) for verdict, after in _settled(destinations.unlisted_recipient, listener, path))
        else:
            ended.append((PERMIT, path))
    return ended + [(PERMIT, path) for path in waved]


def _manners(listener, path):
    """Split by whether smtpd listens at all: the syntax of the addresses, and a greeting where it insists on one."""
    greeted = tuple(one for one in path.box.helos if one is not None or not listener.helo_required)
    rude = tuple(one for one in path.box.helos if one not in greeted)
    found = [(BAD_SYNTAX, path._replace(box=path.box._replace(helos=rude)))] if rude else []
    for verdict, one in effects.check_rewrite(listener, path._replace(box=path.box._replace(helos=greeted))) if greeted else []:
        found.extend(effects.check_syntax(listener, one) if verdict is DUNNO else [(verdict, _because(one))])
    return found


def _postmaster(paths):
    """Split into the Paths to a bare postmaster and all others."""
    waved, others = [], []
    for path in paths:
        bare = tuple(one for one in path.box.recipients if one.lower() == "postmaster")
        rest = tuple(one for one in path.box.recipients if one not in bare)
        waved.extend([path._replace(box=path.box._replace(recipients=bare))] if bare else [])
        others.extend([path._replace(box=path.box._replace(recipients=rest))] if rest else [])
    return waved, others


def _lists(listener, names, live, ended):
    """Run lists one after the other; return the Paths that passed all, append to *ended* what was refused."""
    for name in names:
        next_live = []
        for path in live:
            for verdict, after in _list(listener, name, path):
                if isinstance(verdict, Reject):
                    ended.append((verdict, after))
                else:
                    next_live.append(after)
        live = next_live
    return live


def _list(listener, name, path):
    """Run one of smtpd's lists; return [(verdict, Path), ...]."""
    if path.discard:
        return [(DUNNO, path)]
    if name == "smtpd_helo_restrictions":
        silent = tuple(one for one in path.box.helos if one is None)
        if silent:  # Without a HELO there is nothing that its list is for.
            said = tuple(one for one in path.box.helos if one is not None)
            rest = _list(listener, name, path._replace(box=path.box._replace(helos=said))) if said else []
            return [(DUNNO, path._replace(box=path.box._replace(helos=silent)))] + rest
    early = name in STAGES and not listener.delay_reject
    start = path._replace(available=STAGES[name] if early else ALL, defer_if_reject=name == listener.order[4] and path.defer_if_reject)
    found = run(listener, name, SHORTHAND[name], listener.lists[name], start)
    if name != "smtpd_sender_restrictions" or not listener.unlisted_sender:
        return found
    refused = [(verdict, after) for verdict, after in found if isinstance(verdict, Reject) or after.discard]
    return refused + [one for verdict, after in found if not isinstance(verdict, Reject) and not after.discard
                      for one in _settled(destinations.unlisted_sender, listener, after)]


def _settled(effect, listener, path):
    """Return [(DUNNO or a Reject, Path), ...] of what smtpd asks of its own accord once a list has passed."""
    found = []
    for result, sub in effect(listener, None, path):
        late = isinstance(result, Reject) and path.defer_if_reject and result.code >= 500
        found.append((Reject(450, False) if late else result if isinstance(result, Reject) else DUNNO, _because(sub) if _fails(result) else sub))
    return found


def run(listener, parameter, shorthand, items, path, warn=False, within=()):
    """Return [(verdict, Path), ...] of a list of Items for *path*: PERMIT, DUNNO (the list ended) or a Reject.

    *within*: the Entered of the lists around this one.
    """
    ended, live = [], [path]  # type: list[tuple], list[Path]
    for item in items:
        next_live = []  # type: list[Path]
        for one in live:
            for verdict, after in _apply(listener, parameter, shorthand, item, one, warn or item.warn, within):
                stop = verdict is not DUNNO or after.discard or (after.defer_if_permit and after.defer_if_reject)
                if stop:
                    ended.append((verdict, after))
                else:
                    next_live.append(after)
        live = next_live
    return ended + [(DUNNO, one) for one in live]


def _entered(within, entered):
    """Return (*within* with one more, None), or (None, how it ends) where a list leads into itself again and again.

    What is asked once more gets the answer that it got, so whoever comes back as he was comes back for ever. What lies between is
    skipped, up to the depth at which smtpd looks into the value of no table any more; classes have no limit but the stack.
    """
    deep = len(within) >= NESTING_LIMIT
    if deep and entered.by_table:
        return None, SERVER_ERROR
    since = within[len(within) - within[::-1].index(SKIPPED):] if SKIPPED in within else within
    if entered not in since:
        return within + (entered,), None
    return (None, DEATH) if deep else (within + (SKIPPED,) * NESTING_LIMIT + (entered,), None)


def _state(path):
    return path._replace(unknown=(), because=())


def _apply(listener, parameter, shorthand, item, path, warn, within):
    if item.effect == "class":
        inner, end = _entered(within, Entered(False, item.name, shorthand, warn, _state(path)))
        if end is not None:
            return [(end, _because(path, parameter, item))]
        return run(listener, item.name, shorthand, listener.class_of(item.name, shorthand), path, warn, inner)
    found = []
    if item.effect == "unlisted_sender" and parameter in BEFORE_MAIL:
        # smtpd remembers that it has looked, and these lists come before it forgets: a second attempt passes.
        found.append((DUNNO, path))
    for result, sub in effects.apply(listener, item, path):
        found.extend(_settle(listener, parameter, shorthand, item, result, sub, warn, within))
    return found


def _settle(listener, parameter, shorthand, item, result, path, warn, within):
    """Turn what a restriction said into verdicts: a nested list is run, a reject may be softened or only warned of."""
    if isinstance(result, Nested):
        inner, end = _entered(within, Entered(True, result.text, shorthand, warn, _state(path)))
        if end is not None:
            return [(end, _because(path, parameter, item))]
        inner = run(listener, parameter, shorthand, listener.parse(result.text, shorthand), path, warn, inner)
        inner = [(result.permit if verdict is PERMIT and not after.discard else verdict, after) for verdict, after in inner]
        return [(verdict, _because(after, parameter, item) if verdict is PERMIT or _fails(verdict) else after) for verdict, after in inner]
    if result is PERMIT:
        return [(PERMIT, _because(path, parameter, item))]
    if result is DISCARD:
        return [(PERMIT, _because(path, parameter, item)._replace(discard=True))]
    if result is DEFER_IF_PERMIT:
        return [(DUNNO, path if warn else path._replace(defer_if_permit=True))]
    if result is DEFER_IF_REJECT:
        return [(DUNNO, path._replace(defer_if_reject=True))]
    if isinstance(result, Reject):
        if warn and not result.fixed:
            return [(DUNNO, path)]
        if path.defer_if_reject and result.code >= 500:
            return [(Reject(450, False), path)]
        return [(result, _because(path, parameter, item) if result.server else path)]
    return [(DUNNO, path)]


def _fails(verdict):
    return isinstance(verdict, Reject) and verdict.server


def _because(path, parameter=None, item=None):
    return path._replace(because=path.because + ((parameter, item),))
