# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""From a module's result to an instance: what is taken, what is bounded, what is refused."""

import difflib
import subprocess

import pytest
import samples
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import diffs, results, text, visible


def test_an_instance_keeps_nothing_but_the_document_needs():
    result = samples.baseline(invocation={"module_args": {"config_directory": "/etc/postfix", "secret": "s3cret"}}, backup_files=["x"])
    one = samples.judged(result)
    assert "s3cret" not in repr(one)
    assert set(one) == set(results.instance("relay_info", "closed", True))
    assert (one["state"], one["after"], one["changed"], one["check_mode"]) == ("open", "closed", True, True)


@pytest.mark.parametrize("broken", [
    {"verdict": "fine"}, {"verdict": None}, {"verdict": ["closed"]}, {"findings": None}, {"findings": "none"}, {"findings": [None]},
    {"findings": [samples.finding(severity="<script>")]}, {"findings": [samples.finding(line="5; rm")]}, {"findings": [samples.finding(line=True)]},
    {"findings": [samples.finding(message=7)]}, {"findings": [samples.finding(waived="no")]}, {"listeners": [{"service": "smtp"}]},
    {"listeners": [dict(samples.closed_listener(), witness="me")]}, {"findings": [samples.finding(waived=True, waiver={"until": "soon"})]},
])
def test_what_is_no_result_of_ours_is_a_failure_that_says_so(broken):
    one = samples.judged(samples.info(**broken), "relay_info")
    assert one["state"] == "failed"
    assert one["message"].startswith("the result is not what the module returns: ")


def test_no_log_hides_a_result_and_is_said():
    one = results.of_success("relay_info", {"censored": "the output has been hidden", "changed": False}, True, samples.TODAY)
    assert (one["state"], one["message"]) == ("failed", results.CENSORED)


def test_a_task_in_the_background_is_said():
    one = results.of_success("relay_info", {"ansible_job_id": "j1.2", "started": 1, "finished": 0, "changed": True}, True, samples.TODAY)
    assert (one["state"], one["message"]) == ("failed", results.BACKGROUND)


@pytest.mark.parametrize(("result", "state"), [
    ({"msg": "x"}, "failed"), ({"msg": "x", "absent": True}, "absent"), ({"msg": "x", "absent": "yes"}, "failed"), ({}, "failed"),
    ({"msg": {"a": "dictionary"}}, "failed"), ({"msg": "x" * 9999}, "failed")])
def test_a_failure_has_a_state_and_a_message(result, state):
    one = results.of_failure("relay_info", result, False)
    assert one["state"] == state
    assert 0 < len(one["message"]) <= 2100


def test_a_directory_that_the_result_does_not_name_is_the_task_s():
    named = samples.info(invocation={"module_args": {"config_directory": "/srv/postfix"}})
    assert samples.judged(named)["config_directory"] == "/srv/postfix"
    assert results.of_failure("relay_info", dict(named, msg="x"), True)["config_directory"] == "/srv/postfix"
    assert samples.judged(samples.info())["config_directory"] is None


@pytest.mark.parametrize(("until", "left"), [("2026-12-31", 34), ("2026-11-27", 0), ("2026-11-20", -7)])
def test_a_waiver_tells_its_days_whoever_names_it(until, left):
    expected = {"reason": "known", "until": until, "days_left": left}
    of_finding = samples.info(findings=[samples.finding(waived=True, waiver={"reason": "known", "until": until})])
    assert samples.judged(of_finding)["findings"][0]["waiver"] == expected
    terms = {"id": "mynetworks_too_broad", "reason": "known", "until": until}
    of_task = samples.info(findings=[samples.finding(waived=True)], invocation={"module_args": {"waivers": [terms, dict(terms, id="x")]}})
    assert samples.judged(of_task)["findings"][0]["waiver"] == expected


def test_a_text_is_bounded_once():
    once = text.bounded("x" * 2500)
    assert once == "x" * 2000 + "… (500 more characters)"
    assert text.bounded(once) == once
    assert text.bounded("\ud800a\udcff") == "\ufffda\ufffd"


