# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Postfix of other Debian releases, unpacked from their packages and started by their own dynamic linker.

No root file system, no chroot, no root needed: apt resolves against an empty package database of its own, the packages
are unpacked below .build/oracle, and `ld.so --library-path` starts each program with the libraries of its release.
The mirror is the one that this machine's own apt sources name.
"""

import contextlib
import fcntl
import functools
import glob
import json
import os
import shutil
import subprocess
import tempfile

SUITES = ("bullseye", "bookworm", "trixie", "sid")
PACKAGES = ("postfix", "postfix-pcre", "postfix-lmdb")
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
BUILDS_TABLES = ("lmdb", "cdb", "sdbm")
CACHE = os.environ.get("ORACLE_CACHE") or os.path.join(
    os.path.realpath(os.path.join(os.path.dirname(__file__), *[os.pardir] * 3)), ".build", "oracle")


class Unavailable(Exception):
    """This release's Postfix cannot be had here; the message says why."""


def _run(*command, **options):
    try:
        found = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               universal_newlines=True, check=False, **options)
    except FileNotFoundError:
        raise Unavailable("no %s here" % command[0]) from None
    if found.returncode != 0:
        raise Unavailable("%s: %s" % (command[0], (found.stderr or found.stdout).strip()[-300:]))
    return found.stdout


@functools.lru_cache(maxsize=1)
def mirror():
    """The URI of a Debian archive among the host's own apt sources. Raises Unavailable."""
    targets = _run("apt-get", "indextargets", "--format", "$(REPO_URI) $(CREATED_BY) $(CODENAME)")
    for target in targets.splitlines():
        uri, kind, codename = (target.split(" ") + ["", ""])[:3]
        if kind == "Packages" and codename in SUITES:
            return uri
    raise Unavailable("this machine's apt sources name no Debian archive")


def _apt(home):
    for path in ("lists/partial", "archives/partial"):
        os.makedirs(os.path.join(home, path), exist_ok=True)
    open(os.path.join(home, "status"), "w", encoding="ascii").close()
    options = {
        "Dir::Etc::sourcelist": home + "/sources.list", "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": home + "/lists", "Dir::State::status": home + "/status",
        "Dir::Cache": home, "Dir::Cache::archives": home + "/archives", "APT::Sandbox::User": "",
        "Acquire::Languages": "none", "Acquire::Retries": "1", "Acquire::http::Timeout": "20", "Debug::NoLocking": "1",
    }
    return ["apt-get", "-qq"] + [word for name, value in options.items() for word in ("-o", "%s=%s" % (name, value))]


def _unpack(suite, packages, home, root):
    trust = "[signed-by=%s] " % KEYRING if os.path.exists(KEYRING) else ""
    with open(os.path.join(home, "sources.list"), "w", encoding="ascii") as stream:
        stream.write("deb %s%s %s main\n" % (trust, mirror(), suite))
    apt = _apt(home)
    _run(*apt, "update")
    _run(*apt, "install", "--yes", "--no-install-recommends", "--download-only", *packages)
    os.mkdir(root)
    for package in glob.glob(home + "/archives/*.deb"):
        _run("dpkg-deb", "--extract", package, root)


def _describe(root):
    """Fields of a Postfix for an unpacked root; writes the files that the packages' scripts would have written."""
    linkers = [p for p in glob.glob(root + "/**/ld-*.so*", recursive=True) if not os.path.islink(p)]
    folders = sorted({os.path.dirname(p) for p in glob.glob(root + "/**/*.so*", recursive=True)})
    loader = (linkers[0], "--library-path", ":".join(folders))
    maps = [os.path.basename(p)[len("postfix-"):-len(".so")] for p in sorted(glob.glob(root + "/usr/lib/postfix/postfix-*.so"))]
    with open(root + "/etc/postfix/dynamicmaps.cf", "w", encoding="ascii") as stream:
        for kind in maps:
            build = "\tmkmap_%s_open" % kind if kind in BUILDS_TABLES else ""
            stream.write("%s\tpostfix-%s.so\tdict_%s_open%s\n" % (kind, kind, kind, build))
    with open(root + "/etc/postfix/main.cf", "w", encoding="ascii") as stream:
        stream.write("meta_directory = %s/etc/postfix\nshlib_directory = %s/usr/lib/postfix\n" % (root, root))
    open(root + "/etc/postfix/master.cf", "w", encoding="ascii").close()
    label = _run(*loader, root + "/usr/sbin/postconf", "-c", root + "/etc/postfix", "-dh", "mail_version").strip()
    return {"label": label, "daemon_directory": root + "/usr/lib/postfix/sbin", "command_directory": root + "/usr/sbin",
            "prefix": root, "loader": loader}


@contextlib.contextmanager
def _locked(name, folder):
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, name + ".lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def unpacked(suite):
    """Fields of the Postfix of a suite, unpacked once and kept.

    Raises Unavailable without apt, offline, or where a package does not exist.
    """
    root, note = os.path.join(CACHE, suite), os.path.join(CACHE, suite + ".json")
    with _locked(suite, CACHE):
        if not os.path.exists(note):
            shutil.rmtree(root, ignore_errors=True)
            with tempfile.TemporaryDirectory(dir=CACHE) as home:
                _unpack(suite, PACKAGES, home, root)
            with open(note + ".new", "w", encoding="ascii") as stream:
                json.dump(_describe(root), stream)
            os.rename(note + ".new", note)
        with open(note, encoding="ascii") as stream:
            fields = json.load(stream)
    fields["loader"] = tuple(fields["loader"])
    return fields


def tree(name, packages, folder, suite):
    """The path of a root with these packages and all that they depend on, unpacked once in a folder and kept. Their scripts do not run.

    Raises Unavailable without apt, offline, or where a package does not exist.
    """
    root = os.path.join(folder, name)
    with _locked(name, folder):
        if not os.path.exists(root):
            with tempfile.TemporaryDirectory(dir=folder) as home:
                _unpack(suite, packages, home, home + "/root")
                os.rename(home + "/root", root)
    return root
