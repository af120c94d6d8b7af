# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Molecule scenarios: real hosts in containers, made open, remedied, asked from outside. Each is a folder of molecule/."""

import os
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor

from host import BUILD, ROOT, as_root, environment, need
from record import FAILED, PASSED, SKIPPED, Case, count, from_run

PACKAGES = ("podman", "runc", "netavark", "aardvark-dns", "conmon", "iptables", "mmdebstrap", "debian-archive-keyring", "rbldnsd")
RESULTS = BUILD / "results/molecule"
IMAGES = ROOT / "tests/containers/images.sh"
# More than there are processors: a scenario waits for its servers now and then.
AT_ONCE = (os.cpu_count() or 1) + 2


def run():
    """All the cases of this part: each scenario as a whole, and each check of its verifier."""
    names = sorted((path.parent.name for path in ROOT.glob("molecule/*/molecule.yml")), key=_servers, reverse=True)
    if not names:
        return [Case("molecule", "scenarios", FAILED, "there are none")]
    root = as_root()
    if root is None:
        return [Case("molecule", "scenarios", SKIPPED, "containers need root here: run as root, or let sudo work without a password")]
    reason = need(*PACKAGES) or _images(root)
    if reason:
        return [Case("molecule", "packages and images", FAILED, reason)]
    shutil.rmtree(RESULTS, ignore_errors=True)
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return [case for cases in pool.map(lambda name: _scenario(root, name, "molecule, " + name), names) for case in cases]


def run_default(suite=None):
    """Scenario default alone. suite: of Debian, whose Postfix those servers shall have that have trixie's otherwise."""
    group, root = "molecule, default" + (" with " + suite if suite else ""), as_root()
    if root is None:
        return [Case(group, "scenario", SKIPPED, "containers need root here: run as root, or let sudo work without a password")]
    reason = need(*PACKAGES)
    if reason:
        return [Case(group, "packages", FAILED, reason)]
    shutil.rmtree(RESULTS / _folder(group), ignore_errors=True)
    if suite is None:
        return _scenario(root, "default", group)
    answer = subprocess.run([*root, IMAGES, suite], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False)
    if answer.returncode:
        return [Case(group, "image", FAILED, "images.sh: exit status %d" % answer.returncode)]
    return _scenario(root, "default", group, RELAYLOCK_IMAGE_TRIXIE=answer.stdout.split()[1])


def _servers(name):
    """How many servers a scenario has: the longest goes first."""
    return len(list((ROOT / "molecule" / name).glob("hosts/*/main.cf")))


def _images(root):
    """Make the images that are not there yet, once for all scenarios; the reason why that failed, or None."""
    status = subprocess.run([*root, IMAGES], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=False).returncode
    return "images.sh: exit status %d" % status if status else None


def _folder(group):
    return group.split(", ")[1].replace(" ", "-")


def _scenario(root, name, group, **variables):
    """The cases of one scenario. Its log, with every SMTP dialogue, stays beside its JUnit files, and is shown if it failed."""
    results = RESULTS / _folder(group)
    results.mkdir(parents=True)
    # The verifier runs pytest once for each stage of the story; the plugin gives each run a file of its own.
    env = environment(PYTEST_ADDOPTS="-p junit_per_run", PYTHONPATH=ROOT / "tests/tools", JUNIT_FOLDER=results, NO_COLOR=1, **variables)
    began = time.monotonic()
    with open(results / "log.txt", "w") as log:
        status = subprocess.run(
            [*root, "molecule", "test", "--scenario-name", name], cwd=ROOT, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT, check=False
        ).returncode
    cases = from_run(status, results, group)
    if status:
        print("-- %s\n%s" % (group, (results / "log.txt").read_text()), flush=True)
    else:
        cases.append(Case(group, "molecule test", PASSED))
    print("%s: %s in %.0f s" % (group, count(cases), time.monotonic() - began), flush=True)
    return cases
