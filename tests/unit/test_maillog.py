# -*- coding: utf-8 -*-
# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of Postfix's log in the form that its daemons write, and who relayed by them."""

import bz2
import gzip
import lzma
import os
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.relaylock.postfix.plugins.module_utils._maillog import relayed as subject
from ansible_collections.relaylock.postfix.plugins.module_utils._maillog import report, sources
from ansible_collections.relaylock.postfix.plugins.module_utils._maillog.moments import Moments, shown

NOW = time.mktime((2026, 1, 10, 12, 0, 0, 0, 0, -1))
STAMPED = time.mktime((2026, 1, 9, 8, 53, 21, 0, 0, -1))
OWN = ("own.example", "partner.example")


def told(*lines, since=0.0, syslog_name="postfix"):
    """The clients by a log of these lines, each after its stamp and host."""
    relayed = subject.Relayed(lambda domain: domain in OWN, since, syslog_name)
    stamped = [line if line[:1] in "<2J" else "Jan  9 08:53:21 mx " + line for line in lines]
    relayed.take("".join(line + "\n" for line in stamped).encode("utf-8", "surrogateescape"), Moments(NOW))
    return report.clients(relayed)


def smtpd(text, id_="B88351C40AF", tag="postfix/smtpd"):
    return "{0}[99]: {1}: client={2}".format(tag, id_, text)


def sent(recipient="a@elsewhere.example", id_="B88351C40AF", more="", status="sent (250 ok)", tag="postfix/smtp", relay="mx.test[192.0.2.1]:25"):
    return "{0}[7]: {1}: to=<{2}>{3}, relay={4}, delay=1, delays=0/0/0/1, dsn=2.0.0, status={5}".format(tag, id_, recipient, more, relay, status)


def test_who_relayed():
    found = told(smtpd("pc.example.net[198.51.100.7]"), sent(), sent("b@elsewhere.example"), sent("c@third.example"))
    assert found == [{"address": "198.51.100.7", "name": "pc.example.net", "login": None, "count": 3, "first": shown(STAMPED), "last": shown(STAMPED),
                      "domains": ["elsewhere.example", "third.example"]}]


@pytest.mark.parametrize("lines", [
    [smtpd("a[192.0.2.1]")],                                                    # accepted, and nothing sent
    [smtpd("a[192.0.2.1]"), sent("x@own.example", tag="postfix/local")],        # to itself
    [smtpd("a[192.0.2.1]"), sent("x@partner.example")],                         # to one that it is a relay for
    [smtpd("a[192.0.2.1]"), sent("x@elsewhere.example", more=", orig_to=<y@own.example>")],  # an alias
    [smtpd("a[192.0.2.1]"), sent("x@[192.0.2.9]")],
    ["postfix/pickup[3]: B88351C40AF: uid=0 from=<root>", sent()],              # from the host itself
    [smtpd("a[192.0.2.1]"), "postfix/pickup[3]: B88351C40AF: uid=0 from=<root>", sent()],  # the queue id again
    [sent(), smtpd("a[192.0.2.1]")],
    ["postfix/smtpd[9]: NOQUEUE: client=a[192.0.2.1]", sent("x@elsewhere.example", "NOQUEUE")],
    [smtpd("a[192.0.2.1]", tag="postfix-out/smtpd"), sent(tag="postfix-out/smtp")],  # another instance
    ["postfix/smtpd[9]: NOQUEUE: reject: RCPT from a[192.0.2.1]: 554 5.7.1 <x@elsewhere.example>: Relay access denied; to=<x@elsewhere.example>"],
    ["postfix/smtpd[9]: warning: a[192.0.2.1]: SASL PLAIN authentication failed: x, sasl_username=u"],
])
def test_who_did_not(lines):
    assert told(*lines) == []


def test_each_recipient_counts_once_a_message():
    lines = [smtpd("a[192.0.2.1]"), sent(status="deferred (x)"), sent(),
             smtpd("a[192.0.2.1]", "4jYc5W6kx9zFwqh"), sent(id_="4jYc5W6kx9zFwqh", status="bounced (y)")]
    assert [one["count"] for one in told(*lines)] == [2]


