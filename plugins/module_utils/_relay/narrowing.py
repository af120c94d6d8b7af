# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The edits that narrow what is too wide: networks, relay domains, routed addresses, certificates.

Each step takes (Draft, Trust, waived ids) and returns a Draft.
"""

from .._postfix.errors import ConfigError
from .._postfix.match_lists import ListFatal
from .judge import listeners, rewrite_service
from .narrow import narrowed_clients, narrowed_domains, narrowed_tables
from .ways import QMQP, XCLIENT

ROUTING = "allow_untrusted_routing"


def _clients(parameter):
    """Make the step that narrows a list of clients in main.cf and in each listener that overrides it."""
    def step(draft, trust, waived):
        for name in draft.scopes(parameter):
            settings = draft.settings(name)
            if settings.origin(parameter) is None and (parameter != "mynetworks" or trust.declared is None):
                continue
            try:
                wanted, lost = narrowed_clients(settings, parameter, trust, waived)
            except (ConfigError, ListFatal):
                continue
            if wanted is not None:
                draft = draft.set(draft.entry(name) if name else None, parameter, wanted).losing(lost)
        return draft
    return step


def narrowed_qmqp(draft, trust, waived):
    """Narrow whom qmqpd takes mail from, in main.cf and where a service overrides it. No listener hangs on it."""
    for name in [None] + [one.name for one in draft.configuration.services("qmqpd") if one.option(QMQP) is not None]:
        scope = next((one for one in draft.configuration.services("qmqpd") if one.name == name), None) if name else None
        settings = draft.configuration.settings(scope)
        if settings.origin(QMQP) is None or not draft.configuration.services("qmqpd"):
            continue
        try:
            wanted, lost = narrowed_clients(settings, QMQP, trust, waived)
        except (ConfigError, ListFatal):
            continue  # qmqpd dies of it, and takes no mail at all
        if wanted is not None:
            draft = draft.set(scope, QMQP, wanted).losing(lost)
    return draft


def _relay_domains(draft, dummy, waived):
    rewrite = rewrite_service(draft.configuration)
    settings = draft.configuration.settings(rewrite)
    if settings.origin("relay_domains") is None or "relay_domains_wildcard" in waived:
        return draft
    wanted = narrowed_domains(settings)
    return draft if wanted is None else draft.set(rewrite, "relay_domains", wanted).losing(["destinations that relay_domains opened"])


def _routing(draft, dummy, waived):
    if "untrusted_routing" in waived:
        return draft
    settings = draft.settings(None)
    if settings.origin(ROUTING) is not None and settings.value(ROUTING).lower() == "yes":
        draft = draft.set(None, ROUTING, ["no"]).losing(["destinations that {0} opened".format(ROUTING)])
    for name in [one.name for one in listeners(draft.configuration) if one.option(ROUTING) is not None]:
        if draft.settings(name).value(ROUTING).lower() == "yes":
            draft = draft.set(draft.entry(name), ROUTING, ["no"]).losing(["destinations that {0} opened".format(ROUTING)])
    return draft


def _certificates(draft, dummy, waived):
    wanted = None if "clientcerts_wildcard" in waived else narrowed_tables(draft.settings(None), "relay_clientcerts")
    return draft if wanted is None else draft.set(None, "relay_clientcerts", wanted).losing(["clients with a certificate that no one listed"])


# What smtpd needs not to be wide; each may stay undone where it would cost someone his mail and nothing is open by it.
STEPS = (_clients("mynetworks"), _clients(XCLIENT), _relay_domains, _routing, _certificates)
