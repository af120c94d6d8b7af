# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the judge and the real smtpd differ on one configuration directory.

Two comparisons: every dialogue of an adversary gets from smtpd what the evaluation says; and every verdict holds (the
witness of `open` is accepted, `closed` lets no stranger relay, `down` is dead or answers server errors).
"""

import ipaddress
import os
import re
import sys
from dataclasses import replace

import adversary
import oracle

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.evaluate import PERMIT, Box, answers
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import parse_address
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.replies import DEATH
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Opaque, TableError
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import dialogues, host, judge, trust, ways
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.entitled import is_trusted

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fixtures"))
import oracle_host  # noqa: E402

# What smtpd says where DNS decides, of which the files know nothing.
BY_DNS = re.compile(r"cannot find your|not found|blocked using|does not accept mail|Service unavailable; |Host not found")
SASL_EXCEPTIONS = "smtpd_sasl_exceptions_networks"
# Tables that are asked for what DNS says of a name.
SERVER_TABLES = re.compile(r"check_\w+_(?:ns|mx|a)_access", re.IGNORECASE)
# Tables that are not to be read from files; on the machine that asks they fail.
UNREADABLE = re.compile(r"\b(?:mysql|pgsql|ldap|ldaps|sqlite|mongodb|nis|netinfo|tcp|socketmap|memcache|unix|environ)\d*:")
# What the daemons find in the oracle's world.
HOST = {"hostname": oracle_host.NAME, "addresses": tuple(map(parse_address, oracle_host.ADDRESSES)), "mynetworks": oracle_host.MYNETWORKS}
# The outcomes of smtpd that a prediction stands for.
MEANS = {"accepted": ("accepted", "discarded"), "refused": ("refused", "deferred"), "server error": ("server error",), "dead": ("dead",)}


def predict(judged, dialogue):
    """What the evaluation says to one dialogue: keys of MEANS of which any may come, or None where it hangs on what cannot be read."""
    if judged.listener is None or judged.verdict == "down" and judged.reasons and judged.reasons[0].startswith("smtpd does not start"):
        return {"dead"}
    # Where smtpd sees a v4-mapped address, it sees one of IPv4 (sock_addr.c).
    address = re.sub(r"(?i)^::ffff:(?=[0-9.]+$)", "", dialogue.client_address)
    box = Box(((dialogue.client_name or "unknown", address),), (dialogue.helo,), (dialogue.sender,), (dialogue.recipient,), dialogue.login)
    found = answers(judged.listener, box)
    if any(path.unknown for dummy, path in found):
        return None
    said = {"accepted" if verdict is PERMIT else "dead" if verdict is DEATH else "server error" if verdict.server else "refused"
            for verdict, dummy in found}
    return said if "accepted" not in said or _is_readable(judged.listener, dialogue) else None


def _is_readable(listener, dialogue):
    """Can it be told from the files whether the recipient exists?"""
    try:
        listener.recipients.missing(listener.resolver.resolve(dialogue.recipient))
    except (Opaque, TableError):
        return False
    return True


def judgements(directory, postfix, believed):
    """Judge a directory as the Postfix of this version would run it."""
    configuration, dummy = host.read_configuration(str(directory), postfix.label)
    configuration.files.compiled_needed = True  # as on the host that this Postfix would be
    if oracle.world().isolated:
        configuration.host = configuration.host._replace(**HOST)
    return judge.judge(configuration, believed).listeners


def differences(directory, postfix, more=60, services=None, tally=None):
    """Return a text for each point on which judge and smtpd differ.

    more      how many dialogues of the adversary are held with each listener
    services  names of the listeners to ask; default: all
    tally     a Counter that each listener's verdict is added to
    """
    believed = trust.Trust()
    found = []
    for judged in judgements(directory, postfix, believed):
        if judged.entry.command.rpartition("/")[2] != "smtpd" or services is not None and judged.service not in services:
            continue
        if tally is not None:
            tally[judged.verdict] += 1
        found.extend("{0} {1}, judged {2}: {3}".format(directory, judged.service, judged.verdict, text)
                     for text in _of_listener(str(directory), postfix, judged, believed, more))
    return found


def witness_of(judged):
    """The witness as a dialogue, or None."""
    said = judged.witness
    return said and oracle.Dialogue(said.client_address, client_name=None if said.client_name == "unknown" else said.client_name,
                                    helo=said.helo or None, sender=said.sender, recipient=said.recipient, xclient=said.xclient)


def _of_listener(directory, postfix, judged, believed, more):
    yield from claimed(directory, postfix, judged)
    with oracle.start(directory, service=judged.service, postfix=postfix) as session:
        yield from compared(directory, session, judged, believed, adversary.dialogues(directory, more))


def compared(directory, session, judged, believed, asked):
    """Hold dialogues in a session; yield a text for each point on which judge and smtpd differ.

    directory  of the configuration
    session    an oracle.Session of the listener
    judged     its Judgement
    believed   the Trust that it was judged with
    asked      list of Dialogues
    """
    if judged.listener is not None:
        asked = [one for one in asked if ipaddress.ip_address(one.client_address).version in judged.listener.families] or asked
    witness = witness_of(judged) if judged.witness is None or not judged.witness.xclient else None
    if SASL_EXCEPTIONS in adversary.words_of(directory):
        # A table that fails there spoils EHLO; whoever says HELO is not asked about logins.
        asked, witness = [replace(one, esmtp=False) for one in asked], witness and replace(witness, esmtp=False)
    replies = session.ask_all(asked + ([witness] if witness else []))
    classes = {} if session.dead else {text: oracle.classify(session, text) for text in {
        dialogue.recipient for dialogue, reply in zip(asked, replies) if reply.outcome in MEANS["accepted"]}}
    asked, replies = _while_alive(judged, asked, replies)
    unreadable = bool(UNREADABLE.search(adversary.words_of(directory)))
    by_server = bool(SERVER_TABLES.search(adversary.words_of(directory)))
    for dialogue, reply in zip(asked, replies):
        if _named_by_hosts(session, dialogue):
            continue
        predicted = predict(judged, dialogue)
        if predicted is not None and not any(reply.outcome in MEANS[one] for one in predicted) \
                and not _beyond_files(predicted, reply, unreadable, by_server) and not _before_its_death(session, predicted, reply):
            yield "evaluated {0}, smtpd {1}: {2} [{3}]".format(" or ".join(sorted(predicted)), reply.outcome, reply.text[:160], dialogue)
    strange = [_is_stranger(judged, believed, dialogue) for dialogue in asked]
    said = replies[len(asked)] if len(replies) > len(asked) and not _named_by_hosts(session, witness) else None
    yield from _verdict(judged, (witness, said), list(zip(asked, replies, strange)), classes, adversary.fresh(directory), unreadable)


def _named_by_hosts(session, dialogue):
    """Does /etc/hosts give the client another name than the dialogue does?"""
    return session.peer == "pass" and (ipaddress.ip_address(dialogue.client_address).is_loopback or dialogue.client_address == oracle.HOST_ADDRESS)


def claimed(directory, postfix, judged, held=()):
    """Yield what differs where someone says XCLIENT, to an smtpd that keeps its own smtpd_authorized_xclient_hosts.

    held  (dialogue, reply) pairs of a session that does
    """
    for dialogue, reply in held:
        if judged.verdict != "open" and dialogue.xclient and reply.outcome in MEANS["accepted"] and dialogue.client_name is None:
            believed = trust.Trust().believed(judged.listener.settings.match_list(ways.XCLIENT).patterns)
            if not any(network.holds(parse_address(dialogue.client_address)) for network in believed):
                yield "a stranger relays by what he claims [{0}]".format(dialogue)
    witness = witness_of(judged)
    if witness is None or not witness.xclient or not oracle.world().isolated:
        return
    with oracle.start(directory, service=judged.service, postfix=postfix, peer="pass") as session:
        if _named_by_hosts(session, witness):
            return
        reply = session.ask(witness)
    if reply.outcome not in MEANS["accepted"]:
        yield "the witness is not accepted, {0}: {1} [{2}]".format(reply.outcome, reply.text[:160], witness)


def _while_alive(judged, asked, replies):
    """Cut off what was asked of an smtpd that had died, as foretold or as cannot be foretold, in the midst of a dialogue.

    The witness then stays unasked.
    """
    for index, (dialogue, reply) in enumerate(zip(asked, replies)):
        if reply.outcome == "dead":
            foretold = judged.listener is not None and predict(judged, dialogue) in ({"dead"}, None)
            return (asked[:index + 1], replies[:index + 1]) if foretold or index else (asked, replies)
    return asked, replies


def _beyond_files(predicted, reply, unreadable, by_server):
    """Does a refusal hang on DNS, on a table that fails where it is not at home, or come ahead of what kills trivial-rewrite?

    XCLIENT itself refuses an address of a family that inet_protocols leaves out.
    A table that is asked through proxymap(8) kills smtpd where this Postfix has no such tables.
    """
    if "dead" in predicted and ("send HELO" in reply.text or "Bad ADDR syntax" in reply.text):
        return True
    return reply.outcome not in MEANS["accepted"] and (
        BY_DNS.search(reply.text) is not None or by_server or unreadable and reply.outcome in ("server error", "dead") and "dead" not in predicted)


def _before_its_death(session, predicted, reply):
    """Did smtpd miss a trivial-rewrite that dies as foretold before anybody had noticed that it was dead?"""
    return predicted == {"dead"} and reply.outcome == "server error" and "trivial-rewrite" in (session.dead or "")


def _is_stranger(judged, believed, dialogue):
    """Is it someone whom nobody trusts, with no name of another's, who writes to more than a bare postmaster?

    Mail for a bare postmaster is taken by RFC 5321, section 4.5.1, and stays here or is bounced.
    """
    return judged.listener is not None and not dialogue.login and dialogue.client_name is None \
        and dialogue.recipient.lower() != "postmaster" and _is_public(dialogue.client_address) \
        and not is_trusted(judged.listener, believed, dialogue.client_address)


def _is_public(address):
    """Is it an address that a stranger may come from?"""
    return not any(one.holds(parse_address(address)) for one in trust.UNREACHABLE)


def _verdict(judged, witness, asked, classes, victim, unreadable):
    """Yield what the verdict does not hold of; `witness` is (dialogue, reply), `asked` are (dialogue, reply, whether a stranger says it)."""
    if judged.verdict == "open" and witness[1] is not None and witness[1].outcome not in MEANS["accepted"]:
        yield "the witness is not accepted, {0}: {1} [{2}]".format(witness[1].outcome, witness[1].text[:160], witness[0])
    for dialogue, reply, strange in asked:
        class_, address = classes.get(dialogue.recipient, (None, ""))
        accepted = strange and reply.outcome in MEANS["accepted"]
        if accepted and (judged.verdict, class_) == ("closed", "default") and not judged.loopback and address.endswith("@" + victim):
            yield "a stranger relays [{0}]".format(dialogue)
        if accepted and judged.verdict == "down" and (class_ != "default" or address.endswith("@" + victim)) and ":" not in dialogue.client_address \
                and "[" not in dialogue.recipient:
            yield "not down: accepted [{0}]".format(dialogue)
    if judged.verdict == "closed" and len(asked) > 1 and not unreadable and all(reply.outcome == "dead" for dummy, reply, dummy2 in asked):
        yield "smtpd is dead: {0}".format(asked[0][1].text[:200])


__all__ = ["MEANS", "claimed", "compared", "dialogues", "differences", "judgements", "predict", "witness_of"]
