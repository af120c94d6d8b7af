# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cells of the matrix: ansible-core × Python of the managed node × Postfix. In each of them every module runs through Ansible.

The managed node is this machine, by way of ansible_python_interpreter. The Postfix of the cell is laid over this machine's own in a
mount namespace, where the modules find it as they find any: nobody else sees it, and it ends with the run.
"""

import functools
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from environments import OWN, node_python
from host import BUILD, ROOT, environment, need, pythons
from record import FAILED, PASSED, SKIPPED, Case, read_junit
from releases import MATRIX, RELEASES, release

sys.path.insert(0, str(ROOT / "tests/oracle"))
import oracle  # noqa: E402

POSTFIX = ("3.5", "3.7", "3.10", "newest")
PLAYBOOK = ROOT / "tests/matrix/cells.yml"
GROUP = "matrix, ansible-core %s"
NAME = "Python %s, Postfix %s"
UNSUPPORTED = "ansible-core %s does not support Python %s on managed nodes"
# What of an unpacked Postfix is laid over this machine's.
COMMANDS, FOLDERS = ("postconf", "postmap"), ("etc/postfix", "usr/lib/postfix")


@functools.lru_cache(maxsize=None)
def postfix(name):
    """(oracle.Postfix, None), or (None, why it is not to be had here)."""
    reason = need("postfix")
    if reason:
        return None, reason
    found = {one.version: one for one in oracle.installations()}
    version = max(found) if name == "newest" else tuple(int(number) for number in name.split("."))
    if version in found:
        return found[version], None
    return None, "no Postfix %s: %s" % (name, "; ".join(oracle.missing().values()) or "no package of a Debian release that can be reached")


def supporters(python):
    """The names of those ansible-cores that can be had here and support this Python on managed nodes, as they say."""
    found = {name: release(name)[0] for name in RELEASES}
    return [name for name, core in found.items() if core and python in core.nodes]


def run(name, postfix_name, versions):
    """The cells of one ansible-core, one Postfix and several Pythons, which run side by side: {(ansible-core, Postfix, Python): Case}."""
    group = GROUP % name
    core, no_core = release(name)
    server, no_server = postfix(postfix_name)
    reasons, nodes = {}, {}
    for version in versions:
        reason = no_core or no_server or _unsupported(core, version)
        if not reason:
            nodes[version], reason = node_python(version)
        if reason:
            reasons[version] = reason
    nodes = {version: path for version, path in nodes.items() if version not in reasons}
    cases = {version: Case(group, NAME % (version, postfix_name), SKIPPED, reason) for version, reason in reasons.items()}
    cases.update(_play(core, server, postfix_name, nodes) if nodes else {})
    return {(name, postfix_name, version): cases[version] for version in versions}


def _unsupported(core, version):
    if version not in core.nodes:
        return UNSUPPORTED % (core.name, version)
    return None if version == OWN or version in pythons() else "no Python %s on this machine" % version


def _play(core, server, postfix_name, nodes):
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="relaylock-matrix-") as scratch:
        inventory = Path(scratch) / "hosts.ini"
        inventory.write_text(_inventory(server, nodes), encoding="utf-8")
        command = [*_namespace(), "sh", "-ec", "%s\nexec \"$@\"" % _mounts(server), "sh", core.folder / "ansible-playbook", "-i", inventory, PLAYBOOK]
        answer = subprocess.run(command, cwd=ROOT, env=_environment(core, scratch), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        told = [case for path in Path(scratch).glob("junit/*.xml") for case in read_junit(path, "")]
    if answer.returncode:
        print("-- %s, Postfix %s\n%s%s" % (GROUP % core.name, postfix_name, answer.stdout, answer.stderr), flush=True)
    cases = {version: _case(GROUP % core.name, version, postfix_name, told, answer.returncode) for version in nodes}
    print("%s (%s on Python %s), Postfix %s (%s): %s in %.0f s" % (
        GROUP % core.name, core.version, core.python, postfix_name, server.label,
        ", ".join("%s %s" % (version, case.outcome) for version, case in cases.items()), time.monotonic() - began), flush=True)
    return cases


def _case(group, version, postfix_name, told, status):
    """A cell passed where every task of its host ran and passed, and its run with it."""
    mine = [case for case in told if "[%s] " % version in case.name]
    bad = [case for case in mine if case.outcome == FAILED]
    last = any("It was this Python and this Postfix" in case.name for case in mine)
    name = NAME % (version, postfix_name)
    if bad:
        return Case(group, name, FAILED, "%s: %s" % (re.sub(r"^.*?\[.*?\] ", "", bad[0].name), bad[0].reason))
    return Case(group, name, PASSED) if last else Case(group, name, FAILED, "the run ended before its last task (exit status %d)" % status)


def _inventory(server, nodes):
    lines = ["%s ansible_python_interpreter=%s" % (version, path) for version, path in nodes.items()]
    return "\n".join(["[all]", *lines, "[all:vars]", "ansible_connection=local", "postfix=" + server.label, ""])


def _environment(core, scratch):
    return environment(
        ANSIBLE_COLLECTIONS_PATH=BUILD, ANSIBLE_HOME=Path(scratch) / "home", ANSIBLE_ROLES_PATH=ROOT / "tests/integration/targets",
        ANSIBLE_CALLBACKS_ENABLED="ansible.builtin.junit", JUNIT_OUTPUT_DIR=Path(scratch) / "junit", JUNIT_HIDE_TASK_ARGUMENTS="true",
        ANSIBLE_FORKS=os.cpu_count() or 2, ANSIBLE_PIPELINING="true", ANSIBLE_NOCOLOR=1, ANSIBLE_DEPRECATION_WARNINGS="false", PYTHONDONTWRITEBYTECODE=1)


def _namespace():
    own = [] if os.geteuid() == 0 else ["--map-root-user"]
    return ["unshare", *own, "--mount", "--propagation", "private"]


def _mounts(server):
    """Shell text that lays a Postfix over this machine's own; nothing for the machine's own itself."""
    if not server.prefix:
        return ""
    stand_ins = _stand_ins(server)
    pairs = [(stand_ins / name, shutil.which(name, path="/usr/sbin:" + os.environ["PATH"])) for name in COMMANDS]
    pairs += [(Path(server.prefix) / folder, "/" + folder) for folder in FOLDERS]
    return "\n".join("mount --bind %s %s" % (shlex.quote(str(over)), shlex.quote(str(under))) for over, under in pairs)


def _stand_ins(server):
    """A folder with the commands of an unpacked Postfix, each started by the linker of its own release."""
    folder = MATRIX / "postfix" / server.label
    folder.mkdir(parents=True, exist_ok=True)
    for name in COMMANDS:
        if (folder / name).exists():  # a run may be at it
            continue
        words = [*server.loader, os.path.join(server.command_directory, name)]
        (folder / name).write_text("#!/bin/sh\nexec %s \"$@\"\n" % " ".join(map(shlex.quote, words)), encoding="utf-8")
        (folder / name).chmod(0o755)
    return folder

