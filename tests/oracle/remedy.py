# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a plan does to a configuration directory, as the real smtpd says it: who was let in, who was cut off, what else changed."""

import collections
import dataclasses
import os

import adversary
import agreement
import oracle

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.lookups import valid_hostname
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListError
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import parse_address
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Opaque
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import host, judge, plan, trust
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.entitled import is_trusted

# Public addresses far from each other, one of which will lie outside a list of networks that has an outside.
ANYWHERE = ("9.8.7.6", "77.1.2.3", "126.255.255.254", "150.1.2.3", "185.7.8.9", "203.0.113.77", "223.1.2.3", "2001:db8:77::1", "2600:77::1", "3fff:77::1")
ACCEPTED = ("accepted", "discarded")
# Where some strangers may write to the server's own domains (or all could, did smtpd not fail for them), and others may not, those others may
# now too, if there is no other way to keep it. Nobody relays for it.
AS_OTHERS = "own, as other strangers before"
# refused: why there is no plan, or None; changes: number of edits; widened, cut, open_after, restless: texts; lost: comment lines;
# other: names of parameters that differ and are in no edit; dialogues: {kind: count}
Remedy = collections.namedtuple("Remedy", "refused changes widened cut open_after restless lost other dialogues")
FAULTS = ("widened", "cut", "open_after", "restless", "lost", "other")


def comments(path):
    """The comment lines of a file, in order."""
    with open(path, encoding="utf-8", errors="surrogateescape") as stream:
        return [line for line in stream if line.lstrip().startswith("#")]


def said(directory, service, postfix, dialogues):
    """{dialogue: outcome} of one listener."""
    with oracle.start(directory, service=service, postfix=postfix) as session:
        replies = session.ask_all(dialogues)
        classes = {} if session.dead else {text: oracle.classify(session, text)[0] for text in {one.recipient for one in dialogues}}
    return dict(zip(dialogues, [reply.outcome for reply in replies])), classes


def kind(judged, believed, dialogue, class_):
    """Who speaks in a dialogue: login (where logins are taken at all), trusted, own (a stranger to the server's own domains), or stranger."""
    if dialogue.login and judged.listener is not None and judged.listener.sasl:
        return "login"
    if judged.listener is not None and is_trusted(judged.listener, believed, dialogue.client_address):
        return "trusted"
    return "own" if class_ in ("local", "alias", "mailbox") else "stranger"


def _is_own(judged, believed, dialogue, *classes):
    """Is it a stranger's mail for the server's own domains?"""
    class_ = next((found[dialogue.recipient] for found in classes if found.get(dialogue.recipient)), None)
    return not dialogue.login and kind(judged, believed, dialogue, class_) == "own" and not any(
        network.holds(parse_address(dialogue.client_address)) for network in trust.UNREACHABLE)


def _routed(judged, dialogue):
    """Is it mail by way of the server? Who sends that is no one's user."""
    return judged.listener is not None and judged.listener.resolver.resolve(dialogue.recipient).routed


def _by_name(judged, dialogues):
    """The first of the dialogues, from clients whose names alone mynetworks lets in."""
    patterns = judged.listener.mynetworks.patterns if judged.listener is not None else ()
    names = [one.text.strip(".") for one in patterns if one.network is None and one.table is None and not one.negate and "/" not in one.text]
    return [oracle.Dialogue("9.8.7.6", client_name="host." + name, recipient=one.recipient) for name in names
            if valid_hostname("host." + name) for one in dialogues[:6]]


def _roundabout(judged, dialogue):
    """Is the recipient in a form that is first rewritten? Who may relay at all says it plainly."""
    if judged.listener is None:
        return False
    resolved = judged.listener.resolver.resolve(dialogue.recipient)
    return resolved.routed or resolved.address != dialogue.recipient


def _inside(listener, dialogue):
    try:
        return listener.mynetworks.matches_client(dialogue.client_name or "unknown", dialogue.client_address)
    except (ListError, Opaque):
        return False


def _insiders(judged, dialogues):
    """{dialogue of a public client that mynetworks trusts: the same from a client that it does not}.

    Who writes to the server's own domains by that trust alone, where others may not, has it no longer when the trust is gone.
    """
    if judged.listener is None:
        return {}
    outsiders = {}
    for address in ANYWHERE:
        if not _inside(judged.listener, oracle.Dialogue(address)):
            outsiders.setdefault(":" in address, address)
    return {one: dataclasses.replace(one, client_address=outsiders[":" in one.client_address], client_name=None) for one in dialogues
            if (":" in one.client_address) in outsiders and not one.login and _inside(judged.listener, one)}


