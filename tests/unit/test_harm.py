# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What of the difference between two drafts is a harm, and which is told."""

import pytest
from listening import RECIPIENT, RELAY, both, configuration

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.splitting import Box
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import harm as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.draft import Draft
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

G = "reject_unauth_destination"
CLOSED = both("permit_mynetworks, " + G)
STRANGER, HOST = ("unknown", "198.51.100.25"), ("unknown", "127.0.0.1")
BOX = Box((STRANGER,), ("x.example",), ("s@x.example",), ("somebody@elsewhere.example",), None)


def harm(before, after):
    return subject.harm_done(Draft(configuration(before)), Draft(configuration(after)), Trust(), "smtp")


@pytest.mark.parametrize("before, after, words, mild", [
    (CLOSED, CLOSED, None, None), (CLOSED, both("permit_mynetworks, check_sender_access static:OK, " + G), "let in", False),
    (CLOSED, both("permit_mynetworks, reject"), "cut off", False), (both("permit_mynetworks, reject"), CLOSED, "let in", True),
    (CLOSED, both("permit_mynetworks", "permit"), "stop smtp", False), (CLOSED, "mydestination = $mydestination\n", "stop smtp", False),
    (CLOSED, "mynetworks = 203.0.113.1/24\n" + CLOSED, "stop smtp", False),
    # Domains that a pattern names, and an address of the host itself where no domain is its own.
    (both("check_recipient_access pcre:{{/@partner\\.example$$/ OK}}, permit_mynetworks, " + G), CLOSED, "cut off", False),
    (both("check_recipient_access pcre:{{/@partner\\.example$$/ REJECT}}, permit_mynetworks, " + G), CLOSED, "let in", False),
    (both("check_recipient_access pcre:{{/@partner\\.example$$/ OK}, {/^ee/ OK}}, permit_mynetworks, " + G),
     both("permit_mynetworks, check_recipient_access pcre:{{/@partner\\.example$$/ OK}}, " + G), None, None),
    ("mydestination =\n" + CLOSED, "mydestination =\n" + both("permit_mynetworks, reject"), "cut off", False),
    # One that was down: who should be served by its lists is cut off if he is not, unless they say that he shall not.
    (both("permit_mynetworks, permit"), CLOSED, None, None), (both("permit_mynetworks, permit"), both(G), "cut off", False),
    (both("reject_non_fqdn_sender, permit"), both("reject_non_fqdn_sender, permit_mynetworks, " + G), None, None),
    (both("permit_mynetworks, permit"), both("permit"), "stop smtp", False),
    ("mydestination = $mydestination\n", CLOSED, None, None), ("{0} = ${0}\n".format(RELAY), CLOSED, None, None),
    ("mydestination = $mydestination\n", both("permit"), None, None),
])
def test_the_harm_of_an_edit(before, after, words, mild):
    found = harm(before, after)
    assert (found is None) is (words is None)
    if words is not None:
        assert found.text.startswith(words) and found.mild is mild
        assert words.startswith("stop") or "[" in found.text


def test_relaying_is_worse_than_a_refusal_and_that_than_mail_for_the_server():
    """Of several harms the first is told."""
    assert harm(both("permit_mynetworks, reject"), both("check_sender_access static:OK, " + G)).text.startswith("let in")
    assert harm(both("permit_mynetworks, reject"), both(G)).text.startswith("cut off")
    assert subject._first_of(("a", [], False), ("b", [], True)) is None
    assert subject._first_of(("a", [], False), ("b", [BOX, BOX._replace(clients=(HOST,))], True)).text.startswith("b unknown [198.51.100.25]")


def test_an_edit_is_weighed_on_each_listener():
    services = "26 inet n - n - - smtpd\n27 inet n - n - - smtpd -o {{ {0} = permit }} -o {{ {1} = }}\n".format(RELAY, RECIPIENT)
    before = Draft(configuration(CLOSED, services))
    weigh = subject.weigher(before, before, Trust(), "smtp")
    assert weigh(before) is None
    hurt = weigh(Draft(configuration(both("permit_mynetworks, reject"), services)))
    assert hurt.text.startswith("cut off") and not hurt.mild
    # One that is down serves nobody: what becomes of it hurts nobody.
    assert weigh(Draft(configuration(CLOSED, services.replace("= permit }", "= reject_unauth_destination }")))) is None
    # On another one alone, and the worse of two.
    other = Draft(configuration(CLOSED, services.replace("26 inet n - n - - smtpd", "26 inet n - n - - smtpd -o { smtpd_sender_restrictions = reject }")))
    assert weigh(other).text.startswith("cut off")
    mild = Draft(configuration(both("permit_mynetworks, reject"), "26 inet n - n - - smtpd -o {{ {0} = permit_mynetworks, {1} }}\n".format(RELAY, G)))
    after = Draft(configuration(CLOSED, "26 inet n - n - - smtpd -o {{ {0} = {1} }}\n".format(RELAY, G)))
    found = subject.weigher(mild, mild, Trust(), "smtp")(after)
    assert found.text.startswith("cut off") and not found.mild
