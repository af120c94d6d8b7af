# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The archive of the collection, and a user who has it installed: a home, a folder and an ansible-core of their own, no checkout near."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/tools"))
from releases import RELEASES, release  # noqa: E402


class User:
    """A user's ansible-core and what is installed for it.

    home, work: folders; collections: where the collections go
    """

    def __init__(self, folder, core):
        self.home, self.work, self.collections = (folder / name for name in ("home", "work", "collections"))
        for path in (self.home, self.work):
            path.mkdir()
        self.core, self.commands = core, core.folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "PYTHON"))}
        self.environment = dict(kept, HOME=str(self.home), PATH="%s:%s" % (core.folder, os.environ["PATH"]),
                                ANSIBLE_COLLECTIONS_PATH=str(self.collections), ANSIBLE_NOCOLOR="1")

    def run(self, command, *words, status=0, **variables):
        """What a command of Ansible says. Asserts its exit status."""
        answer = subprocess.run([self.commands / command, *map(str, words)], cwd=self.work, env=dict(self.environment, **variables), check=False,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert answer.returncode == status, answer.stdout
        return answer.stdout

    def install(self, archive):
        """Install an archive as README says, over whatever is there."""
        self.run("ansible-galaxy", "collection", "install", "--offline", "--force", "-p", self.collections, archive)

    def fleet(self):
        """Lay down copies of the configurations of a few hosts; returns the inventory's path."""
        shutil.copytree(ROOT / "examples/fleet", self.work / "fleet")
        names = sorted(path.name for path in (self.work / "fleet").iterdir())
        hosts = ["%s relay_baseline_config_directory=%s" % (name, self.work / "fleet" / name) for name in names]
        common = ["ansible_connection=local", "ansible_python_interpreter=" + str(self.commands / "python"), "relay_baseline_postfix_version=3.7",
                  "relay_baseline_activate=false"]
        inventory = self.work / "hosts.ini"
        inventory.write_text("\n".join(["[all]", *hosts, "[all:vars]", *common, ""]), encoding="utf-8")
        return inventory


def build(core, tree, folder):
    """The archive of the collection in *tree*, built into *folder*."""
    environment = dict(os.environ, ANSIBLE_HOME=str(folder / "home"))
    subprocess.run([core.folder / "ansible-galaxy", "collection", "build", "--output-path", folder], cwd=tree, env=environment, check=True,
                   capture_output=True)
    return next(folder.glob("*.tar.gz"))


@pytest.fixture(scope="session")
def core():
    """The newest ansible-core that is to be had here; the user has it, and nothing else."""
    reasons = []
    for name in reversed(RELEASES):
        found, reason = release(name)
        if found:
            return found
        reasons.append(reason)
    return pytest.skip("NOT TESTED: " + "; ".join(reasons))


@pytest.fixture
def user(core, tmp_path):
    return User(tmp_path, core)


@pytest.fixture(scope="session")
def archive(core, tmp_path_factory):
    """What `make build` builds."""
    return build(core, ROOT, tmp_path_factory.mktemp("built"))
