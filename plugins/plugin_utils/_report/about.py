# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which version of the collection this is."""

import json
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]


def version(root=ROOT):
    """Return the version of the collection in the folder *root*, "unknown" if it cannot be told.

    An installed collection has a MANIFEST.json, a checkout a galaxy.yml.
    """
    for name, read, keys in (("MANIFEST.json", json.loads, ("collection_info", "version")), ("galaxy.yml", yaml.safe_load, ("version",))):
        try:
            found = read((root / name).read_text(encoding="utf-8"))
            for key in keys:
                found = found[key]
            return str(found)
        except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError):
            continue
    return "unknown"
