# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts that are one pytest run on the contributor's Python: the oracle, the role on a running Postfix, the report, what is seen from
outside, the collection as it is installed, the benchmarks."""

import subprocess
import sys

from host import BUILD, ROOT, environment, need
from record import FAILED, Case, from_run

# What the real smtpd needs to be asked as a judge. No server is left running by it.
ORACLE_PACKAGES = ("postfix", "postfix-pcre", "postfix-lmdb")

# What it takes to start a mail server that nobody can reach and that ends with its test.
INTEGRATION_PACKAGES = ("postfix", "iproute2", "util-linux")

# A host that cannot be reached is one that ssh does not reach; the page is opened in a browser.
REPORT_PACKAGES = ("openssh-client", "chromium", "fonts-dejavu-core")

# The servers that are asked.
OUTSIDE_PACKAGES = ("postfix", "postfix-pcre", "postfix-lmdb", "rbldnsd", "iproute2", "util-linux", "openssl")


def run_oracle():
    """tests/oracle: the real Postfix of this machine says what the collection should have said. Half of the time it is waited for."""
    reason = need(*ORACLE_PACKAGES)
    if reason:
        return [Case("oracle", "packages", FAILED, reason)]
    return _run("oracle", "tests/oracle", "-n", "8", "--dist", "loadfile", "--no-loadscope-reorder")


def run_integration():
    """tests/integration: the role's way forward and back, with a Postfix that runs in namespaces of its own."""
    reason = need(*INTEGRATION_PACKAGES)
    if reason:
        return [Case("integration", "packages", FAILED, reason)]
    # They wait more than they work.
    return _run("integration", "tests/integration", "-n", "4")


def run_report():
    """tests/report: the callback drift_report and its formats, in documents and in real runs of ansible-playbook."""
    reason = need(*REPORT_PACKAGES)
    if reason:
        return [Case("report", "packages", FAILED, reason)]
    return _run("report", "tests/report", "-n", "2", "--dist", "loadfile")


def run_outside():
    """tests/outside: what is asked of real mail servers and blocklists on loopback or in namespaces of their own, and read in a real mail log."""
    reason = need(*OUTSIDE_PACKAGES)
    if reason:
        return [Case("outside", "packages", FAILED, reason)]
    return _run("outside", "tests/outside", "-n", "4", "--dist", "loadfile")


def run_install():
    """tests/install: the collection as its users get it, an archive, without this checkout."""
    return _run("install", "tests/install")


def run_bench():
    """tests/bench: what a run costs."""
    return _run("bench", "tests/bench", "-s")


def _run(group, folder, *options):
    junit = BUILD / "results" / (group + ".xml")
    junit.unlink(missing_ok=True)
    command = [sys.executable, "-m", "pytest", "-q", "--no-header", "--junitxml", junit, *options, folder]
    env = environment(HYPOTHESIS_STORAGE_DIRECTORY=BUILD / "hypothesis" / group)
    status = subprocess.run(command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL, check=False).returncode
    return from_run(status, junit, group)
