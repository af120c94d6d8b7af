# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Molecule scenario: real hosts in containers, made open, remedied, asked from outside."""

import shutil
import subprocess

from host import BUILD, ROOT, as_root, environment, need
from record import FAILED, PASSED, SKIPPED, Case, from_run

PACKAGES = ("podman", "runc", "netavark", "aardvark-dns", "conmon", "iptables", "mmdebstrap", "debian-archive-keyring")
SCENARIO = "molecule/default/molecule.yml"


def run():
    """All the cases of this part: the scenario as a whole, and each check of its verifier."""
    if not (ROOT / SCENARIO).exists():
        return [Case("molecule", SCENARIO, FAILED, "the scenario is missing")]
    root = as_root()
    if root is None:
        return [Case("molecule", "default", SKIPPED, "containers need root here: run as root, or let sudo work without a password")]
    reason = need(*PACKAGES)
    if reason:
        return [Case("molecule", "packages", FAILED, reason)]
    return _molecule(root)


def _molecule(root):
    results = BUILD / "results/molecule"
    shutil.rmtree(results, ignore_errors=True)
    results.mkdir(parents=True)
    # The verifier runs pytest once for each stage of the story; the plugin gives each run a file of its own.
    env = environment(PYTEST_ADDOPTS="-p junit_per_run", PYTHONPATH=ROOT / "tests/tools", JUNIT_FOLDER=results)
    command = [*root, "molecule", "test", "--scenario-name", "default"]
    status = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    scenario = Case("molecule", "default", FAILED, "exit status %d" % status) if status else Case("molecule", "default", PASSED)
    cases = [case for path in sorted(results.glob("*.xml")) for case in from_run(0, path, "molecule, verifier")]
    return [scenario, *(cases or from_run(status, results / "none", "molecule, verifier"))]
