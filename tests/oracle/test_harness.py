# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The harness itself: it starts what it is told to, says why something died, and leaves nothing behind."""

import os

import oracle
import pytest

GUARDED = "compatibility_level = 2\nmynetworks = 127.0.0.0/8\nlocal_recipient_maps =\nalias_maps =\nmydestination = own.example\n"
LISTS = "smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination\n"


def test_there_is_a_postfix():
    """Without any installed Postfix every other test here would pass by doing nothing."""
    assert oracle.installations(), oracle.missing()


def test_reply_names_code_stage_and_log(configuration, postfix):
    """A refusal comes with smtpd's own words and the line that it logged."""
    with oracle.start(configuration(GUARDED + LISTS), postfix=postfix) as session:
        reply = session.ask(recipient="u@elsewhere.example")
    assert (reply.code, reply.stage, reply.outcome) == (554, "RCPT", "refused")
    assert "Relay access denied" in reply.text
    assert any("reject: RCPT from unknown[203.0.113.9]" in line for line in reply.log)


def test_death_comes_with_its_reason(configuration, postfix):
    """smtpd's fatal line is the reply's text, for every dialogue."""
    with oracle.start(configuration("compatibility_level = 0\n"), postfix=postfix) as session:
        replies = session.ask_all([oracle.Dialogue(), oracle.Dialogue(client_address="127.0.0.1")])
    assert [reply.outcome for reply in replies] == ["dead", "dead"]
    assert all("specify at least one working instance of" in reply.text for reply in replies)


def test_many_dialogues_do_not_touch_each_other(configuration, postfix):
    """In one session each client gets its own answer, whatever was asked before."""
    dialogues = [oracle.Dialogue(client_address=address) for address in ("127.0.0.1", "203.0.113.9", "127.0.0.2", "2001:db8::1")] * 25
    with oracle.start(configuration(GUARDED + LISTS), postfix=postfix) as session:
        found = [reply.outcome for reply in session.ask_all(dialogues)]
    assert found == ["accepted", "refused", "accepted", "refused"] * 25


def test_no_process_and_no_file_stays(configuration):
    """close() ends the daemons and removes their queue."""
    with oracle.start(configuration(GUARDED + LISTS)) as session:
        session.ask()
        queue, pids = session.master.queue, list(session.master._pids)
        assert len(pids) >= 2
    assert not os.path.exists(queue)
    assert not any(os.path.exists("/proc/%d" % pid) for pid in pids)


def test_configuration_is_only_read(configuration):
    """No byte and no time stamp of the configuration changes."""
    directory = configuration(GUARDED + LISTS, master_cf="smtp inet n - n - - smtpd\n")
    before = {entry.name: (entry.stat().st_mtime_ns, entry.stat().st_ino) for entry in os.scandir(directory)}
    with oracle.start(directory) as session:
        session.ask()
    assert {entry.name: (entry.stat().st_mtime_ns, entry.stat().st_ino) for entry in os.scandir(directory)} == before


def test_unknown_listener(configuration):
    """A service that master.cf has not is the caller's error."""
    with pytest.raises(KeyError):
        oracle.start(configuration(GUARDED + LISTS), "submission")


def test_a_command_is_one_line(configuration):
    """No dialogue can smuggle a second command."""
    with oracle.start(configuration(GUARDED + LISTS)) as session, pytest.raises(ValueError, match="one line"):
        session.ask(recipient="u@own.example>\r\nRSET")


def test_address_of_another_machine(configuration, postfix):
    """inet_interfaces that names another machine's address does not kill the daemons here."""
    if not oracle.world().isolated:
        pytest.skip(oracle.world().reason)
    with oracle.start(configuration(GUARDED + LISTS + "inet_interfaces = 198.51.100.33\n"), postfix=postfix) as session:
        assert session.ask().outcome == "refused"
        assert session.ask(recipient="u@[198.51.100.33]").outcome == "accepted"


def test_localise_changes_paths_alone(configuration, tmp_path):
    """Paths below /etc/postfix and of the alias file lead into the copy; its tables are built; nothing else changes."""
    text = (GUARDED.replace("alias_maps =", "alias_maps = hash:/etc/aliases")
            + "smtpd_relay_restrictions = permit_mynetworks, check_client_access hash:/etc/postfix/clients, reject_unauth_destination\n"
            + "# see /etc/postfix-old/x\n")
    source, target = configuration(text, clients="203.0.113.9 OK\n"), str(tmp_path / "copy")
    oracle.localise(source, target)
    with open(os.path.join(target, "main.cf"), encoding="utf-8") as stream:
        assert stream.read() == text.replace("/etc/postfix/", target + "/").replace("/etc/aliases", target + "/aliases")
    with oracle.start(target) as session:
        assert session.ask().outcome == "accepted"
        assert session.ask(client_address="203.0.113.10").outcome == "refused"


def test_real_configurations_start(tmp_path):
    """Every real configuration that is at hand gets an answer from every listener, within seconds."""
    folder = os.path.join(os.path.dirname(__file__), *[os.pardir] * 3, "shared", "configs")
    names = sorted(os.listdir(folder)) if os.path.isdir(folder) else []
    names = [name for name in names if os.path.exists(os.path.join(folder, name, "main.cf"))]
    if not names:
        pytest.skip("no real configurations beside the repository")
    for name in names:
        directory = oracle.localise(os.path.join(folder, name), str(tmp_path / name))
        for service in oracle.listeners(directory):
            with oracle.start(directory, service) as session:
                reply = session.ask()
            assert reply.text != "no answer", (name, service)


def test_a_session_leaves_no_descriptor_behind(postfix, configuration):
    directory = configuration("compatibility_level = 3.6\n")
    with oracle.start(directory, postfix=postfix) as session:
        session.ask()
    before = len(os.listdir("/proc/self/fd"))
    for dummy in range(3):
        with oracle.start(directory, postfix=postfix) as session:
            session.ask()
    assert len(os.listdir("/proc/self/fd")) == before


def test_an_address_that_is_there_already_stays(tmp_path):
    """smtpd misses 127.0.0.1 where it may speak IPv6 alone; it is no other machine's address for that."""
    if not oracle.world().isolated:
        pytest.skip(oracle.world().reason)
    (tmp_path / "main.cf").write_text("compatibility_level = 3.6\ninet_protocols = ipv6\ninet_interfaces = 127.0.0.1\n")
    with oracle.start(str(tmp_path)) as session:
        session.ask()
    assert "127.0.0.1/8" in oracle.world().run("ip", "addr", "show", "dev", "lo").stdout
