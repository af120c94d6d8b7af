# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the page says of a document, and by what its reader may look for a host; the templates only lay it out."""

from collections import Counter, namedtuple

from .shapes import SEVERITIES
from .text import count, visible

OPENED = 5  # hosts whose details are open from the start: who has scripts off sees the worst at once
COMMAND = "ansible-playbook relaylock.postfix.remediate -i INVENTORY --limit '{0}' --check --diff"

# One host. id: of its element; gist: what its line says beside its name; severities, findings, groups: by what it is found, the latter
# two as indexes into the Facets; edits: of all its instances; bare: whether there is nothing more to say than its state
Row = namedtuple("Row", "host id gist severities findings groups edits news waived bare")
# What hosts can be looked up by: [(value, hosts that have it)]
Facets = namedtuple("Facets", "findings groups")


def headline(totals):
    """Return the answer that the page is opened for, one sentence."""
    states, hosts = totals["states"], totals["hosts"]
    unjudged = states["unknown"] + states["failed"] + states["unreachable"]
    if not hosts:
        return "No host was asked."
    if states["open"]:
        return "A stranger can relay through {0} of {1}.".format(states["open"], count(hosts, "host"))
    if unjudged:
        return "No host is known to be open, but of {0} of {1} it could not be told.".format(unjudged, count(hosts, "host"))
    if states["down"]:
        return "No stranger can relay; {0} of {1} serve nobody.".format(states["down"], count(hosts, "host"))
    return "No stranger can relay through {0}.".format("the one host" if hosts == 1 else "any of {0}".format(count(hosts, "host")))


def facets(hosts):
    """Return the Facets of a document's hosts, the most frequent finding first, groups by name."""
    findings, groups = Counter(), Counter()
    for host in hosts:
        findings.update({one["id"] for instance in host["instances"] for one in instance["findings"]})
        groups.update(host["groups"])
    return Facets(sorted(findings.items(), key=lambda pair: (-pair[1], pair[0])), sorted(groups.items()))


def rows(hosts, looked_up):
    """Return the Rows of a document's hosts, in its order."""
    findings = dict((name, number) for number, (name, dummy) in enumerate(looked_up.findings))
    groups = dict((name, number) for number, (name, dummy) in enumerate(looked_up.groups))
    return [_row(host, findings, groups) for host in hosts]


def _row(host, findings, groups):
    instances = host["instances"]
    found = [one for instance in instances for one in instance["findings"]]
    counted = [one for one in found if not one["waived"]]
    edits = sum(len(instance["drift"]) for instance in instances)
    news = sum(one["new"] for one in counted)
    fixed = sum(len(instance["fixed"]) for instance in instances)
    waived = len(found) - len(counted)
    worst = [name for name in SEVERITIES if any(one["severity"] == name for one in counted)]
    gist = [text for number, text in (
        (len(instances) - 1, "{0} instances".format(len(instances))),
        (len(counted), "{0}, {1}".format(count(len(counted), "finding"), worst[0] if worst else "")),
        (edits, count(edits, "edit")), (news, "{0} new".format(news)), (fixed, "{0} fixed".format(fixed)), (waived, "{0} waived".format(waived)),
    ) if number]
    bare = not (found or edits or fixed) and host["state"] in ("closed", "absent") and not any(one["message"] or one["diff"] for one in instances)
    return Row(host, "host-" + "_".join(visible(host["name"]).split()), gist, worst, sorted({findings[one["id"]] for one in found}),
               sorted(groups[name] for name in host["groups"]), edits, news, waived, bare)


def dialogue(witness):
    """Return [(who speaks, C or S, line)] of the SMTP dialogue that a stranger would have (RFC 5321)."""
    lines = [("S", "220 ESMTP")]
    if witness["xclient"]:
        lines += [("C", "XCLIENT " + " ".join("{0}={1}".format(*pair) for pair in sorted(witness["xclient"].items()))), ("S", "220 ESMTP")]
    if witness["helo"]:
        lines += [("C", "EHLO " + witness["helo"]), ("S", "250 Ok")]
    return lines + [("C", "MAIL FROM:<{0}>".format(witness["sender"])), ("S", "250 2.1.0 Ok"),
                    ("C", "RCPT TO:<{0}>".format(witness["recipient"])), ("S", "250 2.1.5 Ok")]


def command(name):
    """Return what to run next for a host."""
    return COMMAND.format(name)
