# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The rules of this house that no linter knows. Run from the collection's root; prints each breach, status 1 if there is one.

- Every file that can hold a comment opens with the copyright and the licence.
- No Python file is longer than 400 lines, unless it is a table: a longer one is two rooms.
"""

import sys
from pathlib import Path

LONGEST = 400
TABLES = {Path("plugins/module_utils/_postfix/defaults.py")}
COMMENTABLE = {".py", ".yml", ".yaml", ".toml", ".sh", ".j2", ".cfg", ".ini"}
COMMENTABLE_NAMES = {"Makefile", "run", ".gitignore", ".yamllint", ".ansible-lint"}
GENERATED = {Path("changelogs/changelog.yaml")}
FOREIGN = ("tests/output", "tests/fixtures", ".ansible", ".build", ".git/")
LICENCE = "SPDX-License-Identifier: GPL-3.0-or-later"
COPYRIGHT = "Copyright: relaylock.postfix contributors"


def breaches(path, text):
    """What is wrong with one file, as sentences."""
    head = "\n".join(text.split("\n")[:8])
    commentable = path.suffix in COMMENTABLE or path.name in COMMENTABLE_NAMES
    if text and commentable and not (COPYRIGHT in head and LICENCE in head):
        yield "no copyright and licence in its first lines"
    lines = text.count("\n")
    if path.suffix == ".py" and lines > LONGEST and path not in TABLES:
        yield "%d lines, more than %d" % (lines, LONGEST)


def files(root):
    """The files to look at, as paths relative to root."""
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root)
        if path.is_file() and not relative.as_posix().startswith(FOREIGN) and relative not in GENERATED:
            yield relative


def main():
    root = Path.cwd()
    found = []
    for path in files(root):
        if path.suffix in COMMENTABLE or path.name in COMMENTABLE_NAMES:
            found += ["%s: %s" % (path, breach) for breach in breaches(path, (root / path).read_text(encoding="utf-8"))]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