@pytest.mark.parametrize("text, address, login", [
    ("a[192.0.2.1], sasl_method=PLAIN, sasl_username=me@own.example", "192.0.2.1", "me@own.example"),
    ("a[192.0.2.1]:4711, sasl_method=PLAIN, sasl_username=me", "192.0.2.1", "me"),
    ("unknown[2001:db8::7], sasl_method=LOGIN, sasl_username=a b, sasl_sender=x@y", "2001:db8::7", "a b"),
    # A login may look like a field: the client stays the one that was connected.
    ("a[192.0.2.1], sasl_method=PLAIN, sasl_username=ev, orig_client=x[198.51.100.1]", "192.0.2.1", "ev"),
    ("a[192.0.2.1], orig_queue_id=ABCDEF1, orig_client=x[198.51.100.1]", "192.0.2.1", None),
    ("localhost[127.0.0.1], orig_queue_id=ABCDEF1, orig_client=x[198.51.100.1]", "198.51.100.1", None),
    ("localhost[::1], orig_client=x[2001:db8::1]", "2001:db8::1", None),
])
def test_the_client_is_who_was_connected(text, address, login):
    assert [(one["address"], one["login"]) for one in told(smtpd(text), sent())] == [(address, login)]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (0, 2, 1, 3), (0, 2, 3, 1)])
def test_through_a_content_filter(order):
    lines = [smtpd("a[192.0.2.1]", "AAAAAA1"),
             sent(id_="AAAAAA1", relay="127.0.0.1[127.0.0.1]:10025", status="sent (250 2.0.0 from MTA: 250 2.0.0 Ok: queued as BBBBBB2)"),
             smtpd("localhost[127.0.0.1]", "BBBBBB2"), sent(id_="BBBBBB2")]
    found = told(*[lines[number] for number in order])
    assert found[0]["address"] == ("192.0.2.1" if order != (0, 2, 3, 1) else "127.0.0.1")
    assert sum(one["count"] for one in found) == 1


@pytest.mark.parametrize("recipient, domain", [
    ('"a b, relay=x"@elsewhere.example', "elsewhere.example"), ('"a>, relay=x"@elsewhere.example', "elsewhere.example"),
    ("a@ELSEWHERE.example", "elsewhere.example"), ("a+b=c@x-y.elsewhere.example", "x-y.elsewhere.example")])
def test_odd_recipients(recipient, domain):
    assert [one["domains"] for one in told(smtpd("a[192.0.2.1]"), sent(recipient))] == [[domain]]


@pytest.mark.parametrize("stamp, expected", [
    ("Jan  9 08:53:21 mx ", STAMPED),
    ("Jan 09 08:53:21 mx ", STAMPED),
    ("Dec 31 23:59:59 mx ", time.mktime((2025, 12, 31, 23, 59, 59, 0, 0, -1))),
    ("2026-01-09T08:53:21.259262+00:00 mx ", 1767948801.0),
    ("2026-01-09T10:53:21+02:00 mx ", 1767948801.0),
    ("2026-01-09T05:53:21.25-0300 mx ", 1767948801.0),
    ("2026-01-09T08:53:21Z mx ", 1767948801.0),
    ("<22>1 2026-01-09T08:53:21Z mx ", 1767948801.0),
    ("yesterday mx ", None), ("Foo  9 08:53:21 mx ", None), ("2026-13-09T08:53:21Z mx ", None), ("Jan 32 99:99:99 mx ", None)])
def test_stamps(stamp, expected):
    assert Moments(NOW)(stamp.encode()) == expected


def test_a_tag_that_is_cut_at_its_slash():
    head = "<22>1 2026-01-09T08:53:21Z mx postfix 348 - -  "
    assert len(told(head + "B88351C40AF: client=a[192.0.2.1]", head + sent().partition("]: ")[2])) == 1


def test_only_the_last_days_count():
    assert told(smtpd("a[192.0.2.1]"), sent(), since=NOW) == []


