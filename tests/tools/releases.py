# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The releases of ansible-core that the collection is tried with, each in an environment of its own below .build/matrix."""

import functools
import json
import subprocess
from typing import NamedTuple

from environments import NODE_REQUIREMENTS, made
from host import BUILD, pythons

MATRIX = BUILD / "matrix"

# What pip is told, and the Pythons that such a release starts on, the best first. The newest release is not held to a number: it is
# named by what is not older, so that a Python which the newest does not support brings none in its place.
RELEASES = {
    "2.16": ("ansible-core == 2.16.*", ("3.12", "3.11", "3.10")),
    "2.18": ("ansible-core == 2.18.*", ("3.13", "3.12", "3.11")),
    "2.19": ("ansible-core == 2.19.*", ("3.13", "3.12", "3.11")),
    "newest": ("ansible-core >= 2.20", ("3.14", "3.13", "3.12")),
}

# Beside it: what `ansible-test units` runs on.
UNITS = ["-r", NODE_REQUIREMENTS, "pytest-xdist"]

# ansible-test's own lists of the Pythons that its release supports on managed nodes.
_ASK = """
import json
from ansible.release import __version__
from ansible_test._util.target.common.constants import CONTROLLER_PYTHON_VERSIONS, REMOTE_ONLY_PYTHON_VERSIONS
print(json.dumps([__version__, REMOTE_ONLY_PYTHON_VERSIONS + CONTROLLER_PYTHON_VERSIONS]))
"""


class Release(NamedTuple):
    """An ansible-core that can be run here."""

    name: str  # as in RELEASES
    version: str  # "2.19.14"
    python: str  # "3.13", which it runs on itself
    nodes: tuple  # the Pythons of managed nodes that it supports, as it says
    folder: object  # of its commands


@functools.lru_cache(maxsize=None)
def release(name):
    """(Release, None), or (None, why it is not to be had here)."""
    requirement, wanted = RELEASES[name]
    python = next((version for version in wanted if version in pythons()), None)
    if python is None:
        return None, "ansible-core %s wants one of the Pythons %s" % (name, ", ".join(wanted))
    interpreter, reason = made(MATRIX / ("ansible-core-" + name), pythons()[python], [requirement], UNITS)
    if reason:
        return None, reason
    version, nodes = json.loads(subprocess.run([interpreter, "-c", _ASK], check=True, capture_output=True, text=True).stdout)
    return Release(name, version, python, tuple(nodes), interpreter.parent), None
