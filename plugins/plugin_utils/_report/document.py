# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The document: what a run found, as plain data that every format is made from. report.schema.json says what it looks like."""

from .compare import Earlier, compare_host
from .results import is_judged
from .shapes import SEVERITIES, moment
from .text import bounded

SCHEMA_VERSION = 1

# Worst first.
STATES = ("open", "down", "unknown", "failed", "unreachable", "closed", "absent")


def make(hosts, generated, generator, playbooks, earlier=None):
    """Return the document.

    :param hosts: [(name, groups, [instance])]
    :param str generated: the time, as 2026-11-27T12:00:00Z
    :param dict generator: {"collection": version, "ansible_core": version}
    :param list playbooks: their names
    :param dict earlier: an earlier document, as earlier_document() returns it, to compare with
    """
    moment(generated, "generated")
    made = [_host(name, groups, instances) for name, groups, instances in hosts]
    before = None if earlier is None else Earlier(earlier)
    if before is not None:
        made = [compare_host(host, before, generated) for host in made]
    judged = [one for host in made for one in host["instances"] if is_judged(one)]
    return {
        "schema_version": SCHEMA_VERSION,
        "generated": generated,
        "generator": dict(generator),
        "playbooks": [bounded(str(name)) for name in playbooks],
        "check_mode": bool(judged) and all(one["check_mode"] for one in judged),
        "totals": totals(made),
        "compared_with": None if before is None else before.summary(host["name"] for host in made),
        "hosts": sorted(made, key=rank)}


def _host(name, groups, instances):
    return {"name": bounded(str(name)), "groups": [bounded(str(group)) for group in groups],
            "state": min((one["state"] for one in instances), key=STATES.index), "was": None, "since": None, "instances": instances}


def is_drifting(host):
    """Tell whether a plan would change, or has changed, something on a host."""
    return any(one["drift"] for one in host["instances"])


def rank(host):
    """Return what hosts are sorted by: the worst first, and of the closed ones those that drift."""
    return STATES.index(host["state"]), not (host["state"] == "closed" and is_drifting(host)), host["name"]


def findings_of(host):
    """Yield (instance, finding) of a host."""
    for one in host["instances"]:
        for finding in one["findings"]:
            yield one, finding


def totals(hosts):
    """Return the ``totals`` of hosts of the document. Waived findings count as waived alone."""
    states = dict((state, 0) for state in STATES)
    severities = dict((severity, 0) for severity in SEVERITIES)
    waived = new = 0
    for host in hosts:
        states[host["state"]] += 1
        for dummy, finding in findings_of(host):
            if finding["waived"]:
                waived += 1
                continue
            severities[finding["severity"]] += 1
            new += finding["new"]
    return {
        "hosts": len(hosts), "states": states,
        "drifting": sum(is_drifting(host) for host in hosts),
        "changed": sum(any(one["changed"] and not one["check_mode"] for one in host["instances"]) for host in hosts),
        "findings": severities, "waived": waived, "new": new,
        "fixed": sum(len(one["fixed"]) for host in hosts for one in host["instances"])}
