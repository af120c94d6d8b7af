# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of a large fleet, one host in ten with findings: processor time to write it, its size, and when a reader can use it.

Bounds are on processor time, which other programs on the machine do not change; the time on the wall is printed beside it.
"""

import gzip
import os
import pathlib
import sys
import time

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/report"))

import page_samples  # noqa: E402

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_html  # noqa: E402

CHROMIUM = os.environ.get("RELAYLOCK_CHROMIUM", "/usr/bin/chromium")
HOSTS = (100, 1000, 10000)
WRITTEN = 10.0  # seconds of processor time
LARGEST = 8_000_000  # bytes
USABLE = 2.0  # seconds of processor time of the page's process
FOUND = 1.0  # the same, for a search
LONGEST_MS = 300000
ROUNDS = 3
# From a key in the search field to the next picture on the screen.
SEARCH = """word => new Promise(done => {
  const field = document.querySelector('[name=search]'), start = performance.now();
  field.value = word;
  field.dispatchEvent(new Event('input', {bubbles: true}));
  requestAnimationFrame(() => setTimeout(() => done([performance.now() - start, document.getElementById('page-count').textContent])));
})"""


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """{number of hosts: (file, seconds of processor time, seconds on the wall)}."""
    folder, found = tmp_path_factory.mktemp("pages"), {}
    for count in HOSTS:
        document = page_samples.fleet(count, plain=False)
        cpu, wall = time.process_time(), time.perf_counter()
        text = as_html.render(document)
        found[count] = folder / "{0}.html".format(count), time.process_time() - cpu, time.perf_counter() - wall
        found[count][0].write_text(text, encoding="utf-8")
    return found


@pytest.mark.parametrize("count", HOSTS)
def test_written(pages, count, capsys):
    path, cpu, wall = pages[count]
    size = path.stat().st_size
    with capsys.disabled():
        print("\n{0:,} hosts: {1:.2f} s of processor time, {2:.2f} s on the wall; {3:.2f} MB, {4:.2f} MB gzipped".format(
            count, cpu, wall, size / 1e6, len(gzip.compress(path.read_bytes())) / 1e6))
    assert cpu < WRITTEN
    assert size < LARGEST


def spent(session):
    """Seconds of processor time of the page's process."""
    return next(one["value"] for one in session.send("Performance.getMetrics")["metrics"] if one["name"] == "ProcessTime")


def read(browser, path):
    """Open a page; return seconds of processor time and on the wall until it is usable and painted, and the same for a search."""
    page = browser.new_page()
    page.set_default_timeout(LONGEST_MS)
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    before = spent(session)
    page.goto(path.as_uri())
    page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
    opened = spent(session)
    usable = page.evaluate("performance.getEntriesByName('relaylock-usable')[0].startTime") / 1000
    took, said = page.evaluate(SEARCH, "lisbon ring_7")
    searched = spent(session)
    assert " of {0:,} hosts".format(int(path.stem)) in said
    page.close()
    return opened - before, usable, searched - opened, took / 1000


@pytest.mark.skipif(not os.access(CHROMIUM, os.X_OK), reason="NO CHROMIUM HERE: how soon the page can be used is not measured")
def test_usable(pages, capsys):
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=LONGEST_MS)
        for count in HOSTS:
            best = [min(each) for each in zip(*(read(browser, pages[count][0]) for dummy in range(ROUNDS)))]
            with capsys.disabled():
                print("\n{0:,} hosts: usable after {1:.2f} s of processor time ({2:.2f} s on the wall), a search {3:.2f} s ({4:.2f} s)".format(
                    count, *best))
        browser.close()
    assert best[0] < USABLE
    assert best[2] < FOUND
