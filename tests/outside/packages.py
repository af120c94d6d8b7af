# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Programs of Debian's packages, unpacked and not installed, as the tests of what is outside start them."""

import glob
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/oracle"))
import pytest  # noqa: E402
from oracle.debian import Unavailable  # noqa: E402
from oracle.debian import tree as _tree  # noqa: E402

SUITE = "bookworm"
CACHE = os.environ.get("FOREIGN_CACHE") or str(ROOT / ".build/foreign")


def tree(name, packages):
    """The path of a root with these packages; without them the test that asks is skipped, with the reason."""
    try:
        return _tree(name, packages, CACHE, SUITE)
    except Unavailable as error:
        pytest.skip("NOT TESTED: no %s here: %s" % (", ".join(packages), error))


def program(root, path):
    """The words that start a program of such a root here, with the libraries of its own."""
    linker = next(one for one in sorted(glob.glob(root + "/lib/*/ld-*.so*")) if not os.path.islink(one))
    folders = sorted({os.path.dirname(one) for one in glob.glob(root + "/**/*.so*", recursive=True)})
    return [linker, "--library-path", ":".join(folders), root + path]
