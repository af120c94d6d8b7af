# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages in Debian's Chromium, one browser for all tests."""

import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report.formats import as_html

CHROMIUM = os.environ.get("RELAYLOCK_CHROMIUM", "/usr/bin/chromium")
LONGEST_MS = 120000  # a busy machine is no failure


@pytest.fixture(scope="session")
def browser():
    """Chromium, without a window."""
    if not os.access(CHROMIUM, os.X_OK):
        pytest.skip("{0} is missing: apt-get install --no-install-recommends chromium, or name another by RELAYLOCK_CHROMIUM".format(CHROMIUM))
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"], timeout=LONGEST_MS)
        yield found
        found.close()


class Opened:
    """A page, and what it did that no page of ours does: errors, and requests for anything but itself."""

    def __init__(self, page, address):
        self.page, self.wrong = page, []
        page.set_default_timeout(LONGEST_MS)
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("dialog", lambda dialog: self.wrong.append(dialog.message))
        page.on("request", lambda request: request.url.startswith(("file:" + address.path, "data:,")) or self.wrong.append(request.url))
        page.goto(address.url)


class Address:
    """Where a page is."""

    def __init__(self, path, tail):
        self.path = path.as_uri()[len("file:"):]
        self.url = path.as_uri() + tail


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    """Where pages are kept, by the name of what made them."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture
def opened(browser, folder):
    """A function that opens the page of a document; when the test ends, nothing may have gone wrong on any."""
    contexts, pages = [], []

    def opening(make, tail="", width=1280, height=900, **options):
        path = folder / (make.__name__ + ".html")
        if not path.exists():
            path.write_text(as_html.render(make()), encoding="utf-8")
        contexts.append(browser.new_context(viewport={"width": width, "height": height}, **options))
        pages.append(Opened(contexts[-1].new_page(), Address(path, tail)))
        return pages[-1].page
    yield opening
    for context in contexts:
        context.close()
    assert [wrong for page in pages for wrong in page.wrong] == []
