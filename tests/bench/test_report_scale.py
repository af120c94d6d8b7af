# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a report of a large fleet costs: seconds and bytes of each format, and how soon the page is of use in Chromium."""

import importlib
import pathlib
import shutil
import sys
import time

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "report"))
import samples  # noqa: E402

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import outlet  # noqa: E402

COUNTS = (100, 1000, 10000)
SECONDS, BYTES, USABLE = 10.0, 8000000, 2.0  # of the page of 10,000 hosts
PACKAGE = "ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats."
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


def fleet(count):
    """A document of *count* hosts, one in ten open, with findings, a dialogue and a diff."""
    hosts = {}
    for number in range(count):
        sick = number % 10 == 0
        found = [samples.finding("stranger_relays", "critical", message="A stranger can relay mail: from unknown [192.0.2.%d]" % (number % 250)),
                 samples.finding(line=number % 90), samples.finding("sender_restrictions_missing", "low", file=None, line=None)]
        text = "".join("# line %d of mx%05d\n" % (line, number) for line in range(20))
        diff = [{"before_header": "/etc/postfix/main.cf", "after_header": "/etc/postfix/main.cf", "before": text + "mynetworks = 0.0.0.0/0\n" + text,
                 "after": text + "mynetworks = 127.0.0.0/8\n" + text}]
        hosts["mx%05d.site%d.example.com" % (number, number % 40)] = [
            samples.judged(samples.baseline(findings=found, diff=diff) if sick else samples.baseline("closed", changed=False))]
    return samples.report(hosts)


def in_chromium(path):
    """Return (seconds until the page can be used, seconds from a key to what it finds)."""
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        start = time.perf_counter()
        page.goto(path.as_uri())
        page.locator("#shown", has_text="hosts").wait_for()
        usable = time.perf_counter() - start
        start = time.perf_counter()
        page.get_by_label("Search").fill("mx00010")
        page.locator("#shown", has_text="1 of").wait_for()
        page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        found = time.perf_counter() - start
        browser.close()
    return usable, found


@pytest.mark.parametrize("count", COUNTS)
def test_report(count, tmp_path, capsys):
    document, told = fleet(count), []
    for name, form in outlet.FORMATS.items():
        render = importlib.import_module(PACKAGE + form.module).render
        options = dict(repository="/", layout="{host}/{path}") if name in ("junit", "sarif") else {}
        start = time.perf_counter()
        text = render(document, **options)
        spent = time.perf_counter() - start
        (tmp_path / form.file).write_text(text, encoding="utf-8")
        told.append("{0} {1:.2f} s {2:.0f} kB".format(name, spent, (tmp_path / form.file).stat().st_size / 1000))
    size = (tmp_path / "index.html").stat().st_size
    usable, found = in_chromium(tmp_path / "index.html") if CHROMIUM else (0, 0)
    with capsys.disabled():
        print("\n{0} hosts: {1}; the page is of use after {2:.2f} s, a search takes {3:.2f} s".format(count, ", ".join(told), usable, found))
    assert CHROMIUM, "NOT MEASURED: no Chromium here"
    assert spent < SECONDS and size < BYTES and usable < USABLE
