# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Fixtures for tests that ask the real smtpd. What cannot be asked here is skipped with its reason."""

import os
import sys

import pytest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import oracle  # noqa: E402


def _versions():
    found = [pytest.param(p, id=p.label) for p in oracle.installations()]
    return found + [pytest.param(None, id=suite, marks=pytest.mark.skip(reason="Postfix of %s: %s" % (suite, why)))
                    for suite, why in oracle.missing().items()]


def pytest_generate_tests(metafunc):
    """A test with an argument `postfix` runs once for every version that can be asked here; with `case` it chooses itself."""
    if "postfix" in metafunc.fixturenames and "case" not in metafunc.fixturenames:
        metafunc.parametrize("postfix", _versions(), scope="session")


@pytest.fixture
def configuration(tmp_path):
    """Write a configuration directory; returns a function (main_cf, master_cf=None, **files) -> path."""
    def write(main_cf, master_cf=None, **files):
        directory = tmp_path / "config"
        directory.mkdir()
        files["main.cf"] = main_cf
        if master_cf is not None:
            files["master.cf"] = master_cf
        for name, text in files.items():
            (directory / name).write_text(text, encoding="utf-8")
        return str(directory)
    return write


def pytest_collection_modifyitems(items):
    """The random ones first: they take longest, and one process works them all out."""
    items.sort(key=lambda item: "test_random.py" not in item.nodeid)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    """Share out files as --dist loadfile does, but a file that asks each version of Postfix by versions."""
    from xdist.scheduler import LoadFileScheduling

    class ByVersion(LoadFileScheduling):
        def _split_scope(self, nodeid):
            file, dummy, name = nodeid.partition("::")
            return file if file.endswith("test_random.py") else file + name.partition("[")[2].partition("-")[0]
    return ByVersion(config, log)
