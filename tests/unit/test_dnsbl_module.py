# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module dnsbl_info as Ansible calls it, with the nameservers' answers laid in. No dnspython is needed for it."""

import json

import pytest
from module_args import patch_module_args

from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl import arguments, check, lookup, own
from ansible_collections.relaylock.postfix.plugins.module_utils._dnsbl.query import NOTHING, Answer
from ansible_collections.relaylock.postfix.plugins.modules import dnsbl_info

KEY = "Qx7secretkey42"


@pytest.fixture
def call(capsys, monkeypatch, tmp_path):
    """Return a function (**options) -> (the module's result, the questions that it asked); whatever is asked, it is listed."""
    asked = []

    def ask_all(questions, servers, timeout, follow):
        found = {}
        for question in questions:
            barred = question.name.startswith("1.0.0.127.")
            found[question] = NOTHING if barred else Answer(None, ("127.0.0.2",), ())
            for text in follow(question, found[question]):
                found[text] = Answer(None, (), ("See ?q={0}".format(text.name),))
        asked.extend(found)
        return found

    def run(**options):
        options.update(_ansible_remote_tmp=str(tmp_path), _ansible_keep_remote_files=False)
        with patch_module_args(options), pytest.raises(SystemExit):
            dnsbl_info.main()
        out = capsys.readouterr()
        return json.loads(out.out), asked, out.out + out.err
    monkeypatch.setattr(lookup, "MISSING", None)
    monkeypatch.setattr(lookup, "system_servers", lambda: [("127.0.0.1", 53)])
    monkeypatch.setattr(check, "ask_all", ask_all)
    return run


def test_results(call):
    found, asked, dummy = call(addresses=["192.0.2.10"], zones=["bl.test"])
    assert (found["changed"], found["any_listed"], found["any_unknown"], found["listed"], found["unknown"]) == (
        False, True, False, ["192.0.2.10"], [])
    assert found["results"] == [{
        "address": "192.0.2.10", "zone": "bl.test", "status": "listed", "codes": [{"code": "127.0.0.2", "meaning": None}],
        "reasons": ["See ?q=10.2.0.192.bl.test"], "reason": None}]
    assert sorted((question.kind, question.name) for question in asked) == [
        ("A", "1.0.0.127.bl.test"), ("A", "10.2.0.192.bl.test"), ("A", "2.0.0.127.bl.test"), ("TXT", "10.2.0.192.bl.test")]


def test_defaults(call, monkeypatch):
    monkeypatch.setattr(arguments, "own_addresses", lambda: own.public(["1.2.3.4"]))
    found, asked, dummy = call()
    assert [(one["address"], one["zone"]) for one in found["results"]] == [("1.2.3.4", zone) for zone in arguments.DEFAULTS]
    assert found["results"][0]["codes"][0]["meaning"].startswith("SBL")


def test_a_key_is_asked_with_and_never_told(call, monkeypatch):
    logged = []
    monkeypatch.setattr(dnsbl_info.AnsibleModule, "_log_to_syslog", lambda self, text: logged.append(text))
    found, asked, told = call(addresses=["1.2.3.4"], zones=[KEY + ".Zen.dq.spamhaus.net", "bl.test"])
    assert any(KEY.lower() in question.name for question in asked)
    assert [one["zone"] for one in found["results"]] == ["***.zen.dq.spamhaus.net", "bl.test"]
    assert found["results"][0]["reasons"] == ["See ?q=4.3.2.1.***.zen.dq.spamhaus.net"]
    assert KEY.lower() not in (told + "".join(logged)).lower()
    assert logged and "bl.test" not in "".join(logged)


@pytest.mark.parametrize("options, message", [
    ({"zones": ["bl.test", KEY + "!.zen.dq.spamhaus.net"]}, "number 2 of zones is no domain name"),
    ({"zones": [KEY + ".zen.dq.spamhaus.net=127.0.0.2"]}, "number 1 of zones has a filter"),
    ({"zones": [KEY + ".zen.dq.spamhaus.net"], "addresses": ["mx.example.com"]}, "is no IP address"),
    ({"zones": [KEY + ".zen.dq.spamhaus.net"], "nameservers": ["ns.example.com"]}, "is no address of a nameserver"),
    ({"zones": [KEY + ".zen.dq.spamhaus.net"], "timeout": 0}, "timeout must be"),
    ({"zones": [KEY + ".zen.dq.spamhaus.net"], "timeout": float("nan")}, "timeout must be"),
])
def test_bad_input_is_refused_and_keys_stay_hidden(call, options, message):
    found, asked, told = call(**dict({"addresses": ["192.0.2.10"]}, **options))
    assert found["failed"] and message in found["msg"] and asked == []
    assert KEY.lower() not in told.lower()


def test_no_public_address(call, monkeypatch):
    monkeypatch.setattr(arguments, "own_addresses", list)
    found, asked, dummy = call(zones=["bl.test"])
    assert found["failed"] and "no public address" in found["msg"] and asked == []


def test_a_dead_zone_is_not_asked_and_there_is_a_warning(call):
    found, asked, dummy = call(addresses=["192.0.2.10"], zones=["dnsbl.sorbs.net", "bl.test"])
    assert [one["status"] for one in found["results"]] == ["unknown", "listed"]
    assert not any("sorbs" in question.name for question in asked)
    assert "2024" in json.dumps(found["warnings"])


def test_the_same_twice_is_asked_once(call):
    found = call(addresses=["192.0.2.10", "::ffff:192.0.2.10"], zones=["bl.test", "BL.test."])[0]
    assert len(found["results"]) == 1


def test_without_dnspython(call, monkeypatch):
    monkeypatch.setattr(lookup, "MISSING", "Traceback: no module named dns")
    found, asked, dummy = call(addresses=["192.0.2.10"])
    assert found["failed"] and "dnspython" in found["msg"] and asked == []
