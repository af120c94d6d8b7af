# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The text for Prometheus, read by its own library."""

import datetime

import pytest
import samples
from hypothesis import given
from prometheus_client.parser import text_string_to_metric_families

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_prometheus


def families(made):
    """{name: {labels: value}} of a document's text, with what the exposition format asks and the parser does not."""
    text = as_prometheus.render(made)
    assert text.endswith("\n")
    assert "\r" not in text
    lines = text.split("\n")
    helps = [line.split()[2] for line in lines if line.startswith("# HELP ")]
    assert helps == [line.split()[2] for line in lines if line.startswith("# TYPE ")]
    assert len(helps) == len(set(helps)), "a metric's lines are together"
    found = {}
    for family in text_string_to_metric_families(text):
        assert family.documentation
        assert family.type == "gauge"
        samples_ = [(tuple(sorted(sample.labels.items())), sample.value) for sample in family.samples]
        assert len(samples_) == len(dict(samples_)), "no series comes twice"
        assert all(sample.timestamp is None for sample in family.samples), "a timestamp makes node_exporter drop the file"
        assert all(sample.name == family.name for sample in family.samples)
        found[family.name] = dict(samples_)
    return found


def labels(**values):
    return tuple(sorted(values.items()))


def test_one_verdict_of_each_host_is_true():
    found = families(samples.fleet())["relaylock_host_verdict"]
    true = sorted((dict(key)["host"][:3], dict(key)["verdict"]) for key, value in found.items() if value == 1)
    assert true == [("mx1", "open"), ("mx2", "down"), ("mx3", "unknown"), ("mx4", "failed"), ("mx5", "unreachable"), ("mx6", "closed"),
                    ("mx7", "closed"), ("mx8", "absent"), ("mx9", "closed")], "mx9 was open, and this run closed it"
    assert set(found.values()) == {0, 1}
    assert len(found) == 9 * 7


def test_hosts_add_up():
    found = families(samples.fleet())["relaylock_hosts"]
    assert sum(found.values()) == 9
    assert found[labels(verdict="closed")] == 3


def test_findings_and_drift_are_of_hosts_that_were_judged():
    found = families(samples.fleet())
    assert found["relaylock_host_findings"][labels(host="mx1.example.com", severity="critical")] == 1
    assert found["relaylock_host_findings"][labels(host="mx7.example.com", severity="high")] == 0
    assert found["relaylock_host_waived_findings"][labels(host="mx7.example.com")] == 1
    assert not [key for key in found["relaylock_host_findings"] if dict(key)["host"] == "mx5.example.com"]
    drift = dict((dict(key)["host"][:3], value) for key, value in found["relaylock_host_drift_edits"].items())
    assert drift == {"mx1": 1, "mx2": 1, "mx6": 1, "mx9": 0}


def test_times_are_seconds():
    found = families(samples.fleet())
    noon = datetime.datetime(2026, 11, 27, 12, tzinfo=datetime.timezone.utc).timestamp()
    assert found["relaylock_report_timestamp_seconds"] == {(): noon}
    new_year = datetime.datetime(2027, 1, 1, tzinfo=datetime.timezone.utc).timestamp()
    assert found["relaylock_waiver_end_timestamp_seconds"] == {
        labels(host="mx7.example.com", config_directory="", finding="permit_before_guard"): new_year}


def test_info_is_one():
    assert families(samples.fleet())["relaylock_report_info"] == {labels(collection="0.1.0", ansible_core="2.19.14", check_mode="false"): 1}


def test_since_is_told_where_it_is_known():
    assert "relaylock_host_verdict_since_timestamp_seconds" not in families(samples.fleet())
    made = samples.report({"mx1": [samples.unreachable()]}, {"generated": samples.NOW, "hosts": []})
    assert len(families(made)["relaylock_host_verdict_since_timestamp_seconds"]) == 1


def test_an_id_that_nobody_knows_is_no_label():
    waived = samples.finding("a" * 99, waived=True, waiver={"reason": "x", "until": "2026-12-31"})
    made = samples.report({"mx1": [samples.judged(samples.info(findings=[waived]))]})
    (key,) = families(made)["relaylock_waiver_end_timestamp_seconds"]
    assert dict(key)["finding"] == "other"


def test_a_host_keeps_its_name():
    name = 'a "quoted" back\\slash'
    made = samples.report({name: [samples.unreachable()]})
    assert dict(next(iter(families(made)["relaylock_host_verdict"])))["host"] == name


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_hostile_documents(text):
    assert len(families(samples.hostile(text))["relaylock_host_verdict"]) == 14


@given(samples.HOSTILE_TEXT)
def test_any_text(text):
    families(samples.hostile(text))
