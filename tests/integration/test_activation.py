# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role's way back: a change is put into service by the real Postfix, which stumbles over it in one way or another."""

import fcntl
import json
import os
import re
import subprocess
from pathlib import Path

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import commit

ROOT = Path(__file__).resolve().parents[2]
ACTIVATE = (ROOT / "roles/relay_baseline/files/activate.py").read_text()
WORLD = ", 0.0.0.0/0"
# A listener that dies before it greets, though `postfix check` finds nothing wrong.
DEAD = "2525 inet n - n - - smtpd -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=nonesuch\n"
NO_GUARD = "smtpd_relay_restrictions =\nsmtpd_recipient_restrictions = permit_mynetworks\n"


def change(server, edit_main=lambda text: text, edit_master=lambda text: text):
    """What the module does: new files and the note of it. The relay is closed, and whatever the edits do."""
    edits = {"main.cf": lambda text: edit_main(text.replace(WORLD, "")), "master.cf": edit_master}
    snapshots = [commit.read(str(server.config / name), str(server.config)) for name in edits]
    return commit.commit([(each, edits[os.path.basename(each.path)](each.bytes.decode()).encode()) for each in snapshots],
                         mark_pending=True)


def activate(server, path="", **request):
    """What the role does then: (exit status, what it says)."""
    request = {"config_directory": "/etc/postfix", "instance": False, "timeout": 12.0, "backups": [],
               "keep_backups": True, "step": "try", **request}
    env = dict(os.environ, PATH=os.pathsep.join([path, os.environ["PATH"]]))
    answer = server.run("python3", "-", json.dumps(request), input=ACTIVATE, env=env)
    print(answer.stdout)
    return answer.returncode, answer.stdout


class Before:
    """The state that a failed change must lead back to: the files, whatever lies beside them, and what a stranger hears."""

    def __init__(self, server):
        self.server = server
        self.state = self.look()

    def look(self):
        files = {path.name: (path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns)
                 for path in self.server.config.iterdir() if path.is_file()}
        return files, self.server.relays(), self.server.stranger(port=587)[:3]

    def assert_back(self):
        assert self.look() == self.state
        assert self.state[1:] == (True, "220"), "and that means: it serves mail"


@pytest.fixture
def running(server):
    server.start()
    return server


def names(server):
    return {re.sub(r"\d{8}T\d{6}Z", "TIME", name) for name in os.listdir(server.config) if "relaylock" in name}


@pytest.mark.parametrize("keep", [True, False])
def test_a_change_goes_into_service(running, keep):
    assert running.relays()
    done = change(running)
    assert names(running) == {".relaylock-pending", "main.cf.relaylock-TIME"}
    assert running.relays(), "not in service yet"
    status, said = activate(running, keep_backups=keep)
    assert (status, said.splitlines()) == (0, ["postfix reload", "587: 220 mx.example.com ESMTP Postfix",
                                               "smtp: 220 mx.example.com ESMTP Postfix"])
    assert not running.relays()
    assert names(running) == ({"main.cf.relaylock-TIME"} if keep else set())
    assert os.path.exists(done[0]["backup"]) == keep


def test_postfix_check_fails(running):
    before = Before(running)
    change(running, lambda text: text + "setgid_group = nobodys\n")
    status, said = activate(running)
    assert status == 1
    assert "parameter setgid_group: unknown group name: nobodys" in said
    assert "The old files are back and in service." in said
    before.assert_back()


def test_the_reload_fails(running, tmp_path):
    """By a postfix(1) that refuses to reload once, as a service manager may; all else is the real one's."""
    folder = tmp_path / "bin"
    folder.mkdir()
    (folder / "postfix").write_text('#!/bin/sh\n[ "$1" = reload ] && mkdir %s/refused 2> /dev/null && echo not now && exit 1\n'
                                    'exec %s "$@"\n' % (folder, subprocess.check_output(["which", "postfix"], text=True).strip()))
    (folder / "postfix").chmod(0o755)
    before = Before(running)
    change(running)
    status, said = activate(running, path=str(folder))
    assert (status, said.splitlines()[0]) == (1, "not now")
    assert (folder / "refused").exists()
    before.assert_back()


def test_smtpd_dies_before_it_greets(running):
    before = Before(running)
    change(running, lambda text: text + NO_GUARD)
    assert running.run("postfix", "check").returncode == 0, "which is the point"
    status, said = activate(running)
    assert status == 1
    assert "specify at least one working instance of" in said
    assert re.search("^(smtp|587): no greeting", said, re.MULTILINE)
    assert "The old files are back and in service." in said
    before.assert_back()


