# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was heard from outside, beside what the files say: in the report, and in the summary of the playbook."""

import pytest
import samples

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import beside, document, outside, results
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_html, as_json, as_junit, as_markdown
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.gather import Gather


def heard(verdict, port=25, **values):
    """A result of relay_probe, as a callback sees it."""
    attempts = [{"address": "192.0.2.1", "sender": "prober@example.net", "recipient": "user@elsewhere.example", "code": 250,
                 "reply": "2.1.5 Ok", "outcome": "relayed"}] if verdict == "open" else []
    return dict({"changed": False, "verdict": verdict, "attempts": attempts, "greeting": "220 mx.example.com ESMTP", "notes": [],
                 "invocation": {"module_args": {"host": "mx.example.com", "port": port, "tls": "none"}}}, **values)


def fleet(files, *probes):
    """A gathered host."""
    gather = Gather()
    if files is not None:
        gather.add("mx", (), results.of_success("relay_info", files, False, samples.TODAY), False)
    for one in probes:
        gather.probed("mx", (), outside.heard(one))
    return gather


def document_of(gather):
    return document.make(gather.hosts(set(), False), samples.NOW, samples.GENERATOR, ["probe.yml"])


@pytest.mark.parametrize("files, said, expected", [
    ("closed", "open", "open"), ("open", "closed", "open"), ("closed", "closed", "closed"), ("down", "closed", "down"),
    ("closed", "unreachable", "closed"), ("open", "unreachable", "open"), (None, "open", "open"), (None, "unreachable", "unreachable"),
    (None, "closed", "closed")])
def test_a_host_is_as_bad_as_the_worse_of_the_two(files, said, expected):
    made = document_of(fleet(files and samples.info(files), heard(said)))
    assert made["hosts"][0]["state"] == expected


@pytest.mark.parametrize("files, said", sorted(outside.MEANINGS))
def test_where_they_differ_the_report_says_what_that_means(files, said):
    told = samples.info("closed", listeners=[]) if files == outside.NOBODY else samples.info(files)
    made = document_of(fleet(told, heard(said)))
    assert made["hosts"][0]["instances"][-1]["listeners"][0]["reasons"] == [outside.MEANINGS[files, said]]
    first = outside.MEANINGS[files, said].split(",")[0].split(".")[0]
    assert first in as_html.render(made)
    assert first in as_markdown.render(made)
    assert ("no stranger relays (from outside)" in as_junit.render(made)) and as_json.render(made)


@pytest.mark.parametrize("verdict", outside.HEARD)
def test_where_they_agree_nothing_is_said(verdict):
    files = "closed" if verdict == "unreachable" else verdict
    found = beside.summarise([heard(verdict)], samples.info(files))
    assert not found["differ"]
    assert (found["files"], found["outside"]) == (files, verdict)


def test_the_port_decides_which_listener_is_meant():
    told = samples.info("open", listeners=[samples.open_listener(service="192.0.2.1:submission"), samples.closed_listener()])
    assert beside.summarise([heard("closed", 25), heard("open", 587)], told)["differ"] is False
    assert beside.summarise([heard("closed", 25), heard("closed", 587)], told)["differ"]


def test_a_port_that_does_not_answer_is_no_news_where_another_does():
    made = document_of(fleet(samples.info("closed"), heard("closed"), heard("unreachable", 465)))
    assert [one["service"] for one in made["hosts"][0]["instances"][-1]["listeners"]] == ["port 25"]


def test_a_probe_that_failed_is_no_verdict():
    failed = {"failed": True, "msg": "mx is not in the inventory", "invocation": {"module_args": {"port": 25}}}
    found = beside.summarise([failed], samples.info("closed"))
    assert (found["outside"], found["lines"][-1]) == ("unknown", "  mx is not in the inventory")


def test_what_relays_is_told_as_the_dialogue():
    lines = beside.summarise([heard("open")], samples.info("closed"))["lines"]
    assert "  relays from <prober@example.net> to <user@elsewhere.example>" in lines
