# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The servers that are asked: Debian's packages of Exim, OpenSMTPD and sendmail, as they come, and as open relays."""

from typing import NamedTuple

from two_hosts import SERVER

# What the packages' own scripts, and ours, are made of.
BASE = ("dash", "coreutils", "sed", "grep", "util-linux", "diffutils")
USERS = ("root:0", "mail:8", "uucp:10", "nobody:65534", "Debian-exim:101", "opensmtpd:102", "opensmtpq:103", "smmta:104", "smmsp:105")
COMMON = {
    "etc/passwd": "".join("{0}:x:{1}:{1}::/nonexistent:/bin/sh\n".format(*user.split(":")) for user in USERS),
    "etc/group": "".join("{0}:x:{1}:\n".format(*user.split(":")) for user in USERS),
    "etc/hosts": "127.0.0.1 localhost\n%s mx.example.com mx\n" % SERVER,
    "etc/resolv.conf": "nameserver 127.0.0.1\n",
    "etc/mailname": "example.com\n",
    "etc/aliases": "postmaster: root\n",
}


class Kind(NamedTuple):
    """A server.

    packages  Debian's
    files     {path: text}: what an administrator, or the package's own questions, make of the default: it is the MX of example.com
    prepare   shell commands: what the packages' scripts do
    start     the command that serves and stays in the foreground
    opened    (path, old text, new text): what makes it an open relay
    """

    packages: tuple
    files: dict
    prepare: str
    start: str
    opened: tuple

    def healthy(self):
        """{path: text} of the healthy server."""
        return dict(COMMON, **self.files)

    def made_open(self):
        """{path: text} of the open relay."""
        path, old, new = self.opened
        return dict(self.healthy(), **{path: self.files[path].replace(old, new) or new})


EXIM = """\
dc_eximconfig_configtype='internet'
dc_other_hostnames='example.com'
dc_local_interfaces=''
dc_readhost=''
dc_relay_domains=''
dc_minimaldns='false'
dc_relay_nets=''
dc_smarthost=''
CFILEMODE='644'
dc_use_split_config='false'
dc_hide_mailname=''
dc_mailname_in_oh='true'
dc_localdelivery='mail_spool'
"""
# The package's own, its comment followed: "To accept external mail".
OPENSMTPD = """\
table aliases file:/etc/aliases
listen on 0.0.0.0
action "local" maildir alias <aliases>
action "relay" relay
match from any for domain "example.com" action "local"
match for local action "local"
match from local for any action "relay"
"""
# The package's own reads but for this: it listens on loopback alone.
SENDMAIL = """\
sed 's/, Addr=127.0.0.1//' /usr/share/sendmail/cf/debian/sendmail.mc > /etc/mail/sendmail.mc
touch /etc/mail/m4/dialup.m4 /etc/mail/m4/provider.m4
cat /etc/mail/more.mc >> /etc/mail/sendmail.mc
m4 /etc/mail/sendmail.mc > /etc/mail/sendmail.cf
for name in access aliases; do /usr/libexec/sendmail/makemap hash /etc/mail/$name < /etc/mail/$name; done
mkdir -p /var/spool/mqueue /run/sendmail/mta
"""
KINDS = {
    "exim": Kind(
        ("exim4-daemon-light", "exim4-config", "exim4-base"),
        {"etc/exim4/update-exim4.conf.conf": EXIM, "etc/default/exim4": ""},
        "for path in lib log spool; do mkdir -p /var/$path/exim4; chown Debian-exim /var/$path/exim4; done; update-exim4.conf",
        "exim4 -bdf",
        ("etc/exim4/update-exim4.conf.conf", "dc_relay_nets=''", "dc_relay_nets='*'")),
    "opensmtpd": Kind(
        ("opensmtpd",),
        {"etc/smtpd.conf": OPENSMTPD},
        "mkdir -p /var/lib/opensmtpd/empty /run/opensmtpd /var/spool/smtpd; chmod 711 /var/spool/smtpd",
        "smtpd -d",
        ("etc/smtpd.conf", "match from local for any", "match from any for any")),
    "sendmail": Kind(
        ("sendmail-bin", "sendmail-cf", "m4"),
        {"etc/mail/more.mc": "", "etc/mail/local-host-names": "example.com\n", "etc/mail/access": "", "etc/mail/aliases": ""},
        SENDMAIL,
        "/usr/libexec/sendmail/sendmail -bD",
        ("etc/mail/more.mc", "", "FEATURE(`promiscuous_relay')dnl\n")),
}
