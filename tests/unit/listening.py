# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Configurations and listeners made of a few lines, below the common head of tests/fixtures/verdicts.py."""

import pathlib
import sys

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import listeners, make_listener

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))
import verdicts  # noqa: E402

# A host that takes mail for user@own.example, and for whoever else is there.
OWN = """\
myhostname = mx.own.example
mydestination = own.example
local_recipient_maps =
smtpd_relay_restrictions = reject_unauth_destination
"""
RELAY, RECIPIENT = "smtpd_relay_restrictions", "smtpd_recipient_restrictions"


def configuration(main="", services="", version=(3, 7)):
    return Configuration(MainCf((verdicts.HEAD + main).encode(), "/main"), MasterCf((verdicts.MASTER + services).encode(), "/master"), version, Files())


def listener(main="", services="", number=0, version=(3, 7)):
    """Return the Listener of one of the smtpd services, the stock one unless another *number* is given."""
    subject = configuration(main, services, version)
    return make_listener(subject, listeners(subject)[number])


def both(relay, recipient=""):
    return "{0} = {1}\n{2} = {3}\n".format(RELAY, relay, RECIPIENT, recipient)
