# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which tests pass through a mutant's function, and how long each takes: no other can notice it, and the quick ones are asked first."""

import ast
import json
import os
import pathlib
import sys
import time
from collections import defaultdict

import coverage
import pytest


class _Watch:
    """A plugin of pytest: each test is a context of the coverage, and is timed."""

    def __init__(self, running):
        self.running, self.seconds = running, defaultdict(float)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item):
        self.running.switch_context(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report):
        self.seconds[report.nodeid] += report.duration


def record(folder, sources, tests):
    """Run *tests*, and add what they pass through to what *folder* holds for Passing. Ends the process, with pytest's status."""
    began = time.time()
    running = coverage.Coverage(data_file=str(folder / "passing.coverage"), source=[str(sources)], config_file=False)
    running.load()
    running.start()
    watch = _Watch(running)
    status = pytest.main(["-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests], plugins=[watch])
    running.stop()
    running.save()
    if status == pytest.ExitCode.OK:
        told = folder / "passing.json"
        told.write_text(json.dumps(dict(json.loads(told.read_text(encoding="ascii")) if told.exists() else {}, **watch.seconds)), encoding="ascii")
        os.utime(str(told), (began, began))  # what was changed since is unknown yet
    sys.stdout.flush()
    os._exit(status)


class Passing:
    """What record() found."""

    def __init__(self, folder):
        self.data = coverage.CoverageData(str(folder / "passing.coverage"))
        self.data.read()
        self.seconds = json.loads((folder / "passing.json").read_text(encoding="ascii"))
        self.known = {}

    def tests(self, path, line):
        """Return the ids of the tests that pass through the function around *line* of the file *path*, the quickest first.

        A line outside of functions is passed by all that pass through any function of the file; that of a file without functions by all.
        """
        if path not in self.known:
            self.known[path] = _functions(path), self.data.contexts_by_lineno(str(path))
        functions, contexts = self.known[path]
        around = [span for span in functions if line in span]
        lines = min(around, key=len) if around else [one for span in functions for one in span]
        found = {test for one in lines for test in contexts.get(one, ()) if test} if lines else self.seconds
        return sorted(found, key=self.seconds.__getitem__)


def _functions(path):
    tree = ast.parse(pathlib.Path(path).read_text(encoding="utf-8"))
    return [range(node.lineno, node.end_lineno + 1) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
