# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Mail that a stranger sends through a real Postfix: to two domains elsewhere, and to the server's own."""

import time

import postfix_server

SPEAK = """
import smtplib, sys
with smtplib.SMTP(sys.argv[1], 25, "pc.example.net", source_address=(sys.argv[2], 0)) as server:
    print(server.sendmail("someone@example.net", ["x@elsewhere.example", "y@third.example", "postmaster@example.com"], "Subject: t\\r\\n\\r\\nt\\r\\n"))
"""
# What relay_clients_info says of it: address, login, how many, and the domains
RELAYED = [(postfix_server.STRANGER, None, 2, ["elsewhere.example", "third.example"])]


def send(server):
    """Send it, and wait until the log tells of every delivery."""
    assert server.run("python3", "-c", SPEAK, postfix_server.SERVER, postfix_server.STRANGER).stdout.strip() == "{}"
    deadline = time.monotonic() + 30
    while server.logged().count("status=") < 3 and time.monotonic() < deadline:
        time.sleep(0.2)


def told(clients):
    """The clients of a result in the form of RELAYED."""
    return [(one["address"], one["login"], one["count"], sorted(one["domains"])) for one in clients]
