# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules as Ansible calls them: what they return, that check mode tells the truth, and what bad input gets."""

import json
import os

import pytest
from module_args import patch_module_args

from ansible_collections.relaylock.postfix.plugins.module_utils._relay import host
from ansible_collections.relaylock.postfix.plugins.modules import relay_baseline, relay_info

OPEN = b"compatibility_level = 3.6\nmyhostname = mx.example.com\n# keep\nmynetworks = 127.0.0.0/8, 0.0.0.0/0\n"


@pytest.fixture
def call(capsys, tmp_path):
    """Return a function (module, **options) -> its result as a dict."""
    def run(module, **options):
        options.setdefault("config_directory", str(tmp_path))
        options.setdefault("_ansible_remote_tmp", str(tmp_path.parent))
        options.setdefault("_ansible_keep_remote_files", False)
        with patch_module_args(options), pytest.raises(SystemExit):
            module.main()
        return json.loads(capsys.readouterr().out)
    return run


def state(folder):
    """Return everything about the files of *folder* that a run could change."""
    return [(path.name, path.read_bytes(), path.stat().st_ino, path.stat().st_mtime_ns, path.stat().st_mode)
            for path in sorted(folder.iterdir())]


def test_info(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(OPEN)
    before = state(tmp_path)
    found = call(relay_info)
    assert found["verdict"] == "open"
    assert found["listeners"][0]["witness"]["recipient"]
    assert {"stranger_relays", "mynetworks_too_broad"} <= {one["id"] for one in found["findings"]}
    assert [one["line"] for one in found["findings"] if one["id"] == "mynetworks_too_broad"] == [4]
    assert state(tmp_path) == before


def test_check_mode_is_the_truth_and_a_second_run_rests(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(OPEN)
    before = state(tmp_path)
    foretold = call(relay_baseline, _ansible_check_mode=True, _ansible_diff=True)
    assert state(tmp_path) == before
    done = call(relay_baseline, _ansible_diff=True)
    for name in ("changed", "verdict", "diff", "drift", "access", "listeners", "findings"):
        assert foretold[name] == done[name], name
    assert done["verdict"] == {"before": "open", "after": "closed"}
    assert [one["backup"] is not None for one in done["backup_files"]] == [True]
    assert b"# keep\n" in (tmp_path / "main.cf").read_bytes()
    rested = state(tmp_path)
    again = call(relay_baseline)
    assert again["changed"] is False and again["drift"] == []
    assert state(tmp_path) == rested


def test_waivers(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(OPEN)
    accepted = {"id": "mynetworks_too_broad", "reason": "a test", "until": "2999-12-31"}
    over = {"id": "stranger_relays", "reason": "a test", "until": "2001-12-31"}
    found = call(relay_info, waivers=[accepted, over])
    waived = dict((one["id"], one["waived"]) for one in found["findings"])
    assert waived["mynetworks_too_broad"] is True and waived["stranger_relays"] is False
    named = dict((one["id"], one["waiver"]) for one in found["findings"])
    assert named["mynetworks_too_broad"] == {"reason": "a test", "until": "2999-12-31"}
    assert named["stranger_relays"] == {"reason": "a test", "until": "2001-12-31"}


def test_of_two_waivers_the_one_that_holds_longer_counts(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(OPEN)
    both = [{"id": "stranger_relays", "reason": text, "until": day} for text, day in (("long", "2999-12-31"), ("over", "2001-12-31"))]
    for waivers in (both, both[::-1]):
        found = call(relay_info, waivers=waivers)
        assert [one["waiver"]["reason"] for one in found["findings"] if one["waived"]] == ["long"]


def test_a_host_without_postfix(call, monkeypatch, tmp_path):
    monkeypatch.setattr(host, "find_command", lambda dummy: None)
    monkeypatch.setattr(host, "DIRECTORY", str(tmp_path / "none"))
    for module in (relay_info, relay_baseline):
        found = call(module, config_directory=None)
        assert found["failed"] and found["absent"] is True and "no Postfix" in found["msg"]
        assert call(module, config_directory=str(tmp_path / "none"))["absent"] is False


def test_other_instances_are_named(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(b"compatibility_level = 3.6\nout = /etc/postfix-out\n"
                                       b"multi_instance_directories = $out, %s /etc/postfix-in\n" % str(tmp_path).encode())
    for module in (relay_info, relay_baseline):
        found = call(module)
        assert found["instances"] == ["/etc/postfix-out", "/etc/postfix-in"]
        assert found["config_directory"] == str(tmp_path)


def test_where_no_plan_can_be_made_the_verdict_is_told(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(b"compatibility_level = 3.6\nno equals sign\n")
    found = call(relay_baseline)
    assert found["failed"] and found["changed"] is False
    assert found["verdict"] == {"before": "down", "after": None}
    assert found["findings"] and found["listeners"]


def test_no_secret_in_a_result(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(OPEN + b"smtp_sasl_password_maps = static:me:hunter2\nx = inline:{a@b=hunter2}\n"
                                       b"smtpd_relay_restrictions = check_sender_access inline:{a@b=OK, {c = REJECT hunter2}},"
                                       b" reject_unauth_destination\n")
    assert "hunter2" not in json.dumps(call(relay_baseline, _ansible_diff=True))


BAD = [
    (b"compatibility_level = 3.6\nno equals sign\n", None, "line 2"),
    (b"\xef\xbb\xbf# a comment\n", None, "line 1"),
    (b"compatibility_level = 3.6\nmynetworks = ${open\n", None, "truncated macro"),
    (b"compatibility_level = 3.6\nmynetworks = $mynetworks\n", None, "nesting"),
    (b"compatibility_level = 3.6\n", b"smtp inet n - n\n", "line 1"),
    (b"compatibility_level = 3.6\n", b"smtp inet n - n - - smtpd -o\n", "-o"),
]


@pytest.mark.parametrize("main, master, words", BAD)
def test_bad_files_are_down_and_stay_as_they_are(call, tmp_path, main, master, words):
    (tmp_path / "main.cf").write_bytes(main)
    if master is not None:
        (tmp_path / "master.cf").write_bytes(master)
    before = state(tmp_path)
    found = call(relay_info)
    assert found["verdict"] == "down"
    assert words in json.dumps(found["listeners"]) + json.dumps(found["findings"])
    refused = call(relay_baseline)
    assert refused["failed"] and words in refused["msg"] and "Traceback" not in refused["msg"]
    assert state(tmp_path) == before


@pytest.mark.parametrize("main, verdict", [
    (b"compatibility_level = 3.6\nmydestination = caf\xe9.example, \xff\n", "closed"),
    (b"compatibility_level = 3.6\nmynetworks = 127.0.0.0/8, 203.0.113.1/24\n", "down"),
    (b"compatibility_level = 3.6\nsmtpd_relay_restrictions = permit_mynetworks, check_sender_access hash:/nowhere/x, reject\n", "down"),
    (b"", "down"),
])
def test_odd_files_are_judged(call, tmp_path, main, verdict):
    (tmp_path / "main.cf").write_bytes(main)
    assert call(relay_info)["verdict"] == verdict


def test_a_byte_order_mark_hides_the_first_parameter(call, tmp_path):
    (tmp_path / "main.cf").write_bytes(b"\xef\xbb\xbfcompatibility_level = 3.6\n")
    found = call(relay_info)
    assert found["verdict"] == "down"
    assert "byte_order_mark" in [one["id"] for one in found["findings"]]


def test_errors_say_what_to_do(call, tmp_path):
    assert "config_directory" in call(relay_info, config_directory=str(tmp_path / "none"))["msg"]
    assert "main.cf" in call(relay_info)["msg"]
    (tmp_path / "main.cf").write_bytes(OPEN)
    assert "trusted_networks" in call(relay_info, trusted_networks=["198.51.100.1/24"])["msg"]
    assert "postfix_version" in call(relay_info, postfix_version="latest")["msg"]
    assert "waivers" in call(relay_info, waivers=[{"id": "x", "reason": "y", "until": "soon"}])["msg"]


def test_an_unreadable_file(call, tmp_path):
    if os.geteuid() == 0:
        (tmp_path / "main.cf").mkdir()  # root reads everything but a directory
    else:
        (tmp_path / "main.cf").write_bytes(OPEN)
        (tmp_path / "main.cf").chmod(0)
    found = call(relay_baseline)
    assert found["failed"] and "main.cf" in found["msg"]
