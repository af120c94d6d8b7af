# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What our own evaluation answers to a dialogue on a machine like the one where the oracle asked the real smtpd."""

import os
import sys

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import STOCK_LISTENER, Configuration, Host
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.evaluate import PERMIT, Box, answers
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.networks import parse_address
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.replies import DEATH
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../fixtures"))
import oracle_host  # noqa: E402

REWRITE = b"rewrite unix - - n - - trivial-rewrite\n"
HOST = Host(oracle_host.NAME, oracle_host.MYNETWORKS, tuple(map(parse_address, oracle_host.ADDRESSES)), {})
COARSE = {"accepted": "accepted", "discarded": "accepted", "refused": "refused", "deferred": "refused"}


def outcome(judged, fields):
    """What our evaluation says to one dialogue of the battery; None where it hangs on what cannot be read."""
    if judged.listener is None or judged.verdict == "down" and judged.reasons[0].startswith("smtpd does not start"):
        return "dead"
    address = fields.get("client_address", "203.0.113.9")
    address = address[7:] if address.startswith("::ffff:") else address
    box = Box(((fields.get("client_name") or "unknown", address),), (fields.get("helo", "client.example.net"),),
              (fields.get("sender", "sender@example.net"),), (fields.get("recipient", "user@elsewhere.example"),), fields.get("login"))
    (verdict, path), = answers(judged.listener, box)[:1]
    if path.unknown:
        return None
    return "accepted" if verdict is PERMIT else "dead" if verdict is DEATH else "server error" if verdict.server else "refused"


def judged_folder(folder, version):
    """Return the judgements of a folder's listeners; without a master.cf it gets the stock ones.

    :param tuple version: of Postfix, two numbers
    """
    main, master = folder / "main.cf", folder / "master.cf"
    services = master.read_bytes() if master.exists() else STOCK_LISTENER + REWRITE
    subject = Configuration(MainCf(main.read_bytes(), str(main)), MasterCf(services, str(master)), version, Files(compiled_needed=True), HOST)
    return judge(subject, Trust()).listeners
