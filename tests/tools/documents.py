# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Build the documents into .build/docs/html: the pages of docs/, and the plugins' own documentation by antsibull-docs. A warning is a failure."""

import shutil
import subprocess
import sys

from host import BUILD, ROOT, environment, need

COLLECTION = "relaylock.postfix"
OUT = BUILD / "docs"
SOURCE = OUT / "source"
SETTINGS = ROOT / "tests/docs"
PAGES = ("*.md", "docs/*.md")


def lay_out():
    """The pages as they stand in the repository, and the index ahead of them."""
    shutil.rmtree(SOURCE, ignore_errors=True)
    for path in (path for pattern in PAGES for path in ROOT.glob(pattern)):
        copy = SOURCE / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    shutil.copy(SETTINGS / "index.md", SOURCE)
    # antsibull-docs writes into no folder that others may write into.
    (SOURCE / "collections").mkdir(mode=0o755)


def commands():
    """What is called, in order."""
    yield ["antsibull-docs", "--config-file", SETTINGS / "antsibull-docs.cfg", "collection", "--use-current", "--squash-hierarchy",
           "--fail-on-error", "--no-add-antsibull-docs-version", "--dest-dir", SOURCE / "collections", COLLECTION]
    yield ["sphinx-build", "-q", "-W", "--keep-going", "-c", SETTINGS, "-d", OUT / "doctrees", SOURCE, OUT / "html"]


def build():
    """(exit status, output) of the first command that fails, else of the last."""
    reason = need("graphviz")
    if reason:
        return 1, reason
    lay_out()
    output = ""
    for command in commands():
        answer = subprocess.run(command, cwd=ROOT, env=environment(NO_COLOR=1), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, check=False)
        output += answer.stdout
        if answer.returncode:
            return answer.returncode, output
    return 0, output


if __name__ == "__main__":
    status, told = build()
    print(told if status else "The documents: %s" % (OUT / "html/index.html"))
    sys.exit(status)
