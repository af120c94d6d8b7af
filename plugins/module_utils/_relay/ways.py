# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ways in beside what a stranger is and says: an identity that he claims (XCLIENT_README), and qmqpd(8), which asks no one."""

import copy

from .._postfix.errors import ConfigError
from .._postfix.evaluate import PERMIT, answers
from .._postfix.match_lists import ListError, ListFatal
from .._postfix.pattern_forms import NAME_FORMS
from .._postfix.tables import Opaque, safe_name
from . import dialogues
from .asked import tables_of, turns_away
from .clients import MANY, claimable
from .evidence import Witness, place
from .recipients import FOREIGN_DOMAINS
from .unnamed import FOREIGN_USER

XCLIENT, QMQP = "smtpd_authorized_xclient_hosts", "qmqpd_authorized_clients"
LOGIN = "anyone"
LOGIN_SINCE = (3, 10)  # from this version on permit_sasl_authenticated believes XCLIENT LOGIN although no one can log in


def admitted(match_list, trust, believed, families=(4, 6)):
    """Return the first stranger whom a list of clients matches, as (name, address), or None."""
    for client in dialogues.strangers_of(match_list, trust, believed, families):
        try:
            if match_list.matches_client(*client):
                return client
        except (ListError, Opaque):
            continue
    return None


def by_xclient(listener, trust):
    """Return (Witness, [Because]) where a stranger may claim by XCLIENT to be someone who relays, else None."""
    match_list = listener.settings.match_list(XCLIENT)
    client = admitted(match_list, trust, listener.mynetworks.patterns, listener.families) if match_list.patterns else None
    if client is None:
        return None
    box = dialogues.strangers(listener, trust)._replace(clients=tuple(claimable(listener)))
    believing = copy.copy(listener)
    believing.permits_logins = True
    believing.interfaces = frozenset()  # permit_inet_interfaces looks at the connection, whatever is claimed
    for login in _logins(listener):
        box = box._replace(login=login)
        for verdict, path in answers(believing, box):
            relayed = [one for one in path.box.recipients if listener.resolver.resolve(one).class_ in ("default", "relay")]
            if verdict is PERMIT and relayed and not path.unknown:
                return _claimed(listener, client, path.box, relayed[0], login)
    return None


def _logins(listener):
    """Return the logins that someone may claim: none, and where one is believed, anyone's and those that tables know."""
    if not listener.sasl and listener.version < LOGIN_SINCE:
        return [None]
    tables = tables_of(listener, ("sasl_access",))
    return [None, LOGIN] + [text for table in tables for text in table.keys()[:MANY] + table.samples(NAME_FORMS, turns_away)]


def _claimed(listener, client, box, recipient, login):
    claim = {"NAME": box.clients[0][0], "ADDR": box.clients[0][1]}
    if login:
        claim["LOGIN"] = login
    shown = safe_name(" ".join(pattern.text for pattern in listener.settings.match_list(XCLIENT).patterns)[:200])
    return (Witness(client[1], client[0], box.helos[0] or "", box.senders[0], recipient, claim),
            [place(listener.settings, XCLIENT, None, shown)])


def by_qmqp(configuration, trust):
    """Yield (service, Witness, [Because]) for each qmqpd service that takes mail for anywhere from strangers (qmqpd(8))."""
    for service in configuration.services("qmqpd"):
        settings = configuration.settings(service)
        try:
            match_list = settings.match_list(QMQP)
            client = admitted(match_list, trust, match_list.patterns) if service.type == "inet" else None
        except (ConfigError, ListFatal):
            continue  # qmqpd dies of it, and takes no mail at all
        if client is not None:
            recipient = FOREIGN_USER + "@" + FOREIGN_DOMAINS[0]
            witness = Witness(client[1], client[0], "", dialogues.STRANGER_SENDER, recipient, None)
            yield service, witness, [place(settings, QMQP, None, safe_name(settings.value(QMQP)[:200]))]


__all__ = ["QMQP", "XCLIENT", "admitted", "by_qmqp", "by_xclient"]
