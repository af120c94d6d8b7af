# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables other than patterns: what the judge reads against what postmap -q and smtpd say."""

import os
import pathlib
import subprocess

import oracle
import pytest
from postmap import POSTMAP, ask, kinds

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.files import Files
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.tables import INDEXED, Opaque, TableError, TableFatal, Tables

pytestmark = pytest.mark.skipif(POSTMAP is None, reason="no postmap on this machine")

SOURCE = r'''# comment
key1 v1
Key2   v two
   continued
"a b" quoted
"c d"x weird
"unbal val
novalue
key1 second
"K4"  v4
back\ slash v5
"esc\" q" v6
colon: v7
é Wert
É Wert2
STRASSE x
Straße y
tabkey	tv
a"b c"d v8
"e"
ı dotless
trail\
x" y"z v9
'''
KEYS = ["key1", "KEY1", "key2", '"a b"', "a b", '"c d"x', '"unbal', "novalue", "k4", '"k4"', r"back\ slash", "back\\", r'"esc\" q"', "colon:", "colon", "é",
        "É", "strasse", "straße", "STRASSE", "tabkey", 'a"b c"d', 'a"b', '"e"', "e", "ı", "İ", "trail\\", 'x" y"z', "x", "ß", "unbal", "#", "continued"]


def answer(tables, spec, key):
    """Return what the judge's table answers; an error is "error", what it cannot know is "unknown"."""
    try:
        return tables.open(spec).get(key)
    except (TableError, TableFatal):
        return "error"
    except Opaque:
        return "unknown"


def test_texthash(tmp_path):
    lines = SOURCE.split("\n")
    kept = [line for number, line in enumerate(lines) if number not in (8, 14, 16)]  # without what stands there twice
    path = tmp_path / "t"
    path.write_text("\n".join(kept), encoding="utf-8")
    spec = "texthash:{0}".format(path)
    assert {key: answer(Tables(Files()), spec, key) for key in KEYS} == dict.fromkeys(KEYS, None) | ask(spec, KEYS).answers


@pytest.mark.parametrize("dumped", [True, False], ids=["compiled", "source"])
@pytest.mark.parametrize("kind", sorted(INDEXED))
def test_indexed(tmp_path, kind, dumped):
    if kind not in kinds():
        pytest.skip("this Postfix has no {0} tables".format(kind))
    path = tmp_path / "t"
    path.write_text(SOURCE, encoding="utf-8")
    spec = "{0}:{1}".format(kind, path)
    subprocess.run([POSTMAP, spec], check=True, stderr=subprocess.DEVNULL)
    tables = Tables(Files(POSTMAP if dumped else None, True))
    assert {key: answer(tables, spec, key) for key in KEYS} == dict.fromkeys(KEYS, None) | ask(spec, KEYS).answers


@pytest.mark.parametrize("line", ["k OK\nK OK", "k OK", "k OK\nl OK\nk REJECT"])
def test_a_key_twice_in_a_texthash(configuration, line):
    """smtpd, unlike postmap, gives up a texthash that names a key twice."""
    path = configuration("""
        myhostname = mx.oracle.example
        mynetworks =
        smtpd_recipient_restrictions = check_recipient_access texthash:{0}, reject
    """.replace("        ", "").lstrip().format("TABLE"), None)
    main = pathlib.Path(path) / "main.cf"
    main.write_text(main.read_text(encoding="utf-8").replace("TABLE", path + "/t"), encoding="utf-8")
    text = line.replace("k ", "k@elsewhere.example ").replace("K ", "K@elsewhere.example ") + "\n"
    (pathlib.Path(path) / "t").write_text(text, encoding="utf-8")
    spec = "texthash:{0}/t".format(path)
    with oracle.start(path, extra={"smtpd_relay_restrictions": ""}) as session:
        reply = session.ask(oracle.Dialogue(client_address="203.0.113.9", client_name=None, helo="x.example", sender="",
                                            recipient="k@elsewhere.example", login=None))
    expected = {"accepted": "OK", "server error": "error"}[reply.outcome]
    assert answer(Tables(Files()), spec, "k@elsewhere.example") == expected


