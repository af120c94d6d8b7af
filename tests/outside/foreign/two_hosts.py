# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server and a stranger on hosts of their own, joined by a cable: Debian's programs from unpacked packages, in namespaces.

Nothing is installed. The server lives in a root of its own, an overlay over the unpacked tree. The stranger is at the far end of a cable,
since many servers trust all addresses of their own host.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
sys.path[:0] = [str(ROOT / "tests/outside"), str(ROOT / "tests/integration")]
import postfix_server  # noqa: E402
from packages import tree  # noqa: E402

SERVER, STRANGER = postfix_server.SERVER, postfix_server.STRANGER
# The server's network has one end of the cable; the stranger's, a further network namespace, has the other.
SCRIPT = """
set -e
mount -t overlay overlay -o "lowerdir=$TREE,upperdir=$FOLDER/upper,workdir=$FOLDER/work" "$FOLDER/root"
for name in dev proc tmp run; do mkdir -p "$FOLDER/root/$name"; done
mount --rbind /dev "$FOLDER/root/dev"
mount -t proc proc "$FOLDER/root/proc"
[ -e "$FOLDER/root/var/run" ] || ln -s /run "$FOLDER/root/var/run"
hostname mx.example.com
unshare --net sleep infinity &
stranger=$!
until [ "$(readlink /proc/$stranger/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.01; done
ip link set lo up
ip link add server type veth peer name stranger netns $stranger
ip address add "$SERVER" peer "$STRANGER" dev server
ip link set server up
nsenter --net=/proc/$stranger/ns/net sh -c 'ip address add "$STRANGER" peer "$SERVER" dev stranger; ip link set stranger up; ip link set lo up'
echo $stranger
exec cat
"""
# Run in the server's network: knows that the stranger's domain exists.
NAMES = """
import socket, sys
sys.path.insert(0, sys.argv[1])
from oracle.names import NameServer
bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
bound.bind(("127.0.0.1", 53))
print("ready", flush=True)
names = NameServer()
names.learn_client(sys.argv[2], "stranger.example.net", None)
names.loop(bound)
"""
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
LISTENS = " 0A "  # in /proc/net/tcp


class Hosts:
    """Both hosts. root (Path): the server's file system.

    folder    Path, empty
    packages  Debian's, for the server
    name      of the unpacked tree
    """

    def __init__(self, folder, name, packages):
        self.root, self._started = folder / "root", []
        for part in ("root", "upper", "work"):
            (folder / part).mkdir()
        env = dict(os.environ, TREE=tree(name, packages), FOLDER=str(folder), SERVER=SERVER, STRANGER=STRANGER)
        command = [*postfix_server.NAMESPACES, "--uts", "sh", "-c", SCRIPT]
        self._outer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=env)
        self._stranger = self._outer.stdout.readline().strip()
        if not self._stranger.isdigit():
            raise RuntimeError("the namespaces cannot be set up")
        self._inner = Path("/proc/%d/task/%d/children" % (self._outer.pid, self._outer.pid)).read_text().split()[0]
        names = self._start(self._inside("--net"), sys.executable, "-c", NAMES, ROOT / "tests/oracle", STRANGER, stdout=subprocess.PIPE)
        names.stdout.readline()

    def _inside(self, *spaces):
        return ["nsenter", "--target", self._inner, *spaces]

    def _start(self, prefix, *command, **options):
        self._started.append(subprocess.Popen([*prefix, *map(str, command)], stdin=subprocess.DEVNULL, **options))
        return self._started[-1]

    def _rooted(self):
        return [*self._inside("--net", "--mount", "--pid", "--uts"), "chroot", str(self.root), "/usr/bin/env", "-i", "PATH=" + PATH, "HOME=/root", "LC_ALL=C"]

    def write(self, files):
        """Write {path in the server's root: text}."""
        for path, text in files.items():
            target = Path("/proc/%s/root%s" % (self._inner, self.root)) / path  # the overlay is mounted in there alone
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")

    def run(self, *command):
        """Run a command in the server's root; returns its output. Raises RuntimeError where it fails."""
        told = subprocess.run([*self._rooted(), *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        if told.returncode:
            raise RuntimeError("%s: %s" % (command, told.stdout))
        return told.stdout

    def serve(self, command, port=25):
        """Start a server in its root, and wait until it listens."""
        with open(str(self.root.parent / "log"), "w", encoding="utf-8") as log:
            server = self._start(self._rooted(), "sh", "-c", "exec " + command, stdout=log, stderr=log)
        limit = time.monotonic() + 30
        while not self._listens(port):
            if server.poll() is not None or time.monotonic() > limit:
                raise RuntimeError("%s does not serve: %s" % (command, self.logged()))
            time.sleep(0.05)

    def _listens(self, port):
        tables = [Path("/proc/%s/net/%s" % (self._inner, name)).read_text() for name in ("tcp", "tcp6")]
        return any(":%04X " % port in line.partition(LISTENS)[0] for table in tables for line in table.splitlines() if LISTENS in line)

    def logged(self):
        """What the server has said."""
        return (self.root.parent / "log").read_text(encoding="utf-8", errors="replace")

    def stranger(self, *command, **options):
        """Run a program of this machine on the stranger's host; returns its output."""
        where = ["nsenter", "--net=/proc/%s/root/proc/%s/ns/net" % (self._inner, self._stranger)]
        return subprocess.run([*where, *map(str, command)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True, **options).stdout

    def stop(self):
        """End it all: without its first process the namespaces are gone, and everything in them."""
        self._outer.kill()
        self._outer.wait()
        self._outer.stdin.close()
        self._outer.stdout.close()
        for one in self._started:
            one.kill()
            one.wait()
            if one.stdout is not None:
                one.stdout.close()
