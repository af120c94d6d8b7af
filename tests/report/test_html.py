# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as an HTML parser reads it: one file, a policy that fits its bytes, and strangers' texts that are text."""

import base64
import hashlib
import json
import pathlib
import re
from html.parser import HTMLParser

import jsonschema
import page_samples
import pytest
import samples
from hypothesis import given, settings

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import visible
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_html
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.page import rows, words

SCHEMA = pathlib.Path(__file__).resolve().parents[2] / "plugins/plugin_utils/_report/report.schema.json"
VOID = {"meta", "link", "input", "rect", "br", "hr", "img"}
# What the page may name elsewhere: its own hosts, and an icon that is nothing.
OURS = re.compile(r"#|data:,$")
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")


class Page(HTMLParser):
    """The elements and texts of a page; wrongly nested elements are errors."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.elements, self.texts, self.path = [], [], []
        self.feed(text)
        self.close()
        assert self.path == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        assert len(dict(attrs)) == len(attrs)
        if tag not in VOID:
            self.path.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.path.pop() == tag

    def handle_data(self, data):
        self.texts.append((self.path[-1] if self.path else "", data))

    def text(self, *without):
        return "".join(data for tag, data in self.texts if tag not in ("script", "style") + without)

    def count(self, tag):
        return sum(one == tag for one, dummy in self.elements)

    def policy(self):
        return next(attrs["content"] for tag, attrs in self.elements if attrs.get("http-equiv") == "Content-Security-Policy")


def digest(text):
    return "'sha256-{0}'".format(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())


def check(made):
    """The page of a document, of which nothing could run, load or hide."""
    text = as_html.render(made)
    text.encode("utf-8")
    page = Page(text)
    assert (page.count("script"), page.count("style"), page.count("meta")) == (1, 1, 6)
    assert not {tag for tag, dummy in page.elements} & {"img", "iframe", "object", "embed", "base", "audio", "video"}
    for dummy, attrs in page.elements:
        for name, value in attrs.items():
            assert name != "style" and not name.startswith("on") and name not in ("src", "srcset", "action", "formaction", "srcdoc")
            assert name != "href" or OURS.match(value)
            assert not UNSEEN.search(value or "")
    assert not UNSEEN.search(page.text())
    ids = [attrs["id"] for dummy, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))
    return page


def test_the_policy_lets_nothing_but_the_page_s_own_bytes_run():
    text = as_html.render(page_samples.morning())
    page = check(page_samples.morning())
    script, style = (re.search("<{0}>(.*?)</{0}>".format(tag), text, re.DOTALL).group(1) for tag in ("script", "style"))
    assert page.policy().split("; ") == [
        "default-src 'none'", "script-src " + digest(script), "style-src " + digest(style), "img-src data:", "base-uri 'none'", "form-action 'none'"]
    policy = text.index("Content-Security-Policy")
    assert policy < text.index("<style>") and policy < text.index("<script>")


@pytest.mark.parametrize("made", [page_samples.morning, page_samples.empty, page_samples.all_closed, page_samples.one_open, page_samples.hostile,
                                  samples.fleet])
def test_each_page_is_sound(made):
    check(made())


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_each_hostile_text_is_text(text):
    check(samples.hostile(text))


@settings(max_examples=60)
@given(samples.HOSTILE_TEXT)
def test_any_text_is_text(text):
    check(samples.hostile(text))


def test_a_stranger_s_text_makes_no_element_and_is_there_to_read():
    harmless, hostile = samples.hostile("abcdefg"), samples.hostile("<b onclick=x>\u202e")
    page = check(hostile)
    ours = {"i", "bdi"}  # what makes the mark visible
    assert [tag for tag, dummy in page.elements if tag not in ours] == [tag for tag, dummy in check(harmless).elements if tag not in ours]
    assert "<b onclick=x>[U+202E]" in page.text()


def test_the_same_document_makes_the_same_page():
    assert as_html.render(page_samples.morning()) == as_html.render(page_samples.morning())


def test_the_words_of_a_morning_are_on_the_page():
    text = " ".join(check(page_samples.morning()).text().split())
    for said in ("Yes, through 4 of 41 hosts.", "4 open", "32 closed", "C: MAIL FROM:<someone@stranger.example>", "S: 250 2.1.5 Ok",
                 "main.cf:18", "- 0.0.0.0/0 + 10.0.0.0/8 100.64", "34 days left", "ran out 5 days ago", "mx9.quito.example.com", "was closed, 2 new",
                 "ansible-playbook relaylock.postfix.remediate -i INVENTORY --limit mx1.berlin.example.com --check --diff"):
        assert said in text, said


def test_the_worst_hosts_come_first_and_healthy_ones_take_a_line():
    made = page_samples.morning()
    page = check(made)
    shown = [attrs for tag, attrs in page.elements if tag == "li" and attrs.get("id", "").startswith("host-")]
    assert [one["id"] for one in shown] == ["host-" + one["name"] for one in made["hosts"]]
    assert [one["data-s"] for one in shown[:7]] == ["open"] * 4 + ["down", "unknown", "failed"]
    healthy = [one for one in shown if one["data-s"] == "closed" and one["id"].startswith("host-mx4")]
    assert len(healthy) == 6 and all("class" not in one for one in healthy)


@pytest.mark.parametrize("hosts, said", [
    ({}, "Nobody knows: this run judged no host."),
    ({"a": [samples.judged(samples.baseline())]}, "Yes, through 1 of 1 host: a."),
    ({"a": [samples.judged(samples.baseline(), check_mode=False)]}, "No longer: this run closed a."),
    ({"a": [samples.judged(samples.baseline("closed"))]}, "No: the one mail server is closed."),
    ({"a": [samples.failed()]}, "Nobody knows: none of 1 host could be judged."),
    ({"a": [samples.failed()], "b": [samples.judged(samples.baseline("closed"))]},
     "Through none that we know of, but 1 of 2 hosts could not be judged."),
    ({"a": [samples.judged(samples.baseline("down"))]}, "No, but 1 of 1 mail server is down."),
])
def test_the_headline_answers(hosts, said):
    assert words.headline(samples.report(hosts)) == said


def test_a_dialogue_has_both_sides():
    witness = samples.open_listener(service="smtp")["witness"]
    assert words.dialogue(witness, "mx1", []) == [
        ("S", "220 mx1 ESMTP Postfix"), ("C", "EHLO mail.stranger.example"), ("S", "250 mx1"),
        ("C", "MAIL FROM:<someone@stranger.example>"), ("S", "250 2.1.0 Ok"),
        ("C", "RCPT TO:<somebody@elsewhere.example>"), ("S", "250 2.1.5 Ok")]


def test_a_command_names_no_host_that_a_shell_or_limit_would_take_for_something_else():
    for name in ("a;reboot", "$(reboot)", "all:!b", "@file", "-v", "a b", "*", "a\nb", ""):
        assert words.command("remediate", [name]).endswith("--limit HOST")
    assert words.command("remediate", ["mx1.example.com", "b_2"]).endswith("--limit mx1.example.com,b_2")


@pytest.mark.parametrize("text, shown", [
    ("a\u202eb", "a[U+202E]b"), ("\x00" * 5, "[U+0000 x 5]"), ("caf\udce9", "caf[U+DCE9]"), ("e\u0301\u0301a\u0302", "e\u0301\u0301a\u0302"),
    ("e" + "\u0301" * 9 + "\u0302", "e[U+0301 x 9][U+0302]"),
    ("\t\n \u05d0\u00e9", "\t\n \u05d0\u00e9")])
def test_what_is_not_seen_is_named(text, shown):
    assert visible.visible(text) == shown


def test_two_hosts_have_two_anchors():
    taken = set()
    assert [rows.anchor(name, taken) for name in ("a b", "a\tb", "a_b")] == ["host-a_b", "host-a_b~2", "host-a_b~3"]


def test_a_page_that_would_be_too_long_says_where_the_rest_is():
    text = as_html.render(page_samples.morning(), budget=1)
    assert text.count("How a stranger relays") == 1
    assert "the dialogue is in the JSON report" in text


@pytest.mark.parametrize("made", [page_samples.morning, page_samples.empty, page_samples.all_closed, page_samples.one_open,
                                  lambda: page_samples.fleet(100, plain=False)])
def test_the_samples_are_documents_as_the_callback_makes_them(made):
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).validate(made())
