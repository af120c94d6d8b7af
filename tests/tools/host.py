# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The machine that the suite runs on: its Pythons, its packages, its root."""

import functools
import os
import re
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / ".build"

# The Pythons of managed nodes that the collection promises to run on.
PYTHONS = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13")

_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"


@functools.lru_cache(maxsize=None)
def pythons():
    """{version: path} of the interpreters found in PATH and among pyenv's; one that cannot start is none."""
    folders = [Path(folder) for folder in _path()]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")
    folders += sorted(pyenv.glob("versions/*/bin"))
    found = {}
    for folder in folders:
        for path in sorted(folder.glob("python3*")):
            name = re.fullmatch(r"python(3\.\d+)", path.name)
            if name and name[1] not in found and _runs(path, name[1]):
                found[name[1]] = path
    return found


def _path():
    # A shim of pyenv's is there for every version and exits with 127 for those that are not selected.
    return [folder for folder in os.environ.get("PATH", "").split(os.pathsep) if folder and Path(folder).parts[-2:] != (".pyenv", "shims")]


def _runs(path, version):
    try:
        answer = subprocess.run([path, "-c", _VERSION], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return answer.stdout.strip() == version


def environment(**changes):
    """The environment for a tool: this virtual environment, and the real interpreters in place of shims, which a tool finds and cannot run."""
    folders = [str(BUILD / "venv" / "bin"), *(str(path.parent) for path in pythons().values() if ".pyenv" in path.parts)]
    return {**os.environ, "PATH": os.pathsep.join(folders + _path()), **{name: str(value) for name, value in changes.items()}}


def need(*packages):
    """Install Debian packages where they are missing; the reason why that failed, or None."""
    answer = subprocess.run(["sh", ROOT / "tests/tools/need.sh", *packages], stderr=subprocess.PIPE, text=True, check=False)
    return answer.stderr.strip().split("\n")[-1] if answer.returncode else None


def as_root():
    """The words to put before a command that needs root ([] for root itself), or None where there is no way."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0:
        return ["sudo", "-n", "--preserve-env", "env", "PATH=" + environment()["PATH"]]
    return None
