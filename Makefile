# Commands for people; python -m scripts VERB --help says more of each.
PYTHON ?= python3
PORT ?= 8001
HOST ?= 127.0.0.1
ROWS ?= 100000
RUNS ?= 5
RUN = .venv/bin/python -m scripts

.PHONY: serve build validate format release test bench clean

serve: .venv/ready
	$(RUN) serve --port $(PORT) --host $(HOST)

build validate format release: .venv/ready
	$(RUN) $@

test: .venv/ready
	.venv/bin/python -m pytest

.venv/ready: requirements.lock
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or later is needed") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	touch $@

bench: .venv/ready
	.venv/bin/python -m bench --rows $(ROWS) --runs $(RUNS)

clean:
	rm -rf build .venv
