# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Tables: a strategy for type:table words. A file's text stands in the word itself, between marks, until place() finds a name for it."""

import re

from hypothesis import strategies as st

from .choices import once_in, several, weighted, words
from .vocabulary import CLIENTS, DOMAINS, KEYS, MAILBOXES, NARROW

OPEN, SHUT = "\x01", "\x02"
FILE = re.compile(r"(?s)((?<![a-z])hash:)?\x01(.*?)\x02")

ACTIONS = words(
    "14* OK", "4* REJECT", "6* DUNNO", "4* RELAY", "4* permit", "ok", "reject", "1234", "250", "550 no", "450 later", "554 5.7.1 no way", "421 bye", "DEFER",
    "DEFER_IF_PERMIT", "DEFER_IF_REJECT later", "DISCARD", "discard quietly", "HOLD", "HOLD now", "FILTER smtp:[127.0.0.1]", "FILTER nonsense",
    "PREPEND X-A: b", "WARN text", "INFO text", "REDIRECT user@own.example", "BCC user@own.example", "mine", "other", "third", "MINE",
    "permit_mynetworks", "permit_mynetworks, permit", "permit_mynetworks, reject", "reject_unauth_destination", "reject_unauth_destination, permit",
    "permit_auth_destination", "permit_sasl_authenticated", "warn_if_reject reject", "sleep 0, permit", "accept", "ALLOW", "250 ok", "1 2", "600 x", "x",
    "OK sure", "OK, REJECT", "RELAYED", "{ permit }", "check_sender_access static:OK", "DUNNO, permit", "-1", "REJECT $1", "dunno", "mine, permit",
    "defer_unauth_destination", "warn_if_reject reject_unauth_destination", "reject_non_fqdn_sender", "permit_mynetworks permit", "nonsense, permit")
KEY = weighted((5, DOMAINS), (4, MAILBOXES), (4, CLIENTS), (2, KEYS))
PATTERNS = words(
    "4* /./", "3* /elsewhere/", "2* /^friend@/", "2* /@own\\.example$/", "2* /^203\\.0\\./", "/example$/", "/^own\\.example$/", "/own\\.example/",
    "!/own\\.example/", "!/^203/", "/^<>$/", "/^unknown$/", "/net$/", "/ORG$/", "/ORG$/i", "/(.*)@example\\.org/", "/^user@/", "/^.*$/", "/@/",
    "!/@/", "/^[0-9.]+$/", "/:/", "/%/", "/[!%@].*[@]/", "|^203|", "#bad#", "/^127\\./", "/(/", "/x", "/^postmaster/", "/e{2}/", "/^user(@|\\+)/")
CONDITIONS = words("/^203/", "/example/", "!/own/", "/@/", "/./", "!/@/", "/ORG/")
CIDR_KEYS = weighted((6, NARROW), (3, words("3* 0.0.0.0/0", "2* ::/0", "0.0.0.0/1", "!127.0.0.0/8", "!10.0.0.0/8", "2001:db8:bad::/48", "2000::/3")),
                     (2, words("203.0.113.9", "203.0.113.9/24", "junk", "2001:db8:bad::9", "::1", "0/0", "128.0.0.0/1")))
KINDS = words("16* inline", "9* static", "10* texthash", "7* cidr", "6* pcre", "6* regexp", "3* cidr_inline", "hash", "2* pipemap", "2* unionmap", "fail",
              "missing", "2* randmap", "2* pcre_inline")
MISSING = words("hash:$config_directory/missing", "texthash:$config_directory/missing", "cidr:$config_directory/missing", "nosuch:x", "pcre:/./",
                "regexp:$config_directory/missing", "inline:", "static:", "inline:{}", "inline:{x}", "hash:", "cidr:203.0.113.0/24", "access")
