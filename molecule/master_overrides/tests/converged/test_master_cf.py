# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""In master.cf only the two options that were wrong are other ones: comments between options, and all the other services, stay."""

import lab

WRONG = ["  -o mynetworks=127.0.0.0/8,192.168.87.0/24,203.0.0.0/8", "  -o smtpd_recipient_restrictions=permit_mynetworks"]


def test_every_other_line_stays():
    before = (lab.SCENARIO / "hosts/mail/master.cf.more").read_text().splitlines()
    after = lab.run("mail", "cat", "/etc/postfix/master.cf").splitlines()[-len(before) :]
    changed = [(was, now) for was, now in zip(before, after) if was != now]
    assert [was for was, _now in changed] == WRONG
    assert all(now.startswith(was.split("=")[0] + "=") for was, now in changed)
