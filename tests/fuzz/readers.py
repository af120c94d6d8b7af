# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is read from a host, each reader with texts to begin with, the words of its language, and what must hold for any octets."""

import time
from collections import namedtuple

from ansible_collections.relaylock.postfix.plugins.module_utils._maillog.moments import Moments
from ansible_collections.relaylock.postfix.plugins.module_utils._maillog.relayed import Relayed
from ansible_collections.relaylock.postfix.plugins.module_utils._maillog.report import clients
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.configuration import Configuration
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import ConfigError, Opaque
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.match_lists import ListError, ListFatal, MatchList
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.pattern_forms import MAIL_FORMS, NAME_FORMS
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import TableError, TableFatal, Tables
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.text import decode, split_words
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import edits
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.judge import judge
from ansible_collections.relaylock.postfix.plugins.module_utils._relay.trust import Trust

# seeds: texts to begin with; words: what its language is made of; read: takes any bytes, and raises nothing
Reader = namedtuple("Reader", "seeds words read")

VERSION = (3, 7)
PATH = "/fuzz/table"
KEYS = ("192.0.2.7", "2001:db8::7", "mx.example.com", "a@example.com", "", "b")
SPACE = (b" ", b"\t", b"\n", b"\n ", b"\n\t", b"\r\n", b"#", b",", b"\\", b'"', b"\0", b"\xff", b"\xc3\x9f")
VERDICTS = ("closed", "open", "unknown", "down")


class OneText(Files):
    """Files of which there is one, PATH."""

    def __init__(self, data=None):
        Files.__init__(self)
        self.data = data

    def _read(self, path):
        return self.data if path == PATH else None


def main_cf(data):
    """A document is written back to the octet; each value expands or says why not; an edit reads as it was meant."""
    main = MainCf(data)
    assert main.to_bytes() == data
    settings = Configuration(main, None, VERSION, OneText()).settings()
    for entry in main.entries:
        try:
            settings.value(entry.name)
        except ConfigError as exc:
            assert str(exc)
    before = [entry.text for entry in main.entries]
    for index, entry in enumerate(main.entries if main.error is None else ()):
        after = [one.text for one in edits.with_words(main, entry.value, ["reject"], True).entries]
        assert [split_words(text) if place == index else text for place, text in enumerate(after)] == [
            ["reject"] if place == index else text for place, text in enumerate(before)]
    if main.error is None:
        assert edits.with_parameter(main, "mynetworks", ["127.0.0.1"]).entry("mynetworks").text == "127.0.0.1"


def master_cf(data):
    """A document is written back to the octet; an edit of an override reads as it was meant, and leaves all others as they are."""
    master = MasterCf(data)
    assert master.to_bytes() == data
    if master.error is not None or any(service.error is not None for service in master.services):
        return
    before = [option.text for service in master.services for option in service.options]
    for index, option in enumerate(one for service in master.services for one in service.options):
        if "{" in option.name:
            continue  # no parameter is called so, and nobody edits it: its brace ends in the value
        edited = edits.with_words(master, option.value, ["reject"], option.braced)
        after = [one.text for service in edited.services for one in service.options]
        assert [split_words(text) if place == index else text for place, text in enumerate(after)] == [
            ["reject"] if place == index else text for place, text in enumerate(before)]


def verdict(data):
    """Whatever main.cf says there is a verdict."""
    subject = Configuration(MainCf(data), MasterCf(b"smtp inet n - n - - smtpd\n"), VERSION, OneText())
    assert judge(subject, Trust()).verdict in VERDICTS


def table(spec):
    """Make the reader of a table: what is asked is answered, or the answer says what is wrong."""
    def read(data):
        tables = Tables(OneText(data), VERSION)
        try:
            opened = tables.open(spec(data))
        except TableFatal as exc:
            assert str(exc)
            return
        for key in KEYS:
            try:
                answer = opened.get(key)
                assert answer is None or isinstance(answer, str)
            except (TableError, Opaque) as exc:
                assert str(exc)
        assert all(isinstance(key, str) for key in opened.keys())
        assert all(str(network) for network in opened.networks())
    return read


