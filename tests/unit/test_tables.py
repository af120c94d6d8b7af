# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How tables are opened and asked: maps.c, dict_open.c and postmap(1). What inline tables answer is in fixtures/regression."""

import os

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.errors import Opaque
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.pattern_forms import MAIL_FORMS
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_cidr import CidrTable
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.table_texts import first_of_each, parse_lines
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import Maps, TableError, TableFatal, Tables, Unread, is_table, safe_name


class Compiled(Files):
    """A host with a postmap that tells what a compiled map holds: {type:name: entries}."""

    def __init__(self, maps, compiled_needed=True):
        Files.__init__(self, None, compiled_needed)
        self.maps = maps

    def dump(self, kind, name, suffix):
        return self.maps.get("{0}:{1}{2}".format(kind, name, suffix))


@pytest.fixture
def tables():
    return Tables(Files())


@pytest.mark.parametrize("spec", ["static", "static:", ":x", "", "word"])
def test_a_name_without_type_or_name_is_fatal(tables, spec):
    with pytest.raises(TableFatal, match="type:name"):
        tables.open(spec)


def test_a_table_is_opened_once_for_each_way_to_fold(tables):
    assert tables.open("inline:{A=b}") is tables.open("inline:{A=b}")
    kept = tables.open("inline:{A=b}", str)
    assert (kept.get("A"), kept.get("a"), tables.open("inline:{A=b}").get("A")) == ("b", None, "b")


@pytest.mark.parametrize("kind", ["mysql", "ldap", "socketmap", "tcp", "memcache", "proxy:pgsql"])
def test_what_is_in_no_file_is_unknown(tables, kind):
    with pytest.raises(Opaque, match="cannot be read from files"):
        tables.open(kind + ":x").get("k")


def test_proxied_tables_are_those_behind_the_proxy(tables):
    assert tables.open("proxy:inline:{k=v}").get("k") == "v"
    assert tables.open("proxy:inline:{K=v}", str).get("k") is None


def test_maps_are_asked_in_order(tables):
    maps = Maps("inline:{a=1}, inline:{a=2,b=3}", tables)
    assert [maps.get(key) for key in ("a", "b", "c", "")] == ["1", "3", None, None]
    assert bool(maps) and not Maps("", tables)


def test_tables_of_patterns_are_not_asked_for_a_part(tables):
    maps = Maps("regexp:{{/a/ pattern}} static:s", tables)
    assert (maps.get("a"), maps.get("a", True), maps.get("b")) == ("pattern", "s", "s")


def test_an_empty_value_is_an_error(tables):
    with pytest.raises(TableError, match="an empty value"):
        Maps("inline:{a= }", tables).get("a")


@pytest.mark.parametrize("word, expected", [("hash:/x", True), ("[::1]", False), ("example.com", False), ("::1", True)])
def test_a_word_with_a_colon_is_a_table(word, expected):
    assert is_table(word) is expected


@pytest.mark.parametrize("spec, shown", [("hash:/etc/x", "hash:/etc/x"), ("inline:{k=secret}", "inline:{...}"), ("unionmap:{static:secret}", "unionmap:{...}")])
def test_a_name_that_is_shown_holds_no_secret(spec, shown):
    assert safe_name(spec) == shown


@pytest.mark.parametrize("version, value", [((3, 6), None), ((3, 7), "ten"), ((3, 10), "ten")])
def test_patterns_in_the_value_from_3_7_on(version, value):
    table = Tables(Files(), version).open("cidr:{{10.0.0.0/8 ten}}")
    if value is None:
        with pytest.raises(TableError, match="no such file"):
            table.get("10.1.1.1")
    else:
        assert table.get("10.1.1.1") == value


def test_a_folder(tables, tmp_path):
    """As postmap -q of 3.7 answers."""
    for kind in ("regexp", "pcre"):
        assert tables.open("{0}:{1}".format(kind, tmp_path)).get("k") is None
    for kind in ("cidr", "texthash"):
        with pytest.raises(TableFatal, match="directory"):
            tables.open("{0}:{1}".format(kind, tmp_path))


