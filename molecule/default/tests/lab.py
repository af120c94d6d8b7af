# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""What the tests of all stages ask the hosts. The judge is always the real smtpd, asked from another container."""

import json
import os
import time
from pathlib import Path

import testinfra

SERVERS = ("networks", "recipients", "senders", "relay", "sasl", "clients", "healthy")
OPEN = SERVERS[:-1]

# What the stranger says to get through: Postfix asks for no more than this. Port, HELO name and sender; the sender is forged.
STRANGER = {
    "networks": ("25", "stranger.example", "anybody@external.example"),
    "recipients": ("25", "stranger.example", "anybody@external.example"),
    "senders": ("25", "stranger.example", "boss@senders.example"),
    "relay": ("25", "gateway.partner.example", "anybody@external.example"),
    "sasl": ("587", "stranger.example", "anybody@external.example"),
    "clients": ("25", "stranger.example", "anybody@external.example"),
    "healthy": ("25", "stranger.example", "anybody@external.example"),
}
FOREIGN = "somebody@foreign.example"
PEERS = {"outsider": "203.0.113", "insider": "192.168.87"}
NUMBERS = {name: 11 + index for index, name in enumerate(SERVERS)}
EPHEMERAL = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])


def host(name):
    """The container of that inventory name."""
    return testinfra.get_host("podman://relaylock-" + name)


def dialogue(peer, server, port, *words):
    """Let peer speak SMTP with server; print the dialogue; return the server's last reply, e.g. "250 2.1.5 Ok"."""
    address = "%s.%d" % (PEERS[peer], NUMBERS[server])
    spoken = host(peer).check_output("python3 /usr/local/bin/dialogue" + " %s" * (2 + len(words)), address, port, *words)
    print("\n%s to %s:%s\n%s" % (peer, server, port, spoken))
    return spoken.rsplit("  S: ", 1)[1].strip()


def stranger_relays(server):
    """The reply to the stranger's RCPT for a domain that is not the server's."""
    port, helo, sender = STRANGER[server]
    return dialogue("outsider", server, port, helo, sender, FOREIGN)


def insider_relays(server):
    """The reply to the same RCPT from a client in the trusted network."""
    return dialogue("insider", server, "25", "desk.example", "desk@%s.example" % server, FOREIGN)


def login_relays(password):
    """The last reply to a stranger with a login, on the one server that has logins."""
    return dialogue("outsider", "sasl", "587", "laptop.example", "me@sasl.example", FOREIGN, "roaming@relaylock.example", password)


def delivered(server, text):
    """Send the server's own mailbox a message from outside; return whether it lies there within ten seconds."""
    helo, sender = STRANGER["networks"][1:]
    reply = dialogue("outsider", server, "25", helo, sender, "mailbox@%s.example" % server, "-", "-", text)
    assert reply.startswith("250 2.0.0"), reply
    for _attempt in range(50):
        if host(server).run("grep -qrsx %s /home/mailbox/Maildir/new", text).succeeded:
            return True
        time.sleep(0.2)
    return False


def stamp(server):
    """Every byte, inode, mode, owner and time stamp below /etc/postfix, directories included: a file made and removed shows too."""
    return host(server).check_output(
        "cd /etc/postfix && find . -printf '%%p %%i %%m %%U:%%G %%s %%T@ %%C@ %%l\\n' | sort && find . -type f -exec sha256sum {} + | sort"
    )


def keep(name):
    """Write down the stamps of all servers under that name."""
    (EPHEMERAL / (name + ".stamps.json")).write_text(json.dumps({server: stamp(server) for server in SERVERS}))


def kept(name):
    """The stamps that were written down under that name."""
    return json.loads((EPHEMERAL / (name + ".stamps.json")).read_text())


def results(stage):
    """What the role's module returned for each server in that stage, check or converge."""
    return json.loads((EPHEMERAL / (stage + ".json")).read_text())
