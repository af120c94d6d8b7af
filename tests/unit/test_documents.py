# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""main.cf and master.cf as documents: read and written back to the byte, and edited without touching the rest."""

import pathlib

import pytest

from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.main_cf import MainCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.master_cf import MasterCf
from ansible_collections.relaylock.postfix.plugins.module_utils._postfix.text import split_words
from ansible_collections.relaylock.postfix.plugins.module_utils._relay import edits

SHARED = pathlib.Path(__file__).resolve().parents[3] / "shared/configs"

ODD = [
    b"", b"\n", b"a = b", b"a = b\r\n c\r\n", b"# only a comment", b"a =\n# in between\n\n b\n\tc\na = d\n",
    b"name = caf\xe9 \xff\n", b"x = y\0z\n", b" lost\n a\nb = c\n", b"\xef\xbb\xbfa = b\n", b"no equals sign\n",
]


@pytest.mark.parametrize("data", ODD)
@pytest.mark.parametrize("kind", [MainCf, MasterCf])
def test_written_back_to_the_byte(kind, data):
    assert kind(data).to_bytes() == data


def test_every_shared_file_is_written_back_to_the_byte():
    files = sorted(SHARED.glob("*/*.cf"))
    if not files:
        pytest.skip("../shared/configs is not here: no real configuration was read")
    for path in files:
        data = path.read_bytes()
        assert (MainCf if path.name == "main.cf" else MasterCf)(data, str(path)).to_bytes() == data, path


def test_values_as_postfix_joins_them():
    main = MainCf(b"a = 1,\n# comment\n\n  2\n\t3  \r\nb=x\n = y\na2 =\n  v\nb = last\n")
    assert split_words(main.entry("a").text) == ["1", "2", "3"]
    assert main.entry("b").text == "last"
    assert main.entry("a2").text == "v"
    assert main.entry("a2").line == 8
    assert [entry.line for entry in main.duplicates()] == [6]


def test_a_line_ends_at_a_null_byte():
    assert MainCf(b"myorigin = y\0z\n").entry("myorigin").text == "y"  # postconf -n


@pytest.mark.parametrize("data, line", [(b"a = b\nnonsense\n", 2), (b"= x\n", 1), (b"\0a = b\n", 1), (b"\xef\xbb\xbf# comment\n", 1)])
def test_an_unreadable_line_is_named(data, line):
    error = MainCf(data, "/x/main.cf").error
    assert error.line == line
    assert "/x/main.cf, line {0}".format(line) in str(error)


def test_three_forms_of_an_override():
    master = MasterCf(b"smtp inet n - n - - smtpd\n  -o a=1 -ob=2\n# comment\n  -o { c = 3, 4 }\n")
    service = master.services[0]
    assert [(one.name, one.text, one.line) for one in service.options] == [("a", "1", 2), ("b", "2", 2), ("c", "3, 4", 4)]


def test_a_pipe_command_keeps_its_own_options():
    master = MasterCf(b"x unix - n n - - pipe flags=F argv=/bin/y -oi -f $sender\n")
    assert master.error is None
    assert master.services[0].options == []


@pytest.mark.parametrize("data, word", [(b"smtp inet n - n\n", "chroot"), (b"smtp tcp n - n - - smtpd\n", "tcp"),
                                        (b"smtp inet n - n - - smtpd -o {a = b\n", "a = b"), (b"smtp inet n - n - x smtpd\n", "process limit"),
                                        (b"smtp inet - - n - - smtpd\n", "private"), (b"smtp inet n - x - - smtpd\n", "chroot")])
def test_a_service_that_master_dies_of_is_named(data, word):
    assert word in str(MasterCf(data).error)


@pytest.mark.parametrize("arguments, word", [(b"-o", "without an argument"),
                                             (b"-o a= b", "unexpected"), (b"-o a = b", "missing '='"), (b"-o {a}", "missing '='"), (b"x", "x")])
def test_arguments_that_a_daemon_dies_of_are_its_own_affair(arguments, word):
    master = MasterCf(b"smtp inet n - n - - smtpd " + arguments + b"\n587 inet n - n - - smtpd\n")
    assert master.error is None and word in str(master.services[0].error) and master.services[1].error is None