SEPARATORS = st.sampled_from((" ", " ", "\t", "\n  "))
STATICS = words("6* OK", "2* REJECT", "5* DUNNO", "permit", "mine", "{permit_mynetworks, permit}", "{554 no}", "nonsense", "reject_unauth_destination",
                "{permit_mynetworks, reject_unauth_destination}", "DISCARD", "DEFER_IF_PERMIT", "{ permit }", "RELAY", "1", "x", "other",
                "DEFER_IF_REJECT", "defer_unauth_destination")


def file(text):
    """The word for a file with this text."""
    return OPEN + text + SHUT


@st.composite
def _line(draw):
    return draw(KEY), draw(ACTIONS)


@st.composite
def _pattern(draw):
    rule = "%s %s\n" % (draw(PATTERNS), draw(ACTIONS))
    return "if %s\n%sendif\n" % (draw(CONDITIONS), rule) if once_in(draw, 6) else rule


@st.composite
def _network(draw):
    rule = "%s %s\n" % (draw(CIDR_KEYS).replace("[", "").replace("]", ""), draw(ACTIONS))
    return "if %s\n%sendif\n" % (draw(CIDR_KEYS), rule) if once_in(draw, 12) else rule


LINES, RULES, NETWORKS = several(_line(), 4, 1), several(_pattern(), 3, 1), several(_network(), 3, 1)


def _inline(draw):
    pairs = draw(LINES)
    plain = all(" " not in value and "," not in value and "{" not in value for _key, value in pairs)
    if plain and not once_in(draw, 6):
        return "inline:{%s}" % ", ".join("%s=%s" % pair for pair in pairs)
    return "inline:{ %s }" % ", ".join("{ %s = %s }" % pair for pair in pairs)


def _text(pairs, separator):
    return "".join("%s%s%s\n" % (key, separator, value) for key, value in pairs)


def _texthash(draw):
    lead = "# a comment\n\n" if once_in(draw, 5) else ""
    return "texthash:" + file(lead + _text(draw(LINES), draw(SEPARATORS)))


def _hash(draw):
    return "hash:" + file(_text(draw(LINES), " "))


def _pipemap(draw):
    first, second = _inline(draw), "inline:{OK=%s}" % draw(words("2* OK", "DUNNO", "REJECT", "x")) if once_in(draw, 2) else "static:OK"
    return "pipemap:{%s, %s}" % (first, second)


MAKERS = {
    "inline": _inline,
    "static": lambda draw: "static:" + draw(STATICS),
    "texthash": _texthash,
    "hash": _hash,
    "cidr": lambda draw: "cidr:" + file("".join(draw(NETWORKS))),
    "cidr_inline": lambda draw: "cidr:{%s}" % ", ".join("{ %s }" % rule.strip() for rule in draw(NETWORKS) if "\n" not in rule.strip()),
    "pcre": lambda draw: "pcre:" + file("".join(draw(RULES))),
    "pcre_inline": lambda draw: "pcre:{%s}" % ", ".join("{ %s }" % rule.strip() for rule in draw(RULES) if "\n" not in rule.strip()),
    "regexp": lambda draw: "regexp:" + file("".join(draw(RULES))),
    "pipemap": _pipemap,
    "unionmap": lambda draw: "unionmap:{%s, %s}" % (_inline(draw), draw(words("static:DUNNO", "static:OK", "inline:{own.example=OK}"))),
    "fail": lambda draw: "fail:x",
    "missing": lambda draw: draw(MISSING),
    "randmap": lambda draw: "randmap:{%s}" % draw(words("OK", "REJECT", "DUNNO")),
}


@st.composite
def _table(draw):
    return MAKERS[draw(KINDS)](draw)


TABLES = _table()


def place(text, files, built):
    """Give each file that a text holds a name in `files`, and its kind in `built` where postmap has to make it; returns the text with the names."""
    def name_of(found):
        content = found.group(2)
        name = next((known for known, old in files.items() if old == content), "t%d" % (len(files) + 1))
        files[name] = content
        if found.group(1):
            built.add(found.group(1) + name)
        return "%s$config_directory/%s" % (found.group(1) or "", name)
    return FILE.sub(name_of, text)


__all__ = ["TABLES", "file", "place"]
