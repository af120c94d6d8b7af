# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who gets what, before and after: all dialogues that two configurations tell apart, put to both."""

from collections import namedtuple

from .._postfix.evaluate import PERMIT, Box, answers
from .._postfix.match_lists import ListError
from .._postfix.networks import parse_address
from .._postfix.tables import Opaque
from . import dialogues
from .recipients import OWN_CLASSES, allowed_recipients
from .trust import INHABITED, LOOPBACK, NOWHERE, UNREACHABLE

LOGIN = "someone"  # whoever has a password
# relayed, received: Boxes of dialogues accepted now that were refused, with mail for elsewhere and for the server's own domains;
# cut: those of entitled ones that are refused now
Differences = namedtuple("Differences", "relayed received cut")
# What a plan would do to somebody, in words. mild: that strangers are let in to the server's own domains, which is what a mail server is for
Harm = namedtuple("Harm", "text mild")
DIMENSIONS = ("clients", "helos", "senders", "recipients")


def comparison_box(before, after, trust, login):
    """Return the Box of all classes of dialogues that either Listener tells apart, trusted clients and own recipients too."""
    boxes = [dialogues.everyone(one, (before, after), trust.believed(before.mynetworks.patterns)) for one in (before, after)]
    return Box(*[_joined(getattr(one, name) for one in boxes) for name in DIMENSIONS] + [login])


def _joined(parts):
    found = []  # type: list
    for values in parts:
        found.extend(value for value in values if value not in found)
    return tuple(found)


def differences(before, after, trust):
    """Return the Differences of two listeners."""
    found = Differences([], [], [])
    for login in (None, LOGIN):
        box = comparison_box(before, after, trust, login)
        news = [(verdict is PERMIT, path) for verdict, path in answers(after, box)]
        for old, path in answers(before, box):
            for accepted, other in news:
                if accepted is (old is PERMIT) or accepted and old.server:
                    continue
                common = _common(path, other)
                if common is not None and accepted:
                    _sort_in(found, after, _undeclared(trust, common))
                elif common is not None:
                    found.cut.extend(_entitled(before, trust, common, box))
    return found


def unserved(listener, boxes):
    """Return the parts of *boxes* that a Listener lets in or fails for, without those that it refuses as it means to."""
    return [path.box for box in boxes for verdict, path in answers(listener, box) if verdict is PERMIT or verdict.server]


def _sort_in(found, listener, boxes):
    for box in boxes:
        own = tuple(one for one in box.recipients if listener.resolver.resolve(one).class_ in OWN_CLASSES)
        for kind, recipients in ((found.received, own), (found.relayed, tuple(one for one in box.recipients if one not in own))):
            kind.extend([box._replace(recipients=recipients)] if recipients else [])


def _common(one, other):
    """Return the Box of the dialogues that two Paths share, or None; what cannot be read answers both alike."""
    if any(guess.what == else_.what and guess.answer != else_.answer for guess in one.unknown for else_ in other.unknown):
        return None
    shared = []
    for name in DIMENSIONS:
        theirs = set(getattr(other.box, name))
        values = tuple(value for value in getattr(one.box, name) if value in theirs)
        if not values:
            return None
        shared.append(values)
    return Box(*shared + [one.box.login])


def _undeclared(trust, box):
    """Return [the Box without the clients that were declared trusted] or []: those may be let in."""
    declared = [] if trust.declared is None else trust.declared + LOOPBACK
    clients = tuple(one for one in box.clients if not any(network.holds(parse_address(one[1])) for network in declared))
    return [box._replace(clients=clients)] if clients else []


def _entitled(listener, trust, box, everyone):
    """Return the parts of *box* that must keep what they have: logins, trusted networks that relay today, own and allowed destinations."""
    if box.login and listener.sasl:
        return [box]
    resolved = [(one, listener.resolver.resolve(one)) for one in box.recipients]
    # Mail routed by way of a server is no mail for it, and who wants it routed so is no one's user.
    kept = [(one, found.class_) for one, found in resolved if not (found.routed and listener.untrusted_routing)]
    allowed = allowed_recipients(listener)
    own = box._replace(recipients=tuple(one for one, class_ in kept if class_ in OWN_CLASSES or one in allowed))
    strangers = tuple(one for one in own.clients if own.recipients and _is_stranger_to(listener, one, own, everyone))
    trusted = tuple(one for one in box.clients if is_trusted(listener, trust, one[1]))
    return ([own._replace(clients=strangers)] if strangers else []) + (
        [box._replace(clients=trusted, recipients=tuple(one for one, dummy in kept))] if trusted and kept else [])


def _is_stranger_to(listener, client, box, everyone):
    """Tell whether *client* has what he has as any stranger, and not because mynetworks trusts him; where it trusts all strangers, he is one."""
    if not _inside(listener, *client):
        return True
    outsiders = tuple(one for one in everyone.clients if one[0] == "unknown" and (":" in one[1]) is (":" in client[1])
                      and not _inside(listener, *one) and _is_elsewhere(one[1]))
    said = answers(listener, box._replace(clients=outsiders)) if outsiders else ()
    return all(verdict is PERMIT for verdict, dummy in said)


def _is_elsewhere(address):
    """Tell whether somebody may come from there who is no neighbour."""
    number = parse_address(address)
    return any(network.holds(number) for network in INHABITED) and not any(network.holds(number) for network in UNREACHABLE)


def _inside(listener, name, address):
    try:
        return listener.mynetworks.matches_client(name, address)
    except (ListError, Opaque):
        return False


def is_trusted(listener, trust, address):
    """Tell whether *address* is trusted: declared, or private or narrow and in mynetworks."""
    number = parse_address(address)
    if trust.declared is not None:
        return any(one.holds(number) for one in trust.declared)
    # By address alone: a pattern for names, such as "unknown", trusts no network.
    return _inside(listener, "", address) and not any(one.holds(number) for one in NOWHERE) \
        and any(one.holds(number) for one in trust.excluded(listener.mynetworks.patterns))


def described(box):
    """Return one dialogue of *box* in plain words."""
    name, address = box.clients[0]
    return "{0} [{1}]{2} from <{3}> to <{4}>".format(name, address, " logged in" if box.login else "", box.senders[0], box.recipients[0])


__all__ = ["Harm", "comparison_box", "described", "differences", "is_trusted", "unserved"]
