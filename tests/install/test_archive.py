# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the archive holds: what a user needs, all of it, and nothing else."""

import re
import subprocess
import sys
import tarfile
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/tools"))
from environments import made  # noqa: E402
from host import BUILD  # noqa: E402
from tree import listed  # noqa: E402

# What ansible-galaxy writes itself.
GENERATED = {"MANIFEST.json", "FILES.json"}

# What runs or is read on a controller. The tests stay with the sources: they want the whole checkout and its Makefile, ansible-test's
# targets too, and nobody tests an installed copy. So does what describes the sources (galaxy.yml is in MANIFEST.json).
FILES = {"README.md", "COPYING", "CHANGELOG.md", "SECURITY.md", "changelogs/changelog.yaml"}
FOLDERS = ("LICENSES", "docs", "meta", "playbooks", "plugins", "roles", "examples/ci", "examples/execution-environment", "examples/fleet",
           "examples/runner", "examples/verify")

# What docs/findings.md is written from.
SOURCES = {"docs/findings.yml"}

# What README tells of the sources alone.
OF_THE_SOURCES = {"CONTRIBUTING.md"}
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")


def members(archive):
    with tarfile.open(archive) as tar:
        return {member.name.rstrip("/"): tar.extractfile(member).read() for member in tar if not member.isdir()}


def test_it_holds_what_a_user_needs_and_nothing_else(archive):
    wanted = FILES | {path.as_posix() for path in listed() if path.as_posix().startswith(tuple(folder + "/" for folder in FOLDERS))}
    assert set(members(archive)) - GENERATED == wanted - SOURCES


def test_its_documents_lead_nowhere_that_it_does_not_hold(archive):
    held = members(archive)
    places = set(held) | {parent.as_posix() for name in held for parent in PurePosixPath(name).parents}
    for name in (name for name in held if name.endswith(".md")):
        for link in LINK.findall(held[name].decode("utf-8")):
            if "://" not in link and not link.startswith("mailto:"):
                target = PurePosixPath(*_resolved((PurePosixPath(name).parent / link).parts)).as_posix()
                assert target in places | OF_THE_SOURCES, "%s: %s" % (name, link)


def _resolved(parts):
    found = []
    for part in parts:
        if part == "..":
            found.pop()
        else:
            found.append(part)
    return found


def test_galaxy_would_take_it_without_a_word(archive, user):
    """galaxy-importer, which Galaxy and Automation Hub run on every upload: no error and no warning."""
    interpreter, reason = made(BUILD / "matrix/galaxy-importer", sys.executable, ["-r", ROOT / "tests/requirements-importer.txt"])
    if reason:
        pytest.skip("NOT TESTED: " + reason)
    environment = dict(user.environment, PATH="%s:%s" % (interpreter.parent, user.environment["PATH"]))
    answer = subprocess.run([interpreter, "-m", "galaxy_importer.main", archive], cwd=user.work, env=environment, check=False,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    print(answer.stdout)
    assert answer.returncode == 0
    assert [line for line in answer.stdout.split("\n") if line.startswith(("WARNING", "ERROR", "CRITICAL"))] == []
