# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Random configurations: Hypothesis strategies for whole configuration directories, out of Postfix's language of policy.

    @given(configurations())
    def test(drawn):
        drawn.write(directory, postfix)

Words, names and addresses are few, so that keys, lists and dialogues meet; all that a daemon looks up lies in the files.
"""

import os
from dataclasses import dataclass

from hypothesis import strategies as st

from .choices import once_in, words
from .services import MASTER
from .settings import DEFINITIONS, LEVELS, LISTS, NETWORKS, OWN, SETTINGS, hidden
from .tables import place

__all__ = ["Drawn", "configurations"]
PAST = 10  # seconds: what is older, no daemon reads twice


@dataclass(frozen=True)
class Drawn:
    """A configuration directory.

    main_cf, master_cf  texts of the files; master_cf None: there is none
    files               ((name, text), ...) beside them
    tables              ("hash:t1", ...): files that postmap(1) makes a table of
    """

    main_cf: str
    master_cf: str = None
    files: tuple = ()
    tables: tuple = ()

    def write(self, directory, postfix, now):
        """Write it into an existing directory with this Postfix's postmap; time stamps are some seconds older than now."""
        texts = dict(self.files, **{"main.cf": self.main_cf})
        if self.master_cf is not None:
            texts["master.cf"] = self.master_cf
        for name, text in texts.items():
            with open(os.path.join(directory, name), "w", encoding="utf-8", newline="") as stream:
                stream.write(text)
        for table in self.tables:
            kind, _, name = table.partition(":")
            postfix.postmap(kind, os.path.join(directory, name))
        for entry in os.scandir(directory):
            os.utime(entry.path, (now - PAST, now - PAST))

    def as_case(self):
        """The arguments of a battery's case that has it, as text."""
        rest = "".join(", %s=%r" % pair for pair in (("master_cf", self.master_cf), ("files", dict(self.files)), ("tables", self.tables)) if pair[1])
        return "%r%s" % (self.main_cf, rest)


FORMS = words("12* plain", "continued", "commented", "crlf", "twice", "tight", "blank", "indented", "no end")
TEXTS = {
    "plain": "%s = %s\n", "continued": "%s =\n  %s\n", "tight": "%s=%s\n", "blank": "\n%s = %s\n\n", "indented": "%s\t=\t%s \n", "crlf": "%s = %s\n",
    "no end": "%s = %s\n", "commented": "%s =\n# x = y\n\n\t%s\n", "twice": "%s = permit\n",
}


def _text(draw, settings):
    form = draw(FORMS)
    lines = ["%s = %s\n" % setting for setting in settings]
    if form != "plain":
        at = draw(st.integers(0, len(settings) - 1))
        name, value = settings[at]
        if form in ("continued", "commented"):
            value = value.replace(", ", "," + ("\n#x\n " if form == "commented" else "\n\t"))
        if form == "twice":
            lines.insert(0, TEXTS[form] % name)
        else:
            lines[at] = TEXTS[form] % (name, value)
    text = "".join(lines)
    return text.replace("\n", "\r\n") if form == "crlf" else text.rstrip("\n") if form == "no end" else text


@st.composite
def _configuration(draw):
    head = [("compatibility_level", "3.6"), ("myhostname", "mx.own.example"), ("mydestination", "own.example"), ("local_recipient_maps", ""),
            ("alias_maps", "")]
    if once_in(draw, 5):
        head[0] = ("compatibility_level", draw(LEVELS))
    if once_in(draw, 5):
        head[2] = ("mydestination", draw(OWN))
    settings = head + [("mynetworks", draw(NETWORKS) if once_in(draw, 2) else "127.0.0.0/8")] + draw(LISTS) + draw(SETTINGS)
    if once_in(draw, 8):
        settings = hidden(draw, settings)
    master = draw(MASTER)
    # Classes are defined where somebody may name them.
    said = "".join(value for _name, value in settings) + (master or "")
    if any(name in said.lower() for name in ("mine", "other", "third")):
        settings += draw(DEFINITIONS)
    files, built = {}, set()
    text = place(_text(draw, settings), files, built)
    master = master and place(master, files, built)
    return Drawn(text, master, tuple(files.items()), tuple(sorted(built)))


def configurations():
    """A strategy for Drawn configurations."""
    return CONFIGURATIONS


CONFIGURATIONS = _configuration()
