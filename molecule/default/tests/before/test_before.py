# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Before: the six servers relay for a stranger, so the real smtpd says; the healthy one does not; the entitled have what they need."""

import lab


def test_the_stranger_relays(open_server):
    assert lab.stranger_relays(open_server).startswith("250 2.1.5")


def test_the_stranger_hears_no_from_the_healthy_server():
    assert lab.stranger_relays("healthy").startswith("554 5.7.1")


def test_the_own_domain_gets_its_mail(server):
    assert lab.delivered(server, "before-" + server)


def test_the_trusted_network_relays(server):
    assert lab.insider_relays(server).startswith("250 2.1.5")


def test_a_login_relays():
    assert lab.login_relays("let-me-in").startswith("250 2.1.5")


def test_a_wrong_password_is_refused():
    assert lab.login_relays("guess").startswith("535 5.7.8")


def test_stamps_are_kept():
    lab.keep("before")