# The specification, and the keys to ask it for.
SPECS = [
    "inline:{a=b}", "inline:{ a = b }", "inline:{{a = b c}}", "inline:{a}", "inline:{}", "inline:{ }", "inline:{a=b, a=c}", 'inline:{{"a" = b}}',
    'inline:{{"x y" = b}}',
    "inline:{{x y = b}}", "inline:{a=b", "inline:{a=b}x", "inline:a=b", "inline:{A=b}", "inline:{{ }}", "inline:{=b}", "inline:{{a=b}c}",
    "inline:{a=b=c}", 'inline:{"a=b"=c}',
    "inline:{É=c}", "inline:{a=b,,}", "inline:{{a=b} {z = y}}", "inline:{{a=b},c}", r"inline:{{a\ b = c}}",
    "static:x", "static:{x y}", "static:{x", "static:{x}y", "static:{ x }", "static:", "fail:x", "nosuch:x", "texthash:/nonexistent",
    "regexp:/nonexistent", "hash:/nonexistent",
    "unionmap:{static:a}", "unionmap:{}", "unionmap:{static:a static:b}", "unionmap:static:a", "unionmap:{x}", "unionmap:{static:a, fail:x}",
    "unionmap:{fail:x, static:a}",
    "unionmap:{inline:{a=b},static:{}}", "unionmap:{static:{}, inline:{a=b}}", "unionmap:{{static:a b}}", "unionmap:{nosuch:x}",
    "unionmap:{static:a", "unionmap:{ static:a }",
    "unionmap:{static:a,unionmap:{x}}", "unionmap:{inline:{a=1},inline:{a=2},inline:{z=3}}", "unionmap:{static:{x y},static:z}",
    "unionmap:{inline:{a=b},pipemap:{inline:{z=a},inline:{a=q}}}",
    "pipemap:{inline:{a=b},inline:{b=c}}", "pipemap:{inline:{a=b},fail:x}", "pipemap:{static:x,static:y}",
    "pipemap:{unionmap:{static:a,static:b},inline:{{a,b = Y}}}", "pipemap:{}",
    "pipemap:{x}", "pipemap:{regexp:{{/A/ x}}}", "pipemap:{inline:{a=B},inline:{B=y}}", "pipemap:{inline:{a=B},regexp:{{/^B$/i y}}}",
    "pipemap:{regexp:{{/^A$/i x}}}",
    "unionmap:{static:z,regexp:{{/^A$/i x}}}", "unionmap:{regexp:{{/^A$/i x}},inline:{A=y}}", "pipemap:{inline:{a=b},regexp:{{/^A$/i x}}}",
    "regexp:{/a/ x}", "regexp:{{/a/ x}}", "regexp:{{/a/ x}, {/b/ y}", "regexp:{}", "regexp:{{/a/ x} /b/}", "pcre:{{/a/ x}{/b/ y}}",
    "pcre:{{/^(.)$/ got $1}}", "pcre:{{ /a/ x }}", "regexp:{{/z/ x}, {!/a/ y}}",
    "pcre:{{if /a/} {/./ A} {endif} {/./ B}}", "cidr:{}", "randmap:{}", "randmap:a", "randmap:{a,a}", "randmap:{{a b}}",
]


@pytest.mark.parametrize("spec", SPECS)
def test_specifications(spec):
    keys = ["a", "A", "z", "b", '"a"', '"x y"', "x y", '"a=b"', "é", r"a\ b"]
    real = ask(spec, keys)
    if "query error" in real.log:
        keys = ["a", "z"]
        expected = {key: "error" if "fatal:" in one.log else one.answers.get(key) for key, one in ((key, ask(spec, [key])) for key in keys)}
    else:
        expected = dict.fromkeys(keys, "error" if "fatal:" in real.log else None) | real.answers
    assert {key: answer(Tables(Files(POSTMAP, True)), spec, key) for key in keys} == expected, real.log


def test_what_is_random_has_all_its_values():
    assert Tables(Files()).open("randmap:{a, b}").values == ["a", "b"]


@pytest.mark.parametrize("kind", sorted(INDEXED))
def test_a_map_that_was_not_compiled_again(tmp_path, kind):
    if kind not in kinds():
        pytest.skip("this Postfix has no {0} tables".format(kind))
    path = tmp_path / "t"
    spec = "{0}:{1}".format(kind, path)
    path.write_text("Key OK\nother x\n\"q k\" y\n", encoding="utf-8")
    subprocess.run([POSTMAP, spec], check=True)
    assert not Tables(Files(POSTMAP, True)).open(spec).stale
    path.write_text("Key REJECT\nother x\n", encoding="utf-8")
    os.utime(str(path), (2e9, 2e9))
    table = Tables(Files(POSTMAP, True)).open(spec)
    assert (table.stale, table.get("key")) == (True, "OK") == (True, ask(spec, ["key"]).answers["key"])
    without = Tables(Files(None, True)).open(spec)
    assert (without.stale, without.get("key")) == (True, "REJECT")


@pytest.mark.parametrize("kind", ["regexp", "pcre"])
def test_a_sample_is_confirmed_by_postmap(tmp_path, kind):
    path = tmp_path / "t"
    path.write_text("/^a/ REJECT\nif /@/\n/\\.example$/ OK\nendif\n!/b/ FILTER x:y\n/^([xy]+)z?-[[:digit:]]+b/ $1\n", encoding="utf-8")
    spec = "{0}:{1}".format(kind, path)
    for files in (Files(POSTMAP, True), Files()):
        table = Tables(files).open(spec)
        samples = table.samples()
        assert len(samples) == 5 and table.unreached() == []
        assert [ask(spec, samples).answers.get(text) for text in samples] == [table.get(text) for text in samples] and table.get(samples[-1]) is None
