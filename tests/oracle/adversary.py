# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What somebody would say who read the configuration: dialogues made of its own words, without our judge's help."""

import ipaddress
import os
import random
import re

import oracle

ADDRESS = re.compile(r"[\w.+-]+@(?:[\w-]+\.)*[\w-]+")
DOMAIN = re.compile(r"(?<![\w@.-])(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}(?![\w-])")
NETWORK = re.compile(r"(?<![\w.:])(?:\d{1,3}(?:\.\d{1,3}){3}(?:/\d+)?|\[?[0-9A-Fa-f]*:[0-9A-Fa-f:]+\]?(?:/\d+)?)(?![\w.])")
WORD = re.compile(r"[a-z]{3,12}")
OCTETS = re.compile(r"(?m)^(\d{1,3}(?:\.\d{1,3}){0,2})\s")
# Domains that strangers may write to; one that the configuration does not know is a relay's.
FOREIGN = ("elsewhere.example", "victim.example.org", "someone-elses.test")
USER = "user"
# What a program says when it speaks of a domain of its own, and of the other's.
FORMS = ("{user}@{foreign}", "{user}%{foreign}@{own}", "{foreign}!{user}", "{foreign}!{user}@{own}", "@{own}:{user}@{foreign}",
         "{user}@{foreign}@{own}", '"{user}@{foreign}"', '"{user}@{foreign}"@{own}', '"{user}%{foreign}"', "{user}%{foreign}", "{user}@{own}",
         "postmaster@{own}", "postmaster", "{user}@[127.0.0.1]", "{user}@sub.{own}", '"{user}%{foreign}"@{own}', "@{foreign}:{user}@{own}",
         "{user}+box@{own}", "{user}", "{user}@[203.0.113.1]", "{user}@x{own}")
FILE_LIMIT = 100000


def words_of(directory):
    """All text of a configuration directory's files, as one str."""
    found = []
    for folder, dummy, names in sorted(os.walk(directory)):
        for name in sorted(names):
            path = os.path.join(folder, name)
            if os.path.getsize(path) < FILE_LIMIT and not name.endswith((".db", ".lmdb", ".cdb")):
                with open(path, encoding="utf-8", errors="replace") as stream:
                    found.append(stream.read())
    return "\n".join(found)


def fresh(directory):
    """A domain that the configuration says nothing of."""
    text = words_of(directory)
    return next(name for name in FOREIGN[::-1] if name not in text)


def _unique(values):
    return list(dict.fromkeys(values))


def clients(text):
    """Addresses of everywhere, and from the edges of each network that the text names."""
    found = ["203.0.113.9", "2001:db8:bad::9", "127.0.0.1", "::1", "10.1.2.3"]
    for word in NETWORK.findall(text) + [octets + ".0" * (3 - octets.count(".")) + "/%d" % (8 * (octets.count(".") + 1)) for octets in OCTETS.findall(text)]:
        try:
            network = ipaddress.ip_network(word.replace("[", "").replace("]", ""), strict=False)
        except ValueError:
            continue
        first, last, every = int(network[0]), int(network[-1]), ipaddress.IPv4Address if network.version == 4 else ipaddress.IPv6Address
        for number in (first, first + 1, last, last + 1, first - 1):
            if 0 < number < 2 ** network.max_prefixlen:
                found.append(str(every(number)))
    return [one for one in _unique(found) if _can_connect(ipaddress.ip_address(one))]


def _can_connect(address):
    """No connection comes from 0.0.0.0/8 or a multicast address, and one from a v4-mapped address is one from IPv4."""
    if address.is_multicast:
        return False
    return int(address) >> 24 if address.version == 4 else address.ipv4_mapped is None


def _unheard(chance):
    """A name that the configuration hardly speaks of, and that no list of ours holds: what it says of "everything else" is said of this."""
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz", k=chance.randint(1, 9))) + chance.choice([".example", ".test", ".com", ".org"])


def domains(text):
    return _unique(name for name in DOMAIN.findall(text) if not name.lower().endswith((".db", ".cf", ".so", ".pem", ".d", ".sock")))


def dialogues(directory, count, seed=0):
    """Return `count` dialogues, at most: first what every stranger says, then the configuration's own words in all mixtures."""
    text = words_of(directory)
    chance = random.Random(seed)
    victim = next(name for name in FOREIGN[::-1] if name not in text)
    names, addresses = domains(text) or ["own.example"], _unique(ADDRESS.findall(text))
    hosts, said = clients(text), _unique(WORD.findall(text)) or [USER]
    senders = _unique(["sender@example.net", ""] + addresses + ["someone@" + name for name in names])
    helos = _unique(["client.example.net", None] + names)
    plain = [oracle.Dialogue(recipient="user@" + victim), oracle.Dialogue(), oracle.Dialogue(recipient="postmaster@" + names[0]),
             oracle.Dialogue("2001:db8:bad::9")]
    found = plain + [oracle.Dialogue(one) for one in hosts] + [oracle.Dialogue(sender=one) for one in senders] \
        + [oracle.Dialogue(recipient=form.format(user=USER, own=names[0], foreign=victim)) for form in FORMS]
    if len(found) > count:
        found = plain + chance.sample(found[4:], max(0, count * 2 // 3 - 4))
    while len(found) < count:
        client, unheard = chance.choice(hosts), _unheard(chance)
        # Words of the configuration's own are what its patterns look for.
        user = chance.choice([USER, unheard.split(".")[0], chance.choice(said)])
        below = user + "." + chance.choice(names)
        found.append(oracle.Dialogue(
            client, client_name=chance.choice([None, None, unheard, chance.choice(names)]), helo=chance.choice([chance.choice(helos), unheard, below]),
            sender=chance.choice([chance.choice(senders), user + "@" + unheard, user + "@" + chance.choice(names), user + "@" + below]),
            recipient=chance.choice(addresses) if addresses and chance.random() < 0.2 else chance.choice(FORMS).format(
                user=user, own=chance.choice(names), foreign=chance.choice([victim, unheard, chance.choice(names)]))))
    # smtpd keeps a connection while the client is the same.
    return sorted(_unique(found), key=lambda one: str(one.client))


def plain_mail(directory, many=8):
    """Return what ordinary people say: strangers to each domain that the configuration names, its networks' clients to there and elsewhere."""
    text = words_of(directory)
    victim, names = fresh(directory), domains(text)[:many]
    recipients = [user + "@" + name for name in names for user in (USER, "postmaster")]
    strangers = [oracle.Dialogue(one, recipient=recipient) for recipient in recipients for one in ("203.0.113.9", "9.8.7.6", "2001:db8:bad::9")]
    return strangers + [oracle.Dialogue(one, recipient=recipient) for one in clients(text)[:many] for recipient in ["user@" + victim] + recipients[:2]]
