# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page as its reader has it: in a browser, with a mouse, a keyboard, a phone, a printer, and without scripts.

Every test also fails where the page logs anything, raises an error or asks for anything but itself (see conftest.py).
"""

import pathlib

import axe_playwright_python
import page_samples
import pypdf
import pytest

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_html

AXE = pathlib.Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
OPEN = "document.querySelectorAll('details').forEach(one => { one.open = true; })"
SHOWN = "Array.from(document.querySelectorAll('#page-list > li')).filter(one => !one.hidden)"
NAMES = SHOWN + ".map(one => one.querySelector('.n').textContent)"
WIDTH = "document.documentElement.scrollWidth"
DOCUMENTS = (page_samples.morning, page_samples.hostile, page_samples.empty, page_samples.all_closed, page_samples.one_open)
WORST = ["campus.lisbon.example.com", "lists.quito.example.com", "mx1.berlin.example.com", "relay2.osaka.example.com"]


def names(page):
    """The names of the hosts that are shown, in their order."""
    return page.evaluate(NAMES)


def count(page):
    return page.inner_text("#page-count")


def test_hosts_are_sorted_by_each_column_both_ways(opened):
    page = opened(page_samples.morning)
    assert names(page)[:4] == WORST
    page.click("[data-sort=name]")
    assert names(page)[0] == "campus.lisbon.example.com" and names(page)[-1] == "web.lisbon.example.com"
    assert "by name" in count(page)
    page.click("[data-sort=name]")
    assert names(page)[0] == "web.lisbon.example.com" and page.get_attribute("[data-sort=name]", "aria-pressed") == "true"
    page.click("[data-sort=findings]")
    assert names(page)[0] == "campus.lisbon.example.com"
    page.click("[data-sort=drift]")
    assert set(names(page)[:6]) >= set(WORST)
    page.click("[data-sort=state]")
    assert names(page)[:4] == WORST


def test_filters_and_search_find_hosts_and_count_them(opened):
    page = opened(page_samples.morning)
    page.select_option("[name=state]", "open")
    assert names(page) == WORST and count(page).startswith("4 of 41 hosts")
    page.select_option("[name=group]", label="site_berlin")
    assert names(page) == ["mx1.berlin.example.com"]
    page.click("[type=reset]")
    page.wait_for_function("document.getElementById('page-count').textContent.startsWith('41 hosts')")
    page.select_option("[name=severity]", "c")
    assert names(page) == WORST + ["old.nairobi.example.com"]
    page.select_option("[name=severity]", "")
    page.select_option("[name=finding]", label="permit_before_guard")
    assert "relay2.osaka.example.com" in names(page) and len(names(page)) == 2
    page.select_option("[name=finding]", "")
    page.select_option("[name=state]", "+n")
    assert names(page) == ["mx1.berlin.example.com", "old.nairobi.example.com"]
    page.select_option("[name=state]", "")
    page.fill("[name=search]", "OSAKA mynetworks")
    assert names(page) == []
    assert page.is_visible("#page-none")
    page.fill("[name=search]", "osaka stranger")
    assert names(page) == ["relay2.osaka.example.com"]
    page.fill("[name=search]", "")
    page.click(".states [data-s=down] button")
    assert names(page) == ["old.nairobi.example.com"]
    page.click(".states [data-s=down] button")
    page.click("[data-finding='0'] button")
    assert names(page) == WORST


def test_a_host_opens_and_tells_its_story(opened):
    page = opened(page_samples.morning)
    host = page.locator("[id='host-mx1.berlin.example.com']")
    assert not host.locator(".talk").is_visible()
    host.locator("summary").click()
    assert host.locator(".talk").inner_text().splitlines()[-1] == "S: 250 2.1.5 Ok"
    assert host.locator(".diff ins").is_visible() and host.locator(".diff del").inner_text().startswith("-")
    assert "--limit mx1.berlin.example.com --check --diff" in host.locator(".cmd code").inner_text()


def test_addresses_lead_to_a_host_and_to_a_search(opened):
    for tail in ("#host-relay2.osaka.example.com", "#relay2.osaka.example.com"):
        page = opened(page_samples.morning, tail)
        assert page.locator("[id='host-relay2.osaka.example.com'] .talk").is_visible()
        page.wait_for_function("(document.activeElement.closest('li') || {}).id === 'host-relay2.osaka.example.com'")
    page = opened(page_samples.morning, "?search=quito&state=open")
    assert names(page) == ["lists.quito.example.com"] and page.input_value("[name=search]") == "quito"
    page = opened(page_samples.morning, "?sort=-name&group=nobody#%E0%A4%A")
    assert names(page)[0] == "web.lisbon.example.com" and len(names(page)) == 41


def test_everything_is_in_print(opened, tmp_path):
    page = opened(page_samples.morning)
    page.pdf(path=str(tmp_path / "page.pdf"))
    text = "".join(one.extract_text() for one in pypdf.PdfReader(str(tmp_path / "page.pdf")).pages)
    for said in ("RCPT TO:<somebody@elsewhere.example>", "MAIL FROM", "34 days left", "web.lisbon.example.com"):
        assert said in text
    for control in ("Search", "Reset", "Copy", "Link to this host"):
        assert control not in text


def test_without_scripts_all_can_be_read_and_nothing_is_there_in_vain(opened):
    page = opened(page_samples.morning, java_script_enabled=False)
    assert not page.is_visible("#page-controls") and not page.is_visible("#page-sort")
    assert page.locator("button:visible").count() == 0
    page.click("[id='host-mx1.berlin.example.com'] summary")
    assert "S: 250 2.1.5 Ok" in page.inner_text("[id='host-mx1.berlin.example.com'] .talk")


def test_dark_and_light_are_what_the_system_says(opened):
    colours = [opened(page_samples.morning, color_scheme=scheme).evaluate("getComputedStyle(document.body).backgroundColor") for scheme in ("light", "dark")]
    bright = [sum(int(part) for part in colour.strip("rgb()").split(",")) for colour in colours]
    assert bright[0] > 600 and bright[1] < 150


@pytest.mark.parametrize("make", DOCUMENTS)
def test_nothing_is_wider_than_a_phone(opened, make):
    page = opened(make, width=360, height=800)
    assert page.evaluate(WIDTH) <= 360
    page.evaluate(OPEN)
    page.evaluate("document.querySelectorAll('#page-list > li').forEach(one => one.scrollIntoView())")
    assert page.evaluate(WIDTH) <= 360


def test_a_keyboard_is_enough(opened):
    page = opened(page_samples.morning)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.name") == "search"
    page.keyboard.type("mx1.berlin")
    assert names(page) == ["mx1.berlin.example.com"]
    for dummy in range(12):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY":
            break
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.locator("[id='host-mx1.berlin.example.com'] .talk").is_visible()


def test_nothing_that_strangers_wrote_runs(opened):
    page = opened(page_samples.hostile)
    page.evaluate(OPEN)
    assert page.evaluate("window.hit") is None
    for field in ("state", "severity", "finding", "group"):
        options = page.eval_on_selector_all("[name={0}] option".format(field), "all => all.map(one => one.value)")
        page.select_option("[name={0}]".format(field), options[-1])
        page.select_option("[name={0}]".format(field), "")
    for by in ("name", "findings", "drift", "state"):
        page.click("[data-sort={0}]".format(by))
    page.fill("[name=search]", "<script>")
    assert names(page) and page.evaluate("window.hit") is None
    assert page.locator("script").count() == 1 and page.locator("img").count() == 0


def test_the_policy_stops_what_got_in_all_the_same(browser, tmp_path):
    """As if the escaping had failed: what does not have our hash does not run, nor is anything asked for."""
    got_in = "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'><b style='color: rgb(1, 2, 3)' id=b>b</b>"
    text = as_html.render(page_samples.all_closed())
    (tmp_path / "page.html").write_text(text.replace("</header>", got_in + "</header>"), encoding="utf-8")
    page = browser.new_page()
    refused = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto((tmp_path / "page.html").as_uri())
    assert page.evaluate("window.hit") is None
    assert page.evaluate("getComputedStyle(document.getElementById('b')).color") != "rgb(1, 2, 3)"
    assert sum("Content Security Policy" in one for one in refused) >= 3
    assert page.is_visible("#page-controls")
    page.close()


@pytest.mark.parametrize("make, scheme", [(page_samples.morning, "light"), (page_samples.morning, "dark"), (page_samples.hostile, "light"),
                                          (page_samples.empty, "dark")])
def test_axe_finds_no_barrier(opened, make, scheme):
    page = opened(make, color_scheme=scheme)
    page.evaluate(OPEN)
    page.evaluate(AXE)
    # The contrast of colours takes a minute where texts are long, and colours are the same on each page.
    options = {"resultTypes": ["violations"], "rules": {"color-contrast": {"enabled": make is not page_samples.hostile}}}
    found = page.evaluate("options => axe.run(document, options)", options)
    assert [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in found["violations"]] == []
