# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The linters. They see a copy of what git knows of this tree, laid where Ansible looks for a collection of this name."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import ansible_test
import documents
import tree
from host import BUILD
from record import FAILED, PASSED, Case

# Name and command of each linter that is one test: it passes or it does not.
LINTERS = (
    ("ruff", ["ruff", "check", "--no-cache", "."]),
    ("mypy", ["mypy", "--cache-dir", "/dev/null"]),
    ("yamllint", ["yamllint", "--strict", "."]),
    ("antsibull-changelog", ["antsibull-changelog", "lint"]),
    ("antsibull-docs", ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "."]),
    ("argument specs", [sys.executable, "tests/tools/argument_specs.py"]),
    ("house rules", [sys.executable, "tests/tools/house_rules.py"]),
    ("ansible-lint", ["ansible-lint", "--offline", "--profile", "production"]),
)
QUICK = ("ruff", "mypy", "yamllint", "house rules")


def run():
    """All the cases of this part."""
    tree.lay()
    with ThreadPoolExecutor(max_workers=2) as pool:
        sanity = pool.submit(ansible_test.sanity, BUILD / "venv/bin", "lint, ansible-test sanity")
        jobs = [pool.submit(_linter, name, command) for name, command in LINTERS] + [pool.submit(_documents)]
        return [job.result() for job in jobs] + sanity.result()


def run_quick():
    """The cases of the linters that take seconds, for those who commit."""
    tree.lay()
    return [_linter(name, command) for name, command in LINTERS if name in QUICK]


def _linter(name, command):
    return _told(name, *tree.call(command))


def _documents():
    """The documents build without a warning. In .build/docs, where their reader looks for them."""
    start = time.monotonic()
    status, output = documents.build()
    print("lint, documents: %.0f s" % (time.monotonic() - start), flush=True)
    return _told("documents", status, output)


def _told(name, status, output):
    if status:
        print("-- %s\n%s" % (name, output), flush=True)
        return Case("lint", name, FAILED, "exit status %d" % status)
    print("lint, %s: passed" % name, flush=True)
    return Case("lint", name, PASSED)
