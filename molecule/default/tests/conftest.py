# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The servers of the scenario, each in turn."""

import lab
import pytest


@pytest.fixture(params=lab.SERVERS)
def server(request):
    """The inventory name of a server."""
    return request.param


@pytest.fixture(params=lab.OPEN)
def open_server(request):
    """The inventory name of a server that has one of the six causes."""
    return request.param
