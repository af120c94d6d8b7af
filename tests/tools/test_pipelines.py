# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pipelines and hooks of our own call targets that the Makefile has, and together they run all that `make test` runs."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
PARTS = re.search(r"^test:.*\n\t@\$\(SUITE\) (.*)$", MAKEFILE, re.MULTILINE)[1].replace("+", " ").split()
FILES = (".github/workflows/ci.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml")


def load(name):
    return yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))


def commands(node):
    """Every text in a file of YAML, whatever it is the value of."""
    if isinstance(node, dict):
        node = list(node.values())
    return [node] if isinstance(node, str) else [text for one in node for text in commands(one)] if isinstance(node, list) else []


@pytest.mark.parametrize("name", FILES)
def test_what_is_called_is_there(name):
    called = [word for text in commands(load(name)) for word in re.findall(r'^make (\S+|\$\{\{.*?\}\})$', text)]
    assert called
    assert {word for word in called if not word.startswith(("$", '"$'))} <= TARGETS


def test_github_runs_every_part():
    assert load(FILES[0])["jobs"]["test"]["strategy"]["matrix"]["part"] == PARTS


def test_gitlab_runs_every_part():
    jobs = load(FILES[1])
    matrix, = jobs["test"]["parallel"]["matrix"]
    assert [*matrix["PART"], jobs["molecule"]["variables"]["PART"]] == PARTS


def test_every_target_is_phony():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.MULTILINE)[1].split()
    assert sorted(phony) == sorted(TARGETS)
