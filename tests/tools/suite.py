# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: suite.py PART...   Runs the parts named, prints what ran and why anything did not pass; status 1 if anything failed.

Parts joined by + run side by side: those that wait more than they work.
"""

import sys
import time
from concurrent.futures import ThreadPoolExecutor

import lint
import matrix
import pytest_part
import scenario
import unit
from host import BUILD
from record import FAILED, summary

PARTS = {
    "unit": unit.run,
    "lint": lint.run,
    "quick": lint.run_quick,
    "molecule": scenario.run,
    "oracle": pytest_part.run_oracle,
    "integration": pytest_part.run_integration,
    "report": pytest_part.run_report,
    "outside": pytest_part.run_outside,
    "slice": matrix.run_slice,
    "matrix": matrix.run_all,
    "bench": pytest_part.run_bench,
}


def _run(name):
    print("== %s" % name, flush=True)
    start = time.monotonic()
    cases = PARTS[name]()
    print("== %s: %.0f s" % (name, time.monotonic() - start), flush=True)
    return cases


def main(names):
    (BUILD / "results").mkdir(parents=True, exist_ok=True)
    cases = []
    for group in names:
        with ThreadPoolExecutor() as pool:
            cases += [case for found in pool.map(_run, group.split("+")) for case in found]
    print(summary(cases))
    return any(case.outcome == FAILED for case in cases)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
