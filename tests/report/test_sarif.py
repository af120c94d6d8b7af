# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SARIF against the standard's schema, as pydantic-sarif has it, and against what GitHub refuses or drops."""

import json
import re
from urllib.parse import unquote, urlsplit

import pytest
import samples
from hypothesis import given
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Standard

from ansible_collections.relaylock.postfix.plugins.module_utils._relay.findings import TABLE
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import rules
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_sarif


def breaches(log):
    """What GitHub would refuse, drop or show wrongly in a SARIF log, as sentences."""
    if log["version"] != "2.1.0" or not re.fullmatch(r"https://.*sarif.*2\.1\.0.*\.json", log["$schema"]):
        yield "version or schema"
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    ids = [rule["id"] for rule in driver["rules"]]
    if not driver["name"] or len(ids) != len(set(ids)) or len(ids) > 25000 or len(run["results"]) > 5000:
        yield "tool, rules or results"
    for rule in driver["rules"]:
        texts = [rule[key]["text"] for key in ("shortDescription", "fullDescription", "help")]
        if not rule["id"] or not all(0 < len(text) <= 1024 for text in texts):
            yield "texts of rule {0}".format(rule["id"])
        severity = rule["properties"]["security-severity"]
        if not isinstance(severity, str) or not 0 < float(severity) <= 10 or len(rule["properties"]["tags"]) > 20:
            yield "properties of rule {0}".format(rule["id"])
    prints = [result["partialFingerprints"]["primaryLocationLineHash"] for result in run["results"]]
    if len(prints) != len(set(prints)) or not all(re.fullmatch(r"[0-9a-f]{16}:[1-9][0-9]*", one) for one in prints):
        yield "fingerprints"
    for result in run["results"]:
        for breach in _of_result(result, ids):
            yield breach


def _of_result(result, ids):
    if ids[result["ruleIndex"]] != result["ruleId"] or result["level"] not in ("error", "warning", "note"):
        yield "rule or level"
    text = result["message"]["text"]
    if not text or len(text) > 1024 or re.search(r"\[[^\]]*\]\(", text):
        yield "message {0!r}".format(text[:80])
    (location,) = result["locations"]
    uri = location["physicalLocation"]["artifactLocation"]["uri"]
    parts = urlsplit(uri)
    relative = not parts.scheme and not parts.netloc and not uri.startswith("/") and uri
    steps = unquote(parts.path, errors="surrogateescape").split("/")
    if not relative or not re.fullmatch(r"[A-Za-z0-9._~%/-]+", uri) or ".." in steps or parts.query or parts.fragment:
        yield "location {0!r}".format(uri[:80])
    region = location["physicalLocation"]["region"]
    if not (1 <= region["startLine"] <= region["endLine"] and 1 <= region["startColumn"] < region["endColumn"]):
        yield "region {0}".format(region)


def log_of(made, **options):
    """The SARIF log of a document, which is valid."""
    log = json.loads(as_sarif.render(made, **options))
    Standard.model_validate(log)
    assert list(breaches(log)) == []
    return log


def results_of(made, **options):
    """[(ruleId, uri, startLine)] of the results of a document."""
    return [(result["ruleId"], result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
             result["locations"][0]["physicalLocation"]["region"]["startLine"]) for result in log_of(made, **options)["runs"][0]["results"]]


def of(*findings, **values):
    """A document of one host with these findings."""
    return samples.report({"mx1": [samples.judged(samples.info(findings=list(findings), **values))]})


def test_the_check_itself_sees_what_is_wrong():
    log = log_of(of(samples.finding()))
    result = log["runs"][0]["results"][0]
    result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] = "file:///etc/postfix/main.cf"
    result["message"]["text"] = "[a](b)"
    result["partialFingerprints"]["primaryLocationLineHash"] = ""
    log["runs"][0]["tool"]["driver"]["rules"][0]["help"]["text"] = ""
    assert len(list(breaches(log))) == 4
    log["runs"][0]["unheard_of"] = 1
    with pytest.raises(ValueError):
        Standard.model_validate(log)


def test_every_finding_of_the_collection_has_a_rule_and_advice():
    assert list(rules._HELP) == list(TABLE)
    log = log_of(samples.fleet())
    found = [(rule["id"], rule["defaultConfiguration"]["level"]) for rule in log["runs"][0]["tool"]["driver"]["rules"]]
    levels = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
    assert found == [(id_, levels[severity]) for id_, (severity, dummy) in TABLE.items()]
    assert "{0}" not in json.dumps(log)


def test_severities_are_those_that_github_has_bounds_for():
    scores = dict((severity, float(score)) for severity, (dummy, score) in as_sarif.LEVELS.items())
    assert scores["critical"] > 9.0 >= scores["high"] >= 7.0 > scores["medium"] >= 4.0 > scores["low"] >= 0.1


