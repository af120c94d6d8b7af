# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The unit tests: all of them on the contributor's Python, those of the pure layers on every Python of a managed node."""

import hashlib
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

from host import BUILD, PYTHONS, ROOT, environment, pythons
from record import FAILED, PASSED, SKIPPED, Case, count, from_run

GROUP = "unit, Python %s"
REQUIREMENTS = ROOT / "tests/requirements-pure.txt"
OWN = "%d.%d" % sys.version_info[:2]

# The pip that Python 3.6 brings along takes packages that are too new for it.
OLD_PIP = "pip >= 21, < 22; python_version < '3.7'"

# A test file that speaks to Ansible itself needs ansible-core, which no managed node has.
_NEEDS_ANSIBLE = re.compile(r"^\s*(from|import) ansible(\.|\s)|\bplugins\.modules\b", re.MULTILINE)


def run():
    """All the cases of this part. Two interpreters at a time: the tests are as busy as the processor."""
    tests = sorted((ROOT / "tests/unit").rglob("test_*.py"))
    if not tests:
        return [Case("unit", "tests/unit", FAILED, "no test file there")]
    pure = [path for path in tests if not _NEEDS_ANSIBLE.search(path.read_text(encoding="utf-8"))]
    with ThreadPoolExecutor(max_workers=2) as pool:
        jobs = [pool.submit(_on_own_python, [*tests, ROOT / "tests/tools"])]
        jobs += [pool.submit(_on_other_python, version, pure) for version in PYTHONS if version != OWN]
        return [case for job in jobs for case in job.result()]


def _on_own_python(tests):
    return _compile(sys.executable, OWN) + _pytest(sys.executable, OWN, tests)


def _on_other_python(version, tests):
    if version not in pythons():
        return [Case(GROUP % version, "all", SKIPPED, "no Python %s on this machine" % version)]
    python, reason = _environment(version)
    if reason:
        return [Case(GROUP % version, "environment", FAILED, reason)]
    return _compile(python, version) + _pytest(python, version, tests)


def _environment(version):
    """The interpreter of this version's own virtual environment, made at first use and again when its contents change."""
    folder = BUILD / "python" / version
    python = folder / "bin/python"
    stamp = folder / "made-from"
    made_from = hashlib.sha256(REQUIREMENTS.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == made_from:
        return python, None
    shutil.rmtree(folder, ignore_errors=True)
    pip = [python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
    for command in (
        [pythons()[version], "-m", "venv", folder],
        [*pip, OLD_PIP],
        [*pip, "-r", REQUIREMENTS],
    ):
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
        if answer.returncode:
            return None, (answer.stderr or answer.stdout).strip().split("\n")[-1]
    stamp.write_text(made_from)
    return python, None


def _compile(python, version):
    """Every plugin must at least be readable for this Python, those that the pure tests do not import too."""
    group = GROUP % version
    code = "import sys; [compile(open(path, 'rb').read(), path, 'exec') for path in sys.argv[1:]]"
    paths = [path.relative_to(ROOT) for kind in ("modules", "module_utils") for path in (ROOT / "plugins" / kind).rglob("*.py")]
    answer = subprocess.run([python, "-W", "error", "-c", code, *paths], cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        print(answer.stderr)
        return [Case(group, "compile plugins", FAILED, answer.stderr.strip().split("\n")[-1])]
    return [Case(group, "compile plugins", PASSED)]


def _pytest(python, version, tests):
    junit = BUILD / "results" / ("unit-%s.xml" % version)
    junit.unlink(missing_ok=True)
    command = [python, "-m", "pytest", "-q", "--no-header", "--junitxml", junit, "-o", "cache_dir=.build/pytest_cache/%s" % version]
    env = environment(HYPOTHESIS_STORAGE_DIRECTORY=BUILD / "hypothesis" / version, PYTHONDONTWRITEBYTECODE=1)
    output = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    answer = subprocess.run([*command, *tests], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False, **output)
    cases = from_run(answer.returncode, junit, GROUP % version)
    if answer.returncode:
        print(answer.stdout, flush=True)
    print("unit, Python %s: %s" % (version, count(cases)), flush=True)
    return cases
