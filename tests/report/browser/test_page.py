# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page in Chromium: by hand, by keyboard, on a phone, in print, without scripts, with hostile texts, and for assistive tools."""

import pathlib
import shutil
import subprocess

import pytest
import samples
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_html

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="NOT TESTED: no Chromium here")
MANY = "\n".join(samples.HOSTILE)


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])  # root has no sandbox there
        yield browser
        browser.close()


class Opened:
    """A page in a context of its own, with what it asked for and what it complained of."""

    def __init__(self, browser, path, link="", **context):
        self.context = browser.new_context(**dict({"viewport": {"width": 1200, "height": 800}}, **context))
        self.page = self.context.new_page()
        self.requests, self.complaints = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.complaints.append("a dialog: " + dialog.message), dialog.dismiss()))
        self.url = path.as_uri()
        self.page.goto(self.url + link)

    def names(self):
        return [one.text_content() for one in self.page.locator(".host .name").all() if one.is_visible()]

    def choose(self, label, value):
        self.page.locator("select[name={0}]".format(label.lower())).select_option(label=value)


@pytest.fixture
def opened(chromium, tmp_path):
    made = []

    def open_(document, link="", **context):
        path = tmp_path / "index.html"
        path.write_text(as_html.render(document), encoding="utf-8")
        made.append(Opened(chromium, path, link, **context))
        return made[-1]
    yield open_
    for one in made:
        one.context.close()
        assert one.complaints == []
        assert all(url.startswith("file:") and url.partition("#")[0].partition("?")[0] == one.url for url in one.requests)


WORST_FIRST = ["mx1", "mx9", "mx2", "mx3", "mx4", "mx5", "mx6", "mx7", "mx8"]


def short(names):
    return [name.partition(".")[0] for name in names]


def test_sorted_filtered_and_searched(opened):
    one = opened(samples.fleet())
    assert short(one.names()) == WORST_FIRST
    one.choose("Order", "name")
    assert short(one.names()) == sorted(WORST_FIRST)
    one.choose("Order", "findings")
    assert short(one.names())[:2] == ["mx1", "mx9"]
    one.choose("Order", "worst first")
    assert short(one.names()) == WORST_FIRST
    one.choose("State", "unknown")
    assert short(one.names()) == ["mx3"] and one.page.locator("#shown").text_content() == "1 of 9 hosts"
    one.choose("State", "any")
    one.choose("Severity", "critical")
    assert short(one.names()) == ["mx1", "mx9"]
    one.choose("Severity", "any")
    one.choose("Finding", "permit_before_guard (1)")
    assert short(one.names()) == ["mx7"]
    one.choose("Finding", "any")
    one.choose("With", "waivers")
    assert short(one.names()) == ["mx7"]
    one.choose("With", "edits")
    assert short(one.names()) == ["mx1", "mx9", "mx2", "mx6"]
    one.choose("With", "anything")
    one.choose("Group", "mail (9)")
    assert len(one.names()) == 9
    one.page.get_by_label("Search").fill("MX2 mail")
    assert short(one.names()) == ["mx2"]
    one.page.get_by_label("Search").fill("nobody")
    assert one.names() == [] and one.page.get_by_text("No host is like that.").is_visible()


def test_links_lead_to_a_search_and_to_a_host(opened):
    assert short(opened(samples.fleet(), "?search=stranger_relays").names()) == ["mx1", "mx9"]
    one = opened(samples.fleet(), "#host-mx7.example.com")
    assert one.page.get_by_text("until the move").is_visible()
    one = opened(samples.fleet(), "?search=mx1#host-mx7.example.com")
    assert one.page.get_by_text("until the move").is_visible()


def test_by_keyboard(opened):
    one = opened(samples.fleet())
    one.page.get_by_label("Search").focus()
    one.page.keyboard.type("mx7")
    for dummy in range(7):
        one.page.keyboard.press("Tab")
    detail = one.page.get_by_text("until the move")
    assert not detail.is_visible()
    one.page.keyboard.press("Enter")
    assert detail.is_visible()


def test_without_scripts_all_is_there(opened):
    one = opened(samples.fleet(), java_script_enabled=False)
    assert not one.page.locator("form").is_visible()
    assert len(one.names()) == 9
    assert one.page.get_by_text("RCPT TO:<somebody@elsewhere.example>").first.is_visible()
    one.page.locator("summary", has_text="mx7").click()
    assert one.page.get_by_text("until the move").is_visible()


def test_print_has_the_details(opened, tmp_path):
    one = opened(samples.fleet())
    one.page.emulate_media(media="print")
    assert not one.page.locator("form").is_visible()
    one.page.pdf(path=str(tmp_path / "page.pdf"))
    text = pdf_text(tmp_path / "page.pdf")
    assert "until the move" in text and "250 2.1.5 Ok" in text
    assert one.page.locator("details[open]").count() < one.page.locator("details").count()


def pdf_text(path):
    if shutil.which("pdftotext") is None:
        pytest.skip("NOT TESTED: no pdftotext here (poppler-utils)")
    return " ".join(subprocess.run(["pdftotext", path, "-"], check=True, capture_output=True, text=True).stdout.split())


@pytest.mark.parametrize("document", ["fleet", "hostile"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_nothing_sticks_out_and_nobody_is_shut_out(opened, document, scheme, width):
    """No line is wider than the screen, and axe-core has nothing to say; every host is open."""
    made = samples.fleet() if document == "fleet" else samples.hostile(MANY)
    one = opened(made, viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)
    one.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    assert one.page.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(one.page).response
    assert [(each["id"], each["nodes"][0]["html"][:200]) for each in found["violations"]] == []
    assert len(found["passes"]) > 15
    one.requests[:] = [one.url]


@pytest.mark.parametrize("text", samples.HOSTILE + (MANY,))
def test_hostile_text_does_nothing(opened, text):
    one = opened(samples.hostile(text))
    one.page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    one.page.get_by_label("Search").fill("other")
    assert len(one.names()) == 1
    assert one.page.evaluate("document.querySelectorAll('#hosts :is(script, img, a, style, iframe)').length") == 0
    assert pathlib.Path(one.url[7:]).exists()