SERVICES = b"# two services\nsmtp inet n - n - - smtpd\n  -o a=b\n# between\n"


@pytest.mark.parametrize("data, line, words", [
    (SERVICES + b"x inet n - n\n", 5, ["chroot", "eight fields: service name, transport type,"]),
    (SERVICES + b"x tcp n - n - - smtpd\n", 5, ["tcp", "inet, unix"]),
    (SERVICES + b"x inet n - n - -\n -\n -o {a\n", 7, ["syntax error", "-o name=value"]),
    (SERVICES + b"x inet n - n - - y\n -o {" + b"a" * 70 + b"\n", 6, ["{" + "a" * 59 + '"']),
    (SERVICES + b"x inet y - n - - y\n", 5, ["private", "third field"]), (SERVICES + b"x unix m - n - - y\n", 5, ["private", '"m"', "y, n or -"]),
    (SERVICES + b"x unix - m n - - y\n", 5, ["unprivileged"]), (SERVICES + b"x unix - - - m - y\n", 5, ["wakeup time"]),
    (b"x\ny inet\n", 1, ["transport type"]),
    (SERVICES + b"x inet\n n\n", 5, ["unprivileged"]),
])
def test_what_master_dies_of_has_its_line(data, line, words):
    error = MasterCf(data, "/x/master.cf").error
    assert (error.line, error.file) == (line, "/x/master.cf")
    assert all(word in str(error) for word in words), str(error)


@pytest.mark.parametrize("arguments, line, words", [
    (b" -o a=b\n  x\n", 3, ["argument: x", "commas alone"]), (b" -v\n      -o\n", 3, ["without an argument", "-o name=value"]),
    (b"\n  -o\n  a\n", 4, ["missing '='", '"a"']),
    (b"\n  -o {=" + b"c" * 70 + b"}\n", 3, ["missing attribute name", '"=' + "c" * 59 + '"']),
])
def test_what_a_daemon_dies_of_has_its_line(arguments, line, words):
    error = MasterCf(b"# x\nsmtp inet n - n - - smtpd" + arguments, "/x/master.cf").services[0].error
    assert (error.line, error.file) == (line, "/x/master.cf")
    assert all(word in str(error) for word in words), str(error)


def test_a_service_tells_its_name_type_and_command():
    service = MasterCf(SERVICES + b"a unix - n y 1 2 d e\n -v\n").services[-1]
    assert (service.name, service.type, service.command, service.line) == ("a", "unix", "d", 5)


@pytest.mark.parametrize("arguments, options", [
    (b"-o a=1 -o a=2", [("a", "1"), ("a", "2")]), (b"-v -o a=1", [("a", "1")]), (b"-vo a=1", [("a", "1")]),
    (b"-voa=1", [("a", "1")]), (b"{-o} a=1", [("a", "1")]),
    (b"{-oa=1}", [("a", "1")]), (b"{-o a=1}", [("a", "1")]), (b"-o {a = 1 2}", [("a", "1 2")]), (b"-n smtp -o a=1", [("a", "1")]),
    (b"-vi5 -o a=1", [("a", "1")]), (b"-ls 2 -o a=1 --", [("a", "1")]), (b"-s -o a=1", []), (b"-i", []),
])
def test_options(arguments, options):
    service = MasterCf(b"smtp inet n - n - - smtpd " + arguments + b"\n").services[0]
    assert [(one.name, one.text) for one in service.options] == options
    assert service.option("a") is (service.options[-1] if "a" in dict(options) else None) and service.option("b") is None


def test_a_long_list_keeps_its_words():
    """difflib takes what is frequent in a text of 200 or more for junk, unless it is told not to."""
    data = ("l =\n" + "".join(" permit,\n # %d\n" % number for number in range(300)) + " reject\n").encode()
    main = MainCf(data)
    assert edits.with_words(main, main.entry("l").value, ["permit"] * 300).to_bytes() == data.replace(b" reject\n", b"")


