# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role, run by ansible-playbook on a host that is the namespace of a real Postfix: whole, cut off, taken up again, at rest."""

import json
import os
import sys
from pathlib import Path

import pytest
from postfix_server import SERVER

ROOT = Path(__file__).resolve().parents[2]
PLAY = """\
- hosts: all
  gather_facts: false
  tasks:
    - {import_role: {name: relaylock.postfix.relay_baseline}}
"""
CUT_OFF = """\
- hosts: all
  gather_facts: false
  tasks:
    - {relaylock.postfix.relay_baseline: {mark_pending: true, validate: false}}
"""


@pytest.fixture
def play(server, tmp_path):
    """A function (text, *options) -> {task name: its result} of the tasks that the host saw: not skipped, and not the check of the
    role's arguments, which runs on the controller."""
    def run(text, *options):
        (tmp_path / "play.yml").write_text(text)
        env = dict(os.environ, ANSIBLE_COLLECTIONS_PATH=str(ROOT / ".build"), ANSIBLE_STDOUT_CALLBACK="ansible.posix.json",
                   ANSIBLE_HOME=str(tmp_path / "home"), ANSIBLE_REMOTE_TMP=str(tmp_path / "remote"), ANSIBLE_LOCALHOST_WARNING="false",
                   PATH=os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"], "/usr/sbin"]))
        answer = server.run("ansible-playbook", "-i", "host,", "-c", "local", "-e", "ansible_python_interpreter=" + sys.executable,
                            "-e", "relay_baseline_greeting_timeout=12", *options, tmp_path / "play.yml", cwd=tmp_path, env=env)
        (tmp_path / "told").write_text(answer.stdout)
        told = json.loads(answer.stdout[answer.stdout.index("\n{") if not answer.stdout.startswith("{") else 0:])
        results = [(task["task"]["name"], task["hosts"]["host"]) for each in told["plays"] for task in each["tasks"]]
        return {name: result for name, result in results
                if not result.get("skipped") and "include" not in result and "Validating arguments" not in name}
    return run


def state(server):
    folder = server.config
    files = [(path.relative_to(folder), path.lstat(), path.read_bytes() if path.is_file() else b"") for path in sorted(folder.rglob("*"))]
    return [(str(name), status.st_ino, status.st_mtime_ns, status.st_ctime_ns, text) for name, status, text in files], folder.stat().st_mtime_ns


CLOSE = "relaylock.postfix.relay_baseline : Close the relay"
ACTIVATE = "relaylock.postfix.relay_baseline : Let the files go into service, or take them back"
IN_SERVICE = [CLOSE, ACTIVATE, "relaylock.postfix.relay_baseline : Keep what it said"]
PROBED = ["-e", "relay_baseline_probe_from=host"]


def test_the_role_closes_the_relay_and_rests(server, play):
    server.start()
    assert server.relays()
    done = play(PLAY)
    assert list(done) == IN_SERVICE
    assert not server.relays()
    before = state(server)
    done = play(PLAY)
    assert list(done) == [CLOSE], "at rest it costs one task"
    assert not done[CLOSE]["changed"]
    assert not done[CLOSE]["pending"]
    assert state(server) == before, "no byte, no inode, no time stamp"


def test_a_run_that_was_cut_off_is_finished(server, play):
    server.start()
    first = next(iter(play(CUT_OFF).values()))
    assert first["changed"] and first["pending"]
    before = state(server)
    told = play(PLAY, "--check")
    assert [result["changed"] for result in told.values()] == [False, True], "the module would write nothing, the role would do something"
    assert told[CLOSE]["pending_backups"] == first["pending_backups"]
    assert "cut off" in list(told.values())[1]["msg"]
    assert state(server) == before
    done = play(PLAY)
    assert list(done) == IN_SERVICE
    assert not done[CLOSE]["changed"]
    assert done[ACTIVATE]["changed"]
    assert not server.relays()
    assert list(play(PLAY)) == [CLOSE]


def test_a_run_that_was_cut_off_is_taken_back(server, play):
    """What it wrote kills smtpd, whose SASL cannot start: the next run, which has nothing to change, brings the files back that were in service."""
    (server.config / "sasl").mkdir(exist_ok=True)
    (server.config / "sasl/nowhere.conf").write_text("no colon\n")
    with (server.config / "main.cf").open("a") as main:
        main.write("cyrus_sasl_config_path = %s\n" % (server.config / "sasl"))
    server.start()
    old = (server.config / "main.cf").read_bytes()
    variables = ["-e", '{"relay_baseline_sasl": {"type": "cyrus", "path": "nowhere"}, "relay_baseline_validate": false}']
    first = next(iter(play(CUT_OFF.replace("validate: false", "validate: false, sasl: {type: cyrus, path: nowhere}")).values()))
    assert first["changed"], first
    done = play(PLAY, *variables)
    assert not done[CLOSE]["changed"]
    why = list(done.values())[-1]
    assert why["failed"]
    assert "fatal: SASL per-process initialization failed" in why["msg"]
    assert (server.config / "main.cf").read_bytes() == old
    assert server.relays(), "and so it serves as it did"
    assert not [name for name in os.listdir(server.config) if "relaylock" in name]


def test_an_outsider_is_asked_and_hears_that_it_is_closed(server, play):
    """From its own public address, which nobody trusts once mynetworks is narrow."""
    server.start()
    done = play(PLAY, *PROBED, "-e", "relay_baseline_probe_target=%s" % SERVER)
    probe = done["relaylock.postfix.relay_baseline : Ask from outside whether a stranger relays"]
    assert [one["verdict"] for one in probe["results"]] == ["closed"]
    assert not any(one.get("failed") for one in done.values())
    assert not server.relays()
    assert list(play(PLAY, *PROBED)) == [CLOSE], "at rest nobody is asked"


@pytest.mark.parametrize("open_", ["fail", "rollback"])
def test_an_outsider_hears_that_it_is_open(server, play, open_):
    """From loopback, which the server trusts: so it is where a gateway hides who calls."""
    server.start()
    old = (server.config / "main.cf").read_bytes()
    done = play(PLAY, *PROBED, "-e", "relay_baseline_probe_target=127.0.0.1", "-e", "relay_baseline_probe_open=" + open_)
    why = list(done.values())[-1]
    assert why["failed"]
    assert "The files let no stranger relay, and yet this client could." in why["msg"]
    assert ((server.config / "main.cf").read_bytes() == old) == server.relays() == (open_ == "rollback")
    assert not (server.config / ".relaylock-pending").exists()


def test_an_outsider_hears_nothing(server, play):
    server.start()
    done = play(PLAY, *PROBED, "-e", "relay_baseline_probe_target=203.0.113.26", "-e", '{"relay_baseline_probe_ports": [{"port": 9}]}')
    assert "could not be told" in list(done.values())[-1]["msg"]
    assert not server.relays()
    assert not (server.config / ".relaylock-pending").exists()
