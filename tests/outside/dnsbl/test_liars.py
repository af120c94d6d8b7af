# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""DNS servers that lie, fail or say nothing: never listed, never clean, and never long."""

import time

import pytest

servers = pytest.importorskip("dnsbl_servers", reason="NOT TESTED: no dnspython here")
ADDRESS, OTHER = "192.0.2.10", "192.0.2.11"
HIT = "10.2.0.192."


def one(found, address=ADDRESS):
    return found[address, "bl.test"]


@pytest.mark.parametrize("answer, reason", [
    (servers.says("198.51.100.80"), "198.51.100.80 is no answer of a blocklist"),
    (servers.says("127.0.0.2"), "every name"),
    (servers.says("127.255.255.254"), "public resolvers"),
    (servers.says("127.255.255.252"), "mistyped"),
    (servers.says("127.0.0.1"), "refuses to answer this resolver"),
    (servers.says(), "is not listed"),
    (servers.fails("NXDOMAIN"), "is not listed"),
    (servers.fails("SERVFAIL"), "SERVFAIL"),
    (servers.fails("REFUSED"), "REFUSED"),
    (servers.fails("NOTIMP"), "NOTIMP"),
    (servers.garbage, "no DNS message"),
    (servers.noise, "no DNS message"),
    (servers.cut, "truncated"),
    (servers.silent, "no answer in time"),
    (lambda query: b"x", "no answer in time"),
    (lambda query: query, "no answer in time"),
])
@pytest.mark.parametrize("address", [ADDRESS, "2001:db8::25"])
def test_unknown(ask, answer, reason, address):
    with servers.server(answer) as liar:
        start = time.monotonic()
        found = ask(liar.address, [address], timeout=0.5)
        assert time.monotonic() - start < 1.5
    assert one(found, address)["status"] == "unknown" and reason in one(found, address)["reason"]
    assert one(found, address)["reasons"] == []


def test_nobody_listens(ask):
    start = time.monotonic()
    found = ask((servers.LOOPBACK, servers.free_port()), [ADDRESS], timeout=5.0)
    assert time.monotonic() - start < 2.0
    assert one(found)["status"] == "unknown" and "cannot be reached" in one(found)["reason"]


def for_address(answer):
    """A list in order, but for what it says of one address."""
    order = servers.listing()
    return lambda query: (answer if query.question[0].name.to_text().startswith(HIT) else order)(query)


@pytest.mark.parametrize("answer, status, reason", [
    (servers.says("127.0.0.2"), "listed", None),
    (servers.says("127.0.0.2", "198.51.100.80"), "unknown", "198.51.100.80"),
    (servers.says("127.255.255.255"), "unknown", "too many"),
    (servers.says(), "clean", None),
    (servers.fails("SERVFAIL"), "unknown", "SERVFAIL"),
    (servers.silent, "unknown", "in time"),
    (servers.garbage, "unknown", "no DNS message"),
])
def test_one_answer_harms_no_other(ask, answer, status, reason):
    with servers.server(for_address(answer)) as liar:
        found = ask(liar.address, [ADDRESS, OTHER], timeout=0.5)
    assert one(found)["status"] == status
    assert one(found)["reason"] is None if reason is None else reason in one(found)["reason"]
    assert one(found, OTHER)["status"] == "clean"


def test_a_listing_brings_its_reason(ask):
    with servers.server(servers.listing(HIT)) as honest:
        found = ask(honest.address, [ADDRESS, OTHER])
        texts = [name for dummy, name, kind in honest.queries if kind == 16]
    assert one(found)["status"] == "listed" and one(found)["reasons"] == ["sent spam to a trap"]
    assert texts == ["10.2.0.192.bl.test"]


def test_a_listing_without_its_reason_is_a_listing(ask):
    order = servers.listing(HIT)
    with servers.server(lambda query: order(query) if query.question[0].rdtype == 1 else None) as taciturn:
        found = ask(taciturn.address, [ADDRESS], timeout=0.3)
    assert one(found)["status"] == "listed" and one(found)["reasons"] == []


