# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A pytest plugin: every run writes its JUnit file into $JUNIT_FOLDER under a name of its own, in the order of the runs."""

import os
import time

import pytest


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config):
    config.option.xmlpath = os.path.join(os.environ["JUNIT_FOLDER"], "%d.xml" % time.time_ns())
