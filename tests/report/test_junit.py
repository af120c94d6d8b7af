# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""JUnit XML against what Jenkins and GitLab read."""

import pathlib
from xml.etree import ElementTree

import pytest
import samples
import xmlschema
from hypothesis import given

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_junit

HERE = pathlib.Path(__file__).resolve().parent

SCHEMA = xmlschema.XMLSchema(str(HERE / "junit.xsd"))

# What XML 1.0 can carry (its production 2). ElementTree would write others, and its parser is asked to read them back below.
ALLOWED = [(0x9, 0xA), (0xD, 0xD), (0x20, 0xD7FF), (0xE000, 0xFFFD), (0x10000, 0x10FFFF)]


def parsed(made, **options):
    """The root of a document's XML, which is valid, and whose counts are right."""
    text = as_junit.render(made, **options)
    assert all(any(first <= ord(char) <= last for first, last in ALLOWED) for char in text)
    assert "\x1b" not in text
    assert "&#27;" not in text
    root = ElementTree.fromstring(text.encode("utf-8"))
    SCHEMA.validate(text)
    for suites in [root], root.findall("testsuite"):
        for element in suites:
            for attribute, path in (("tests", ".//testcase"), ("failures", ".//failure"), ("errors", ".//error"), ("skipped", ".//skipped")):
                assert element.get(attribute, str(len(element.findall(path)))) == str(len(element.findall(path)))
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(names) == len(set(names))
    return root


def outcomes(made, host, **options):
    """{name: (tag of what it ended in, its type)} of the cases of a host."""
    suite = next(one for one in parsed(made, **options) if one.get("name") == host)
    return dict((case.get("name"), (case[0].tag, case[0].get("type")) if len(case) else None) for case in suite)


@pytest.mark.parametrize(("host", "expected"), [
    ("mx1.example.com", {"no stranger relays (/etc/postfix)": ("failure", "open"), "no drift (/etc/postfix)": ("failure", "drift"),
                         "mynetworks_too_broad: mynetworks, smtp (/etc/postfix)": ("failure", "mynetworks_too_broad")}),
    ("mx2.example.com", {"no stranger relays (/etc/postfix)": ("failure", "down"), "no drift (/etc/postfix)": ("failure", "drift")}),
    ("mx3.example.com", {"no stranger relays": ("error", "unknown")}),
    ("mx4.example.com", {"no stranger relays": ("error", "failed")}),
    ("mx5.example.com", {"no stranger relays": ("error", "unreachable")}),
    ("mx6.example.com", {"no stranger relays (/etc/postfix)": None, "no drift (/etc/postfix)": ("failure", "drift")}),
    ("mx7.example.com", {"no stranger relays": ("system-out", None), "permit_before_guard: mynetworks, smtp": ("skipped", None)}),
    ("mx8.example.com", {"no stranger relays": ("skipped", None)}),
    ("mx9.example.com", {"no stranger relays (/etc/postfix)": ("system-out", None), "no drift (/etc/postfix)": ("system-out", None),
                         "mynetworks_too_broad: mynetworks, smtp (/etc/postfix)": ("failure", "mynetworks_too_broad"),
                         "no stranger relays (/etc/postfix-out)": None, "no drift (/etc/postfix-out)": None})])
def test_each_state_is_an_outcome(host, expected):
    assert outcomes(samples.fleet(), host) == expected


@pytest.mark.parametrize(("fail_at", "failing"), [
    ("never", []), ("critical", []), ("high", ["high"]), ("medium", ["high", "medium"]), ("low", ["high", "medium", "low"])])
def test_the_severity_that_fails_is_the_user_s(fail_at, failing):
    findings = [samples.finding(severity, severity) for severity in ("high", "medium", "low")]
    made = samples.report({"mx1": [samples.judged(samples.info(findings=findings))]})
    found = outcomes(made, "mx1", fail_at=fail_at)
    assert [name.split(":")[0] for name in found if found[name] and found[name][0] == "failure"] == failing
    lesser = ElementTree.tostring(parsed(made, fail_at=fail_at), encoding="unicode")
    assert all("{0}: 0.0.0.0/0".format(severity) in lesser for severity in ("high", "medium", "low"))


def test_a_relay_whose_finding_is_waived_is_skipped():
    waived = samples.finding("stranger_relays", "critical", waived=True, waiver={"reason": "a trap", "until": "2026-12-31"})
    made = samples.report({"mx1": [samples.judged(samples.info("open", findings=[waived]))]})
    assert outcomes(made, "mx1") == {"no stranger relays": ("skipped", None)}
    assert "waived until 2026-12-31 (34 days left): a trap" in as_junit.render(made)


def test_a_failure_after_a_verdict_is_an_error():
    made = samples.report({"mx1": [samples.judged(samples.baseline("closed")), samples.failed("locked", config_directory="/etc/postfix")]})
    assert outcomes(made, "mx1")["the run ended well (/etc/postfix)"] == ("error", "failed")


def test_the_text_says_what_the_message_says_and_the_dialogue():
    failure = next(parsed(samples.fleet()).iter("failure"))
    assert failure.text.splitlines() == [
        "a stranger can relay mail", "from unknown [192.0.2.25] to smtp", "EHLO mail.stranger.example", "MAIL FROM:<someone@stranger.example>",
        "RCPT TO:<somebody@elsewhere.example>", "250 2.1.5 Ok", "because of /etc/postfix/main.cf:5: mynetworks = 0.0.0.0/0"]
    assert failure.get("message") == "a stranger can relay mail"


def test_files_are_those_of_the_repository():
    first = next(case for case in parsed(samples.fleet()).iter("testcase"))
    assert first.get("file") == "mx1.example.com/etc/postfix/main.cf"
    assert next(parsed(samples.fleet(), repository="/etc").iter("testcase")).get("file") == "postfix/main.cf"


def test_a_report_of_no_host_is_a_failed_case():
    assert outcomes(samples.report({}), "report") == {"hosts": ("error", "failed")}


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_hostile_documents(text):
    parsed(samples.hostile(text))


@given(samples.HOSTILE_TEXT)
def test_any_text(text):
    parsed(samples.hostile(text))


def test_what_would_be_too_much_is_brief_and_says_so(monkeypatch):
    made = samples.fleet()
    whole = len(as_junit.render(made).encode())
    monkeypatch.setattr(as_junit, "MOST_BYTES", whole - 1)
    root = parsed(made)
    assert "are left out" in root[-1][0][0].get("message")
    assert len(list(root.iter("failure"))) == 5, "open, down and drift are told all the same"
    monkeypatch.setattr(as_junit, "MOST_BYTES", whole)
    assert len(list(parsed(made).iter("failure"))) > 5
    monkeypatch.setattr(as_junit, "MOST_ELEMENTS", 10)
    assert "are left out" in parsed(made)[-1][0][0].get("message")


def test_a_case_is_bounded():
    listener = samples.open_listener(because=[dict(samples.open_listener()["because"][0], item="x" * 3000)] * 500)
    made = samples.report({"mx1": [samples.judged(samples.baseline(listeners=[listener]))]})
    assert len(as_junit.render(made)) < 20000
