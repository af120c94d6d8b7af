# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The linters. They see a copy of what git knows of this tree, laid where Ansible looks for a collection of this name."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import documents
from host import BUILD, ROOT, environment
from record import FAILED, PASSED, Case, count, from_run

TREE = BUILD / "lint/ansible_collections/relaylock/postfix"
HOME = BUILD / "lint/home"

# What ansible-test sees: what a user installs. Its rules are those of such content; the tests answer to ruff.
SHIPPED = ("changelogs/", "meta/", "playbooks/", "plugins/", "roles/")

# Name and command of each linter that is one test: it passes or it does not.
LINTERS = (
    ("ruff", ["ruff", "check", "--no-cache", "."]),
    ("yamllint", ["yamllint", "--strict", "."]),
    ("antsibull-changelog", ["antsibull-changelog", "lint"]),
    ("antsibull-docs", ["antsibull-docs", "lint-collection-docs", "--plugin-docs", "."]),
    ("argument specs", [sys.executable, "tests/tools/argument_specs.py"]),
    ("house rules", [sys.executable, "tests/tools/house_rules.py"]),
    ("ansible-lint", ["ansible-lint", "--offline", "--profile", "production"]),
)
QUICK = ("ruff", "yamllint", "house rules")


def run():
    """All the cases of this part."""
    _lay_tree()
    with ThreadPoolExecutor(max_workers=2) as pool:
        sanity = pool.submit(_ansible_test)
        jobs = [pool.submit(_linter, name, command) for name, command in LINTERS] + [pool.submit(_documents)]
        return [job.result() for job in jobs] + sanity.result()


def run_quick():
    """The cases of the linters that take seconds, for those who commit."""
    _lay_tree()
    return [_linter(name, command) for name, command in LINTERS if name in QUICK]


def _lay_tree():
    """Bring the copy up to date; what a linter keeps there between runs (.ansible, tests/output) stays."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True
    ).stdout
    wanted = {Path(os.fsdecode(name)) for name in listed.split(b"\0") if name}
    wanted = {path for path in wanted if os.path.lexists(ROOT / path)}
    for path in wanted:
        (TREE / path).parent.mkdir(parents=True, exist_ok=True)
        (TREE / path).unlink(missing_ok=True)
        shutil.copy2(ROOT / path, TREE / path, follow_symlinks=False)
    # A repository of its own: else the tools find the one around it, which ignores this folder, and lint nothing.
    subprocess.run(["git", "init", "-q", TREE], check=True)
    kept = (Path(".git"), Path(".ansible"), Path("tests/output"))
    for folder, folders, files in os.walk(TREE):
        here = Path(folder).relative_to(TREE)
        folders[:] = [name for name in folders if here / name not in kept]
        for name in files:
            if here / name not in wanted:
                (TREE / here / name).unlink()


def _call(command, **changes):
    env = environment(ANSIBLE_COLLECTIONS_PATH=BUILD / "lint", PYTHONDONTWRITEBYTECODE=1, NO_COLOR=1, **changes)
    answer = subprocess.run(
        command, cwd=TREE, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    return answer.returncode, answer.stdout


def _linter(name, command):
    return _told(name, *_call(command))


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


def _ansible_test():
    """ansible-test sanity, one case for each of its tests."""
    group = "lint, ansible-test sanity"
    _stand_in_for_get_pip()
    results = TREE / "tests/output/junit"
    shutil.rmtree(results, ignore_errors=True)
    status, output = _call(["ansible-test", "sanity", "--venv", "--junit", "--color", "no", *SHIPPED], HOME=HOME)
    files = sorted(results.glob("*.xml")) if results.exists() else []
    cases = [case for path in files for case in from_run(0, path, group)]
    if status:
        told = [line for line in output.split("\n") if line.startswith(("ERROR", "FATAL"))]
        print("\n".join(["-- ansible-test sanity", *(told or [output])]), flush=True)
    cases = cases or from_run(status, results / "none", group)
    print("%s: %s" % (group, count(cases)), flush=True)
    return cases


def _stand_in_for_get_pip():
    """Give ansible-test's cache the bootstrap scripts for pip that it would fetch from a site of its own, one for each version it names."""
    spec = importlib.util.find_spec("ansible_test")
    source = Path(spec.submodule_search_locations[0]) / "_internal/python_requirements.py"
    cache = HOME / ".ansible/test/cache"
    cache.mkdir(parents=True, exist_ok=True)
    for version in re.findall(r"\bpip='([\d.]+)'", source.read_text(encoding="utf-8")):
        shutil.copy(ROOT / "tests/tools/get_pip.py", cache / ("get_pip_%s.py" % version.replace(".", "_")))
    # The home is another, the package index that its owner set up stays.
    for name in (".pip", ".config/pip"):
        if (Path.home() / name).exists() and not (HOME / name).exists():
            (HOME / name).parent.mkdir(parents=True, exist_ok=True)
            (HOME / name).symlink_to(Path.home() / name)
