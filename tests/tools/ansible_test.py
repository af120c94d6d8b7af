# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""ansible-test of any ansible-core, without containers: sanity, the unit tests, and the integration targets. It works in the copy that tree.lay() laid.

commands: the folder of an ansible-core's commands, such as .build/venv/bin.
"""

import json
import os
import re
import shutil
from pathlib import Path

import tree
from host import BUILD, ROOT, environment
from record import FAILED, PASSED, Case, count, from_run

HOME = BUILD / "lint/home"

# What sanity sees: what a user installs, and the targets. Its rules are those of such content; the other tests answer to ruff.
SHIPPED = ("changelogs/", "meta/", "playbooks/", "plugins/", "roles/", "tests/integration/targets/")
TARGETS = Path("tests/integration/targets")


def sanity(commands, group):
    """ansible-test sanity, one case for each of its tests."""
    _stand_in_for_get_pip(commands)
    results = tree.TREE / "tests/output/junit"
    shutil.rmtree(results, ignore_errors=True)
    status, output = _call(commands, "sanity", "--venv", "--junit", *SHIPPED)
    cases = from_run(status, results, group)
    if status:
        told = [line for line in output.split("\n") if line.startswith(("ERROR", "FATAL"))]
        print("\n".join(["-- " + group, *(told or [output])]), flush=True)
    print("%s: %s" % (group, count(cases)), flush=True)
    return cases


def units(commands, version, group, *paths):
    """ansible-test units, one case for each unit test of *paths*, or of all. version: of the Python that has this ansible-core, pytest and Hypothesis."""
    results = tree.TREE / "tests/output/junit"
    shutil.rmtree(results, ignore_errors=True)
    status, output = _call(commands, "units", "--python", version, *paths)
    cases = from_run(status, results, group)
    if status:
        print("-- %s\n%s" % (group, output), flush=True)
    print("%s: %s" % (group, count(cases)), flush=True)
    return cases


def targets():
    """The names of all integration targets that are run, not used by others."""
    return sorted(path.parent.name for path in (ROOT / TARGETS).glob("*/aliases") if "hidden" not in path.read_text(encoding="utf-8").split())


def integration(commands, version, interpreter, names, group):
    """ansible-test integration on this machine itself, one case for each target named.

    version, interpreter: of the Python that the modules run on; it has dnspython
    """
    results = tree.TREE / "tests/output/data"
    shutil.rmtree(results, ignore_errors=True)
    status, output = _call(commands, "integration", "--continue-on-error", "--target", "controller:python=%s@%s" % (version, interpreter), *names)
    ran = [name for path in results.glob("integration-*.json") for name in json.loads(path.read_text(encoding="utf-8"))["targets"]]
    cases = [Case(group, name, *((PASSED,) if name in ran else (FAILED, "see the output above"))) for name in names]
    if status:
        print("-- %s\n%s" % (group, output), flush=True)
        if all(case.outcome == PASSED for case in cases):
            cases.append(Case(group, "run", FAILED, "exit status %d although no target failed" % status))
    print("%s: %s" % (group, count(cases)), flush=True)
    return cases


def _call(commands, *words):
    path = os.pathsep.join([str(commands), environment()["PATH"]])
    return tree.call([commands / "ansible-test", *words, "--color", "no"], HOME=HOME, PATH=path)


def _stand_in_for_get_pip(commands):
    """Give ansible-test's cache the bootstrap scripts for pip that it would fetch from a site of its own, one for each version it names."""
    source = next(commands.parent.glob("lib/python3*/site-packages/ansible_test/_internal/python_requirements.py"))
    cache = HOME / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", source.read_text(encoding="utf-8")):
        shutil.copy(ROOT / "tests/tools/get_pip.py", cache / ("get_pip_%s.py" % version.replace(".", "_")))
    # The home is another, the package index that its owner set up stays.
    for name in (".pip", ".config/pip"):
        if (Path.home() / name).exists() and not (HOME / name).exists():
            (HOME / name).parent.mkdir(parents=True, exist_ok=True)
            (HOME / name).symlink_to(Path.home() / name)
