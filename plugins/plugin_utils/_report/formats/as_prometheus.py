# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Text for Prometheus: one file for the textfile collector of node_exporter.

Labels are hosts, directories, states, severities and ids of the collection's own table, so there are no more series than these.
"""

import datetime
from typing import NamedTuple

from ..document import STATES, findings_of
from ..results import is_judged, present
from ..rules import RULES
from ..shapes import SEVERITIES
from ..visible import visible


class Metric(NamedTuple):
    """A gauge, and the function that yields its (labels, value) from the document."""

    name: str
    help: str
    samples: object


def render(document):
    """Return the document's numbers in the text format, version 0.0.4."""
    lines = []
    for metric in METRICS:
        samples = dict((_labels(labels), value) for labels, value in metric.samples(document))
        if samples:
            lines += ["# HELP {0} {1}".format(metric.name, metric.help), "# TYPE {0} gauge".format(metric.name)]
            lines += ["{0}{1} {2}".format(metric.name, labels, value) for labels, value in samples.items()]
    return "\n".join(lines) + "\n"


def _labels(labels):
    if not labels:
        return ""
    return "{" + ",".join('{0}="{1}"'.format(name, _escaped(value)) for name, value in labels.items()) + "}"


def _escaped(value):
    return visible(value).replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _seconds(moment):
    then = datetime.datetime.strptime(moment, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=datetime.timezone.utc)
    return int(then.timestamp())


def _state(host):
    return min((present(one) for one in host["instances"]), key=STATES.index)


def _generated(document):
    yield {}, _seconds(document["generated"])


def _info(document):
    yield {"collection": document["generator"]["collection"], "ansible_core": document["generator"]["ansible_core"],
           "check_mode": "true" if document["check_mode"] else "false"}, 1


def _hosts(document):
    states = [_state(host) for host in document["hosts"]]
    for state in STATES:
        yield {"verdict": state}, states.count(state)


def _verdicts(document):
    for host in document["hosts"]:
        now = _state(host)
        for state in STATES:
            yield {"host": host["name"], "verdict": state}, int(state == now)


def _since(document):
    for host in document["hosts"]:
        if host["since"] is not None:
            yield {"host": host["name"]}, _seconds(host["since"])


def _findings(document):
    for host in _judged(document):
        severities = [finding["severity"] for dummy, finding in findings_of(host) if not finding["waived"]]
        for severity in SEVERITIES:
            yield {"host": host["name"], "severity": severity}, severities.count(severity)


def _waived(document):
    for host in _judged(document):
        yield {"host": host["name"]}, sum(finding["waived"] for dummy, finding in findings_of(host))


def _drift(document):
    for host in _judged(document):
        if any(one["module"] == "relay_baseline" for one in host["instances"]):
            yield {"host": host["name"]}, sum(len(one["drift"]) for one in host["instances"] if one["check_mode"] or not one["changed"])


def _waivers(document):
    for host in document["hosts"]:
        for one, finding in findings_of(host):
            if finding["waived"] and finding["waiver"]:
                # The day itself is the last on which it holds.
                end = _seconds(finding["waiver"]["until"] + "T00:00:00Z") + 86400
                yield {"host": host["name"], "config_directory": one["config_directory"] or "",
                       "finding": finding["id"] if finding["id"] in RULES else "other"}, end


def _judged(document):
    return [host for host in document["hosts"] if any(is_judged(one) for one in host["instances"])]


METRICS = (
    Metric("relaylock_report_timestamp_seconds", "When the report was made.", _generated),
    Metric("relaylock_report_info", "What made the report: 1.", _info),
    Metric("relaylock_hosts", "Hosts by what the report says of them.", _hosts),
    Metric("relaylock_host_verdict", "1 for the verdict of a host, the worst of its instances, and 0 for the others.", _verdicts),
    Metric("relaylock_host_verdict_since_timestamp_seconds", "Since when a host has the verdict that it was found with, as far as reports tell.", _since),
    Metric("relaylock_host_findings", "Findings of a host that no waiver covers.", _findings),
    Metric("relaylock_host_waived_findings", "Findings of a host that a waiver covers.", _waived),
    Metric("relaylock_host_drift_edits", "Edits that would bring a host to the baseline.", _drift),
    Metric("relaylock_waiver_end_timestamp_seconds", "When a waiver that covers a finding ends.", _waivers),
)