def test_a_compiled_map_counts_not_its_source(tmp_path):
    name = str(tmp_path / "t")
    (tmp_path / "t").write_text("a NEW\n")
    spec = "hash:" + name
    table = Tables(Compiled({spec + ".db": {"a": "OLD"}})).open(spec)
    assert (table.get("a"), table.get("A"), table.stale) == ("OLD", "OLD", True)
    assert not Tables(Compiled({spec + ".db": {"a": "NEW"}})).open(spec).stale
    os.unlink(name)
    assert not Tables(Compiled({spec + ".db": {"a": "OLD"}})).open(spec).stale


def test_a_host_needs_the_compiled_map(tmp_path):
    (tmp_path / "t").write_text("a OK\n")
    spec = "lmdb:{0}".format(tmp_path / "t")
    with pytest.raises(TableError, match="t.lmdb: no such file"):
        Tables(Compiled({})).open(spec).get("a")
    assert Tables(Compiled({}, False)).open(spec).get("a") == "OK"


def test_a_compiled_map_that_nobody_can_read(tmp_path):
    (tmp_path / "t.db").write_bytes(b"\0")
    spec = "btree:{0}".format(tmp_path / "t")
    with pytest.raises(Opaque, match="no postmap"):
        Tables(Compiled({})).open(spec).get("a")
    (tmp_path / "t").write_text("a OK\n")
    table = Tables(Compiled({})).open(spec)
    assert (table.get("a"), table.stale) == ("OK", False)
    os.utime(str(tmp_path / "t.db"), (1000, 1000))
    assert Tables(Compiled({})).open(spec).stale


def test_a_folder_and_no_map(tmp_path):
    with pytest.raises(TableError, match="folder"):
        Tables(Files()).open("hash:{0}".format(tmp_path)).get("a")


def test_tables_that_count_as_unread(tables):
    unread = Unread(tables, {"inline:{a=secret}": "it is long"})
    with pytest.raises(Opaque, match="it is long"):
        unread.open("inline:{a=secret}").get("a")
    assert unread.open("inline:{a=b}").get("a") == "b"
    assert "secret" not in unread.open("inline:{a=secret}").name


def test_a_union_is_all_of_its_tables(tables):
    table = tables.open("unionmap:{inline:{a=1}, regexp:{{/^b@x/ 2}}, cidr:{{10.0.0.0/8 3}}}")
    assert table.keys() == ["a"]
    assert [str(one) for one in table.networks()] == ["10.0.0.0/8"]
    assert [text for text in table.samples(MAIL_FORMS) if text.startswith("b@x")] != []
    assert table.unreached(MAIL_FORMS) == []


@pytest.mark.parametrize("kind", ["unionmap", "pipemap"])
def test_what_keys_a_union_is_asked_for_its_first_table_says(tables, kind):
    """dict_union.c, dict_pipe.c."""
    assert tables.open(kind + ":{inline:{a=1},regexp:{{/a/ 2}},inline:{a=1}}").fixed
    assert not tables.open(kind + ":{regexp:{{/a/ 2}},inline:{a=1},inline:{a=1}}").fixed


def test_a_union_is_stale_where_one_of_its_tables_is(tmp_path):
    (tmp_path / "t").write_text("a NEW\n")
    spec = "hash:{0}".format(tmp_path / "t")
    assert Tables(Compiled({spec + ".db": {"a": "OLD"}})).open("unionmap:{static:x," + spec + "}").stale
    assert not Tables(Compiled({spec + ".db": {"a": "NEW"}})).open("unionmap:{static:x," + spec + "}").stale


@pytest.mark.parametrize("line, pair", [
    ("key value", ("key", "value")), ("key\tvalue  two ", ("key", "value  two")), ("KEY v", ("KEY", "v")), ("key", None), ("key  ", None),
    ('"a b" c', ('"a b"', "c")), ('"a b c', None), ('a"b c"d e', ('a"b c"d', "e")), (r'a\ b c', (r"a\ b", "c")), (r'a\"b c', (r'a\"b', "c")),
    (r'"a\"b c" d', (r'"a\"b c"', "d")), ('""" a', None), ('"" a', ('""', "a")), ("a\x0bb", ("a", "b")),
    ("a\u00a0b c", ("a\u00a0b", "c")), ('a"b', None), ('"a" "b" c', ('"a"', '"b" c')),
])
def test_the_lines_of_a_source_file(line, pair):
    assert list(parse_lines([line + "\n"])) == ([pair] if pair else [])


