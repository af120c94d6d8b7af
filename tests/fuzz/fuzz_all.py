# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Usage: fuzz_all.py COUNT [READER...]   fuzz.py for each reader, one for each processor at a time; prints what each got through."""

import os
import pathlib
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / ".build"))
from readers import READERS  # noqa: E402

FUZZ = pathlib.Path(__file__).with_name("fuzz.py")
_STATISTIC = re.compile(r"^stat::(\w+):\s+(\d+)", re.MULTILINE)


def fuzz(name, count):
    """Return whether the reader got through, and print how."""
    start = time.monotonic()
    answer = subprocess.run([sys.executable, FUZZ, name, count], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    output = answer.stdout.decode(errors="replace")
    told = dict(_STATISTIC.findall(output))
    print("%-15s %8s inputs in %5.0f s, the slowest %s s, at most %s MB: %s" % (
        name, told.get("number_of_executed_units"), time.monotonic() - start, told.get("slowest_unit_time_sec"), told.get("peak_rss_mb"),
        "nothing found" if answer.returncode == 0 else "STOPPED\n" + output), flush=True)
    return answer.returncode == 0


def main(count, *names):
    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        return not all(list(pool.map(lambda name: fuzz(name, count), names or READERS)))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