def test_what_is_no_parameter_is_shown_cut():
    error = MainCf(b"# x\n" + b"y" * 70 + b"\n", "/x/main.cf").error
    assert '"' + "y" * 60 + '"' in str(error) and "name = value" in str(error) and error.line == 2


VALUE = b"l = one, two,\n# about three\n    three,\n    four\nnext = x\n"


@pytest.mark.parametrize("wanted, expected", [
    ("one two four", b"l = one, two,\n# about three\n    four\nnext = x\n"),
    ("one two three four five", b"l = one, two,\n# about three\n    three,\n    four,\n    five\nnext = x\n"),
    ("zero one two three four", b"l = zero, one, two,\n# about three\n    three,\n    four\nnext = x\n"),
    ("one three four", b"l = one,\n# about three\n    three,\n    four\nnext = x\n"),
    ("one 2 three four", b"l = one, 2,\n# about three\n    three,\n    four\nnext = x\n"),
    ("one two three", b"l = one, two,\n# about three\n    three,\nnext = x\n"),
])
def test_an_edit_changes_only_its_words(wanted, expected):
    main = MainCf(VALUE)
    assert edits.with_words(main, main.entry("l").value, wanted.split()).to_bytes() == expected


def test_an_edit_of_an_empty_value_and_of_a_missing_one():
    main = MainCf(b"a =\nb = c")
    main = edits.with_words(main, main.entry("a").value, ["x", "y"])
    assert main.to_bytes() == b"a = x, y\nb = c"
    assert edits.with_parameter(main, "new", ["v", "w"]).to_bytes() == b"a = x, y\nb = c\nnew = v, w\n"


def test_an_edit_of_an_override_takes_no_blank():
    master = MasterCf(b"smtp inet n - n - - smtpd\n  -o a=1,2 # no comment\n  -o {b = 3}\n")
    option = master.services[0].option("a")
    changed = edits.with_words(master, option.value, ["1", "9", "2"], option.braced)
    assert changed.to_bytes() == b"smtp inet n - n - - smtpd\n  -o a=1,9,2 # no comment\n  -o {b = 3}\n"


SPANNING = "permit_mynetworks, check_client_access inline:{ a=OK,\n# a note\n  b=OK }, reject"


@pytest.mark.parametrize("wanted", [["reject"], ["permit_mynetworks"], ["permit_mynetworks", "reject"], ["permit"], ["check_client_access", "reject"],
                                    ["permit_mynetworks", "check_client_access"]])
@pytest.mark.parametrize("head, tail", [("l = ", "\n# end\nm = x\n"), ("smtp inet n - n - - smtpd\n  -o { l = ", " }\n# end\n  -o m=x\n")])
def test_a_word_that_spans_a_comment_leaves_comment_and_lines_whole(head, tail, wanted):
    document = (MainCf if head == "l = " else MasterCf)((head + SPANNING + tail).encode())

    def found(one):
        return {each.name: each for each in (one.entries if isinstance(one, MainCf) else one.services[0].options)}
    changed = edits.with_words(document, found(document)["l"].value, wanted, True)
    assert split_words(found(changed)["l"].text) == wanted and found(changed)["m"].text == "x"
    assert "\n# a note\n" in changed.to_bytes().decode() and "\n# end\n" in changed.to_bytes().decode()


def test_a_line_that_a_vertical_tab_continues_is_still_continued_after_an_edit():
    main = MainCf(b"l = a inline:{x\n\x0by=z}, reject\nm = x\n")
    changed = edits.with_words(main, main.entry("l").value, ["reject"], True)
    assert [(one.name, split_words(one.text)) for one in changed.entries] == [("l", ["reject"]), ("m", ["x"])]


def test_a_continued_inline_table_is_taken_out_whole():
    main = MainCf(b"l = keep,\n  check_sender_access inline:{\n    {a = OK}\n  },\n  last\n")
    words = split_words(main.entry("l").text)
    changed = edits.with_words(main, main.entry("l").value, [words[0], words[-1]])
    assert split_words(changed.entry("l").text) == ["keep", "last"]