@pytest.mark.parametrize("code", [
    0x0, 0x7, 0x8, 0xB, 0xC, 0x1B, 0x7F, 0x85, 0x9F, 0xAD, 0x61C, 0x200B, 0x200E, 0x200F, 0x2028, 0x2029, 0x202A, 0x202E, 0x2060, 0x2066,
    0x2069, 0xFEFF, 0xFFFE, 0xFFFF, 0xD800, 0xDFFF, 0xE0001, 0xE007F])
def test_what_nobody_sees_is_shown(code):
    assert text.one_line("a{0}b".format(chr(code))) == "a[U+{0:04X}]b".format(code)


def test_what_everybody_sees_stays():
    assert visible.visible("a\tb\nc äöü 日本 \U0001f600 \ufffd") == "a\tb\nc äöü 日本 \U0001f600 \ufffd"
    assert text.one_line("a\r\nb\nc\td") == "a b c d"


@given(samples.HOSTILE_TEXT)
def test_what_is_visible_moves_no_cursor(raw):
    shown = text.one_line(text.bounded(raw))
    assert not [char for char in shown if char in "\n\r\x1b\x00\u202e\u2066\u200b\ufeff\ufffe" or "\ud800" <= char <= "\udfff"]


LINES = st.lists(st.sampled_from(["a", "b", "c", "", "d = 1"]), max_size=25)


@given(LINES, LINES)
def test_a_diff_is_that_of_difflib(old, new):
    (before, after) = ("".join(line + "\n" for line in lines) for lines in (old, new))
    found = diffs.unified({"before": before, "after": after, "after_header": "main.cf"})
    # The hunks' headers say where; what the diff does is for patch(1) to say, below.
    assert (found == []) == (old == new)
    lines = found[0]["lines"] if found else []
    assert _applied(old, lines) == new
    shortest = [line for line in difflib.unified_diff(old, new, lineterm="") if line[:1] in "+-"][2:]
    assert len([line for line in lines if line[:1] in "+-"]) <= len(shortest) + 8


def _applied(old, lines):
    """Return *old* after the hunks in *lines*, found by their headers."""
    result, at = [], 0
    for line in lines:
        if line.startswith("@@"):
            first, _, length = line.split()[1][1:].partition(",")
            start = int(first) - (0 if length == "0" else 1)
            result += old[at:start]
            at = start
        elif line[:1] == "+":
            result.append(line[1:])
        else:
            assert old[at] == line[1:]
            at += 1
            if line[:1] == " ":
                result.append(line[1:])
    return result + old[at:]


def test_patch_takes_a_diff(tmp_path):
    old = ["line {0}".format(number) for number in range(60)]
    new = old[:]
    new[3:5] = ["changed"]
    new[30:30] = ["added", "and more"]
    del new[-1]
    before, after = ("\n".join(lines) + "\n" for lines in (old, new))
    lines = diffs.unified([{"before": before, "after": after}])[0]["lines"]
    (tmp_path / "f").write_text(before)
    script = "--- f\n+++ f\n" + "\n".join(lines) + "\n"
    subprocess.run(["git", "apply", "-"], input=script, text=True, cwd=tmp_path, check=True)
    assert (tmp_path / "f").read_text() == after


def test_a_diff_has_bounds_in_lines_width_and_time():
    many = diffs.unified({"before": "a\n" * 50000, "after": "b\nc\n" * 50000})[0]["lines"]
    assert len(many) == 401
    assert many[-1] == "… (149601 more lines)"
    assert len(diffs.unified({"before": "", "after": "x" * 10000})[0]["lines"][1]) < 2100


def test_other_diffs_of_ansible():
    assert diffs.unified({"prepared": "x\ny"}) == [{"file": "", "lines": ["x", "y"]}]
    assert diffs.unified({"dst_larger": 104448, "before": "", "after": ""}) == []
    assert diffs.unified(None) == []
