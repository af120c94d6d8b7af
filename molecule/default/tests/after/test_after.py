# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""After converge: no stranger relays, and nobody entitled lost anything."""

import lab

DENIED = ("554 5.7.1", "454 4.7.1")


def test_the_stranger_is_denied(server):
    assert lab.stranger_relays(server).startswith(DENIED)


def test_the_run_did_what_check_mode_said(server):
    said, did = lab.results("check")[server], lab.results("converge")[server]
    for key in ("changed", "verdict", "listeners", "findings", "drift", "access"):
        assert did[key] == said[key], key


def test_the_own_domain_gets_its_mail(server):
    assert lab.delivered(server, "after-" + server)


def test_the_trusted_network_relays(server):
    assert lab.insider_relays(server).startswith("250 2.1.5")


def test_a_login_relays():
    assert lab.login_relays("let-me-in").startswith("250 2.1.5")


def test_a_wrong_password_is_refused():
    assert lab.login_relays("guess").startswith("535 5.7.8")


def test_the_healthy_server_was_not_touched():
    assert lab.stamp("healthy") == lab.kept("before")["healthy"]


def test_backups_are_there_where_wanted_and_nowhere_else():
    assert {server for server in lab.SERVERS if "relaylock" in lab.stamp(server)} == set(lab.OPEN) - {"clients"}


def test_stamps_are_kept():
    lab.keep("after")
