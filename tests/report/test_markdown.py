# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Markdown as a CommonMark parser reads it: what a host says is code and nothing else, and all fits a comment."""

import re

import pytest
import samples
from hypothesis import given
from markdown_it import MarkdownIt

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_markdown

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])

# The only HTML that we write: a summary, in which a name is escaped.
OURS = re.compile(r"(<details><summary><code>[^<>]*</code>: [a-z]+</summary>|</details>)\n?")
ALLOWED = {"text", "code_inline", "strong_open", "strong_close", "s_open", "s_close", "softbreak", "fence", "html_block", "inline", "heading_open",
           "heading_close", "paragraph_open", "paragraph_close", "bullet_list_open", "bullet_list_close", "list_item_open", "list_item_close",
           "table_open", "table_close", "thead_open", "thead_close", "tbody_open", "tbody_close", "tr_open", "tr_close", "th_open", "th_close",
           "td_open", "td_close"}


def tokens(made):
    """The tokens of a document's Markdown, none of which could notify, link or run."""
    text = as_markdown.render(made)
    assert len(text) <= 65000
    text.encode("utf-8")
    found = []
    for token in PARSER.parse(text):
        found += [token] + (token.children or [])
    assert {token.type for token in found} <= ALLOWED
    for token in found:
        if token.type == "html_block":
            assert OURS.fullmatch(token.content), token.content[:200]
        elif token.type == "text":
            assert not re.search(r"@|https?:|www\.|[#!~$%&]\d|<|\x60|\x1b|\u202e", token.content), token.content[:200]
    return found


def code(made):
    """What stands in code."""
    return [token.content.rstrip("\n") for token in tokens(made) if token.type in ("code_inline", "fence")]


def rows(made):
    """The cells of the table, without its head."""
    text = as_markdown.render(made)
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in text.splitlines() if line.startswith("| `")]


def test_the_headline_and_the_table_say_who_is_open():
    made = samples.fleet()
    assert as_markdown.render(made).splitlines()[0] == (
        "## Postfix relays: 2 hosts open, 1 host down, 1 host unknown, 1 host failed, 1 host unreachable, 2 hosts closed, 1 host absent")
    assert rows(made)[0] == ["`mx1.example.com`", "open", "", "1 critical, 1 high", "1 edit"]
    assert [row[0] for row in rows(made)] == ["`mx{0}.example.com`".format(number) for number in (1, 9, 2, 3, 4, 5, 6)]
    assert "2 hosts are closed or without Postfix, with nothing new and nothing severe." in as_markdown.render(made)


def test_the_details_have_dialogue_plan_and_loss():
    found = code(samples.fleet())
    assert "from unknown [192.0.2.25] to smtp\nEHLO mail.stranger.example\nMAIL FROM:<someone@stranger.example>" in "\n".join(found)
    assert "--- /etc/postfix/main.cf\n+++ /etc/postfix/main.cf\n@@ -1,2 +1,2 @@\n myhostname = mx1\n-mynetworks = 0.0.0.0/0\n+mynetworks = 127.0.0.0/8" in found
    assert "public addresses in 0.0.0.0/0" in found
    assert "what mysql:/etc/x answers" in "\n".join(found)


def test_without_a_diff_the_edits_are_told():
    made = samples.report({"mx1": [samples.judged(samples.baseline(diff=[]))]})
    assert "@@ /etc/postfix/main.cf @@\n-mynetworks = 0.0.0.0/0\n+mynetworks = 127.0.0.0/8" in code(made)


def test_a_comparison_is_told():
    made = samples.report({"mx1": [samples.judged(samples.baseline())]}, {
        "generated": "2026-11-26T06:00:00Z", "hosts": [{"name": "mx1", "state": "closed", "since": None, "instances": [
            {"config_directory": "/etc/postfix", "state": "closed", "findings": []}]}, {"name": "old", "state": "open", "since": None, "instances": []}]})
    text = as_markdown.render(made)
    assert "- since 2026-11-26T06:00:00Z: 2 new, 0 fixed; 1 host is no longer asked" in text
    assert rows(made)[0][1:3] == ["open (was closed)", "2026-11-27"]


def test_a_waiver_is_told_with_its_days():
    waived = samples.finding(waived=True, waiver={"reason": "the move", "until": "2026-12-31"})
    made = samples.report({"mx1": [samples.judged(samples.info("open", findings=[waived]))]})
    assert "waived until 2026-12-31 (34 days left): the move" in code(made)


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_hostile_documents(text):
    tokens(samples.hostile(text))


@given(samples.HOSTILE_TEXT)
def test_any_text_is_code(text):
    tokens(samples.hostile(text))


@pytest.mark.parametrize(("text", "shown"), [("a ` b", "a ` b"), ("`", "`"), ("``x``", "``x``"), (" x ", " x "), ("a|b", "a|b"), ("a\\", "a\\")])
def test_code_is_what_was_said(text, shown):
    made = samples.report({"mx1": [samples.judged(samples.info("open", findings=[samples.finding(message=text)]))]})
    assert shown in code(made)


def test_a_large_fleet_fits_and_what_is_left_out_is_told():
    hosts = dict(("mx{0:04}".format(number), [samples.judged(samples.baseline("down" if number % 2 else "open"))]) for number in range(2000))
    made = samples.report(hosts)
    text = as_markdown.render(made)
    tokens(made)
    assert 50000 < len(text) <= 65000
    shown = text.count("<details>")
    told = re.search(r"the details of ([\d,]+) hosts are left out: ([\d,]+) open, ([\d,]+) down", text)
    left, still_open, down = (int(number.replace(",", "")) for number in told.groups())
    assert (left, still_open + down, down) == (2000 - shown, left, 1000)
    assert re.search(r"{0:,} more hosts are not in this table".format(2000 - len(rows(made))), text)


def test_one_host_with_very_much_to_say_is_bounded():
    many = [samples.finding(message="x" * 1000, parameter="p{0}".format(number)) for number in range(500)]
    made = samples.report({"mx1": [samples.judged(samples.info("open", findings=many))], "mx2": [samples.judged(samples.baseline())]})
    assert len(as_markdown.render(made)) < 30000
    assert "- and 480 more" in as_markdown.render(made)


def test_no_host_is_a_report_too():
    assert as_markdown.render(samples.report({})).startswith("## Postfix relays: no host was asked\n")