def samples(kind):
    """Make the reader of a table of patterns that builds texts for its rules: it ends."""
    def read(data):
        opened = Tables(OneText(data), VERSION).open(kind + ":" + PATH)
        for forms in (MAIL_FORMS, NAME_FORMS):
            for text in opened.samples(forms):
                assert isinstance(text, str)
            assert all(isinstance(pattern, str) for dummy, pattern in opened.unreached(forms))
    return read


def networks(data):
    """A list such as mynetworks, out of a file."""
    try:
        listed = MatchList(PATH, Tables(OneText(data), VERSION))
    except ListFatal as exc:
        assert str(exc)
        return
    for name, address in (("mx.example.com", "192.0.2.7"), ("unknown", "2001:db8::7")):
        try:
            assert listed.matches_client(name, address) in (True, False)
        except (ListError, Opaque) as exc:
            assert str(exc)


def mail_log(data):
    """Counts are counts, and no line is too odd."""
    relayed = Relayed(lambda domain: domain == "example.com", 0)
    relayed.take(data, Moments(time.time()))
    for client in clients(relayed):
        assert client["count"] > 0 and client["first"] <= client["last"]


def _of_file(kind):
    return table(lambda dummy: kind + ":" + PATH)


def _of_value(kind):
    return table(lambda data: kind + ":" + decode(data))


MAIN = b"""\
compatibility_level = 3.6
myhostname = mx.example.com
mydestination = $myhostname, localhost
smtpd_restriction_classes = local_only
local_only = check_client_access cidr:{ {192.0.2.0/24 OK} }, reject
mynetworks = 127.0.0.0/8 [::1]/128 !192.0.2.1
smtpd_relay_restrictions = permit_mynetworks, local_only,
# a comment
    reject_unauth_destination
smtpd_sender_restrictions = check_sender_access inline:{ {a@example.com = OK} }
relay_domains = ${myhostname?{$mydomain}:{x.org}} {${compatibility_level} <level {3.6} ? {a} : {b}}
"""
MASTER = b"""\
smtp      inet  n       -       n       -       -       smtpd
  -o smtpd_relay_restrictions=permit_mynetworks,reject -o { mynetworks = 127.0.0.1, [::1] }
# a comment
[::1]:10025 inet n - n - - smtpd -v -osmtpd_sasl_auth_enable=yes
rewrite   unix  -       -       n       -       -       trivial-rewrite
"""
LOG = b"""\
Nov 28 10:00:00 mx postfix/smtpd[1]: 4F0aBcDeF: client=unknown[192.0.2.7], sasl_method=PLAIN, sasl_username=a
2026-11-28T10:00:01.5+01:00 mx postfix/smtp[2]: 4F0aBcDeF: to=<b@example.org>, relay=x[192.0.2.8]:25, delay=1, dsn=2.0.0, status=sent (250 ok)
2026-11-28T10:00:01Z mx postfix/qmgr[3]: 4F0aBcDeF: removed
"""
_TABLE_SEEDS = (b"example.com OK\n.example.org REJECT no\n192.0.2 450 later\n<> DUNNO\n",)
_TABLE_WORDS = SPACE + (b"OK", b"REJECT", b"DUNNO", b"PREPEND", b"=", b"{", b"}", b"@", b".", b"$1", b"::", b"a", b"b")
_PATTERNS = (b"/^a(b|c)+@/i REJECT $1\n!/x/ OK\nif /y/\n/^[[:alpha:]]{2,3}$/ OK\nendif\n",)
_PATTERN_WORDS = _TABLE_WORDS + (b"/", b"!", b"if ", b"endif", b"^", b"$", b"(", b")", b"|", b"*", b"+", b"?", b"[", b"]", b"[^", b"[:alpha:]", b"[:<:]",
                                 b"{2}", b"{1,3}", b"{,", b"-", b"\\1", b"\\d", b"\\Q", b"\\E", b"\\x{41}", b"(?:", b"(?=", b"(?!", b"(?<=", b"(?i)", b"(?>",
                                 b"(?P<n>", b"(?P=n)", b"(?#", b"\\K", b"\\R", b"\\p{L}", b"imx")
