# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of all scenarios ask the hosts. The judge is always the real smtpd, asked from another container.

A scenario's tests/expected.yml holds: verdicts, {server: [verdict before, verdict after]}; untouched, the servers that no run may change; and
dialogues, each of which says who asks what and how the reply begins, before and after (or reply, for both). See Row.
"""

import hashlib
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import yaml

SCENARIO = Path(os.environ["MOLECULE_SCENARIO_DIRECTORY"])
EPHEMERAL = Path(os.environ["MOLECULE_EPHEMERAL_DIRECTORY"])
STAGES = EPHEMERAL / "stages"
PATIENCE = 60  # seconds, for a listener that comes up and for a message on its way
FOREIGN = "somebody@foreign.example"

# Who asks: the network it is in, its HELO name and its sender, where a row says nothing else.
WHO = {
    "stranger": ("outside", "stranger.example", "anybody@external.example"),
    "insider": ("inside", "desk.example", "desk@%s.example"),
    "itself": ("itself", "localhost.example", "root@%s.example"),
    "laptop": ("outside", "laptop.example", "me@%s.example"),
}


class Row(NamedTuple):
    """One dialogue. before, after: how the last reply begins, or "delivered" for a message that must reach the mailbox."""

    who: str
    to: str
    before: str = ""
    after: str = ""
    reply: str = ""  # before and after
    port: int = 25
    helo: str = ""
    sender: str = ""
    recipient: str = FOREIGN
    network: str = ""
    login: str = ""  # login and password, with a blank between
    tls: str = ""  # starttls or implicit

    def __str__(self):
        """The name of the test."""
        words = (self.who, "to", "%s:%d" % (self.to, self.port), "for", self.recipient, self.network, self.sender, self.helo, self.login, self.tls)
        return " ".join(word for word in words if word)

    def expected(self, stage):
        """How the reply begins, before or after."""
        return self.reply or getattr(self, stage)


EXPECTED = yaml.safe_load((SCENARIO / "tests/expected.yml").read_text())
ROWS = [Row(**row) for row in EXPECTED["dialogues"]]
VERDICTS = EXPECTED["verdicts"]
SERVERS = list(VERDICTS)
UNTOUCHED = EXPECTED.get("untouched", [])


def told(stage):
    """What was written down at that stage: {server: {...}}; see tasks/record.yml."""
    return json.loads((STAGES / (stage + ".json")).read_text())


def _process(container):
    return Path("/proc") / (EPHEMERAL / (container + ".pid")).read_text().strip()


def root(server):
    """The root directory of a server, as this machine sees it. server: what tasks/record.yml says of it."""
    return _process(server["container"]) / "root"


def run(name, *command):
    """The output of a command in the container of a server."""
    return subprocess.run(["podman", "exec", told("created")[name]["container"], *command], capture_output=True, text=True, check=True).stdout


def stamp(server):
    """Every byte, inode, mode, owner and time stamp below the configuration directory: a file made and removed shows too."""
    top = Path(str(root(server)) + server["directory"])
    return {str(path.relative_to(top)): _stamp(path) for path in [top, *sorted(top.rglob("*"))]}


def _stamp(path):
    status = path.lstat()
    content = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None
    return [status.st_ino, status.st_mode, status.st_uid, status.st_gid, status.st_size, status.st_mtime_ns, status.st_ctime_ns, content]


def spoken(row, text="", patience=PATIENCE):
    """Let the client speak SMTP; print the dialogue and return it. patience: seconds that the listener may take to come up."""
    network, helo, sender = WHO[row.who]
    server = told("created")[row.to]
    words = {
        "server": "127.0.0.1" if network == "itself" else server["addresses"][row.network or network],
        "patience": patience,
        "port": row.port,
        "helo": row.helo or helo,
        "sender": row.sender or (sender % row.to if "%s" in sender else sender),
        "recipient": row.recipient,
        "login": row.login,
        "tls": row.tls,
        "text": text,
    }
    # In the client's network, with this machine's Python: no container needs one of its own for that.
    client = server["container"] if network == "itself" else "relaylock-%s-client" % SCENARIO.name
    net = "--net=%s" % (_process(client) / "ns/net")
    command = ["nsenter", net, sys.executable, str(Path(__file__).with_name("dialogue.py")), json.dumps(words)]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=10 * PATIENCE).stdout
    print("\n%s\n%s" % (row, lines))
    return lines


def dialogue(row, text="", patience=PATIENCE):
    """The server's last reply, e.g. "250 2.1.5 Ok"; "no reply" and why where it closes the connection, or nobody listens."""
    return spoken(row, text, patience).rsplit("  S: ", 1)[1].strip()


def answer(row, stage):
    """The last reply to that row's dialogue; "delivered" where a message was sent and has come to the mailbox."""
    if row.expected(stage) != "delivered":
        return dialogue(row, patience=0 if row.expected(stage) == "no reply" else PATIENCE)
    text = "%s-%s-%d" % (row.to, stage, time.time_ns())
    reply = dialogue(row, text)
    return "delivered" if reply.startswith("250 2.0.0") and _arrived(row.to, text) else reply


def _arrived(name, text):
    inbox = root(told("created")[name]) / "home/mailbox/Maildir/new"
    for _attempt in range(5 * PATIENCE):
        if inbox.exists() and any(text in path.read_text() for path in inbox.iterdir()):
            return True
        time.sleep(0.2)
    return False
