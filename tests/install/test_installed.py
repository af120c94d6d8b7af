# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a user does with the collection once it is installed: every playbook by its full name, and an upgrade."""

import json
import re
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import conftest
import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
RECAP = re.compile(r"^(\S+)\s*: ok=\d+ +changed=(\d+) +unreachable=(\d+) +failed=(\d+)", re.MULTILINE)
# The module alone, for the first role reloaded in any case.
MODULE = "config_directory={{ relay_baseline_config_directory }} postfix_version={{ relay_baseline_postfix_version }}"
OPEN = 6  # of the servers in examples/fleet


def recap(said):
    """{host: (changed, unreachable, failed)} of a run's last lines."""
    return {name: tuple(map(int, numbers)) for name, *numbers in RECAP.findall(said)}


def texts(folder):
    """Each file below a folder, with what must not change."""
    return {path: (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_ino) for path in folder.rglob("*") if path.is_file()}


def test_every_playbook_runs_by_its_full_name(user, archive):
    user.install(archive)
    inventory = user.fleet()
    before = texts(user.work / "fleet")
    assert {path.stem for path in (ROOT / "playbooks").glob("*.yml")} == {"drift", "probe", "remediate"}, "a playbook more: run it here too"

    said = user.run("ansible-playbook", "relaylock.postfix.drift", "-i", inventory, status=2, ANSIBLE_CALLBACKS_ENABLED="relaylock.postfix.drift_report")
    assert "permissive_relay_list" in said
    report = json.loads((user.work / "relaylock-report/report.json").read_text(encoding="utf-8"))
    assert report["totals"]["states"]["open"] == OPEN

    with socket.socket() as taken:  # bound and not listening: nobody answers there, and nobody else will meanwhile
        taken.bind(("127.0.0.1", 0))
        ports = json.dumps({"relay_probe_ports": [{"port": taken.getsockname()[1]}], "relay_probe_target": "127.0.0.1"})
        said = user.run("ansible-playbook", "relaylock.postfix.probe", "-i", inventory, "-e", ports, "-e", "fail_on=never")
    assert recap(said) == {path.name: (0, 0, 0) for path in (user.work / "fleet").iterdir()}, said

    said = user.run("ansible-playbook", "relaylock.postfix.remediate", "-i", inventory, "--check", "--diff")
    assert said.count("verdict: open -> closed, if run without check mode") == OPEN
    assert texts(user.work / "fleet") == before
    assert str(ROOT) not in said


def test_its_documentation_is_installed(user, archive):
    user.install(archive)
    modules = {"relaylock.postfix." + path.stem for path in (ROOT / "plugins/modules").glob("*.py")}
    assert set(json.loads(user.run("ansible-doc", "--json", *sorted(modules)))) == modules


def test_an_execution_environment_can_be_made_of_it(user, archive, tmp_path):
    """ansible-builder, as far as the container: what it asks of the image is what the collection needs, dnspython."""
    user.install(archive)
    builder = Path(sys.executable).parent / "ansible-builder"
    shutil.copytree(user.collections / "ansible_collections/relaylock/postfix/examples/execution-environment", tmp_path / "ee")
    requirements = yaml.safe_load((tmp_path / "ee/requirements.yml").read_text(encoding="utf-8"))
    assert requirements["collections"][0]["source"] == archive.name
    subprocess.run([builder, "create"], cwd=tmp_path / "ee", check=True, capture_output=True)
    asked = subprocess.run([builder, "introspect", user.collections], check=True, capture_output=True, text=True)
    assert [line for line in yaml.safe_load(asked.stdout)["python"] if "relaylock" in line] == ["dnspython >= 2.1  # from collection relaylock.postfix"]


def previous():
    """The commit of the release before this one; before the first release, the commit from which a host could first be remedied."""
    def git(*words):
        return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split()
    if git("rev-parse", "--is-shallow-repository") == ["true"]:
        pytest.skip("NOT TESTED: this clone is shallow, and has no previous version")
    tags = git("tag", "--merged", "HEAD", "--no-contains", "HEAD", "--sort=-version:refname")
    return (tags or git("log", "--diff-filter=A", "--format=%H", "--", "playbooks/remediate.yml")[-1:])[0]


def test_an_upgrade_changes_no_host_by_itself(user, archive, tmp_path):
    """What the previous version left at its baseline, the new one leaves as it is."""
    for name in ("old", "old-built"):
        (tmp_path / name).mkdir()
    sources = subprocess.run(["git", "archive", previous()], cwd=ROOT, check=True, capture_output=True).stdout
    subprocess.run(["tar", "-x", "-C", tmp_path / "old"], input=sources, check=True)
    user.install(conftest.build(user.core, tmp_path / "old", tmp_path / "old-built"))
    inventory = user.fleet()
    said = user.run("ansible", "all", "-i", inventory, "-m", "relaylock.postfix.relay_baseline", "-a", MODULE)
    assert len(re.findall(r"^\S+ \| CHANGED", said, re.MULTILINE)) >= OPEN, said
    remedied = texts(user.work / "fleet")

    user.install(archive)
    assert texts(user.work / "fleet") == remedied
    said = user.run("ansible-playbook", "relaylock.postfix.remediate", "-i", inventory, "--check", "--diff")
    assert recap(said) == {path.name: (0, 0, 0) for path in (user.work / "fleet").iterdir()}, said
    assert texts(user.work / "fleet") == remedied
