# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The verdict: can a stranger relay through a listener, and why."""

import copy
from collections import namedtuple
from collections.abc import Callable, Iterable, Iterator

from .._postfix.addresses import Resolver
from .._postfix.configuration import STOCK_MASTER, Configuration, Settings
from .._postfix.errors import ConfigError
from .._postfix.evaluate import PERMIT, Listener, answers
from .._postfix.main_cf import MainCf
from .._postfix.master_cf import Service
from .._postfix.match_lists import ListFatal
from .._postfix.replies import BAD_SYNTAX, Reject
from .._postfix.restrictions import Item
from .._postfix.splitting import Box, Path
from .._postfix.startup import check_lists, check_startup
from .._postfix.tables import TableFatal, Unread, safe_name
from .._postfix.text import split_words
from . import dialogues, ways
from .evidence import Because, Witness, place
from .failing import described, failing, fatal_lists
from .recipients import own_recipients
from .trust import Trust

SEVERITY = ("closed", "unknown", "down", "open")
BAD = SEVERITY[2:]
NO_GUARD = "no guard holds here"
LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[127.0.0.1]", "[::1]", "::1")

# service: its name in master.cf; reasons: texts for people; loopback: out of a stranger's reach; listener: or None; failing: where it stands
# what a listener is down by, a list of Because; also of one that is down unless something that cannot be read permits
Judgement = namedtuple("Judgement", "service verdict witness because reasons loopback listener entry failing")
Verdict = namedtuple("Verdict", "verdict listeners")


def judge(configuration: Configuration, trust: Trust) -> Verdict:
    """Judge every listener of *configuration*.

    :param Configuration configuration: what to judge
    :param Trust trust: who is no stranger
    :rtype: Verdict
    """
    fatal = configuration.main.error or (configuration.master is not None and configuration.master.error) or None
    # Where a broken master.cf leaves no service to name, the stock listener stands for all that does not run.
    entries = listeners(configuration) or (STOCK_MASTER.services if fatal else [])
    judged = [judge_listener(configuration, entry, trust, fatal) for entry in entries]
    judged += [Judgement(service.name, "open", witness, because, ["qmqpd takes mail for anywhere from whoever may connect"], False, None, service, [])
               for service, witness, because in (() if fatal else ways.by_qmqp(configuration, trust)) if not on_loopback(configuration, service)]
    worst = max([SEVERITY.index(one.verdict) for one in judged] or [0])
    return Verdict(SEVERITY[worst], judged)


def listeners(configuration: Configuration) -> "list[Service]":
    """Return the smtpd services that take connections; without a master.cf, the stock one."""
    if configuration.master is None:
        return STOCK_MASTER.services
    return [one for one in configuration.services("smtpd") if one.type in ("inet", "pass")]


def resolver(configuration: Configuration, settings: Settings) -> Resolver:
    """Return the Resolver of the rewrite service."""
    service = rewrite_service(configuration, settings.service)
    resolving = configuration.settings(service, "trivial-rewrite")
    return Resolver(resolving, resolving.tables, configuration.host.addresses)


def rewrite_service(configuration: Configuration, entry: "Service | None" = None) -> "Service | None":
    """Return the service that runs trivial-rewrite for the listener *entry*: the one of the name that it asks for, else the first, or None."""
    found = configuration.services("trivial-rewrite")
    try:
        name = configuration.settings(entry).value("rewrite_service_name")
    except ConfigError:  # of a macro that smtpd dies of
        name = ""
    return ([one for one in found if one.name == name] + found + [None])[0]


def judge_listener(configuration: Configuration, entry: Service, trust: Trust, fatal: "ConfigError | None" = None) -> Judgement:
    """Return the Judgement of one listener."""
    loopback = on_loopback(configuration, entry)

    def result(verdict: str, witness: "Witness | None" = None, because: "Iterable[Because]" = (), reasons: "Iterable[str]" = (),
               listener: "Listener | None" = None, failing_: "Iterable[Because]" = ()) -> Judgement:
        if loopback and verdict in ("open", "unknown"):
            return Judgement(entry.name, "closed", None, [], ["latent: strangers cannot reach it"], True, listener, entry, [])
        return Judgement(entry.name, verdict, witness, list(because), list(reasons), loopback, listener, entry, list(failing_))

    if fatal is not None:
        return result("down", reasons=[str(fatal)], failing_=_where(fatal))
    try:
        check_startup(configuration, entry, rewrite_service(configuration, entry))
        listener = make_listener(configuration, entry)
        if not listener.settings.has_guard():
            return result("down", reasons=["smtpd does not start: neither smtpd_relay_restrictions nor smtpd_recipient_restrictions "
                                           "holds a working guard such as reject_unauth_destination"])
    except ConfigError as exc:
        return result("down", reasons=[str(exc)], failing_=_where(exc))
    except (ListFatal, TableFatal) as exc:
        where = fatal_lists(configuration.settings(entry))
        return result("down", reasons=[described(where) or str(exc)], failing_=where)
    return _reach(listener, trust, result)


def make_listener(configuration: Configuration, entry: Service) -> Listener:
    """Return the Listener of a service. :raises ConfigError, ListFatal: for what smtpd dies of"""
    settings = configuration.settings(entry)
    check_lists(settings, settings.tables)
    return Listener(settings, resolver(configuration, settings), rewrite_service(configuration, entry))


