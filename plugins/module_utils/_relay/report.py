# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the modules return, as plain data."""

from collections.abc import Container, Iterable

from .._postfix.configuration import Configuration
from .._postfix.text import decode
from .evidence import Witness
from .findings import Finding
from .judge import Verdict
from .secrets import mask


def printable(text: "str | None") -> "str | None":
    """Return *text* without secrets and without bytes that JSON cannot carry."""
    return None if text is None else mask(text).encode("utf-8", "replace").decode("utf-8")


def listener_results(verdict: Verdict) -> "list[dict]":
    """Return the ``listeners`` of a Verdict."""
    return [dict(service=one.service, verdict=one.verdict, witness=None if one.witness is None else _witness(one.witness),
                 because=[dict(file=why.file, line=why.line, parameter=why.parameter, item=printable(why.item)) for why in one.because],
                 reasons=[printable(text) for text in one.reasons]) for one in verdict.listeners]


def _witness(witness: Witness) -> dict:
    """Return a Witness as plain data."""
    found = dict((name, printable(value)) for name, value in witness._asdict().items() if name != "xclient")
    claims = witness.xclient
    return dict(found, xclient=None if claims is None else dict((name, printable(value)) for name, value in claims.items()))


def finding_results(findings: "Iterable[Finding]", waived: "Container[str]", waivers: "dict[str, dict]") -> "list[dict]":
    """Return the ``findings``; *waived*: ids that a waiver covers today; *waivers*: {id: waiver}, those that have run out too."""
    return [dict(id=one.id, severity=one.severity, file=one.file, line=one.line, parameter=one.parameter, service=one.service,
                 message=printable(one.message), waived=one.id in waived, waiver=_waiver(waivers.get(one.id))) for one in findings]


def _waiver(waiver: "dict | None") -> "dict | None":
    return waiver and dict(reason=printable(waiver["reason"]), until=waiver["until"])


def drift_results(changes: Iterable, findings: "Iterable[Finding]") -> "list[dict]":
    """Return the ``drift`` of a plan, each edit with the ids of the findings at its parameter."""
    return [dict(file=one.file, service=one.service, parameter=one.parameter, before=printable(one.before), after=printable(one.after),
                 findings=sorted({each.id for each in findings if each.parameter == one.parameter})) for one in changes]


def diff_results(pairs: "Iterable[tuple]") -> "list[dict]":
    """Return Ansible's ``diff`` for [(document before, document after)]."""
    return [dict(before_header=old.path, after_header=old.path, before=printable(decode(old.to_bytes())),
                 after=printable(decode(new.to_bytes()))) for old, new in pairs]


def kept(configuration: Configuration) -> "list[str]":
    """Return in plain words who still relays."""
    settings = configuration.settings()
    found = ["strangers still reach the server's own domains"]
    networks = settings.value("mynetworks")
    if networks:
        found.append("clients in mynetworks: {0}".format(printable(networks)))
    if settings.value("smtpd_sasl_auth_enable") == "yes":
        found.append("clients that log in")
    return found
