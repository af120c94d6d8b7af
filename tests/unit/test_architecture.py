# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The imports of plugins/ are those of docs/architecture.md: the page is the table. Reads plugin_utils too, which no managed node has."""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/tools"))
from mermaid import parse, pictures  # noqa: E402

PAGE = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
STEPS, ROOMS = pictures(PAGE)
OURS = "ansible_collections.relaylock.postfix."
FILES = sorted((ROOT / "plugins").rglob("*.py"))
PURE_UP_TO = "plan"
TOUCH = ("_postfix/commands", "_postfix/files", "_relay/host")
MACHINE = {"fcntl", "shutil", "subprocess", "tempfile"}


def name_of(path):
    """A file of plugins/ as its dotted name below the collection."""
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


NAMES = {name_of(path) for path in FILES}


def imports(name, source):
    """The dotted names that a file imports, ours without the collection's, each as far as it is a file of ours."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*name.split(".")[:-node.level], *filter(None, [node.module])]) if node.level else node.module
            base = base[len(OURS):] if base.startswith(OURS) else base
            yield from (base + "." + alias.name if base + "." + alias.name in NAMES else base for alias in node.names)


def room(name):
    """The room of a dotted name, as the picture labels it: of ours the deepest folder that the picture has, else the first name."""
    if not name.startswith("plugins."):
        return name.split(".")[0]
    folders = name.split(".")[1:-1]
    known = ["/".join(folders[:count]) for count in range(len(folders), 0, -1)]
    return next((one for one in known if one in ROOMS.labels.values()), known[0])


def foreign(edges):
    """The edges but for those within a room and to the standard library."""
    return {(a, b) for a, b in edges if a != b and b not in sys.stdlib_module_names}


def steps():
    """{"_postfix/text": "text"}, as the table has it; each file once."""
    rows = re.findall(r"^\| (\w+) \| [^|]* \| ([^|]*) \|$", PAGE, re.MULTILINE)
    pairs = [(file, step) for step, files in rows for file in re.findall(r"`(_\w+/\w+)`", files)]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def order():
    """{step: number}: the first picture is one line from left to right."""
    follows = dict(STEPS.edges)
    assert len(follows) == len(STEPS.edges) == len(set(follows.values())) == len(STEPS.labels) - 1
    step, = set(follows) - set(follows.values())
    found = {}
    while step is not None:
        found[step] = len(found)
        step = follows.get(step)
    return found


def sources():
    """(dotted name, text) of each file."""
    return [(name_of(path), path.read_text(encoding="utf-8")) for path in FILES]


def test_rooms_import_as_the_picture_says():
    edges = foreign((room(name), room(target)) for name, text in sources() for target in imports(name, text))
    assert edges - ROOMS.named() == set(), "imports that docs/architecture.md does not have"
    assert ROOMS.named() - edges == set(), "arrows of docs/architecture.md that no import needs"


def test_every_room_is_in_the_picture():
    rooms = {room(name) for name, text in sources() if text.strip()} - {"doc_fragments"}
    assert rooms == {label for label in ROOMS.labels.values() if (ROOT / "plugins" / label).is_dir()}


def test_every_file_of_the_two_rooms_has_its_step():
    files = {"/".join(name.split(".")[2:]) for name in NAMES if name.split(".")[2] in ("_postfix", "_relay")}
    assert set(steps()) == files
    assert set(steps().values()) == set(order())


def test_no_file_imports_from_a_later_step():
    rank, step = order(), steps()
    backwards = [(file, other) for file in step
                 for other in ("/".join(target.split(".")[2:]) for target in imports("plugins.module_utils." + file.replace("/", "."), read(file)))
                 if other in step and rank[step[other]] > rank[step[file]]]
    assert backwards == []


def read(file):
    return (ROOT / "plugins/module_utils" / (file + ".py")).read_text(encoding="utf-8")


def touches(name, source):
    """Whether a file opens files, or imports what changes the machine or starts a process."""
    opens = any(isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open" for node in ast.walk(ast.parse(source)))
    return opens or bool(MACHINE & set(imports(name, source)))


def test_up_to_the_plan_two_files_touch_the_machine():
    rank = order()
    assert sorted(file for file, step in steps().items() if rank[step] <= rank[PURE_UP_TO] and touches("plugins.module_utils.x.y", read(file))) == sorted(TOUCH)
    assert all("`%s`" % file in PAGE for file in TOUCH)


def test_what_is_sent_by_itself_imports_the_standard_library_alone():
    source = (ROOT / "roles/relay_baseline/files/activate.py").read_text(encoding="utf-8")
    assert {target.split(".")[0] for target in imports("activate", source)} <= sys.stdlib_module_names


@pytest.mark.parametrize("source, found", [
    ("from .._relay.judge import judge", {("module_utils/_postfix", "module_utils/_relay")}),
    ("from .._relay import judge", {("module_utils/_postfix", "module_utils/_relay")}),
    ("def f():\n    import yaml", {("module_utils/_postfix", "yaml")}),
    ("from ansible.module_utils.basic import AnsibleModule", {("module_utils/_postfix", "ansible")}),
    ("from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import rules", {("module_utils/_postfix", "plugin_utils/_report")}),
    ("from ansible_collections.community.general.plugins.module_utils import x", {("module_utils/_postfix", "ansible_collections")}),
    ("import os\nfrom .text import split_words", set()),
])
def test_every_way_to_import_is_seen(source, found):
    name = "plugins.module_utils._postfix.text"
    assert foreign((room(name), room(target)) for target in imports(name, source)) == found


@pytest.mark.parametrize("line", ["a -.-> b", "a -- why --> b", "a --> b;", "a --> c"])
def test_a_picture_that_is_not_understood_is_refused(line):
    with pytest.raises(ValueError):
        parse('flowchart LR\n a["a"]\n b["b"]\n %s\n' % line)
