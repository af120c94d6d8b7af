# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit tests: all of them on the contributor's Python, those of the pure layers on every Python of a managed node.

What asks the system rather than the language (SYSTEM) runs on the oldest and the newest Python, in a group of its own.
"""

import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from environments import OWN, node_python
from host import BUILD, PYTHONS, ROOT, environment, pythons
from record import FAILED, PASSED, SKIPPED, Case, count, from_run

GROUP = "unit, Python %s"
SYSTEM_GROUP = "unit of the system, Python %s"

# The first three start a process for each of hundreds of cases, and strace(1) or Postfix gives the answer; the last three judge and plan
# thousands of configurations. A Python more would only repeat it.
SYSTEM = ("test_commit_killed.py", "test_commit_killed_pending.py", "test_parameter_kinds.py", "test_battery.py", "test_recorded.py",
          "test_verdicts.py")

# A test file that speaks to Ansible itself needs ansible-core, which no managed node has; plugin_utils need the controller's Python.
_NEEDS_ANSIBLE = re.compile(r"^\s*(from|import) ansible(\.|\s)|\bplugins\.modules\b|\bplugin_utils\b", re.MULTILINE)


def run():
    """All the cases of this part. Two interpreters at a time, the longest jobs first: the tests are as busy as the processor."""
    tests = sorted((ROOT / "tests/unit").rglob("test_*.py"))
    system = [path for path in tests if path.name in SYSTEM]
    if len(system) != len(SYSTEM):
        return [Case("unit", "tests/unit", FAILED, "not all of these are there: %s" % ", ".join(SYSTEM))]
    others = [path for path in tests if path not in system]
    pure = [path for path in others if not _NEEDS_ANSIBLE.search(path.read_text(encoding="utf-8"))]
    found = [version for version in PYTHONS if version == OWN or version in pythons()]
    ends = sorted({found[0], found[-1]}, key=found.index)
    print("unit: %s on the Pythons %s" % (", ".join(SYSTEM), " and ".join(ends)), flush=True)
    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(_on_python, version, system, SYSTEM_GROUP) for version in ends]
        jobs.append(pool.submit(_on_python, OWN, [*others, ROOT / "tests/fuzz", ROOT / "tests/tools"], GROUP))
        jobs += [pool.submit(_on_python, version, pure, GROUP) for version in PYTHONS if version != OWN]
        return [case for job in jobs for case in job.result()]


def _on_python(version, tests, group):
    group = group % version
    if version == OWN:
        python, reason = sys.executable, None
    elif version in pythons():
        python, reason = node_python(version)
    else:
        return [Case(group, "all", SKIPPED, "no Python %s on this machine" % version)]
    if reason:
        return [Case(group, "environment", FAILED, reason)]
    return _compile(python, group) + _pytest(python, group, tests)


def _compile(python, group):
    """Every plugin must at least be readable for this Python, those that the pure tests do not import too."""
    code = "import sys; [compile(open(path, 'rb').read(), path, 'exec') for path in sys.argv[1:]]"
    paths = [path.relative_to(ROOT) for kind in ("modules", "module_utils") for path in (ROOT / "plugins" / kind).rglob("*.py")]
    answer = subprocess.run([python, "-W", "error", "-c", code, *paths], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        print(answer.stderr)
        return [Case(group, "compile plugins", FAILED, answer.stderr.strip().split("\n")[-1])]
    return [Case(group, "compile plugins", PASSED)]


def _pytest(python, group, tests):
    name = re.sub(r"\W+", "-", group)
    junit = BUILD / "results" / (name + ".xml")
    junit.unlink(missing_ok=True)
    command = [python, "-m", "pytest", "-q", "--no-header", "--junitxml", junit, "-o", "cache_dir=.build/pytest_cache/%s" % name]
    env = environment(HYPOTHESIS_STORAGE_DIRECTORY=BUILD / "hypothesis" / name, PYTHONDONTWRITEBYTECODE=1)
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    start = time.monotonic()
    answer = subprocess.run([*command, *tests], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False, **output)
    cases = from_run(answer.returncode, junit, group)
    if answer.returncode:
        print(answer.stdout, flush=True)
    print("%s: %s, %.0f s" % (group, count(cases), time.monotonic() - start), flush=True)
    return cases
