# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which keys a table is asked for, and in which order (access(5), transport(5), canonical(5)); what is said of what it answers."""

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix import lookups, quoting, replies
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.replies import DISCARD, DUNNO, PERMIT, SERVER_ERROR, Nested, Reject

ALL = frozenset(("client", "helo", "sender", "recipient"))


class Asked(object):
    """Stands for a table: remembers what it is asked for. A key that stands for a part of what is searched is marked with a star."""

    def __init__(self, values):
        self.values, self.keys = values, []

    def get(self, key, partial=False):
        self.keys.append("*" + key if partial else key)
        return self.values.get(key)


def is_own(domain):
    return domain == "own.example"


NONE, PLUS = (lookups.Extensions(text, True, "double-bounce") for text in ("", "+"))
SEARCHES = [
    (lookups.domain, ("mail.example.com", True), ["mail.example.com", "*example.com", "*com"]),
    (lookups.domain, ("mail.example.com", False), ["mail.example.com", "*.example.com", "*.com"]),
    (lookups.domain, ("com", True), ["com"]),
    (lookups.domain, ("unknown", False), ["unknown"]),
    (lookups.domain, ("192.0.2.1", True), ["192.0.2.1"]),
    (lookups.domain, ("2001:db8::1.2.3.4", True), ["2001:db8::1.2.3.4"]),
    (lookups.address, ("192.0.2.1",), ["192.0.2.1", "*192.0.2", "*192.0", "*192"]),
    (lookups.address, ("2001:db8::1",), ["2001:db8::1", "*2001:db8:", "*2001:db8", "*2001"]),
    (lookups.address, ("::ffff:1.2.3.4",), ["::ffff:1.2.3.4", "*::ffff", "*:", "*"]),
    (lookups.mail, ("a+b@mail.example.com", True, PLUS),
     ["a+b@mail.example.com", "*a@mail.example.com", "*mail.example.com", "*example.com", "*com", "*a+b@", "*a@"]),
    (lookups.mail, ("a+b@example.com", False, PLUS), ["a+b@example.com", "*a@example.com", "*example.com", "*.com", "*a+b@", "*a@"]),
    (lookups.mail, ("a+b@com", True, NONE), ["a+b@com", "*com", "*a+b@"]),
    (lookups.mail, ("a b@com", True, NONE), ['"a b"@com', "a b@com", "*com", '*"a b"@', "*a b@"]),
    (lookups.mail_domain, ("a+b@mail.example.com", True, PLUS), ["a+b@mail.example.com", "*a@mail.example.com", "*mail.example.com", "*example.com", "*com"]),
    (lookups.mail_domain, ("a@example.com", False, PLUS), ["a@example.com", "*example.com", "*.com"]),
    (lookups.mail_default, ("a+b@own.example", PLUS, is_own), ["a+b@own.example", "*a@own.example", "*a+b", "*a", "*@own.example"]),
    (lookups.mail_default, ("a+b@example.com", PLUS, is_own), ["a+b@example.com", "*a@example.com", "*@example.com"]),
    (lookups.mail_default, ("a b@own.example", NONE, is_own), ['"a b"@own.example', "a b@own.example", '*"a b"', "*a b", "*@own.example"]),
]
NAMED = ["{0}({1})".format(search.__name__, ", ".join(str(one) for one in arguments if not callable(one))) for search, arguments, dummy in SEARCHES]


@pytest.mark.parametrize("search, arguments, keys", SEARCHES, ids=NAMED)
def test_keys_in_their_order(search, arguments, keys):
    table = Asked({})
    assert search(table, *arguments) is None
    assert table.keys == keys


@pytest.mark.parametrize("search, arguments, keys", SEARCHES, ids=NAMED)
def test_the_first_key_that_is_there_ends_the_search(search, arguments, keys):
    for place, key in enumerate(keys):
        table = Asked({one.lstrip("*"): str(number) for number, one in enumerate(keys) if number >= place})
        assert search(table, *arguments) == str(place)
        assert table.keys == keys[:place + 1], key


