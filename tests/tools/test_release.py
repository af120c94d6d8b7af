# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The steps of a release that CONTRIBUTING.md has, taken in a clone of what is committed."""

import os
import re
import subprocess
import tarfile

import pytest
import yaml
from host import BUILD, ROOT

VERSION = "99.0.0"
SUMMARY = "A release that is tried."
COPYRIGHT = """\
---
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""


@pytest.fixture
def clone(tmp_path):
    """A clone with this environment: files older than it, so that make does not make it anew."""
    folder = tmp_path / "clone"
    subprocess.run(["git", "clone", "-q", "--no-hardlinks", ROOT, folder], check=True)
    for path in (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink() and ".git" not in path.parts):
        os.utime(path, (0, 0))
    (folder / ".build").mkdir()
    (folder / ".build/venv").symlink_to((BUILD / "venv").resolve())
    return folder


def steps():
    """The commands of the section, as one script; instead of an editor, a file."""
    section = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").partition("## A release\n")[2]
    commands = re.findall(r"^\$ (.*)$", section, re.MULTILINE)
    script = "\n".join(re.sub(r"^editor (\S+).*", r'printf %s "$FRAGMENT" >\1', command) for command in commands)
    assert "version=" in commands[0] and script.count("$FRAGMENT") == 1
    return re.sub(r"^version=.*", "version=" + VERSION, script)


def test_a_release_is_made_as_described(clone):
    # Whoever makes a release has no more on his path than make itself puts there.
    path = os.pathsep.join(one for one in os.environ["PATH"].split(os.pathsep) if "/.build/venv/" not in one + "/")
    env = dict(os.environ, PATH=path, FRAGMENT=COPYRIGHT + "release_summary: %s\n" % SUMMARY, GIT_AUTHOR_NAME="a", GIT_AUTHOR_EMAIL="a@example.com",
               GIT_COMMITTER_NAME="a", GIT_COMMITTER_EMAIL="a@example.com")
    done = subprocess.run(["bash", "-e", "-c", steps()], cwd=clone, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    released = yaml.safe_load((clone / "changelogs/changelog.yaml").read_text(encoding="utf-8"))["releases"]
    assert released[VERSION]["changes"]["release_summary"] == SUMMARY
    fragments = [name for release in released.values() for name in release.get("fragments", [])]
    assert len(fragments) == len(set(fragments)), "a fragment belongs to one release"
    assert SUMMARY.rstrip(".") in (clone / "CHANGELOG.md").read_text(encoding="utf-8")
    assert subprocess.check_output(["git", "tag"], cwd=clone, text=True).split() == [VERSION]
    assert subprocess.check_output(["git", "status", "--porcelain"], cwd=clone, text=True) == ""
    with tarfile.open(clone / ".build" / ("relaylock-postfix-%s.tar.gz" % VERSION)) as archive:
        assert SUMMARY.rstrip(".").encode() in archive.extractfile("CHANGELOG.md").read()
        assert not any(name.startswith("tests/") for name in archive.getnames())