def remedied(directory, postfix, more=40, profile="guard", strategy="merge"):
    """Plan, write and ask again; returns a Remedy. The directory is changed."""
    believed = trust.Trust()
    configuration, dummy = host.read_configuration(directory, postfix.label)
    configuration.files.compiled_needed = True
    before = judge.judge(configuration, believed)
    try:
        found = plan.make_plan(configuration, believed, profile, strategy)
    except plan.PlanError as error:
        return Remedy(str(error), 0, [], [], [], [], [], [], {})
    listeners = [one for one in before.listeners if one.entry.command.rpartition("/")[2] == "smtpd"]
    asked, insiders = _questions(directory, listeners, more)
    was = {service: said(directory, service, postfix, each) for service, each in asked.items()} if found.changes else {}
    other = _differing(configuration, found.configuration) - {(one.service, one.parameter) for one in found.changes}
    lost = _write(directory, found.configuration)
    now = {service: said(directory, service, postfix, asked[service]) for service in was}
    compared = [each for one in listeners if found.changes
                for each in _compared(one, believed, insiders[one.service], was[one.service], now[one.service])]
    counts = collections.Counter(who for who, dummy, dummy2 in compared) + collections.Counter(what for dummy, what, dummy2 in compared if what == AS_OTHERS)
    after = judge.judge(found.configuration, believed)
    open_after = ["{0}: {1}".format(one.service, one.verdict) for one in after.listeners if one.verdict in ("open", "down")]
    open_after += agreement.differences(directory, postfix, 20) if found.changes else []
    again = plan.make_plan(found.configuration, believed, profile, strategy).changes
    widened, cut = ([text for dummy, what, text in compared if what == wanted] for wanted in ("widened", "cut"))
    return Remedy(None, len(found.changes), widened, cut, open_after, [str(one) for one in again], lost, sorted(map(str, other)), dict(counts))


def _questions(directory, listeners, more):
    """({service: dialogues that are held with it}, {service: its insiders, see _insiders})."""
    dialogues = list(dict.fromkeys(adversary.plain_mail(directory) + adversary.dialogues(directory, more)))
    dialogues += [oracle.Dialogue(one.client_address, sender=one.sender, recipient=one.recipient, login="someone") for one in dialogues[:6]]
    asked, insiders = {}, {}
    for one in listeners:
        takes_logins = one.listener is not None and one.listener.sasl
        mine = [each for each in dialogues + _by_name(one, dialogues) if not each.login or takes_logins]
        insiders[one.service] = _insiders(one, mine)
        asked[one.service] = mine + [each for each in insiders[one.service].values() if each not in mine]
    return asked, insiders


def _compared(judged, believed, insiders, was, now):
    """Yield (who speaks, "widened", "cut", AS_OTHERS or None, text) for each dialogue with a listener.

    was, now  what said() returned before and after
    """
    (old, classes), (new, later) = was, now
    greeted = any((old[one] in ACCEPTED or judged.verdict == "down") and _is_own(judged, believed, one, classes, later) for one in old)
    for dialogue in old:
        who = kind(judged, believed, dialogue, classes.get(dialogue.recipient) or later.get(dialogue.recipient))
        as_any, what = insiders.get(dialogue, dialogue), None
        if new[dialogue] in ACCEPTED and old[dialogue] in ("refused", "deferred") and not (who in ("trusted", "login") and _roundabout(judged, dialogue)):
            what = AS_OTHERS if who == "own" and greeted else "widened"
        elif old[dialogue] in ACCEPTED and new[dialogue] not in ACCEPTED and who != "stranger" and not _routed(judged, dialogue) \
                and (who != "own" or old[as_any] in ACCEPTED):
            what = "cut"
        yield who, what, "{0} {1}: {2} -> {3} [{4}]".format(judged.service, who, old[dialogue], new[dialogue], dialogue)


def faults(directory, postfix, more=40, tally=None):
    """Texts: whom the plan for *directory* lets in or cuts off, and what else is not as it should be, as smtpd says it before and after.

    tally  a Counter: what became of the directory ("refused", "changed", "nothing to do"), and dialogues by who spoke
    """
    return texts(remedied(str(directory), postfix, more), tally)


def texts(found, tally=None):
    """The faults of a Remedy as texts; counts as faults() does."""
    if tally is not None:
        tally["refused" if found.refused else "changed" if found.changes else "nothing to do"] += 1
        tally.update(found.dialogues)
    return ["{0} {1}".format(name, text) for name in FAULTS for text in getattr(found, name)]


def _differing(before, after):
    """{(service or None, parameter)} of all that is not the same in two configurations' texts; (service, "") is a service's own fields."""
    old, new = _parameters(before), _parameters(after)
    return {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}


def _parameters(configuration):
    """{(service or None, parameter): [raw value of each place where it stands]}."""
    found = collections.defaultdict(list)
    for entry in configuration.main.entries:
        found[None, entry.name].append(entry.text)
    for service in configuration.master.services if configuration.master is not None else []:
        found[service.name, ""].append(service.fields)
        for option in service.options:
            found[service.name, option.name].append(option.text)
    return found


def _write(directory, configuration):
    """Write both documents; return the comment lines that are gone."""
    lost = []
    for document in (configuration.main, configuration.master):
        if document is None:
            continue
        path = os.path.join(directory, os.path.basename(document.path))
        before = comments(path)
        with open(path, "wb") as stream:
            stream.write(document.to_bytes())
        after = comments(path)
        lost.extend(line for line in before if before.count(line) > after.count(line))
    return lost
