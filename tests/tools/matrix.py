# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The matrix: every ansible-core × every Python of managed nodes × every Postfix. `make test` runs a slice of it, `make matrix` all."""

import os
from concurrent.futures import ThreadPoolExecutor

import ansible_test
import cells
import matrix_document
import pytest_part
import scenario
import tree
from environments import OWN, node_python
from host import BUILD, PYTHONS
from record import FAILED, Case
from releases import RELEASES, release

GROUP = "matrix, ansible-test %s of ansible-core %s"
TRIED = ("relay_info",)  # of the targets, that ansible-test runs them; each cell has run all
TRIED_UNITS = ("tests/unit/test_modules.py",)  # of the unit tests, likewise; `make unit` runs all
AT_ONCE = os.cpu_count() or 2


def run_slice():
    """Each value of each axis once; the collection installed as users do; an integration target and some unit tests by ansible-test."""
    tree.lay()
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        install = pool.submit(pytest_part.run_install)
        targets = pool.submit(_targets, BUILD / "venv/bin", "matrix, ansible-test integration", OWN, TRIED)
        units = pool.submit(ansible_test.units, BUILD / "venv/bin", OWN, "matrix, ansible-test units", *TRIED_UNITS)
        found = _cells(chosen({version: cells.supporters(version) for version in PYTHONS}))
        return [*found.values(), *targets.result(), *units.result(), *install.result()]


def run_all():
    """Every cell; sanity, the unit tests and the integration targets by every ansible-core; the role in containers of every Postfix. Writes docs/matrix.md."""
    found = _cells({(name, server): PYTHONS for name in RELEASES for server in cells.POSTFIX})
    tree.lay()
    others = {}
    for name in RELEASES:
        core, reason = release(name)
        if not reason:  # else the cells say so
            others["`ansible-test sanity` of ansible-core " + name] = ansible_test.sanity(core.folder, GROUP % ("sanity", name))
            others["`ansible-test units` of ansible-core " + name] = ansible_test.units(core.folder, core.python, GROUP % ("units", name))
            others["the integration targets by ansible-core " + name] = _targets(
                core.folder, GROUP % ("integration", name), core.python, ansible_test.targets())
    others["the role in containers with Postfix 3.5, 3.7 and 3.10"] = scenario.run_default()
    others["the role in containers with the newest Postfix in place of 3.10"] = scenario.run_default("sid")
    print(matrix_document.write(found, others), flush=True)
    return [*found.values(), *(case for cases in others.values() for case in cases)]


def _cells(wanted):
    """{(ansible-core, Postfix, Python): Case} for {(ansible-core, Postfix): Pythons}; as many runs at a time as there are processors."""
    for server in cells.POSTFIX:
        cells.postfix(server)  # ahead of the runs, which are not to unpack the same one twice
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        jobs = [pool.submit(cells.run, name, server, versions) for (name, server), versions in wanted.items() if versions]
        return {key: case for job in jobs for key, case in job.result().items()}


def _targets(commands, group, version, names):
    interpreter, reason = node_python(version)
    return [Case(group, "environment", FAILED, reason)] if reason else ansible_test.integration(commands, version, interpreter, names, group)


def chosen(able):
    """Cells that touch each value of each axis: a Python goes to that ansible-core of those able to it which has the fewest so far.

    able: {Python: names of ansible-cores that support it}. One that none supports goes to any, which says why it cannot be run.
    """
    taken = {name: [] for name in RELEASES}
    for version, names in able.items():
        min((taken[name] for name in names or RELEASES), key=len).append(version)
    return {(name, server): tuple(versions) for (name, versions), server in zip(taken.items(), cells.POSTFIX)}