def test_findings_are_where_the_file_is_kept():
    made = of(samples.finding())
    assert results_of(made) == [("mynetworks_too_broad", "mx1/etc/postfix/main.cf", 5)]
    assert results_of(made, layout="hosts/{host}/files{path}") == [("mynetworks_too_broad", "hosts/mx1/filesetc/postfix/main.cf", 5)]
    assert results_of(made, repository="/etc") == [("mynetworks_too_broad", "postfix/main.cf", 5)]
    assert results_of(made, repository="/et") == results_of(made)
    in_git = of(samples.finding(file="/home/me/repo/hosts/mx1/main.cf"))
    assert results_of(in_git, repository="/home/me/repo/") == [("mynetworks_too_broad", "hosts/mx1/main.cf", 5)]


@pytest.mark.parametrize(("file", "uri"), [
    ("main.cf", "main.cf"), ("../main.cf", "mx1/main.cf"), ("/a/../../main.cf", "mx1/main.cf"), ("/etc/post fix/main.cf", "mx1/etc/post%20fix/main.cf"),
    ("c:/main.cf", "c%3A/main.cf"), ("/etc/ümlaut", "mx1/etc/%C3%BCmlaut"), ("/a?b#c", "mx1/a%3Fb%23c"), ("//etc//x", "mx1/etc/x")])
def test_paths_are_relative_uris(file, uri):
    assert results_of(of(samples.finding(file=file)))[0][1] == uri


@pytest.mark.parametrize("host", ["..", ".", "a/b", "../../x", "{path}", "a b"])
def test_a_host_s_name_is_one_step(host):
    made = samples.report({host: [samples.judged(samples.info(findings=[samples.finding()]))]})
    ((dummy, uri, dummy_),) = results_of(made)
    assert uri.count("/") == 3
    assert uri.endswith("/etc/postfix/main.cf")


def test_a_default_is_placed_where_the_stranger_gets_in():
    default = dict(file=None, line=None, parameter="smtpd_relay_restrictions")
    made = samples.report({"mx1": [samples.judged(samples.info("open", findings=[
        samples.finding("stranger_relays", "critical", **default), samples.finding("sender_restrictions_missing", "low", **default)]))]})
    assert results_of(made) == [("stranger_relays", "mx1/etc/postfix/main.cf", 5), ("sender_restrictions_missing", "mx1/etc/postfix/main.cf", 1)]


def test_waived_findings_are_left_out():
    assert results_of(of(samples.finding(waived=True), samples.finding("table_stale", "medium"))) == [("table_stale", "mx1/etc/postfix/main.cf", 5)]


def test_a_finding_keeps_its_fingerprint_when_it_moves_or_another_stranger_is_named():
    def prints(*findings):
        return [result["partialFingerprints"]["primaryLocationLineHash"] for result in log_of(of(*findings))["runs"][0]["results"]]
    once = prints(samples.finding())
    assert prints(samples.finding(line=99, message="another")) == once
    assert prints(samples.finding(parameter="relay_domains")) != once
    assert prints(samples.finding(file="/etc/postfix/master.cf")) != once
    assert [one.split(":") for one in prints(samples.finding(), samples.finding(line=7))] == [
        [once[0].split(":")[0], "1"], [once[0].split(":")[0], "2"]]


def test_a_line_that_sets_a_parameter_is_marked_as_far_as_its_name():
    region = log_of(of(samples.finding()))["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 5, "startColumn": 1, "endLine": 5, "endColumn": 11}


def test_of_too_many_the_worst_stay_and_the_rest_is_told():
    many = [samples.finding("sender_restrictions_missing", "low", message=str(number)) for number in range(5001)]
    log = log_of(of(*many, samples.finding("stranger_relays", "critical")))
    results = log["runs"][0]["results"]
    assert (len(results), results[0]["ruleId"]) == (5000, "stranger_relays")
    (note,) = log["runs"][0]["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"].startswith("2 findings with lower severity left out")


def test_hosts_without_a_verdict_are_told():
    invocation = log_of(samples.fleet())["runs"][0]["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert [note["message"]["text"].split(": ")[1] for note in invocation["toolExecutionNotifications"]] == ["failed", "unreachable", "absent"]
    assert log_of(of())["runs"][0]["invocations"][0]["executionSuccessful"] is True


def test_a_finding_of_a_newer_collection_gets_a_rule():
    assert results_of(of(samples.finding("unheard_of"))) == [("unheard_of", "mx1/etc/postfix/main.cf", 5)]


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_hostile_documents(text):
    log_of(samples.hostile(text), repository="/etc", layout="{host}/{path}")


@given(samples.HOSTILE_TEXT)
def test_any_text(text):
    log_of(samples.hostile(text))


@given(samples.HOSTILE_TEXT, samples.HOSTILE_TEXT)
def test_any_path_and_layout_make_a_relative_uri(text, layout):
    made = samples.report({text or "x": [samples.judged(samples.info(findings=[samples.finding(file=text)]))]})
    log_of(made, layout=layout)
