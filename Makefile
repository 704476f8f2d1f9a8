# Two commands matter: `make demo` and `make test`. Both start from a bare checkout.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
RUN    := $(VENV)/bin/python
BOOK   ?= complete_journey
OUT    := .tierwise/demo
SERVE  ?= 1

export BENTOML_DO_NOT_TRACK = true

.PHONY: demo test lint format lock clean

demo: $(VENV)/installed
	@echo "== 1/4  $(BOOK): read, check and store the events"
	$(RUN) -m data check $(BOOK)
	@echo "== 2/4  Train on the past, predict the judged period, compare"
	$(RUN) -m evaluation backtest $(BOOK) --out $(OUT)
	@echo "== 3/4  Train on everything that is known"
	$(RUN) -m training fit $(BOOK)
	@echo "== 4/4  Score and explain every customer"
	$(RUN) -m serving score $(BOOK) --out $(OUT)/recommendations.parquet
	@echo "Report: $(OUT)/index.html   Recommendations: $(OUT)/recommendations.parquet"
ifneq ($(SERVE),0)
	$(RUN) -m serving serve $(BOOK)
endif

test: $(VENV)/installed $(VENV)/engines
	@echo "== All tests, on every core"
	$(RUN) -m pytest -n auto --dist loadgroup

lint: $(VENV)/installed
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports

format: $(VENV)/installed
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

# Needs uv; the locks hold exact versions and hashes of everything, build and test tools included.
# The engines of a cluster have a lock of their own: nothing but the tests and those who own one need them.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 \
	--generate-hashes --no-header --no-emit-index-url --upgrade

lock:
	$(LOCK) --all-extras -o engines.lock
	$(LOCK) $(foreach extra,demo tune explain postgres test dev,--extra $(extra)) -c engines.lock -o requirements.lock

$(VENV)/installed: requirements.lock
	@echo "== Installing the locked packages into $(VENV) (a few minutes, once)"
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
		|| { echo "Tierwise is locked for Python 3.11; found $$($(PYTHON) --version). Try: make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(RUN) -m pip install --disable-pip-version-check --progress-bar on -q --require-hashes -r requirements.lock
	@touch $@

$(VENV)/engines: $(VENV)/installed engines.lock
	@echo "== Installing the engines of a cluster for their tests"
	$(RUN) -m pip install --disable-pip-version-check --progress-bar on -q --require-hashes -r engines.lock
	@touch $@

clean:
	rm -rf .tierwise build dist *.egg-info
