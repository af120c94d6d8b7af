# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rows of tests/fixtures/regression, put to postconf, postmap and smtpd of every version that can be asked here."""

import os
import pathlib
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "fixtures"))
from regression import macros, names, tables  # noqa: E402

BETWEEN = " ;; "
HEAD = "myhostname = mx.own.example\nmydestination = own.example\nlocal_recipient_maps =\nalias_maps =\n"


def settle(directory):
    """Postfix reads a file again and again until it is older than the present second."""
    for path in directory.iterdir():
        os.utime(str(path), (1000000000, 1000000000))
    return str(directory)


def expanded(postfix, directory, text):
    """What postconf -x makes of a value; DIES where it refuses."""
    lines = ["%s = %s\n" % item for item in macros.DEFINED.items()]
    (directory / "main.cf").write_text(HEAD + "".join(lines) + "smtpd_banner = " + text + "\n")
    answer = postfix.tool("postconf", "-c", settle(directory), "-xh", "smtpd_banner")
    return macros.DIES if answer.returncode else answer.stdout.rstrip("\n")


def each(ask, postfix, directory, texts):
    """ask(postfix, a directory, text) of every text, at once: a program that dies sleeps for a second first."""
    places = [directory / str(number) for number in range(len(texts))]
    for place in places:
        place.mkdir()
    with ThreadPoolExecutor(32) as pool:
        return list(pool.map(lambda pair: ask(postfix, *pair), zip(places, texts)))


def macro_rows(postfix):
    return macros.ROWS + (macros.LEVELS if postfix.version >= (3, 6) else [])


def test_macros(postfix, tmp_path):
    rows = [row for row in macro_rows(postfix) if row[1] is not macros.DIES]
    found = expanded(postfix, tmp_path, BETWEEN.join(text for text, _expected in rows))
    assert found.split(BETWEEN) == [expected for _text, expected in rows]


def test_macros_that_nothing_survives(postfix, tmp_path):
    rows = [text for text, expected in macro_rows(postfix) if expected is macros.DIES]
    found = each(expanded, postfix, tmp_path, rows)
    assert [text for text, answer in zip(rows, found) if answer is not macros.DIES] == []


def starts(postfix, directory, text):
    """Does a program start with this main.cf?"""
    (directory / "main.cf").write_text(text)
    return "fatal" not in postfix.tool("postmap", "-c", settle(directory), "-q", "key", "static:value").stderr


def test_levels(postfix, tmp_path):
    if postfix.version < (3, 6):
        pytest.skip("before 3.6 a compatibility level is a number")
    found = each(starts, postfix, tmp_path, [HEAD + "compatibility_level = %s\n" % text for text, _good in macros.LEVEL_VALUES])
    assert found == [good for _text, good in macros.LEVEL_VALUES]


def test_host_names(postfix, tmp_path):
    found = each(starts, postfix, tmp_path, ["mydomain = own.example\nmyhostname = %s\n" % text for text, _good in names.HOSTNAMES])
    assert [(text, answer) for (text, _good), answer in zip(names.HOSTNAMES, found)] == names.HOSTNAMES


def looked_up(postfix, directory, spec, key):
    """What postmap -q answers."""
    answer = postfix.tool("postmap", "-c", str(directory), "-q", key, spec)
    if answer.returncode == 0:
        return answer.stdout.rstrip("\n")
    said = answer.stderr.lower()
    return tables.FAILS if any(word in said for word in ("error", "fatal", "unavailable")) else tables.NONE


def test_tables(postfix, tmp_path):
    (tmp_path / "main.cf").write_text(HEAD + "compatibility_level = 2\n")  # with smtputf8_enable: what is asked of a union is folded first
    for kind, text in tables.FILES.items():
        (tmp_path / kind).write_text(text)
    settle(tmp_path)
    known = [kind for kind in tables.PROBES if looked_up(postfix, tmp_path, "%s:%s/%s" % (kind, tmp_path, kind), "none") != tables.FAILS]
    # Debian's pcre is a module, which an unpacked Postfix does not find.
    assert set(tables.PROBES) - set(known) <= ({"pcre"} if postfix.prefix else set())
    named = tables.NAMED + (tables.INLINE_PATTERNS if postfix.version >= (3, 7) else [])
    rows = named + [("%s:%s/%s" % (kind, tmp_path, kind), key, answer) for kind in known for key, answer in tables.PROBES[kind]]
    with ThreadPoolExecutor(32) as pool:  # a postmap that dies sleeps for a second first
        found = list(pool.map(lambda row: looked_up(postfix, tmp_path, row[0], row[1]), rows))
    assert [row[:2] + (answer,) for row, answer in zip(rows, found)] == rows
