# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""AUTH is offered over TLS alone."""

import lab
import pytest


@pytest.mark.parametrize("port, tls, offers", [(25, "", 0), (587, "", 0), (25, "starttls", 1), (587, "starttls", 1), (465, "implicit", 1)])
def test_auth_is_offered_over_tls_alone(port, tls, offers):
    assert lab.spoken(lab.Row("stranger", "mail", port=port, tls=tls)).count("AUTH PLAIN LOGIN") == offers
