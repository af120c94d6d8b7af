# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Print the two tables of plugins/module_utils/_postfix/defaults.py.

For a new Postfix version V, on a host that has it:

    mkdir bare && touch bare/main.cf && postconf -c bare -d > V.txt
    python tests/tools/make_defaults.py 3.4.txt ... V.txt

One file a version, named after it, of an empty configuration directory: with a master.cf, postconf adds the parameters of
its services. Without the old outputs at hand, `--known` takes the versions that the table has already.
"""

import argparse
import pathlib
import sys
import textwrap

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODULE = ROOT / "plugins/module_utils/_postfix/defaults.py"
WIDTH = 140

# What depends on the host, on the process that asks or on the very release.
NOT_A_DEFAULT = frozenset(("mail_release_date", "mail_version", "mydomain", "myhostname", "mynetworks",
                           "process_id", "process_name", "service_name"))


def read_postconf(text):
    """dict: parameter name to default, from what `postconf -d` printed."""
    pairs = (line.partition(" =") for line in text.splitlines())
    values = {name: value.strip(" ") for name, equals, value in pairs if equals}
    return {name: value for name, value in values.items() if name not in NOT_A_DEFAULT}


def wrapped(text):
    """One entry, continued as in main.cf. Only single blanks may be broken: the reader joins the lines with one."""
    return "\n".join(textwrap.wrap(text, WIDTH, subsequent_indent=" ", break_long_words=False, break_on_hyphens=False))


def entry(names, value):
    """The line `name name ... = value`."""
    line = f"{' '.join(names)} = {value}".rstrip()
    shown = wrapped(line)
    if " ".join(part.strip() for part in shown.split("\n")) != line:
        raise ValueError(f"{names[0]}: a value with blanks that the table cannot keep")
    return shown


def table(values):
    """Entries of a dict of defaults: parameters with the same default share one."""
    by_value = {}
    for name in sorted(values):
        by_value.setdefault(values[name], []).append(name)
    return [entry(names, value) for value, names in sorted(by_value.items(), key=lambda item: item[1])]


def step_down(newer, older):
    """Entries that turn the newer version's defaults into the older's: `-` and the names that it lacks, then what it has instead."""
    lacks = sorted(set(newer) - set(older))
    other = {name: value for name, value in older.items() if newer.get(name) != value}
    return ([wrapped(f"- {' '.join(lacks)}")] if lacks else []) + table(other)


def as_version(name):
    return tuple(int(part) for part in name.split("."))


def known_versions():
    scope = {}
    exec(compile(MODULE.read_text(encoding="utf-8"), str(MODULE), "exec"), scope)
    return {version: scope["defaults_for"](version) for version in scope["KNOWN_VERSIONS"]}


def render(versions):
    """The text of NEWEST, _NEWEST_DEFAULTS and _OLDER, from a dict of version to defaults."""
    ordered = sorted(versions, reverse=True)
    older = [(version, step_down(versions[newer], versions[version])) for newer, version in zip(ordered, ordered[1:])]
    out = [f"NEWEST = {ordered[0]}", "", '_NEWEST_DEFAULTS = r"""', *table(versions[ordered[0]]), '"""', "", "_OLDER = ("]
    for version, entries in older:
        out += [f'    ({version}, r"""', *entries, '"""),']
    return "\n".join([*out, ")"])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--known", action="store_true", help="start from the versions in the table")
    parser.add_argument("output", nargs="*", type=pathlib.Path, help="VERSION.txt, what `postconf -d` printed")
    options = parser.parse_args()
    versions = known_versions() if options.known else {}
    for path in options.output:
        versions[as_version(path.stem)] = read_postconf(path.read_text(encoding="utf-8"))
    if not versions:
        parser.error("no version given")
    sys.stdout.write(render(versions) + "\n")


if __name__ == "__main__":
    main()
