# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as text: its policy names its own script and style, and no text of a host is ever more than text."""

import base64
import hashlib
import html.parser
import re

import pytest
import samples
from hypothesis import given, settings

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import document, page
from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_html

# Elements and attributes of the templates; whatever else is in a page came in with a text.
TAGS = {"html", "head", "meta", "title", "style", "body", "header", "h1", "h2", "h3", "p", "ul", "li", "b", "main", "form", "label", "input", "select",
        "option", "output", "div", "details", "summary", "span", "code", "pre", "figure", "figcaption", "ins", "del", "i", "bdi", "footer", "script"}
ATTRIBUTES = {"lang", "charset", "http-equiv", "content", "name", "class", "aria-label", "id", "role", "hidden", "type", "autocomplete", "spellcheck",
              "placeholder", "value", "aria-live", "open", "data-s", "data-g", "data-f", "data-v", "data-e", "data-n", "data-w"}


class Reader(html.parser.HTMLParser):
    """What a page is made of: elements, attributes, and the text of each kind of element."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], {}, []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in ("meta", "input"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        for tag in set(self.open):
            self.texts[tag] = self.texts.get(tag, "") + data


def name_of(text):
    return "'sha256-{0}'".format(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode())


def test_the_policy_lets_the_page_itself_run_and_nothing_else():
    read = Reader(as_html.render(samples.fleet()))
    policy = next(value for name, value in read.attributes if name == "content" and "default-src" in value)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules == {"default-src": "'none'", "script-src": name_of(read.texts["script"]), "style-src": name_of(read.texts["style"]),
                     "base-uri": "'none'", "form-action": "'none'"}
    assert read.tags.count("script") == read.tags.count("style") == 1
    assert read.tags.index("meta", 3) < read.tags.index("style")


def check_is_text(text):
    made = as_html.render(samples.hostile(text))
    made.encode("utf-8")
    read = Reader(made)
    assert read.open == []
    assert set(read.tags) <= TAGS and {name for name, dummy in read.attributes} <= ATTRIBUTES
    assert read.tags.count("script") == read.tags.count("style") == 1
    # What cannot be seen is shown by its number.
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]", made)


@pytest.mark.parametrize("text", samples.HOSTILE)
def test_hostile_text_is_text(text):
    check_is_text(text)


@settings(max_examples=60)
@given(samples.HOSTILE_TEXT)
def test_any_text_is_text(text):
    check_is_text(text)


def test_what_a_stranger_wrote_can_be_read():
    text = Reader(as_html.render(samples.hostile("<script>alert(1)</script>"))).texts["main"]
    assert text.count("<script>alert(1)</script>") > 10
    assert "[U+202E]abc" in Reader(as_html.render(samples.hostile("\u202eabc"))).texts["main"]


def test_everything_is_there():
    fleet = samples.fleet()
    made = as_html.render(fleet)
    text = " ".join(Reader(made).texts["main"].split())
    for host in fleet["hosts"]:
        assert host["name"] in text
        for instance in host["instances"]:
            for found in instance["findings"]:
                assert found["message"] in text
            for line in [line for file in instance["diff"] for line in file["lines"]] + instance["access"]["lost"]:
                assert " ".join(line.split()) in text
            assert (instance["message"] or "") in text
    for words in ("C: RCPT TO:<somebody@elsewhere.example> S: 250 2.1.5 Ok", "waived until 2026-12-31, 34 days left: until the move",
                  "because of mynetworks: 0.0.0.0/0, /etc/postfix/main.cf:5", "remediate -i INVENTORY --limit 'mx1.example.com' --check --diff"):
        assert words in text, words
    assert as_html.render(fleet) == made


def test_with_an_earlier_run():
    earlier = samples.report({"mx1": [samples.judged(samples.info("open", findings=[samples.finding()]))], "mx2": [samples.judged(samples.info())]})
    later = samples.report({"mx1": [samples.judged(samples.info(findings=[samples.finding("table_stale", "medium")]))]}, earlier, "2026-11-28T12:00:00Z")
    text = " ".join(Reader(as_html.render(later)).texts["body"].split())
    for words in ("It was open in the run before", "table_stale new", "Fixed since the run before", "no longer asked: mx2", "1 new finding, 1 fixed"):
        assert words in text, words


def test_a_page_that_no_browser_would_open_is_not_made():
    hosts = {"mx%d" % number: [samples.judged(samples.baseline(access={"lost": ["x" * 1900] * 3, "kept": []}))] for number in range(300)}
    fleet = samples.report(hosts)
    small, large = (as_html.render(fleet, budget) for budget in (100000, as_html.BUDGET))
    assert small.count("<pre") < 40 < large.count("<pre") == 600
    assert small.count("<details") == 300


@pytest.mark.parametrize("states, sentence", [
    ({}, "No host was asked."),
    ({"open": 1, "closed": 1}, "A stranger can relay through 1 of 2 hosts."),
    ({"open": 1}, "A stranger can relay through 1 of 1 host."),
    ({"down": 1, "closed": 1}, "No stranger can relay; 1 of 2 hosts serve nobody."),
    ({"unreachable": 1, "closed": 1}, "No host is known to be open, but of 1 of 2 hosts it could not be told."),
    ({"closed": 1}, "No stranger can relay through the one host."),
    ({"closed": 1200}, "No stranger can relay through any of 1,200 hosts."),
])
def test_headline(states, sentence):
    told = dict(dict.fromkeys(document.STATES, 0), **states)
    assert page.headline({"hosts": sum(told.values()), "states": told}) == sentence
