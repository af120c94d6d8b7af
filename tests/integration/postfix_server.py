# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Postfix that runs for one test: this machine's programs, in network, mount and process namespaces of its own.

Nothing of it outlives the test, and nobody else can reach it: its loopback is its own, and so are /etc/postfix, its queue and its logs.
"""

import os
import shutil
import subprocess
import time
from pathlib import Path

MAIN = """\
compatibility_level = 3.6
myhostname = mx.example.com
mydestination = example.com
inet_interfaces = all
inet_protocols = ipv4
maillog_file = /var/log/postfix.log
alias_maps =
default_transport = discard:
service_throttle_time = 4s
# stays
mynetworks = 127.0.0.0/8, 0.0.0.0/0
"""
MASTER = """\
smtp      inet  n       -       n       -       -       smtpd
587       inet  n       -       n       -       -       smtpd
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
discard   unix  -       -       n       -       -       discard
error     unix  -       -       n       -       -       error
local     unix  -       n       n       -       -       local
proxymap  unix  -       -       n       -       -       proxymap
anvil     unix  -       -       n       -       1       anvil
postlog   unix-dgram n  -       n       -       1       postlogd
"""
PLACES = {"etc": "/etc/postfix", "spool": "/var/spool/postfix", "lib": "/var/lib/postfix", "log": "/var/log"}
NAMESPACES = ["unshare", "--net", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", "--mount-proc"]

# The server's address and a stranger's (RFC 5737); both are on the loopback interface of the namespace.
SERVER, STRANGER = "203.0.113.25", "198.51.100.7"

# A stranger's dialogue, run inside: prints the last answer to it, "silence" where there is none.
ASK = """
import socket, sys
said = b""
try:
    with socket.create_connection((sys.argv[1], int(sys.argv[3])), 5, (sys.argv[2], 0)) as connection, connection.makefile("rwb", 0) as stream:
        for line in [b""] + [each.encode() + b"\\r\\n" for each in sys.argv[4:]]:
            stream.write(line)
            said = stream.readline()
            while said[3:4] == b"-":
                said = stream.readline()
            if said[:1] != b"2":
                break
except socket.timeout:
    said = b""
print(said.decode().strip() or "silence")
"""


def unavailable():
    """Why there can be no such server here, or None."""
    if os.geteuid() != 0:
        return "only root can start a mail server in namespaces of its own"
    for command in ("unshare", "nsenter", "ip", "postfix", "postconf"):
        if shutil.which(command, path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") is None:
            return "no %s here" % command
    try:
        subprocess.run([*NAMESPACES, "true"], check=True, stderr=subprocess.PIPE, text=True)
    except subprocess.CalledProcessError as error:
        return "no namespaces here: %s" % error.stderr.strip()
    return None


class Server:
    """The server. config (Path): its configuration directory, as seen from outside and from inside (inside it is /etc/postfix)."""

    def __init__(self, folder):
        self.config, self.log = folder / "etc", folder / "log" / "postfix.log"
        shutil.copytree("/etc/postfix", self.config, symlinks=True)  # for what the package keeps there beside the two files
        for name in ("spool", "lib", "log"):
            (folder / name).mkdir()
        shutil.chown(folder / "lib", "postfix")
        (self.config / "main.cf").write_text(MAIN)
        (self.config / "master.cf").write_text(MASTER)
        mounts = "; ".join("mount --bind '%s' %s" % (folder / name, place) for name, place in PLACES.items())
        network = "ip link set lo up; ip address add %s dev lo; ip address add %s dev lo" % (SERVER, STRANGER)
        script = "set -e; %s; %s; echo ready; exec cat" % (mounts, network)
        # Its first process reads from us: should the test be killed, that ends, and with it all in there.
        self._outer = subprocess.Popen([*NAMESPACES, "sh", "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        if self._outer.stdout.readline() != "ready\n":
            raise RuntimeError("the namespaces cannot be set up")
        self._inner = Path("/proc/%d/task/%d/children" % (self._outer.pid, self._outer.pid)).read_text().split()[0]

    def run(self, *command, **options):
        """Run a command inside; returns a CompletedProcess, its output text."""
        options = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "check": False, "text": True, **options}
        if "input" not in options:
            options["stdin"] = subprocess.DEVNULL
        return subprocess.run(["nsenter", "--target", self._inner, "--net", "--mount", "--pid", *map(str, command)], **options)

    def start(self):
        """Start Postfix, and wait for what it waits for itself."""
        old = time.time() - 60  # else it takes the files for ones that are still being written
        for name in ("main.cf", "master.cf"):
            os.utime(self.config / name, (old, old))
        answer = self.run("postfix", "start")
        if answer.returncode:
            raise RuntimeError("Postfix does not start: %s %s" % (answer.stdout, self.logged()))

    def logged(self):
        """All that it has logged."""
        return self.log.read_text() if self.log.exists() else ""

    def stranger(self, *lines, port=25):
        """The server's answer to the last of a stranger's lines, or to the first that it refuses; without lines its greeting."""
        return self.run("python3", "-c", ASK, SERVER, STRANGER, port, *lines).stdout.strip()

    def relays(self):
        """Whether a stranger can relay through port 25, as Postfix itself says."""
        return self.stranger("EHLO client.example.net", "MAIL FROM:<a@example.net>", "RCPT TO:<b@elsewhere.example>").startswith("250")

    def stop(self):
        """End it all: without its first process the namespace is gone, and everything in it."""
        self._outer.kill()
        self._outer.wait()
        self._outer.stdin.close()
        self._outer.stdout.close()
