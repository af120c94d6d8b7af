# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets what, before and after: the same dialogues put to two configurations."""

from .._postfix.evaluate import PERMIT, answers
from .._postfix.match_lists import ListError
from .._postfix.networks import parse_address
from .._postfix.tables import Opaque
from . import dialogues

LOGIN = "someone"  # whoever has a password
LIMIT = 12  # representatives of each dimension that two configurations are compared on


def behaviour(listener, box):
    """Return {(client, helo, sender, recipient): accepted} for each dialogue of *box*; unreadable ones are left out."""
    found = {}
    for verdict, path in answers(listener, box):
        for client in path.box.clients:
            for helo in path.box.helos:
                for sender in path.box.senders:
                    for recipient in path.box.recipients:
                        key = (client, helo, sender, recipient)
                        found[key] = None if path.unknown or key in found and found[key] is None else verdict is PERMIT
    return found


def comparison_box(before, after, login):
    """Return a Box of clients, trusted ones too, and recipients, own ones too, that both listeners tell apart."""
    own = ["postmaster@" + domain for domain, dummy in dialogues.own_domains(before)]
    boxes = [dialogues.everyone(one, dialogues.foreign(one) + own) for one in (before, after)]

    def joined(field, spread):
        values = []
        for box in boxes:
            for value in getattr(box, field):
                if value not in values:
                    values.append(value)
        if len(values) <= spread:
            return tuple(values)
        step = len(values) / float(spread)
        return tuple(values[int(index * step)] for index in range(spread))
    return boxes[0]._replace(clients=joined("clients", LIMIT * 2), helos=joined("helos", 4), senders=joined("senders", 8),
                             recipients=joined("recipients", LIMIT), login=login)


def differences(before, after, trust):
    """Compare two listeners.

    :returns: (widened, cut): dialogues accepted now that were refused, and entitled ones refused that were accepted
    """
    widened, cut = [], []
    for login in (None, LOGIN):
        box = comparison_box(before, after, login)
        old, new = behaviour(before, box), behaviour(after, box)
        for key, accepted in new.items():
            if accepted and old.get(key) is False:
                widened.append(key)
            elif accepted is False and old.get(key) and is_entitled(before, trust, key, login):
                cut.append(key)
    return widened, cut


def is_entitled(listener, trust, key, login):
    """Tell whether who says *key* must keep what he has: own domains, trusted networks that relay today, logins."""
    (dummy, address), dummy_helo, dummy_sender, recipient = key
    if login and listener.sasl:
        return True
    if listener.resolver.resolve(recipient).class_ in ("local", "alias", "mailbox"):
        return True
    return is_trusted(listener, trust, address)


def is_trusted(listener, trust, address):
    """Tell whether *address* is trusted: declared, or private or narrow and in mynetworks."""
    number = parse_address(address)
    if trust.declared is not None:
        return any(one.holds(number) for one in trust.declared)
    try:
        # By address alone: a pattern for names, such as "unknown", trusts no network.
        inside = listener.mynetworks.matches_client("", address)
    except (ListError, Opaque):
        return False
    return inside and any(one.holds(number) for one in trust.excluded(listener.mynetworks.patterns))


__all__ = ["behaviour", "differences", "is_entitled", "is_trusted"]