_CIDR_WORDS = _TABLE_WORDS + (b"192.0.2.0/24", b"/0", b"/32", b"2001:db8::/32", b"!", b"if ", b"endif", b"[", b"]", b"255", b"0x")
_VALUE_WORDS = _TABLE_WORDS + (b"inline:", b"static:", b"unionmap:", b"pipemap:", b"randmap:", b"fail:", b"cidr:", b"pcre:", b"proxy:", b"texthash:")
_PARAMETER_WORDS = SPACE + (b"=", b"$", b"${", b"}", b"{", b"?", b":", b"==", b"!=", b"<=level", b"mynetworks", b"smtpd_relay_restrictions", b"relay_domains",
                            b"mydestination", b"permit", b"permit_mynetworks", b"reject", b"reject_unauth_destination", b"check_recipient_access",
                            b"inline:{", b"warn_if_reject", b"defer_if_permit", b"smtpd_restriction_classes", b"compatibility_level", b"0.0.0.0/0", b"-o",
                            b"!", b"[", b"]", b"yes", b"no", b"static:OK", b"sleep", b"smtpd_delay_reject", b"check_sender_access", b"pcre:{ {/",
                            b"smtpd_recipient_restrictions", b"permit_sasl_authenticated", b"3.6", b"myhostname", b"mydomain")
_SERVICE_WORDS = SPACE + (b"-o", b" -o ", b"{", b"}", b"=", b"inet", b"unix", b"n", b"y", b"-", b"smtpd", b"25", b"[::1]:", b"-v", b"pipe", b"argv=")
_LOG_WORDS = (b"postfix/", b"smtpd", b"smtp", b"[1]: ", b": client=", b": to=<", b">, ", b"relay=", b"status=sent", b"sasl_username=", b"[", b"]", b"\n", b" ",
              b"4F0aBcDeF", b"removed", b": from=<", b"uid=0", b"unknown", b"orig_to=<", b"lmtp", b"127.0.0.1", b"queued as ", b"NOQUEUE", b"\xff", b"\0",
              b"Feb 29 23:59:60 ", b"2026-02-30T25:00:00+99:99 ", b"::1", b"conn_use=", b"warning: ")

READERS = {
    "main.cf": Reader((MAIN, b"a = $b\nb = $a\n"), _PARAMETER_WORDS, main_cf),
    "master.cf": Reader((MASTER,), _SERVICE_WORDS, master_cf),
    "texthash": Reader(_TABLE_SEEDS, _TABLE_WORDS, _of_file("texthash")),
    "hash": Reader(_TABLE_SEEDS, _TABLE_WORDS, _of_file("hash")),
    "cidr": Reader((b"192.0.2.0/24 OK\n!2001:db8::/32 REJECT\nif 10.0.0.0/8\n10.1.1.1 DUNNO\nendif\n",), _CIDR_WORDS, _of_file("cidr")),
    "regexp": Reader(_PATTERNS, _PATTERN_WORDS, _of_file("regexp")),
    "pcre": Reader(_PATTERNS, _PATTERN_WORDS, _of_file("pcre")),
    "regexp's texts": Reader(_PATTERNS, _PATTERN_WORDS, samples("regexp")),
    "pcre's texts": Reader(_PATTERNS, _PATTERN_WORDS, samples("pcre")),
    "inline": Reader((b"{a=OK, {example.com = REJECT no}, b=DUNNO}",), _VALUE_WORDS, _of_value("inline")),
    "unionmap": Reader((b"{static:a, inline:{b=c}}", b"{pipemap:{inline:{b=c},inline:{c=d}}}"), _VALUE_WORDS, _of_value("unionmap")),
    "mynetworks": Reader((b"127.0.0.0/8 # loopback\n[::1]/128\n!192.0.2.1\ninline:{192.0.2.7=x}\n",), _CIDR_WORDS + _VALUE_WORDS, networks),
    "mail log": Reader((LOG,), _LOG_WORDS, mail_log),
    "verdict": Reader((MAIN,), _PARAMETER_WORDS, verdict),
}