def _reach(listener: Listener, trust: Trust, result: "Callable[..., Judgement]") -> Judgement:
    box = dialogues.strangers(listener, trust)
    unknown = []  # type: list[str]
    for path, recipients in _relayed(listener, box):
        if not path.unknown:
            return result("open", _witness(path.box, recipients), because(listener, path), listener=listener)
        unknown.extend(guess.what for guess in path.unknown if guess.what not in unknown)
    claimed = ways.by_xclient(listener, trust)
    if claimed is not None:
        return result("open", claimed[0], claimed[1], listener=listener)
    doubtful = _own_fail(listener, box, _by_files)
    faults = failing(listener, doubtful)
    if doubtful and not unknown and _own_fail(listener, box, answers):
        return result("down", reasons=["every stranger gets a server error, also for the server's own domains: " + described(faults)],
                      listener=listener, failing_=faults)
    unknown = unknown or _hanging(listener, box)
    if unknown:
        named = ", ".join(one.replace(" cannot be read from files", "") for one in unknown)
        return result("unknown", reasons=["the answer hangs on " + named], listener=listener, failing_=faults)
    return result("closed", listener=listener, failing_=faults)


def _relayed(listener: Listener, box: Box) -> "Iterator[tuple[Path, list[str]]]":
    """Yield (Path, recipients) where dialogues of *box* relay, or may."""
    for verdict, path in answers(listener, box):
        recipients = [one for one in path.box.recipients if _is_relay(listener, one)] if verdict is PERMIT else []
        if recipients:
            yield path, recipients


def _hanging(listener: Listener, box: Box) -> "list[str]":
    """Return what the answer hangs on where patterns that no text could be built for count as unread."""
    specs = dialogues.unreached(listener)
    if not specs:
        return []
    dim = copy.copy(listener)
    dim.tables = Unread(listener.tables, specs)
    found = [reason for path, dummy in _relayed(dim, box) for reason in [guess.what for guess in path.unknown]]
    return [reason for index, reason in enumerate(found) if reason not in found[:index]]


def _is_relay(listener: Listener, recipient: str) -> bool:
    resolved = listener.resolver.resolve(recipient)
    return resolved.class_ in ("default", "relay")


def _own_fail(listener: Listener, box: Box, answering: "Callable[..., Iterable[tuple]]") -> "list[Path]":
    """Return the Paths on which strangers hear server errors where they hear nothing else, of the server's own domains too; else none.

    :param answering: Listener, Box -> [(verdict, Path), ...]: answers(), or _by_files()
    """
    # A server that answers IPv6 clients alone is as good as dead.
    box = box._replace(clients=tuple(one for one in box.clients if ":" not in one[1]) or box.clients)
    mine = box._replace(recipients=tuple(own_recipients(listener, box)) or box.recipients)
    # Most often one dialogue shows that the server works, and the rest need not be asked.
    first = mine._replace(clients=mine.clients[:1], helos=mine.helos[:1], senders=mine.senders[:1], recipients=mine.recipients[:1])
    found = _failed(answering(listener, first)) and _failed(answering(listener, mine))
    return [] if found and any(verdict is PERMIT for verdict, dummy in answering(listener, box)) else found


def _failed(answered: "Iterable[tuple]") -> "list[Path]":
    """Return the Paths of answers that are all server errors, or none."""
    said = [(verdict, path) for verdict, path in answered if verdict is not BAD_SYNTAX]
    return [path for dummy, path in said] if all(verdict is not PERMIT and verdict.server for verdict, dummy in said) else []


def _by_files(listener: Listener, box: Box) -> "list[tuple]":
    """Return the answers on which nothing that cannot be read permits or refuses."""
    return [(verdict, path) for verdict, path in answers(listener, box)
            if not any(guess.answer is PERMIT or isinstance(guess.answer, Reject) for guess in path.unknown)]


def _where(fault: ConfigError) -> "list[Because]":
    return [Because(fault.file, fault.line, fault.parameter, fault.message)]


def _witness(box: Box, recipients: "list[str]") -> Witness:
    name, address = box.clients[0]
    return Witness(address, name, box.helos[0] or "", box.senders[0], recipients[0], None)


def because(listener: Listener, path: Path) -> "list[Because]":
    """Return the lines that let a path through: what permitted in the relay and recipient lists, or the lists themselves."""
    guards = ("smtpd_relay_restrictions", "smtpd_recipient_restrictions")
    found = [place(listener.settings, parameter, item.word, item.name + (" " + _shown(item) if item.argument else ""))
             for parameter, item in path.because if parameter in guards or parameter in listener.classes]
    for name in guards:
        if not any(one.parameter == name for one in found):
            origin = listener.settings.origin(name)
            if origin is not None:
                found.append(Because(origin.file, origin.line, name, NO_GUARD))
    relay = listener.settings.origin("mynetworks")
    if any(item.effect == "mynetworks" for dummy, item in path.because) and relay is not None:
        found.append(Because(relay.file, relay.line, "mynetworks", relay.value.text[:200]))
    return [one for index, one in enumerate(found) if one not in found[:index]]


def _shown(item: Item) -> str:
    return safe_name(item.argument) if item.effect not in ("class", "error", "relay_domains_gone") else ""


def on_loopback(configuration: Configuration, entry: Service) -> bool:
    """Tell whether a listener is bound to loopback alone."""
    if entry.type == "pass":
        fronts = [one for one in configuration.services("postscreen") if one.type == "inet"]
        return bool(fronts) and all(on_loopback(configuration, one) for one in fronts)
    host = entry.name.rpartition(":")[0]
    if host:
        return host in LOOPBACK_NAMES or host.strip("[]").startswith("127.")
    try:
        # master(8) binds: it reads main.cf, and not what a service overrides.
        interfaces = split_words(configuration.settings().value("inet_interfaces"))
    except ConfigError:
        return False
    return bool(interfaces) and all(one in LOOPBACK_NAMES + ("loopback-only",) or one.startswith("127.") for one in interfaces)


__all__ = ["Because", "Judgement", "MainCf", "Verdict", "Witness", "judge", "judge_listener", "listeners", "make_listener", "on_loopback", "place"]