def test_no_address_of_a_person_leaves_the_host():
    found = told(smtpd("a[192.0.2.1]"), "postfix/qmgr[1]: B88351C40AF: from=<secret.sender@own.example>, size=1, nrcpt=1 (queue active)",
                 sent("secret.recipient@elsewhere.example"))
    assert found and "secret" not in str(found)


def test_memory_is_bounded(monkeypatch):
    for name in ("LIVES", "CLIENTS", "RECIPIENTS"):
        monkeypatch.setattr(subject, name, 3)
    relayed = subject.Relayed(lambda domain: False, 0.0)
    for number in range(20):
        lines = [smtpd("a[192.0.2.%d]" % number, "AAAAAA%d" % number)] + [sent("x%d@elsewhere.example" % one, "AAAAAA%d" % number) for one in range(9)]
        relayed.take("".join("Jan  9 08:53:21 mx " + line + "\n" for line in lines).encode(), Moments(NOW))
    assert len(relayed.lives) <= 3 and len(relayed.tallies) <= 3 and max(len(one.seen) for one in relayed.lives.values()) <= 3
    assert relayed.dropped and relayed.unread


def test_files_of_all_kinds_are_read_in_their_order(tmp_path):
    path, lines = tmp_path / "mail.log", [smtpd("a[192.0.2.1]"), sent()]
    text = "".join("Jan  9 08:53:21 mx " + line + "\n" for line in lines).encode()
    made = [("mail.log.3.bz2", bz2.compress), ("mail.log.2.gz", gzip.compress), ("mail.log-20260101.xz", lzma.compress), ("mail.log.1", bytes),
            ("mail.log", bytes)]
    for number, (name, pack) in enumerate(made):
        (tmp_path / name).write_bytes(pack(text.replace(b"192.0.2.1", b"192.0.2.%d" % number)))
        os.utime(str(tmp_path / name), (NOW - 500 + number * 100, NOW - 500 + number * 100))
    (tmp_path / "mail.log.old").write_bytes(text)
    (tmp_path / "mail.logger").write_bytes(text)
    assert [os.path.basename(one) for one in sources.find(None, str(path), NOW - 450)] == [name for name, dummy in made[1:]]
    assert [b"".join(sources.blocks(one)).count(b"client=") for one in sources.find(None, str(path), 0)] == [1] * 5


@pytest.mark.parametrize("spoil", [lambda data: data[:-20], lambda data: data[:len(data) // 2] + b"garbage" * 9], ids=["cut", "spoilt"])
def test_a_broken_archive_gives_what_it_has(tmp_path, spoil):
    lines = "".join("Jan  9 08:53:21 mx " + line + "\n" for number in range(30000)
                    for line in (smtpd("a[192.0.2.1]", "%07X" % number), sent("u%d@elsewhere.example" % number, "%07X" % number)))
    path = tmp_path / "mail.log.1.gz"
    path.write_bytes(spoil(gzip.compress(lines.encode())))
    os.utime(str(path), (NOW, NOW))
    relayed, read, notes = report.read([str(path), str(tmp_path / "none"), str(tmp_path / "x.zst")], "", 36500, lambda domain: False, "postfix")
    assert report.clients(relayed)[0]["count"] > 1000
    assert read[0]["octets"] > 100000
    assert len(notes) >= 3 and all("what came before it counts" in note for note in notes[:3])


@settings(deadline=None, max_examples=300)
@given(st.lists(st.one_of(st.binary(max_size=80), st.sampled_from([
    b"Jan  9 08:53:21 mx postfix/smtpd[9]: B88351C40AF: client=a[192.0.2.1]",
    b"postfix/smtp[7]: B88351C40AF: to=<x@y.test>, relay=x, status=sent (queued as B88351C40AF)",
    b": client=", b"]: ABCDEF1: to=<", b"postfix/smtpd[9]: ABCDEF1: client=a[127.0.0.1], orig_client=b[::1]"]), st.just(b"\n")), max_size=12))
def test_garbage_is_no_error(pieces):
    relayed = subject.Relayed(lambda domain: False, 0.0)
    relayed.take(b"".join(pieces), Moments(NOW))
    report.clients(relayed)
