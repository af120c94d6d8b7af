# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The few names and addresses that keys, lists and dialogues share, so that they meet."""

from .choices import words

DOMAINS = words("4* elsewhere.example", "3* own.example", "2* example.org", "2* example.net", "2* relayed.example", "sub.own.example",
                "client.example.net", "mx.own.example", "example", "com", "org", "net", "unknown", "localhost", "OWN.Example", "elsewhere.example.")
MAILBOXES = words("3* friend@example.org", "2* sender@example.net", "2* boss@own.example", "2* user@elsewhere.example", "user@own.example",
                  "user@relayed.example", "user+box@own.example", "postmaster@own.example", "someone@elsewhere.example", "Friend@Example.ORG")
CLIENTS = words("3* 203.0.113.9", "2* 198.51.100.7", "127.0.0.1", "10.1.2.3", "192.0.2.25", "2001:db8:bad::9", "::1", "203.0.113", "203.0", "203",
                "198.51.100", "10.1", "127", "2001:db8:bad", "2001:db8", "203.0.113.0/24", "203.0.113.", "[203.0.113.9]")
KEYS = words("3* .elsewhere.example", "2* friend@", "2* user@", "<>", "2* <>", ".own.example", ".example", "postmaster@", "sender@", "@own.example",
             "@elsewhere.example", "*", "user", "user+box@", "junk%key", "nobody", "127.0.0.1/8")
# Networks that a word of mynetworks, and a line of a cidr table, may name.
NARROW = words("6* 127.0.0.0/8", "3* 10.0.0.0/8", "3* 203.0.113.0/24", "2* 198.51.100.7", "192.168.0.0/16", "172.16.0.0/12", "192.0.2.0/24",
               "[::1]/128", "[2001:db8:bad::]/48", "[2001:db8:bad::9]", "[fe80::]/10", "198.51.100.0/25", "203.0.113.8/29", "[fc00::]/7")
WIDE = words("3* 0.0.0.0/0", "2* [::]/0", "0.0.0.0/1", "128.0.0.0/1", "172.0.0.0/8", "[2000::]/3", "unknown", "static:all", "192.0.0.0/3",
             "203.0.112.0/20", "200.0.0.0/5", "[2001:db8::]/32", "example", "net", "203.0.0.0/16")
ODD = words("5* client.example.net", "5* example.net", "3* .example.net", "3* localhost", "4* mx.own.example", "203.0.113.9/24", "10/8",
            "127.0.0.0/33", "2001:db8::/32", "*", "all",
            "203.0.113.", "203.0.113.0/255.255.255.0", "!", "!!203.0.113.9", "#", "127.0.0.0/8;10.0.0.0/8", "::1", "0/0", "[203.0.113.0]/24",
            "[203.0.113.0/24]", "nosuch:x", "fail:x", "/nowhere/at/all", "[::ffff:0:0]/96", "[2001:DB8:BAD::9]", "'127.0.0.0/8'", "{", "static:",
            "203.0.113.9-12", "mx.own.example", "$mydomain", "255.255.255.255", "0.0.0.0", "[2001:db8:bad::9", "127.0.0.0/", "!unknown")
