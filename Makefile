# Copyright: relaylock.postfix contributors
# GNU General Public License v3.0 or later (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# Nothing needs to be installed beforehand but make, git and a Python; see CONTRIBUTING.md.

SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .build/venv
LINK := .build/ansible_collections/relaylock/postfix
SUITE := $(VENV)/bin/python tests/tools/suite.py

# The collection is found under its full name, and nothing of it or of its tools lands in the caller's home.
export ANSIBLE_COLLECTIONS_PATH := $(CURDIR)/.build
export ANSIBLE_HOME := $(CURDIR)/.build/ansible_home

.PHONY: help demo test unit lint molecule oracle integration report outside soak fuzz mutation coverage bench pages quick docs changelog build link venv clean matrix slice

help: ## this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

demo: venv link ## a small fleet, judged and remedied on this machine
	@$(VENV)/bin/python examples/demo.py

test: venv link ## all that CI runs: unit, lint, report, outside, oracle, integration, a slice of the matrix and molecule, with a summary
	@$(SUITE) unit lint report outside+oracle integration+slice molecule

unit: venv link ## the unit tests, those of the pure layers on every Python from 3.6 to 3.13 found here
	@$(SUITE) unit

lint: venv link ## every linter, ansible-test sanity included
	@$(SUITE) lint

quick: venv link ## the linters that take seconds
	@$(SUITE) quick

docs: venv link ## the documents, built into .build/docs/html
	@$(VENV)/bin/python tests/tools/documents.py

molecule: venv link ## all scenarios on real hosts in containers (needs root)
	@$(SUITE) molecule

oracle: venv link ## our verdicts against the real smtpd of this machine
	@$(SUITE) oracle

integration: venv link ## the role on a running Postfix that stumbles over the change (needs root)
	@$(SUITE) integration

report: venv link ## the report of a fleet: what it gathers, each of its formats, and real runs
	@$(SUITE) report

outside: venv link ## what is asked of mail servers and blocklists, and read in a mail log, with real ones
	@$(SUITE) outside

matrix: venv link ## every ansible-core, every Python of a host, every Postfix: the whole table, into docs/matrix.md
	@$(SUITE) matrix

slice: venv link ## a slice of the matrix that touches each of them once, and the collection as it is installed
	@$(SUITE) slice

COUNT ?= 100000
WORKERS ?= 2
soak: venv link ## COUNT=100000 random configurations, judged and put to the real smtpd
	@$(VENV)/bin/python tests/oracle/soak.py --count $(COUNT) --workers $(WORKERS)

INPUTS ?= 1000000
fuzz: venv link ## INPUTS=1000000 broken texts for each reader: main.cf, master.cf, every kind of table, the mail log
	@$(VENV)/bin/python tests/fuzz/fuzz_all.py $(INPUTS)

SHARE ?= 0.1
mutation: venv link ## SHARE=0.1 of all faults that can be put into judge, planner and documents: which do the unit tests notice?
	@$(VENV)/bin/pip install -qq --disable-pip-version-check -r tests/requirements-bite.txt
	@$(VENV)/bin/python tests/mutation/run.py $(SHARE)

coverage: venv link ## which branches of the pure layers the unit tests take, and those of tables and patterns
	@$(VENV)/bin/pip install -qq --disable-pip-version-check -r tests/requirements-bite.txt
	@$(VENV)/bin/coverage run -m pytest -q -p no:xdist tests/unit tests/fuzz tests/oracle/test_patterns.py tests/oracle/test_tables.py
	@$(VENV)/bin/coverage report

bench: venv link ## what a run costs
	@$(SUITE) bench

pages: venv link ## write docs/findings.md anew from docs/findings.yml and the code
	@$(VENV)/bin/python tests/tools/findings_page.py

changelog: venv ## write the coming release into CHANGELOG.md from changelogs/fragments
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" antsibull-changelog release --update-existing --reload-plugins

build: venv ## the archive that a user installs
	@$(VENV)/bin/ansible-galaxy collection build --force --output-path .build

venv: $(VENV)/.ready
link: $(LINK)

$(VENV)/.ready: tests/requirements.txt $(wildcard tests/constraints-*.txt)
	@sh tests/tools/venv.sh $(PYTHON) $(VENV)
	@touch $@

$(LINK):
	@mkdir -p $(@D)
	@ln -s ../../.. $@

clean: ## remove all that this file made
	@rm -rf .build
