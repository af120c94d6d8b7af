# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Make a configuration directory of another machine startable here."""

import shutil


def localise(config, target):
    """Copy a configuration directory."""
    return shutil.copytree(config, target)
