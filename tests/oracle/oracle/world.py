# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Where the daemons live: namespaces of their own, with a name server and a host name that never change.

As root on Linux one thread leaves the machine's network, mount and host name namespaces, and every daemon is a child
of that thread. There it finds lo with three addresses and nothing else, "mx.oracle.example" as its name, and our own
answers to DNS. Without these rights the daemons see the real machine (world().isolated is False).
"""

import atexit
import ctypes
import functools
import os
import queue
import re
import shutil
import socket
import subprocess
import tempfile
import threading

from .names import NameServer

HOST_NAME = "mx.oracle.example"
HOST_ADDRESS = "192.0.2.25"  # which /etc/hosts knows
OWN_ADDRESSES = (HOST_ADDRESS + "/24", "2001:db8:25::25/64")
CLONE_NEWNS, CLONE_FS, CLONE_NEWUTS, CLONE_NEWNET = 0x20000, 0x200, 0x4000000, 0x40000000
MS_BIND, MS_REC, MS_PRIVATE = 0x1000, 0x4000, 0x40000


class World:
    """A scratch directory and the thread that starts daemons."""

    def __init__(self):
        # Short, since the path of a UNIX socket has 107 bytes at most; in memory, since it is all small files.
        base = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        base = base or tempfile.gettempdir()
        _sweep(base)
        self.scratch = tempfile.mkdtemp(prefix="orc.%d." % os.getpid(), dir=base)
        os.chmod(self.scratch, 0o755)
        self.names = NameServer()
        self.isolated, self.reason = False, ""
        self._owner = os.getpid()
        self._jobs = queue.SimpleQueue()
        self._count = self._adopted = 0
        ready = threading.Event()
        threading.Thread(target=self._live, args=(ready,), daemon=True).start()
        ready.wait()
        atexit.register(self.close)

    def directory(self):
        """A fresh directory's path."""
        self._count += 1
        path = "%s/%x" % (self.scratch, self._count)
        os.mkdir(path)
        return path

    def spawn(self, path, argv, env, file_actions):
        """posix_spawn(3) in the namespaces; returns the process id. Raises OSError."""
        answer = queue.SimpleQueue()
        self._jobs.put((functools.partial(os.posix_spawn, path, argv, env, file_actions=file_actions), answer))
        return _result(answer)

    def run(self, *command):
        """subprocess.run(command) in the namespaces, output captured as text."""
        answer = queue.SimpleQueue()
        call = functools.partial(subprocess.run, command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=subprocess.PIPE, universal_newlines=True, check=False)
        self._jobs.put((call, answer))
        return _result(answer)

    def adopt(self, host):
        """Let the daemons find this address, or this host name, among their own; undone by disown().

        Returns the address, or None where it is there already: it is not this caller's to take off again.
        """
        self._adopted += 1
        address = host
        if not re.fullmatch(r"[0-9.]+|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*", host):
            address = "198.18.0.%d" % self._adopted
            self.names.records[(host.lower(), "A")] = [address]
        there = re.search(r"inet6? %s/" % re.escape(address), self.run("ip", "addr", "show", "dev", "lo").stdout)
        added = there is None and self.run("ip", "addr", "add", address, "dev", "lo").returncode == 0
        return address if added else None

    def disown(self, address):
        """Take an adopted address off again."""
        self.run("ip", "addr", "del", address, "dev", "lo")

    def close(self):
        """Remove the scratch directory; the namespaces end with the thread."""
        if os.getpid() == self._owner:
            shutil.rmtree(self.scratch, ignore_errors=True)

    def _live(self, ready):
        try:
            _leave(self.scratch)
            self.names.serve(_bound(("127.0.0.1", 53)))
            self.isolated = True
        except (OSError, AttributeError, subprocess.CalledProcessError) as error:
            self.reason = "no namespaces of its own: %s" % error
        ready.set()
        while True:
            call, answer = self._jobs.get()
            try:
                answer.put((call(), None))
            except BaseException as error:  # the asker gets it
                answer.put((None, error))


def _sweep(base):
    """Remove what processes left that ended without a chance to tidy up, as the workers of a pool do."""
    for name in os.listdir(base):
        owner = re.fullmatch(r"orc\.(\d+)\..+", name)
        if owner and not os.path.exists("/proc/" + owner.group(1)):
            shutil.rmtree(os.path.join(base, name), ignore_errors=True)  # another process may sweep too; what is not ours stays


def _result(answer):
    value, error = answer.get()
    if error is not None:
        raise error
    return value


def _bound(address):
    found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    found.bind(address)
    return found


def _check(status):
    if status != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _leave(scratch):
    """Take this thread into new namespaces and furnish them."""
    libc = ctypes.CDLL(None, use_errno=True)
    _check(libc.unshare(CLONE_NEWNS | CLONE_FS | CLONE_NEWUTS | CLONE_NEWNET))
    _check(libc.mount(None, b"/", None, MS_REC | MS_PRIVATE, None))
    files = {"/etc/resolv.conf": "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n",
             "/etc/hosts": "127.0.0.1 localhost\n::1 localhost\n%s %s\n" % (HOST_ADDRESS, HOST_NAME)}
    for target, text in files.items():
        source = os.path.join(scratch, os.path.basename(target))
        with open(source, "w", encoding="ascii") as stream:
            stream.write(text)
        _check(libc.mount(source.encode(), os.path.realpath(target).encode(), None, MS_BIND, None))
    _check(libc.sethostname(HOST_NAME.encode(), len(HOST_NAME)))
    for command in [["ip", "link", "set", "lo", "up"]] + [["ip", "addr", "add", a, "dev", "lo"] for a in OWN_ADDRESSES]:
        subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


_WORLDS = {}


def world():
    """The one World of this process; a forked child gets its own."""
    if os.getpid() not in _WORLDS:
        _WORLDS[os.getpid()] = World()
    return _WORLDS[os.getpid()]
