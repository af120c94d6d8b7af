# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The regression cases of the battery put to our own evaluation; tests/oracle asks the real smtpd the same."""

import pathlib
import sys

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import STOCK_LISTENER, Configuration, Host
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.evaluate import PERMIT, Box, answers
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListFatal
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.startup import check_startup
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import make_listener, rewrite_service

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "oracle"))
from battery import m_regression, write  # noqa: E402

REWRITE = b"rewrite unix - - n - - trivial-rewrite\n"
HOST = Host("mx.oracle.example", {"host": "127.0.0.1/32 192.0.2.25/32 [::1]/128", "subnet": "127.0.0.0/8 192.0.2.0/24 [::1]/128",
                                  "class": "127.0.0.0/8 192.0.2.0/24 [::1]/128"}, (), {})
VERSIONS = [(3, 5), (3, 7), (3, 10), (3, 11)]
CASES = [pytest.param(case, version, id="{0}.{1}-{2}".format(version[0], version[1], case.id))
         for case in m_regression.CASES for version in VERSIONS if case.holds_for(version)]


def outcome(listener, fields):
    """What our evaluation says to one dialogue of the battery, in the battery's words."""
    name, address = fields.get("client_name") or "unknown", fields.get("client_address", "203.0.113.9")
    box = Box(((name, address),), (fields.get("helo", "client.example.net"),), (fields.get("sender", "sender@example.net"),),
              (fields.get("recipient", "user@elsewhere.example"),), False, False)
    (verdict, path), = answers(listener, box)
    assert not path.unknown
    if verdict is PERMIT:
        return "discarded" if path.discard else "accepted"
    return "server error" if verdict.server else "refused" if verdict.code >= 500 else "deferred"


@pytest.mark.parametrize("case, version", CASES)
def test_our_answer_is_smtpds(case, version, tmp_path):
    write(case, str(tmp_path))
    main = MainCf((tmp_path / "main.cf").read_bytes(), str(tmp_path / "main.cf"))
    subject = Configuration(main, MasterCf(STOCK_LISTENER + REWRITE), version, Files(), HOST)
    entry = subject.services("smtpd")[0]
    try:
        check_startup(subject, entry, rewrite_service(subject))
        listener = make_listener(subject, entry)
        alive = listener.settings.has_guard()
    except (ConfigError, ListFatal):
        alive = False
    found = [outcome(listener, fields) if alive else "dead" for fields, _expected in case.dialogues]
    assert found == [expected for _fields, expected in case.dialogues]
