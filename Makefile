# What a person does with kompascrawler. `make help` lists it.
# A fresh Debian or Ubuntu with Python 3.11+ and make is enough: every target sets up what it needs.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Arguments and settings of `make crawl`, for example: make crawl ARGS="-a max_articles=5"
ARGS ?=
# Tests at the same time: one more than there are cores, since many wait for a crawl to end.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)
# Commands that tests start find the package compiled, also where the environment says not to keep that.
test soak: export PYTHONDONTWRITEBYTECODE :=
DEMO_DIR ?= build/demo
DEMO_ARTICLES ?= 60

.DEFAULT_GOAL := help
.PHONY: help setup browser axe pywb demo crawl test lint types image check quality soak bench bench-peers bench-scale bench-dataset bench-replay bench-browser schema clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.ready ## make the virtual environment that the other targets use

# Debian and Ubuntu keep venv in a package of its own: say so where it is missing.
$(VENV)/.ready: pyproject.toml requirements-hashes.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "kompascrawler needs Python 3.11 or newer; name one: make PYTHON=python3.12 ..." >&2; exit 2; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get -qq update && apt-get -qq install -y python3-venv; \
	  else echo "Python lacks venv: apt install python3-venv" >&2; exit 2; fi
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  -r requirements-hashes.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

browser: setup ## install a Chromium for the articles that need one (Debian's package as root, else Playwright's)
	@for name in chromium-headless-shell chromium google-chrome; do \
	  if command -v $$name >/dev/null; then echo "there is a Chromium: $$name"; exit; fi; \
	done; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get -qq update && apt-get -qq install -y libatomic1 && \
	  { apt-get -qq install -y chromium-headless-shell || apt-get -qq install -y chromium || \
	    $(BIN)/playwright install --with-deps --only-shell chromium; }; \
	else $(BIN)/playwright install --only-shell chromium; fi

# The tests of the report's accessibility: one file of a package of npm, whose sum is that of its registry.
AXE := axe-core-4.14.1
AXE_SHA512 := FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==

axe: build/$(AXE).js ## fetch axe-core, which looks for barriers in the report (tests are skipped without it)

build/$(AXE).js:
	@mkdir -p build
	@if command -v npm >/dev/null; then \
	  npm pack --silent --pack-destination build axe-core@$(AXE:axe-core-%=%) >/dev/null; \
	else $(PYTHON) -c 'import sys, urllib.request as u; u.urlretrieve(*sys.argv[1:])' \
	  https://registry.npmjs.org/axe-core/-/$(AXE).tgz build/$(AXE).tgz; fi
	@$(PYTHON) -c 'import base64, hashlib, pathlib, sys; \
	  sum = hashlib.sha512(pathlib.Path(sys.argv[1]).read_bytes()).digest(); \
	  sys.exit(base64.b64encode(sum).decode() != sys.argv[2] and "axe-core: another sum than is pinned")' \
	  build/$(AXE).tgz $(AXE_SHA512)
	@tar -xzOf build/$(AXE).tgz package/axe.min.js > $@.part && mv $@.part $@

# It goes before the virtual environment's packages in one process of the tests, and nowhere else.
pywb: build/pywb/.ready ## install pywb, which reads what WARC_ENABLED keeps (tests are skipped without it)

build/pywb/.ready: requirements-pywb.txt $(VENV)/.ready
	@rm -rf build/pywb
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  --no-build-isolation --target build/pywb -r requirements-pywb.txt
	@touch $@

demo: setup ## run the main job with no network, against a generated site, and show an article
	@rm -rf $(DEMO_DIR)
	@$(BIN)/python -m tests.replica --articles $(DEMO_ARTICLES) -- $(CURDIR)/$(BIN)/scrapy crawl kompas_global \
	  -s DATA_DIR=$(DEMO_DIR) -s DOWNLOAD_DELAY=0.05 -s AUTOTHROTTLE_ENABLED=False $(ARGS)
	@echo
	@echo "The articles are in $(DEMO_DIR)/articles, a folder a day of publication. One of them:"
	@$(BIN)/python -c 'import json, pathlib, sys; \
	  line = sorted(pathlib.Path(sys.argv[1]).glob("articles/*/*.jsonl"))[-1].open().readline(); \
	  print(json.dumps(json.loads(line), ensure_ascii=False, indent=2))' $(DEMO_DIR)

crawl: setup ## run the main job on the live site, into data/ (ARGS="-a max_articles=5" for a taste)
	@$(BIN)/scrapy crawl kompas_global $(ARGS)

test: setup ## run the tests; those that need a Chromium are skipped without one (make browser)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

lint: setup ## check form, and which room imports which
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports --no-logo --cache-dir .cache/imports

types: setup ## check types
	$(BIN)/mypy

image: setup ## rehearse the Dockerfile without Docker: its install steps, then a crawl as its user
	@$(BIN)/python -m tests.deploy

check: browser axe pywb lint types image test ## everything that CI runs

soak: setup ## the long tests: hundreds of kills (about an hour)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps \
	  --no-build-isolation \
	  -r requirements-soak.txt
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-deps --upgrade \
	  --target build/httpfs -r requirements-httpfs.txt
	$(BIN)/python -m pytest -m soak

quality: setup ## show the quality figures of the committed cases (ARGS=--pin to pin them)
	@$(BIN)/python -m tests.quality $(ARGS)

bench: setup ## measure speed, as ratios within one run, and odd pages (about six minutes)
	$(BIN)/python -m tests.bench

bench-peers: setup ## measure other programs beside ours, each installed in build/peers (about five minutes)
	$(BIN)/python -m tests.bench.peers $(ARGS)

bench-scale: setup ## measure what runs and look-ups cost with 10,000 and 1,000,000 known articles (about ten minutes)
	$(BIN)/python -m tests.bench.scale $(ARGS)

bench-dataset: setup ## measure what readers pay for the small files of a year, before and after compact (about ten minutes)
	$(BIN)/python -m tests.bench.dataset $(ARGS)

bench-replay: setup ## measure kept pages read again by one process, by two, and by a Dask cluster (about four minutes)
	$(BIN)/python -m tests.bench.replay $(ARGS)

bench-browser: browser ## measure articles in the browser beside a plain scrapy-playwright spider (about ten minutes)
	$(BIN)/python -m tests.bench.browser $(ARGS)

schema: setup ## write anew what is generated: JSON Schema, macros for DuckDB, docs/settings.md
	$(BIN)/python -m tests.schema

clean: ## take away the virtual environment and what the demo made
	rm -rf $(VENV) build
