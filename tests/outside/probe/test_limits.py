# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""relay_probe and what slows it down or cuts it off: the error limits of smtpd, rates, postscreen; and how much it says."""

import pytest
from postfix_server import MASTER
from probed import CLOSED, WISH

OWN = ["example.com"]
OPEN = CLOSED + "relay_domains = %s\n" % WISH["foreign_domain"]
POSTSCREEN = """\
smtp      inet  n       -       n       -       1       postscreen
smtpd     pass  -       -       n       -       -       smtpd
dnsblog   unix  -       -       n       -       0       dnsblog
tlsproxy  unix  -       -       n       -       0       tlsproxy
""" + MASTER.partition("\n")[2]
NO_ANVIL_FOR = "smtpd_client_event_limit_exceptions =\n"


def outcomes(found):
    return {one["outcome"] for one in found["attempts"]}


def connections(found):
    return sum(line.startswith("-- ") for line in found["transcript"])


def turns(found):
    """How often the probe has waited for an answer to what it said."""
    said = found["transcript"]
    return sum(one.startswith("C: ") and other.startswith("S: ") for one, other in zip(said, said[1:]))


@pytest.mark.parametrize("main, verdict", [(CLOSED, "closed"), (OPEN, "open")])
@pytest.mark.parametrize("soft", [1, 2, 4])
def test_replies_that_are_slowed_down(mail, soft, main, verdict):
    """A second for each reply in a connection with so many errors: a new connection is quicker."""
    mail.serve(main + "smtpd_soft_error_limit = %d\n" % soft)
    found = mail.probed(own_domains=OWN)
    assert found["verdict"] == verdict, found["notes"]
    assert not outcomes(found) & {"dropped", "not_asked"}
    assert found["seconds"] < 5


@pytest.mark.parametrize("main, verdict", [(CLOSED, "unknown"), (OPEN, "open")])
def test_each_reply_slowed_down(mail, main, verdict):
    """What there was no time for was not refused; what was accepted counts."""
    mail.serve(main.replace("permit_mynetworks, ", "sleep 1, permit_mynetworks, "))
    found = mail.probed(own_domains=OWN, timeout=5)
    assert found["verdict"] == verdict
    assert "not_asked" in outcomes(found)
    assert found["seconds"] < 6


@pytest.mark.parametrize("main, verdict", [(CLOSED, "closed"), (OPEN, "open")])
@pytest.mark.parametrize("hard", [1, 3, 7])
def test_connections_that_are_cut_off(mail, hard, main, verdict):
    mail.serve(main + "smtpd_hard_error_limit = %d\n" % hard)
    found = mail.probed(own_domains=OWN)
    assert found["verdict"] == verdict, found["notes"]
    assert not outcomes(found) & {"dropped", "not_asked"}
    assert any(line.startswith("S: 421") for line in found["transcript"])
    assert found["seconds"] < 3


def test_connections_that_are_refused(mail):
    mail.serve(CLOSED + NO_ANVIL_FOR + "smtpd_hard_error_limit = 3\nsmtpd_client_connection_rate_limit = 2\n")
    found = mail.probed(own_domains=OWN)
    assert found["verdict"] == "unknown"
    assert "not_asked" in outcomes(found)
    assert any("421" in note for note in found["notes"])


@pytest.mark.parametrize("main", [CLOSED, OPEN, CLOSED + "mynetworks = 0.0.0.0/0\n", CLOSED + "smtpd_discard_ehlo_keywords = pipelining\n",
                                  CLOSED + "mynetworks = 0.0.0.0/0\nsmtpd_discard_ehlo_keywords = pipelining\n"],
                         ids=["closed", "open", "open to all", "closed, no pipelining", "open to all, no pipelining"])
def test_two_round_trips_for_a_form(mail, main):
    """Among them those of each connection's EHLO."""
    mail.serve(main)
    found = mail.probed(own_domains=OWN)
    assert len(found["attempts"]) > 30 and "not_asked" not in outcomes(found)
    assert turns(found) + connections(found) <= 2 * len(found["attempts"])


@pytest.mark.parametrize("main, verdict", [(CLOSED, "closed"), (OPEN, "open")])
def test_behind_postscreen(mail, main, verdict):
    mail.serve(main, POSTSCREEN)
    first, second = mail.probed(own_domains=OWN), mail.probed(own_domains=OWN)
    assert (first["verdict"], second["verdict"]) == (verdict, verdict), first["notes"]
    assert first["seconds"] > 5 and second["seconds"] < 1.5, "a new client waits for the greeting, one that is known does not"
    assert "220-" in "".join(first["transcript"]) and outcomes(first) == outcomes(second)


@pytest.mark.parametrize("main, verdict", [(CLOSED, "closed"), (OPEN, "open")])
def test_behind_postscreens_deep_tests(mail, main, verdict):
    """All of a new client's first session is put off, whatever it asks for."""
    mail.serve(main + "postscreen_greet_wait = 1s\npostscreen_bare_newline_enable = yes\npostscreen_bare_newline_action = enforce\n", POSTSCREEN)
    found = mail.probed(own_domains=OWN)
    assert found["verdict"] == verdict, found["notes"]
    assert any("450 4.3.2" in line for line in found["transcript"])
    assert "deferred" not in outcomes(found)
