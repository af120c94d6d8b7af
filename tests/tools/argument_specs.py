# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A default is written down in three places; they must say the same. Run from the collection's root, which Ansible must find.

For each role: meta/argument_specs.yml against defaults/main.yml, both ways. For each role that has the name of a module: every
option of the module is a variable ROLE_OPTION of the role, with the same type, choices and default; the role may have more. Save
what the role itself decides (OF_THE_ROLE): that is no variable.
"""

import json
import subprocess
import sys
from pathlib import Path

import yaml

COLLECTION = "relaylock.postfix"
ASPECTS = ("type", "elements", "choices", "default")
MISSING = "(none)"
# The role's own work is to put files into service, so whether the module notes that they are not yet is not for its user to say.
OF_THE_ROLE = {"relay_baseline": {"mark_pending"}}


def load(path):
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def module_options(name):
    """The options of a module as Ansible reads them, those of doc fragments included."""
    name = "%s.%s" % (COLLECTION, name)
    answer = subprocess.run(["ansible-doc", "--type", "module", "--json", name], capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)[name]["doc"].get("options", {})


def against_defaults(options, defaults):
    """Where argument_specs and defaults/main.yml differ, as sentences; a variable without a default stands in neither."""
    for name in sorted(set(options) | set(defaults)):
        described = options.get(name, {}).get("default", MISSING)
        given = defaults.get(name, MISSING)
        if name not in options:
            yield "%s: in defaults/main.yml, not in argument_specs" % name
        elif described != given:
            yield "%s: default %r in argument_specs, %r in defaults/main.yml" % (name, described, given)


def against_module(options, wanted, prefix):
    """Where argument_specs and the module differ, as sentences, suboptions included."""
    for name, option in sorted(wanted.items()):
        mine = options.get(prefix + name)
        if mine is None:
            yield "%s%s: an option of the module that the role does not take" % (prefix, name)
            continue
        for aspect in ASPECTS:
            if mine.get(aspect, MISSING) != option.get(aspect, MISSING):
                differ = (prefix, name, aspect, mine.get(aspect, MISSING), option.get(aspect, MISSING))
                yield "%s%s: %s %r in argument_specs, %r in the module" % differ
        for breach in against_module(mine.get("options", {}), option.get("suboptions") or {}, ""):
            yield "%s%s: %s" % (prefix, name, breach)


def breaches(role):
    options = load(role / "meta/argument_specs.yml")["argument_specs"]["main"].get("options", {})
    yield from against_defaults(options, load(role / "defaults/main.yml"))
    if Path("plugins/modules", role.name + ".py").exists():
        decided = OF_THE_ROLE.get(role.name, set())
        yield from against_module(options, {name: each for name, each in module_options(role.name).items() if name not in decided},
                                  role.name + "_")


def main():
    roles = [path.parents[1] for path in sorted(Path("roles").glob("*/meta/argument_specs.yml"))]
    found = ["%s: %s" % (role.name, breach) for role in roles for breach in breaches(role)]
    if not roles:
        found = ["roles: no meta/argument_specs.yml there"]
    print("\n".join(found))
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
