# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The summary must not lie: what died early is a failure, what was skipped is named."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import host
from record import FAILED, PASSED, SKIPPED, Case, count, from_run, summary

JUNIT = """<testsuites><testsuite>
<testcase classname="tests.a" name="one"/>
<testcase classname="tests.a" name="two"><failure message="no&#10;trace">trace</failure></testcase>
<testcase classname="tests.a" name="three"><error message="broken"/></testcase>
<testcase classname="tests.a" name="four"><skipped message="no Postfix here"/></testcase>
</testsuite></testsuites>"""


def test_each_outcome_is_read_with_its_reason(tmp_path):
    (tmp_path / "a.xml").write_text(JUNIT)
    assert from_run(1, tmp_path / "a.xml", "unit") == [
        Case("unit", "tests.a::one", PASSED),
        Case("unit", "tests.a::two", FAILED, "no"),
        Case("unit", "tests.a::three", FAILED, "broken"),
        Case("unit", "tests.a::four", SKIPPED, "no Postfix here"),
    ]


def test_a_run_that_died_before_it_wrote_a_file_failed(tmp_path):
    assert [case.outcome for case in from_run(2, tmp_path / "none.xml", "unit")] == [FAILED]


def test_a_run_without_a_test_failed_though_it_ended_well(tmp_path):
    (tmp_path / "a.xml").write_text("<testsuites/>")
    assert [case.outcome for case in from_run(0, tmp_path / "a.xml", "unit")] == [FAILED]


def test_a_bad_end_without_a_failed_test_is_a_failure(tmp_path):
    (tmp_path / "a.xml").write_text('<testsuite><testcase name="one"/></testsuite>')
    assert count(from_run(3, tmp_path / "a.xml", "unit")) == "1 passed, 1 failed, 0 skipped"


def test_of_several_files_each_tells_and_a_run_that_ended_between_them_failed(tmp_path):
    for name in "ab":
        (tmp_path / (name + ".xml")).write_text('<testsuite><testcase name="%s"/></testsuite>' % name)
    assert count(from_run(0, tmp_path, "sanity")) == "2 passed, 0 failed, 0 skipped"
    assert count(from_run(1, tmp_path, "sanity")) == "2 passed, 1 failed, 0 skipped"


def test_no_tool_is_given_a_shim_that_may_not_run(tmp_path, monkeypatch):
    shims = tmp_path / ".pyenv/shims"
    monkeypatch.setenv("PATH", "%s:/usr/bin" % shims)
    assert str(shims) not in host.environment()["PATH"].split(":")


def test_the_last_line_is_the_total_and_one_skip_is_named_once():
    cases = [Case("3.6", "x", SKIPPED, "why"), Case("3.7", "x", SKIPPED, "why"), Case("3.7", "y", PASSED)]
    lines = summary(cases).split("\n")
    assert lines[-1] == "1 passed, 0 failed, 2 skipped"
    assert lines[-2] == "  skipped: x (3.6; 3.7): why"