def test_an_answer_to_another_question_is_none(ask):
    def answer(query):
        other = servers.dns.message.make_query("9.9.9.9.bl.test", "A", id=query.id)
        return servers.says("127.0.0.2")(other)
    with servers.server(for_address(answer)) as liar:
        assert "in time" in one(ask(liar.address, [ADDRESS], timeout=0.4))["reason"]


def test_records_of_other_names_do_not_count(ask):
    def answer(query):
        reply = servers.dns.message.make_response(query)
        reply.answer.append(servers.dns.rrset.from_text("other.test.", 60, "IN", "A", "127.0.0.2"))
        return reply
    with servers.server(for_address(answer)) as liar:
        assert one(ask(liar.address, [ADDRESS]))["status"] == "clean"


def test_an_alias_is_followed(ask):
    def answer(query):
        reply = servers.dns.message.make_response(query)
        name = query.question[0].name
        reply.answer.append(servers.dns.rrset.from_text(name, 60, "IN", "CNAME", "hit.elsewhere.test."))
        reply.answer.append(servers.dns.rrset.from_text("hit.elsewhere.test.", 60, "IN", "A", "127.0.0.7"))
        return reply
    with servers.server(for_address(answer)) as honest:
        assert [code["code"] for code in one(ask(honest.address, [ADDRESS]))["codes"]] == ["127.0.0.7"]


def test_a_lost_packet_is_sent_again(ask):
    order, seen = servers.listing(HIT), set()

    def answer(query):
        key = query.question[0].to_text()
        if key in seen:
            return order(query)
        seen.add(key)
        return None
    with servers.server(answer) as lossy:
        found = ask(lossy.address, [ADDRESS, OTHER], timeout=1.0)
    assert (one(found)["status"], one(found, OTHER)["status"]) == ("listed", "clean")
    assert one(found)["reasons"] == ["sent spam to a trap"]


def test_a_slow_answer_counts_after_the_question_was_sent_again(ask):
    with servers.server(servers.listing(HIT), delay=0.8) as slow:
        assert one(ask(slow.address, [ADDRESS], timeout=1.0))["status"] == "listed"


@pytest.mark.parametrize("first", [servers.fails("SERVFAIL"), servers.fails("REFUSED"), servers.garbage, servers.silent])
def test_the_next_nameserver_is_asked(ask, first):
    with servers.server(first) as broken, servers.server(servers.listing(HIT)) as honest:
        found = ask([broken.address, honest.address], [ADDRESS, OTHER], timeout=1.0)
    assert (one(found)["status"], one(found, OTHER)["status"]) == ("listed", "clean")


def test_a_nameserver_that_refuses_is_not_asked_again(ask):
    with servers.server(servers.fails("REFUSED")) as refusing, servers.server(servers.silent) as mute:
        found = ask([refusing.address, mute.address], [ADDRESS], timeout=0.4)
        assert (len(refusing.queries), len(mute.queries)) == (3, 6)
    assert "REFUSED" in one(found)["reason"]


def test_a_nameserver_that_is_not_there_is_passed_over(ask):
    with servers.server(servers.listing(HIT)) as honest:
        start = time.monotonic()
        found = ask([(servers.LOOPBACK, servers.free_port()), honest.address], [ADDRESS], timeout=5.0)
    assert one(found)["status"] == "listed" and time.monotonic() - start < 2.0


def test_what_is_truncated_comes_over_tcp(ask):
    with servers.tcp_server(servers.listing(HIT)) as (port, dummy), servers.server(servers.cut, port=port) as honest:
        found = ask(honest.address, [ADDRESS, OTHER])
    assert (one(found)["status"], one(found, OTHER)["status"]) == ("listed", "clean")


def test_one_that_truncates_and_then_hangs_holds_nothing_up(ask):
    addresses = ["192.0.2.{0}".format(number) for number in range(100)]
    with servers.tcp_server(servers.silent) as (port, dummy), servers.server(servers.cut, port=port) as liar:
        start = time.monotonic()
        found = ask(liar.address, addresses, timeout=0.5)
    assert time.monotonic() - start < 2.5
    assert {result["status"] for result in found.values()} == {"unknown"}
