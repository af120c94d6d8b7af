# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Virtual environments below .build, each made at first use and again when its contents change."""

import hashlib
import shutil
import subprocess
import sys
from collections import defaultdict
from threading import Lock

from host import BUILD, ROOT, pythons

NODE_REQUIREMENTS = ROOT / "tests/requirements-pure.txt"
OWN = "%d.%d" % sys.version_info[:2]

# The pip that Python 3.6 brings along takes packages that are too new for it.
OLD_PIP = "pip >= 21, < 22; python_version < '3.7'"

_MAKING = defaultdict(Lock)  # by folder: two jobs may want the same environment


def made(folder, python, *installs):
    """(the environment's interpreter, None), or (None, why there is none).

    installs: what pip is told to install, one list of words a call; a Path among the words is a file that counts with its contents
    """
    with _MAKING[folder]:
        interpreter, stamp = folder / "bin/python", folder / "made-from"
        made_from = _fingerprint(python, installs)
        if stamp.exists() and stamp.read_text() == made_from:
            return interpreter, None
        shutil.rmtree(folder, ignore_errors=True)
        pip = [interpreter, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
        for command in ([python, "-m", "venv", folder], *([*pip, *words] for words in installs)):
            answer = subprocess.run(command, capture_output=True, text=True, check=False)
            if answer.returncode:
                return None, (answer.stderr or answer.stdout).strip().split("\n")[-1]
        stamp.write_text(made_from)
        return interpreter, None


def _fingerprint(python, installs):
    words = [word for words in installs for word in words]
    contents = b"".join(path.read_bytes() for path in words if hasattr(path, "read_bytes"))
    return hashlib.sha256(contents + repr((str(python), [str(word) for word in words])).encode()).hexdigest()


def node_python(version):
    """The interpreter of a managed node's Python, with what its tests need: (path, None), or (None, why there is none)."""
    return made(BUILD / "python" / version, sys.executable if version == OWN else pythons()[version], [OLD_PIP], ["-r", NODE_REQUIREMENTS])
