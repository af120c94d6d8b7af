# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples for pipelines, ansible-runner and execution environments, run as far as that goes without the services they are for."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

import ansible_runner
import pytest
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
TOOLS = pathlib.Path(sys.executable).parent
ENVIRONMENT = dict(os.environ, PATH="{0}:{1}".format(TOOLS, os.environ["PATH"]), ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build"),
                   ANSIBLE_HOME=str(ROOT / ".build/ansible_home"))


def load(path):
    return yaml.safe_load((EXAMPLES / path).read_text(encoding="utf-8"))


@pytest.fixture
def checkout(tmp_path):
    """A checkout with the configurations of a few hosts and an inventory that says where they are."""
    shutil.copytree(EXAMPLES / "fleet", tmp_path / "fleet")
    told = load("runner/inventory/hosts.yml")
    told["all"]["vars"]["relay_baseline_config_directory"] = "{{ inventory_dir }}/fleet/{{ inventory_hostname }}"
    (tmp_path / "inventory.yml").write_text(yaml.safe_dump(told), encoding="utf-8")
    return tmp_path


def shell(script, folder, variables):
    """Run a step as the service would; return its status."""
    environment = dict(ENVIRONMENT, **{name: str(value) for name, value in variables.items()})
    return subprocess.run(["bash", "-e", "-c", script], cwd=folder, env=environment, check=False, stdin=subprocess.DEVNULL).returncode


@pytest.mark.parametrize("fail_on, status", [("open", 2), ("never", 0)])
def test_gitlab(checkout, fail_on, status):
    """Its job, without its installation, and what it keeps."""
    told = load("ci/gitlab-ci.yml")
    job = told["drift"]
    assert shell("\n".join(job["script"]), checkout, dict(told["variables"], FAIL_ON=fail_on)) == status
    for path in job["artifacts"]["paths"] + list(job["artifacts"]["reports"].values()):
        assert (checkout / path).exists(), path


def test_github(checkout):
    """Its steps that are commands, without its installation; after the red one, those that run always."""
    told = load("ci/github-actions.yml")
    steps = told["jobs"]["drift"]["steps"]
    variables = dict(told["env"], GITHUB_STEP_SUMMARY=checkout / "summary")
    ran, red = [], False
    for step in steps:
        if "run" in step and step["name"] != "Install" and (not red or step.get("if") == "always()"):
            ran.append(step["name"])
            red = shell(step["run"], checkout, variables) != 0 or red
    assert ran == ["Judge", "Show it beside the run"] and red
    assert "permissive_relay_list" in (checkout / "summary").read_text(encoding="utf-8")
    for step in steps:
        for path in (step.get("with", {}).get("sarif_file"), step.get("with", {}).get("path")):
            assert path is None or (checkout / path).exists(), path


def test_runner(tmp_path):
    """ansible-runner, which AWX drives too: the report, and the totals that a workflow reads."""
    shutil.copytree(EXAMPLES / "fleet", tmp_path / "job/fleet")
    shutil.copytree(EXAMPLES / "runner", tmp_path / "job/runner", ignore=shutil.ignore_patterns("artifacts", "relaylock-report"))
    done = ansible_runner.run(private_data_dir=str(tmp_path / "job/runner"), playbook="relaylock.postfix.drift", quiet=True,
                              envvars={name: ENVIRONMENT[name] for name in ("ANSIBLE_COLLECTIONS_PATH", "ANSIBLE_HOME", "PATH")})
    assert done.status == "successful"
    totals = next(event["event_data"]["artifact_data"] for event in done.events if event["event"] == "playbook_on_stats")
    assert totals["relaylock_totals"]["open"] == 6 and totals["relaylock_totals"]["hosts"] == 8
    assert "permissive_relay_list" in totals["relaylock_open_hosts"]
    report = json.loads((tmp_path / "job/runner/project/relaylock-report/report.json").read_text(encoding="utf-8"))
    assert report["totals"]["states"]["open"] == 6


def test_execution_environment(tmp_path):
    """Its build as far as the container, and what the collection asks of one that it is put into: dnspython alone."""
    shutil.copytree(EXAMPLES / "execution-environment", tmp_path / "ee")
    subprocess.run([TOOLS / "ansible-builder", "create"], cwd=tmp_path / "ee", check=True, capture_output=True)
    assert "relaylock.postfix" in (tmp_path / "ee/context/_build/requirements.yml").read_text(encoding="utf-8")
    asked = subprocess.run([TOOLS / "ansible-builder", "introspect", ROOT / ".build"], check=True, capture_output=True, text=True)
    assert [line for line in yaml.safe_load(asked.stdout)["python"] if "relaylock" in line] == ["dnspython >= 2.1  # from collection relaylock.postfix"]
