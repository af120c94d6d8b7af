# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The copy that the linters and ansible-test see: what git knows of this tree, laid where Ansible looks for a collection of this name."""

import os
import shutil
import subprocess
from pathlib import Path

from host import BUILD, ROOT, environment

TREE = BUILD / "lint/ansible_collections/relaylock/postfix"


def listed():
    """The files of the tree that git knows or would take, as paths relative to it."""
    answer = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, capture_output=True, check=True)
    paths = {Path(os.fsdecode(name)) for name in answer.stdout.split(b"\0") if name}
    return {path for path in paths if os.path.lexists(ROOT / path)}


def lay():
    """Bring the copy up to date; what a linter keeps there between runs (.ansible, tests/output) stays."""
    wanted = listed()
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


def call(command, **changes):
    """Run a command in the copy: (exit status, all that it said)."""
    env = environment(ANSIBLE_COLLECTIONS_PATH=BUILD / "lint", PYTHONDONTWRITEBYTECODE=1, NO_COLOR=1)
    answer = subprocess.run(
        command, cwd=TREE, env={**env, **{name: str(value) for name, value in changes.items()}}, stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
    )
    return answer.returncode, answer.stdout