@pytest.mark.parametrize("entry, key", [("strasse", "stra\u00dfe"), ("stra\u00dfe", "STRASSE"), ("\u00e4", "\u00c4"), ("a", "A")])
def test_keys_are_folded_as_unicode_says(tables, entry, key):
    """As postmap -q of 3.7 answers."""
    assert tables.open("inline:{" + entry + "=x}").get(key) == "x"


def test_of_equal_keys_the_first_counts():
    assert first_of_each([("A", "1"), ("a", "2"), ("\u00c4b", "3")]) == {"a": "1", "\u00e4b": "3"}


def test_a_texthash_file_holds_each_key_once(tables, tmp_path):
    """What smtpd makes of one that does not (dict_thash.c without DICT_FLAG_DUP_WARN)."""
    (tmp_path / "t").write_text("a 1\nA 2\n")
    with pytest.raises(TableError, match="duplicate entry"):
        tables.open("texthash:{0}".format(tmp_path / "t")).get("a")


def cidr(text):
    return CidrTable("t", text.splitlines(True))


def test_a_cidr_table_tells_the_networks_of_its_rules():
    table = cidr("10.0.0.0/8 A\nif !192.0.2.0/24\n::/0 B\nendif\nbogus C\n")
    assert [str(one) for one in table.networks()] == ["10.0.0.0/8", "192.0.2.0/24", "[::]/0"]
    assert (table.keys(), table.samples(()), table.unreached(()), table.fixed, table.stale) == ([], [], [], False, False)


def test_a_cidr_table_answers_in_ranges():
    first, beyond = 10 << 24, 1 << 32
    assert cidr("!10.0.0.0/31 A\n").answers(4) == ([-1, 0, first, first + 2, beyond], [None, "A", None, "A", None])
    assert cidr("if !::1\n::/0 A\nendif\n").answers(6) == ([-1, 0, 1, 2, 1 << 128], [None, "A", None, "A", None])


def test_blocks_in_blocks_are_no_more_ranges_than_there_are_gaps():
    """Each block leaves out one address: with what is empty kept, the ranges would double at each of 60."""
    text = "".join("if !10.0.0.{0}\n".format(number) for number in range(60)) + "0.0.0.0/0 A\n"
    assert [cidr(text).get(key) for key in ("10.0.0.0", "10.0.0.59", "10.0.0.60", "9.255.255.255")] == [None, None, "A", "A"]


@pytest.mark.parametrize("text, answers", [
    ("!0.0.0.0/1 A\n", {"127.255.255.255": None, "128.0.0.0": "A", "255.255.255.255": "A", "0.0.0.0": None}),
    ("!128.0.0.0/1 A\n", {"127.255.255.255": "A", "128.0.0.0": None, "0.0.0.0": "A"}),
    ("!10.0.0.1 A\n", {"10.0.0.0": "A", "10.0.0.1": None, "10.0.0.2": "A"}), ("!0.0.0.0 A\n", {"0.0.0.0": None, "0.0.0.1": "A"}),
    ("!255.255.255.255 A\n", {"255.255.255.255": None, "255.255.255.254": "A"}), ("!::/0 A\n", {"::1": None, "10.0.0.1": None}),
    ("if 10.0.0.0/30\n10.0.0.2/31 A\n!10.0.0.2/31 B\nendif\n", {"10.0.0.3": "A", "10.0.0.1": "B", "10.0.0.4": None, "9.255.255.255": None}),
    ("if ::1\n10.0.0.1 A\nendif\n10.0.0.2 B\n", {"10.0.0.1": None, "10.0.0.2": "B"}), ("endif\n10.0.0.1 A\n", {"10.0.0.1": "A"}),
    ("if 10.0.0.0/8\n0.0.0.0/0 A\nendif\nendif\n11.0.0.0/8 B\n", {"10.0.0.1": "A", "11.0.0.1": "B"}),
    ("!!!10.0.0.1 A\n", {"10.0.0.1": None, "10.0.0.2": "A"}), ("!!10.0.0.1 A\n", {"10.0.0.1": "A", "10.0.0.2": None}),
    ("if !!!10.0.0.0/8\n0.0.0.0/0 A\nendif\n", {"10.0.0.1": None, "11.0.0.1": "A"}),
    ("10.0.0.1 A b  c \n", {"10.0.0.1": "A b  c"}), ("10.0.0.1\tA\n  b\n", {"10.0.0.1": "A  b"}),
])
def test_cidr_tables_as_postmap_answers(text, answers):
    table = cidr(text)
    assert {key: table.get(key) for key in answers} == answers
