# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the pages of docs/ show is what happens: their files are written, their commands run, and each line of output is looked for.

A block whose first line is `# PATH` is a file. A block `console` is a dialogue with a shell: each line after a command must come in its
output, in that order; what is between may be left out. The folder is called /home/me/mail.
"""

import os
import pathlib
import re
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SHOWN = "/home/me/mail"
PAGES = ("first-steps", "git", "rollout")
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# ([\w./-]+\.\w+|[\w./-]*/[\w.-]+)\n")
COMMAND = re.compile(r"^\$ ((?:[^\n]*\\\n)*[^\n]*)$", re.MULTILINE)


def blocks(page):
    """[(language, text), ...] of a page."""
    return BLOCK.findall((ROOT / "docs" / (page + ".md")).read_text(encoding="utf-8"))


def dialogue(text):
    """[(command, [lines that follow it]), ...] of a console block."""
    parts = COMMAND.split(text)
    return [(command, [line for line in told.splitlines() if line.strip()]) for command, told in zip(parts[1::2], parts[2::2])]


def run(command, folder):
    """What a command prints on both channels, as the page would show it."""
    environment = dict(os.environ, PATH="{0}:{1}".format(pathlib.Path(sys.executable).parent, os.environ["PATH"]), NO_COLOR="1",
                       ANSIBLE_NOCOLOR="1", ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build"), ANSIBLE_HOME=str(ROOT / ".build/ansible_home"))
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False)
    return done.returncode, done.stdout.replace(str(folder), SHOWN)


def missing(shown, output):
    """The first of the lines *shown* that does not come in *output* behind those before it, or None."""
    rest = iter(line.rstrip() for line in output.splitlines())
    return next((line for line in shown if line.rstrip() not in rest), None)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_what_happens(page, tmp_path):
    ran = 0
    for language, text in blocks(page):
        file = FILE.match(text)
        if language == "console":
            for command, shown in dialogue(text):
                status, output = run(command, tmp_path)
                assert status == 0, command + "\n" + output
                assert missing(shown, output) is None, command + "\n" + output
                ran += 1
        elif file:
            path = tmp_path / file[1]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    assert ran, "the page shows no command"


@pytest.mark.parametrize("shown, gap", [(["a", "c"], None), (["c", "a"], "a"), (["a", "a"], "a"), (["b "], None), (["x"], "x")])
def test_lines_are_looked_for_in_order(shown, gap):
    assert missing(shown, "a\nb\nc\n") == gap


def test_a_dialogue_is_read():
    assert dialogue("$ a \\\n  b\nx\n\n$ c\n") == [("a \\\n  b", ["x"]), ("c", [])]