def test_one_listener_of_two_dies_with_the_change(running):
    before = Before(running)
    change(running, edit_master=lambda text: text.replace("smtpd\n587", "smtpd\n  -o smtpd_sasl_auth_enable=yes -o smtpd_sasl_type=nonesuch\n587"))
    status, said = activate(running)
    assert status == 1
    assert "smtp: no greeting" in said
    assert "SASL per-process initialization failed" in said
    before.assert_back()


def test_a_listener_that_was_dead_before_costs_nobody_the_change(server):
    (server.config / "master.cf").write_text((server.config / "master.cf").read_text() + DEAD)
    server.start()
    assert server.stranger(port=2525) == "silence"
    change(server)
    status, said = activate(server)
    assert status == 0
    assert "Not even with the old files:\n2525: no greeting" in said
    assert "SASL per-process initialization failed" in said
    assert not server.relays()
    assert names(server) == {"main.cf.relaylock-TIME"}


def test_a_listener_that_was_dead_before_hides_no_other_death(server):
    (server.config / "master.cf").write_text((server.config / "master.cf").read_text() + DEAD)
    server.start()
    before = Before(server)
    change(server, lambda text: text + NO_GUARD)
    status, said = activate(server)
    assert status == 1
    assert re.search("^(smtp|587): no greeting", said, re.MULTILINE)
    assert "specify at least one working instance of" in said
    before.assert_back()


def test_a_listener_that_was_dead_before_comes_up(server):
    """A server whose smtpd died at every connection: the remedy brings it up, and the wait outlasts master's throttle."""
    (server.config / "main.cf").write_text((server.config / "main.cf").read_text() + NO_GUARD)
    server.start()
    assert server.stranger() == "silence"
    change(server, lambda text: text.replace(NO_GUARD, ""))
    status, said = activate(server)
    assert status == 0
    assert "smtp: 220 mx.example.com" in said
    assert server.stranger().startswith("220")


def test_postfix_is_stopped(server):
    change(server)
    assert activate(server) == (0, "Postfix is stopped, and stays so.\n")
    assert names(server) == {"main.cf.relaylock-TIME"}
    assert server.run("postfix", "status").returncode != 0


def test_the_edit_of_another_stays(running):
    change(running, lambda text: text + NO_GUARD)
    with open(running.config / "main.cf", "a") as main:
        main.write("# mine\n")
    status, said = activate(running)
    assert status == 1
    assert "main.cf was changed by someone else meanwhile and stays; the old text is in " in said
    assert "# mine\n" in (running.config / "main.cf").read_text()
    assert names(running) == {"main.cf.relaylock-TIME"}


def test_a_link_within_stays_a_link(server):
    (server.config / "sub").mkdir()
    (server.config / "main.cf").rename(server.config / "sub/real.cf")
    (server.config / "main.cf").symlink_to("sub/real.cf")
    server.start()
    before = Before(server)
    change(server, lambda text: text + NO_GUARD)
    assert activate(server)[0] == 1
    assert os.readlink(server.config / "main.cf") == "sub/real.cf"
    assert os.listdir(server.config / "sub") == ["real.cf"]
    before.assert_back()


def test_another_run_is_left_alone(running):
    change(running)
    descriptor = os.open(running.config, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        assert activate(running) == (1, "Another run holds /etc/postfix. Run again when it is done.\n")
    finally:
        os.close(descriptor)
    assert ".relaylock-pending" in names(running)
    assert activate(running)[0] == 0
    assert activate(running) == (0, "Nothing is pending.\n")


def test_the_undo_that_the_readme_tells(running):
    """The one line, with the backup's real name in it, gives the old bytes back and puts them into service."""
    before = Before(running)
    done = change(running)
    assert activate(running)[0] == 0
    assert not running.relays()
    stamp = re.search(r"\d{8}T\d{6}Z", done[0]["backup"]).group()
    line = re.search(r"^    (mv /etc/postfix/main\.cf\.relaylock-.*)$", (ROOT / "roles/relay_baseline/README.md").read_text(), re.MULTILINE)[1]
    assert line in (ROOT / "plugins/modules/relay_baseline.py").read_text()
    assert running.run("sh", "-c", re.sub(r"\d{8}T\d{6}Z", stamp, line)).returncode == 0
    before.assert_back()