# split_addr.c: who is never split, and where the first delimiter stands
@pytest.mark.parametrize("user, delimiters, expected", [
    ("a+b", "+", "a"), ("a+b", "", "a+b"), ("a+b", "-", "a+b"), ("a+b+c", "+", "a"), ("a+", "+", "a"), ("+a", "+", "+a"), ("+", "+", "+"),
    ("a-b+c", "+-", "a"), ("a+b-c", "+-", "a"), ("a-b+c", "+", "a-b"), ("postmaster", "o", "postmaster"), ("Postmaster", "o", "Postmaster"),
    ("mailer-daemon", "-", "mailer-daemon"), ("MAILER-DAEMON", "-", "MAILER-DAEMON"), ("double-bounce", "-", "double-bounce"),
    ("double-bounce-x", "-", "double"), ("owner-list", "-", "owner-list"), ("OWNER-list", "-", "OWNER-list"), ("owner-list+x", "+", "owner-list"),
    ("list-request", "-", "list-request"), ("list-REQUEST", "-", "list-REQUEST"), ("x-request", "-", "x-request"), ("-request", "-", "-request"),
    ("list-request+x", "+", "list-request"), ("list-requests", "-", "list"), ("owners-list", "-", "owners"), ("", "+", ""),
])
def test_extensions(user, delimiters, expected):
    assert lookups.bare(user, lookups.Extensions(delimiters, True, "double-bounce")) == expected


# owner_request_special, and double_bounce_sender in small letters
@pytest.mark.parametrize("user, owners, bounces, expected", [
    ("owner-list", False, "", "owner"), ("list-request", False, "", "list"), ("Postmaster", False, "", "Postmaster"),
    ("double-bounce", True, "returned-mail", "double"),
    ("Returned-Mail", True, "returned-mail", "Returned-Mail"), ("returned-mail-x", True, "returned-mail", "returned"),
])
def test_who_is_split_hangs_on_two_more_parameters(user, owners, bounces, expected):
    assert lookups.bare(user, lookups.Extensions("-", owners, bounces)) == expected


@pytest.mark.parametrize("local, plain", [
    ("user", True), ("a.b", True), ("a-b_c+d!e%f", True), ("", False), (".a", False), ("a.", False), ("a..b", False), ("a b", False), ("a@b", False),
    ('a"b', False), ("a\\b", False), ("a(b", False), ("a)b", False), ("a<b", False), ("a>b", False), ("a,b", False), ("a;b", False), ("a:b", False),
    ("a[b", False), ("a]b", False), ("a\x1fb", False), ("a\x7fb", False), ("a\tb", False), ("a~b", True), ("\u00e9", True), ("!#$&'*/=?^`{|}~", True),
])
def test_local_parts_that_need_no_quotes(local, plain):
    assert quoting.is_dot_string(local) is plain
    assert (quoting.quoted(local) == local) is plain
    assert quoting.external(local + "@x") == quoting.quoted(local) + "@x"
    assert quoting.external(local) == quoting.quoted(local) or "@" in local
    assert quoting.internal(quoting.quoted(local) + "@x") == local + "@x"


@pytest.mark.parametrize("text, expected", [
    ("user@x", "user@x"), ('"a b"@x', "a b@x"), ('"a\\"b"@x', 'a"b@x'), ('"a\\\\b"@x', "a\\b@x"), ('"a\\b"@x', "ab@x"), ('""@x', "@x"), ('"a"."b"@x', "a.b@x"),
    ("@a:user@x", "user@x"), ("@a,@b:user@x", "user@x"), ("@x", "@x"), ("user:a@x", "user:a@x"), ("u@[1.2.3.4", "u@[1.2.3.4]"), ("u@[1.2.3.4]", "u@[1.2.3.4]"),
    ("u[@x", "u[@x"), ('"u@[x"', "u@[x"), ("u@x[", "u@x["),
])
def test_addresses_without_their_quotes(text, expected):
    assert quoting.internal(text) == expected


