# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is imported from the archive that Ansible sends is compiled once, and otherwise as Python's own zipimport does it."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

COMPILE_ONCE = Path(__file__).resolve().parents[2] / "plugins/module_utils/_payload/compile_once.py"
FILES = {"house/__init__.py": "", "house/room/__init__.py": "DOOR = 1\n", "house/room/chair.py": "def sit():\n    raise ValueError('no seat')\n"}
# Prints, for the importer given: each compilation of a file of the archive, each module's file and path, the traceback, and what is missing.
PROBE = """
import sys, traceback
archive, ours = sys.argv[1:]
if hasattr(sys, "addaudithook"):
    sys.addaudithook(lambda event, given: event == "compile" and archive in str(given[1]) and print("compile", given[1]))
sys.path.insert(0, archive)
import house
if ours:
    with open(ours) as stream:
        exec(compile(stream.read(), ours, "exec"))
import house.room
from house.room import chair
for module in (house, house.room, chair):
    print(module.__name__, module.__file__, getattr(module, "__path__", None), module.__package__)
try:
    chair.sit()
except ValueError:
    traceback.print_exc(file=sys.stdout)
try:
    import house.garden
except ImportError as exc:
    print(type(exc).__name__, exc)
"""


@pytest.fixture
def told(tmp_path):
    """A function that runs PROBE with an importer and returns the lines it printed."""
    with zipfile.ZipFile(str(tmp_path / "payload.zip"), "w") as archive:
        for name, text in FILES.items():
            archive.writestr(name, text)

    def run(ours):
        return subprocess.check_output([sys.executable, "-c", PROBE, str(tmp_path / "payload.zip"), str(ours)], universal_newlines=True).splitlines()

    return run


def test_modules_are_those_of_zipimport(told):
    """File, path, package, traceback with its source line and a missing module: the same as without us."""
    without = [line for line in told("") if not line.startswith("compile")]
    assert [line for line in told(COMPILE_ONCE) if not line.startswith("compile")] == without
    assert any("raise ValueError('no seat')" in line for line in without) and without[-1].startswith("ModuleNotFoundError")


@pytest.mark.skipif(not hasattr(sys, "addaudithook"), reason="this Python does not tell what it compiles")
def test_each_is_compiled_once(told):
    compiled = [line for line in told(COMPILE_ONCE) if line.startswith("compile") and "room" in line]
    assert len(compiled) == 2 and len(set(compiled)) == 2
    assert len([line for line in told("") if line.startswith("compile") and "room" in line]) == 4, "zipimport has mended it: we are not needed"


def test_every_module_imports_it_first():
    for path in COMPILE_ONCE.parents[2].glob("modules/*.py"):
        ours = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("from ansible_collections.")]
        assert "_payload import compile_once" in ours[0], path
