# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: run.py SHARE [SEED [MODULE...]]   How many of a SHARE of all mutants, or of those of MODULEs alone, do the tests kill?

Each mutant gets a process that is forked before a line of ours is loaded. Those that no test kills are written as diffs into
.build/mutation/survivors.diff, to be read one by one: a test is missing, or the mutant does the same (equivalent.txt names those).
"""

import difflib
import os
import pathlib
import random
import resource
import shutil
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
import mutants  # noqa: E402
from passing import Passing, record  # noqa: E402

BUILD = mutants.ROOT / ".build/mutation"
EQUIVALENT = HERE / "equivalent.txt"
MEGABYTES = 2048  # that a mutant may take
SECONDS = 300  # after which a mutant counts as killed: what does not end fails
READ = ("unit", "fuzz", "fixtures", "oracle/battery")  # folders of tests/ that hold the tests and what they import
TESTS = ("tests/unit", "tests/fuzz", "tests/tools/test_findings_page.py")


class _Chosen:
    """A plugin of pytest: the tests of *ids* alone, in that order."""

    def __init__(self, ids):
        self.places = {test: place for place, test in enumerate(ids)}

    def pytest_collection_modifyitems(self, items):
        items[:] = sorted((item for item in items if item.nodeid in self.places), key=lambda item: self.places[item.nodeid])


def _examine(mutant, tests):
    """In a process of its own: run the tests until one fails, and end with pytest's status."""
    silent = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(silent, descriptor)
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    mutants.Loader(mutant).install()
    with tempfile.TemporaryDirectory() as folder:
        files = sorted({str(mutants.ROOT / test.split("::")[0]) for test in tests})
        os._exit(pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--rootdir", str(mutants.ROOT), "--basetemp", folder + "/t", *files],
                             plugins=[_Chosen(tests)]))


def survives(mutant, tests):
    """Tell whether none of the *tests*, a list of ids, fails with *mutant* in place."""
    if not tests:
        return True
    child = os.fork()
    if child == 0:
        os.setpgid(0, 0)
        try:
            _examine(mutant, tests)
        finally:
            os._exit(1)
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended and os.WEXITSTATUS(status) == pytest.ExitCode.NO_TESTS_COLLECTED:
            raise RuntimeError("%s: none of its tests was found: %s" % (mutant, tests[:3]))
        if ended:
            return status == 0
        time.sleep(0.05)
    os.killpg(child, 9)
    os.waitpid(child, 0)
    return False


def passing_now():
    """Return the Passing of the code and the tests as they are. :raises RuntimeError: where a test fails without any mutant"""
    told = BUILD / "passing.json"
    changed = [file for folder in (mutants.SOURCES, *(mutants.ROOT / "tests" / name for name in READ)) for file in folder.rglob("*.py")
               if not told.exists() or file.stat().st_mtime > told.stat().st_mtime]
    tests = [file for tests in TESTS for file in [mutants.ROOT / tests, *(mutants.ROOT / tests).rglob("test_*.py")] if file in changed]
    if len(tests) < len(changed):  # not tests alone: what was known is void
        shutil.rmtree(BUILD, ignore_errors=True)
        tests = [mutants.ROOT / tests for tests in TESTS]
    if tests:
        BUILD.mkdir(parents=True, exist_ok=True)
        child = os.fork()
        if child == 0:
            record(BUILD, mutants.SOURCES, [str(one) for one in tests])
        if os.waitpid(child, 0)[1] != 0:
            raise RuntimeError("a test fails without any mutant")
    return Passing(BUILD)


def difference(mutant):
    """Return the mutant as a diff without context."""
    before = mutants.path(mutant).read_text(encoding="utf-8")
    return "".join(difflib.unified_diff(before.splitlines(True), mutants.source(mutant).splitlines(True), mutant.module + ".py", mutant.operator, n=0))


def main(share, seed=None, *modules):
    seed = seed or str(random.randrange(10 ** 9))
    everyone = mutants.every()
    known = mutants.named([line for line in EQUIVALENT.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")], everyone)
    everyone = [one for one in everyone if not modules or one.module in modules]
    chosen = random.Random(seed).sample(everyone, round(len(everyone) * float(share)))
    print("%d of %d mutants, seed %s" % (len(chosen), len(everyone), seed), flush=True)
    passing = passing_now()
    (BUILD / "survivors.diff").write_text("", encoding="ascii")
    counts, survivors = Counter(), []
    asked = [passing.tests(mutants.path(one), one.line) for one in chosen]
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for number, (mutant, alive) in enumerate(zip(chosen, pool.map(survives, chosen, asked)), 1):
            same = mutant in known
            counts[mutant.layer, "equivalent" if alive and same else "survived" if alive else "killed"] += 1
            if alive and not same:
                survivors.append("# %s %s %d\n%s" % (mutant.module, mutant.operator, mutant.occurrence, difference(mutant)))
                (BUILD / "survivors.diff").write_text("\n".join(survivors), encoding="utf-8")
            if number % 25 == 0:
                print(number, dict(counts), flush=True)
    for layer in mutants.LAYERS:
        killed, alive = counts[layer, "killed"], counts[layer, "survived"]
        if killed + alive:
            print("%-9s %4d killed, %3d survived, %2d equivalent: %.1f %%" % (
                layer, killed, alive, counts[layer, "equivalent"], 100.0 * killed / (killed + alive)))


if __name__ == "__main__":
    main(*sys.argv[1:])