@pytest.mark.parametrize("local, expected", [('a"b', '"a\\"b"'), ("a\\b", '"a\\\\b"'), ("a\rb", '"a\\\rb"'), ("a b", '"a b"'), ("", '""')])
def test_local_parts_in_quotes(local, expected):
    assert quoting.quoted(local) == expected


CODES = {"access_map_reject_code": 554, "access_map_defer_code": 450}.__getitem__


@pytest.mark.parametrize("value, expected", [
    ("OK", PERMIT), ("relay", PERMIT), ("OK\ttab", PERMIT), ("0", PERMIT), ("450", PERMIT), ("DUNNO x", DUNNO), ("hangup", Reject(421, False, False)),
    ("REJECT", Reject(554, False, False)), ("reject x", Reject(554, False, False)), ("DEFER", Reject(450, False, False)),
    ("550 no", Reject(550, False, False)), ("400 x", Reject(400, False, False)), ("599 x", Reject(599, False, False)), ("350 x", Nested("350 x", PERMIT)),
    ("600 x", Nested("600 x", PERMIT)), ("45x y", Nested("45x y", PERMIT)), ("4500 x", Nested("4500 x", PERMIT)), ("45 x", Nested("45 x", PERMIT)),
    ("4\u00b2\u00b2 x", Nested("4\u00b2\u00b2 x", PERMIT)), ("\u0663", Nested("\u0663", PERMIT)), ("", Nested("", PERMIT)),
    ("451 server Configuration error", Reject(451, True, False)), ("451 try later", Reject(451, False, False)),
    ("450 configuration", Reject(450, False, False)),
    ("permit_mynetworks, reject", Nested("permit_mynetworks, reject", PERMIT)), ("check_client_access static:OK", SERVER_ERROR), ("a:b", SERVER_ERROR),
    ("DISCARD", DISCARD), ("discard x", DISCARD), ("FILTER a:b", DUNNO), ("PREPEND X: y", DUNNO), ("REDIRECT a@b", DUNNO), ("BCC a@b", DUNNO),
    ("HOLD", DUNNO), ("INFO x", DUNNO), ("WARN x", DUNNO), ("defer_if_permit x", "defer_if_permit"), ("Defer_If_Reject", "defer_if_reject"),
])
def test_what_the_value_of_an_access_table_means(value, expected):
    assert replies.table_result(value, ALL, CODES) == expected


@pytest.mark.parametrize("available, expected", [(ALL, DISCARD), (ALL - {"recipient"}, DISCARD), (frozenset(("client", "helo")), DUNNO), (frozenset(), DUNNO)])
def test_there_is_nothing_to_discard_before_there_is_a_sender(available, expected):
    assert replies.table_result("DISCARD", available, CODES) == expected


@pytest.mark.parametrize("code, expected", [(250, (450, True)), (399, (450, True)), (400, (400, False)), (499, (499, False)), (500, (500, False)),
                                            (599, (599, False)), (600, (450, True)), (0, (450, True))])
def test_a_code_that_accepts_refuses_all_the_same(code, expected):
    found = replies.reject(code)
    assert (found.code, found.server) == expected
    assert not found.fixed  # the battery: warn_if_reject softens it


@pytest.mark.parametrize("name, valid", [
    ("b\u00fccher.example", True), ("B\u00dcCHER.example", True), ("\u0434\u043e\u043c.test", True), ("own.example", True), ("a..\u00fc", False), ("", False),
    ("\u00fc" * 64 + ".example", False), ("a b.\u00fc", False), ("\udcfc.example", False),
])
def test_host_names_with_letters_beyond_ascii(name, valid):
    assert lookups.valid_utf8_hostname(name) is valid
