# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists are the article's, word for word."""

import lab
import pytest


@pytest.mark.parametrize("parameter", ["smtpd_relay_restrictions", "smtpd_recipient_restrictions"])
def test_list(parameter):
    words = lab.run("mail", "postconf", "-h", parameter).replace(",", " ").split()
    assert words == ["permit_mynetworks", "permit_sasl_authenticated", "reject_unauth_destination"]
