# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Put changed configuration files into service, or put the old ones back. Runs on the managed node, with its standard library alone.

One argument, a JSON object: config_directory (path, or null for Postfix's default), timeout (seconds that the greetings may take),
files (list of {"file": path, "backup": path}), keep_backups (boolean). Postfix checks the files, reloads, and greets on every listener.
Exits 0 and tells what was done, or exits 1 and tells why, in Postfix's own words, once the old files are in service again.

All of it is one process, so that a lost connection cannot leave the work half done.
"""

import json
import os
import pty
import re
import signal
import socket
import ssl
import subprocess
import sys
import time

SYSTEM_PATH = ("/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/pkg/sbin")
# postfix(1) reload returns before master(8) has read anything; an smtpd(8) of old may answer for that long.
RELOAD_SECONDS = 1
ATTEMPT_SECONDS = 5
# Where syslog daemons write the mail facility, if Postfix does not write maillog_file itself.
LOGS = ("/var/log/mail.log", "/var/log/maillog", "/var/log/mail", "/var/log/messages", "/var/log/syslog")


class Failure(Exception):
    """Why the files cannot stay."""


def run(*argv):
    """Run a command before a terminal, for Postfix tells its reasons to nothing else; return its status and what it said."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        try:
            block = os.read(ours, 4096)
            while block:
                said += block
                block = os.read(ours, 4096)
        except OSError:  # how Linux tells that nobody holds the other end any more
            pass
    os.close(ours)
    return process.returncode, said.decode(errors="replace").replace("\r\n", "\n").strip()


def found(command):
    """Whether there is such a command."""
    return any(os.access(os.path.join(folder, command), os.X_OK) for folder in os.environ["PATH"].split(os.pathsep))


class Postfix(object):
    """The instance whose files were changed."""

    def __init__(self, config_directory):
        self.config = ["-c", config_directory] if config_directory else []

    def control(self, command):
        """postfix(1): status and text."""
        return run("postfix", *(self.config + [command]))

    def value(self, name):
        """The value of a main.cf parameter, "" if this Postfix does not know it. Warnings go elsewhere: not before a terminal."""
        with open(os.devnull, "w") as nowhere:
            argv = ["postconf"] + self.config + ["-xh", name]
            return subprocess.run(argv, stdout=subprocess.PIPE, stderr=nowhere, universal_newlines=True, check=False).stdout.strip()

    def services(self):
        """Yield (service name, command with its arguments) of the network services in master.cf."""
        with open(os.devnull, "w") as nowhere:
            argv = ["postconf"] + self.config + ["-M"]
            text = subprocess.run(argv, stdout=subprocess.PIPE, stderr=nowhere, universal_newlines=True, check=False).stdout
        for line in text.splitlines():
            words = line.split(None, 7)
            if len(words) == 8 and words[1] == "inet" and os.path.basename(words[7].split()[0]) in ("smtpd", "postscreen"):
                yield words[0], words[7]

    def option(self, command, name):
        """The value of a parameter as this service sees it: its own -o, else main.cf's."""
        own = re.findall(r"\b%s\s*=\s*([^\s}]*)" % re.escape(name), command)
        return own[-1] if own else self.value(name)

    def unit(self):
        """The systemd unit that this instance's master(8) runs in, or None: the process knows it better than any naming rule."""
        try:
            with open(os.path.join(self.value("queue_directory"), "pid", "master.pid")) as pid_file:
                pid = int(pid_file.read())
            with open("/proc/%d/cgroup" % pid) as groups:
                units = re.findall(r"/(postfix[^/\s]*\.service)$", groups.read(), re.MULTILINE)
        except (OSError, ValueError):
            return None
        return units[0] if units and found("systemctl") and os.path.isdir("/run/systemd/system") else None

    def reload(self):
        """Reload through the service manager where there is one. Returns what did it."""
        unit = self.unit()
        status, said = run("systemctl", "reload", unit) if unit else self.control("reload")
        if status:
            raise Failure(said or "%s cannot be reloaded" % (unit or "Postfix"))
        time.sleep(RELOAD_SECONDS)
        return unit or "postfix reload"


def addresses(postfix, service):
    """Yield (host, port) of the sockets of a master.cf service name: [host:]port, port a number or a name of services(5)."""
    host, port = re.match(r"(?:(.*):)?([^:]+)$", service).groups()
    port = int(port) if port.isdigit() else socket.getservbyname(port, "tcp")
    if host:
        yield host.strip("[]"), port
        return
    loopback = "::1" if postfix.value("inet_protocols") == "ipv6" else "127.0.0.1"
    for name in re.split(r"[\s,]+", postfix.value("inet_interfaces")):
        yield (loopback if name in ("all", "loopback-only") else name.strip("[]")), port


def greeting(host, port, tls, proxy):
    """The first line that a listener says, "" if it closes the connection without a word. Raises OSError."""
    with socket.create_connection((host, port), ATTEMPT_SECONDS) as connection:
        if proxy:  # PROXY protocol, version 1
            connection.sendall(b"PROXY TCP4 127.0.0.1 127.0.0.1 9 25\r\n")
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False  # this asks whether the server is alive, not whose certificate it has
            context.verify_mode = ssl.CERT_NONE
            connection = context.wrap_socket(connection)
        with connection.makefile("rb") as lines:
            return lines.readline(2048).decode(errors="replace").strip()


def patient_greeting(where, deadline, log):
    """What a listener says at last. It may be silent for service_throttle_time after an earlier death, for a reload does not end that;
    but if something died after the reload, there is nothing to wait for."""
    while True:
        try:
            said = greeting(*where) or "no greeting"
        except OSError as error:
            said = "no greeting (%s)" % error
        if said[0] in "25" or time.monotonic() > deadline or log.reasons():
            return said
        time.sleep(1)


def greet(postfix, timeout, log):
    """Hear every listener greet. Returns one line for each; raises Failure with all that is wrong."""
    heard, wrong = [], []
    deadline = time.monotonic() + timeout
    for service, command in postfix.services():
        daemon = os.path.basename(command.split()[0])
        tls = postfix.option(command, "smtpd_tls_wrappermode") == "yes"
        proxy = postfix.option(command, daemon + "_upstream_proxy_protocol") == "haproxy"
        try:
            for host, port in addresses(postfix, service):
                said = patient_greeting((host, port, tls, proxy), deadline, log)
                (heard if said.startswith("220") else wrong).append("%s: %s" % (service, said))
        except OSError as error:  # a port name that services(5) does not know
            wrong.append("%s: %s" % (service, error))
    if wrong:
        raise Failure("\n".join(wrong))
    return heard


class Log(object):
    """What Postfix logs from now on: daemons have no terminal, and smtpd(8) tells nobody else why it died."""

    def __init__(self, postfix):
        self.begin = int(time.time())
        self.sizes = {}
        for path in {postfix.value("maillog_file")} | set(LOGS):
            if os.path.isfile(path):
                self.sizes[path] = os.path.getsize(path)

    def reasons(self, levels="fatal|panic|error"):
        """The lines of these levels since then, each once, in the order of the log."""
        text = ""
        for path, size in self.sizes.items():
            with open(path, errors="replace") as log:
                log.seek(size if os.path.getsize(path) >= size else 0)
                text += log.read()
        if found("journalctl"):
            text += run("journalctl", "--quiet", "--no-pager", "--output=cat", "--since=@%d" % self.begin, "SYSLOG_FACILITY=2")[1]
        return list(dict.fromkeys(re.findall(r"(?:^|: )((?:%s): .*)" % levels, text, re.MULTILINE)))


def identity(path):
    """What tells one version of a file from another."""
    status = os.stat(path)
    return status.st_ino, status.st_mtime_ns, status.st_size


def put_back(files, identities):
    """Give every file its old bytes, save one that somebody else has changed meanwhile. Returns a line for each of those."""
    left = []
    for each in files:
        if identity(each["file"]) == identities[each["file"]]:
            os.replace(each["backup"], each["file"])
        else:
            left.append("%s was changed by someone else meanwhile and stays; the old text is in %s" % (each["file"], each["backup"]))
    return left


def back_in_service(postfix, files, identities):
    """Put the old files back and reload if Postfix runs. Returns what to tell about it."""
    left = put_back(files, identities)
    try:
        # Only now: with the new files postfix(1) may not even be able to tell whether it runs.
        served = postfix.control("status")[0] == 0 and bool(postfix.reload())
    except Failure as failure:
        return left + ["Postfix does not reload the old files either: %s" % failure]
    return left or ["The old files are back%s." % (" and in service" if served else "")]


def activate(config_directory, timeout, files, keep_backups):
    """Do it all. Returns the exit status."""
    postfix = Postfix(config_directory)
    identities = {each["file"]: identity(each["file"]) for each in files}
    log = Log(postfix)
    try:
        status, said = postfix.control("check")
        if status:
            raise Failure(said or "postfix check fails without a word")
        if postfix.control("status")[0] == 0:
            done = [postfix.reload()] + greet(postfix, float(timeout), log)
        else:
            done = ["Postfix is stopped, and stays so."]
    except Failure as failure:
        reasons = log.reasons() or log.reasons("warning")
        print("\n".join([str(failure)] + reasons + back_in_service(postfix, files, identities)))
        return 1
    if not keep_backups:
        for each in files:
            os.remove(each["backup"])
    print("\n".join(done))
    return 0


def main():
    os.environ["PATH"] = os.pathsep.join((os.environ.get("PATH", os.defpath),) + SYSTEM_PATH)
    os.environ["LC_ALL"] = "C"
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    if not found("postfix"):
        print("There is no Postfix here that could be reloaded.")
        return 0
    return activate(**json.loads(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
