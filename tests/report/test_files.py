# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The folder: each file whole or as it was, and readable by whom it is for."""

import os
import pathlib
import re
import stat

import pytest
import samples
import yaml

from ansible_collections.relaylock.postfix.plugins.plugin_utils._report import about, files, outlet

ROOT = pathlib.Path(__file__).resolve().parents[2]
NAMES = ["json", "junit", "sarif", "markdown", "prometheus"]


def mode(path):
    return stat.S_IMODE(os.stat(str(path)).st_mode)


@pytest.fixture
def umask():
    """Set the umask for a test."""
    old = os.umask(0o022)
    yield os.umask
    os.umask(old)


def test_each_format_has_its_file(tmp_path, umask):
    warnings = []
    written = outlet.publish(samples.fleet(), str(tmp_path / "a" / "b"), NAMES, {}, warnings.append)
    assert warnings == []
    assert sorted(os.listdir(str(tmp_path / "a" / "b"))) == ["junit.xml", "relaylock.prom", "report.json", "report.md", "report.sarif"]
    assert sorted(os.path.basename(path) for path in written) == sorted(os.listdir(str(tmp_path / "a" / "b")))
    assert {mode(path) for path in written} == {0o644}


def test_the_umask_counts_but_for_the_exporter(tmp_path, umask):
    umask(0o077)
    outlet.publish(samples.fleet(), str(tmp_path), ["json", "prometheus"], {}, pytest.fail)
    assert (mode(tmp_path / "report.json"), mode(tmp_path / "relaylock.prom")) == (0o600, 0o644)
    assert os.umask(0o077) == 0o077


@pytest.mark.parametrize("name", ["write", "fsync", "replace"])
def test_a_write_that_fails_leaves_the_old_file_alone(name, tmp_path, monkeypatch):
    path = tmp_path / "report.json"
    path.write_text("old")

    class Stream(object):
        def __init__(self, inner):
            self.inner = inner

        def __enter__(self):
            return self

        def __exit__(self, *dummy):
            self.inner.close()

        def __getattr__(self, attribute):
            return getattr(self.inner, attribute)

        def write(self, text):
            self.inner.write(text[:1])
            raise OSError(28, "No space left on device")

    def refuse(*dummy):
        raise OSError(28, "No space left on device")
    real = os.fdopen
    if name == "write":
        monkeypatch.setattr(os, "fdopen", lambda *args, **kwargs: Stream(real(*args, **kwargs)))
    else:
        monkeypatch.setattr(os, name, refuse)
    with pytest.raises(OSError):
        files.write(str(path), "new")
    monkeypatch.undo()
    assert path.read_text() == "old"
    assert os.listdir(str(tmp_path)) == ["report.json"]


def test_no_half_written_file_has_the_ending_that_the_exporter_reads(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(os, "fsync", lambda dummy: seen.extend(os.listdir(str(tmp_path))))
    files.write(str(tmp_path / "relaylock.prom"), "x 1\n", 0o644)
    assert len(seen) == 1
    assert seen[0].startswith(".")
    assert not seen[0].endswith(".prom")


def test_one_format_that_fails_does_not_stop_the_others_and_is_named(tmp_path, monkeypatch):
    monkeypatch.setitem(outlet.FORMATS, "junit", outlet.Format("as_nothing", "junit.xml"))
    (tmp_path / "report.md").mkdir()
    warnings = []
    outlet.publish(samples.fleet(), str(tmp_path), ["markdown", "junit", "json"], {}, warnings.append)
    assert [name for name in ("junit.xml", "report.md") if any(str(tmp_path / name) in text for text in warnings)] == ["junit.xml", "report.md"]
    assert len(warnings) == 2
    assert (tmp_path / "report.json").stat().st_size > 1000
    assert sorted(os.listdir(str(tmp_path))) == ["report.json", "report.md"]


def test_the_version_is_that_of_the_collection(tmp_path):
    declared = re.search(r"^version: (.*)$", (about.ROOT / "galaxy.yml").read_text(), re.MULTILINE)
    assert about.version() == declared.group(1)
    (tmp_path / "MANIFEST.json").write_text('{"collection_info": {"version": "7.8.9"}}')
    assert about.version(tmp_path) == "7.8.9"
    assert about.version(tmp_path / "none") == "unknown"


def test_every_format_can_be_asked_for_and_is_described():
    """What outlet.py has, the callback's option offers and docs/report.md tells of."""
    source = (ROOT / "plugins/callback/drift_report.py").read_text(encoding="utf-8")
    told = yaml.safe_load(re.search(r'^DOCUMENTATION = r?"""(.*?)^"""', source, re.MULTILINE | re.DOTALL)[1])
    assert set(told["options"]["formats"]["choices"]) == set(outlet.FORMATS)
    rows = re.findall(r"^\| `(\w+)` \| `(\w+\.\w+)` \|", (ROOT / "docs/report.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert dict(rows) == {name: each.file for name, each in outlet.FORMATS.items()}
