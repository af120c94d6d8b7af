# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In master.cf only the options that were wrong are other ones."""

import lab

WRONG = [
    "  -o mynetworks=127.0.0.0/8,192.168.87.0/24,203.0.0.0/8",
    "  -o smtpd_relay_restrictions=",
    "  -o smtpd_recipient_restrictions=permit_mynetworks",
]


def blocks(text):
    """The text in its blocks, which are separated by empty lines."""
    return text.strip("\n").split("\n\n")


def test_every_other_line_stays():
    before = (lab.SCENARIO / "hosts/mail/master.cf.more").read_text()
    after = lab.run("mail", "cat", "/etc/postfix/master.cf")
    old, new = blocks(before), blocks(after)[-len(blocks(before)):]
    assert len(old) == len(new)
    for was, now in zip(old, new):
        if not was.endswith(",reject") and any(line in WRONG for line in was.split("\n")):
            was, now = ([line for line in text.split("\n") if not line.startswith(tuple(line.split("=")[0] for line in WRONG))] for text in (was, now))
        assert now == was
