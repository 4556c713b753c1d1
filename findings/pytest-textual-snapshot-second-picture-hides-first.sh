#!/usr/bin/env bash
# Library:  pytest-textual-snapshot 1.1.0
#           (with textual 8.2.8, pytest 8.4.2, syrupy 4.8.0)
#
# Behaviour: when one test takes two pictures with snap_compare, only the last
#   one reaches the HTML report. If the first picture differs and the last one
#   does not, the test fails and no report is written at all. syrupy itself
#   keeps both pictures as files of their own and counts "1 snapshot failed.
#   1 snapshot passed.", so the fixture does support several in one test.
#
# Seen:
#   first picture changed: test failed, report absent; last picture changed: test failed, report present
#
# Why it matters: the report is where a person looks to see what changed. A
#   failed run without one gives nothing to look at, and a report of an earlier
#   run that was left in the folder is easily taken for this run's. A test has
#   to take one picture only, or one per parameter.
#
# Source: pytest_textual_snapshot.py: the inner function of snap_compare writes
#   what it found to node_to_report_path(request.node), a path made from the
#   test alone, so each call overwrites the one before;
#   retrieve_svg_diffs and save_svg_diffs read back what is left.
set -euo pipefail
unset PYTHONPATH PYTEST_ADDOPTS PYTEST_XDIST_WORKER
export PIP_DISABLE_PIP_VERSION_CHECK=1

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv env
env/bin/python -m pip install -q pytest-textual-snapshot==1.1.0 \
    textual==8.2.8 pytest==8.4.2 syrupy==4.8.0

mkdir project
cat > project/pytest.ini <<'INI'
[pytest]
INI
cat > project/test_pictures.py <<'PY'
import os

from textual.app import App
from textual.widgets import Label


class Show(App):
    def __init__(self, text):
        super().__init__()
        self.text = text

    def compose(self):
        yield Label(self.text)


def test_two_pictures(snap_compare):
    first = snap_compare(Show(os.environ["FIRST"]))
    last = snap_compare(Show(os.environ["LAST"]))
    assert first and last
PY

# run FIRST LAST REPORT [more options]: prints "passed" or "failed"
run() {
    local status=0
    (
        cd project
        FIRST=$1 LAST=$2 ../env/bin/python -m pytest -q -p no:cacheprovider \
            --snapshot-report "$3" "${@:4}" > ../log 2>&1
    ) || status=$?
    case $status in
        0) echo passed ;;
        1) echo failed ;;
        *) cat log >&2; return 1 ;;
    esac
}
report() { if [ -e "project/$1" ]; then echo present; else echo absent; fi; }

kept=$(run one two kept.html --snapshot-update)
again=$(run one two again.html)
if [ "$kept $again" != "passed passed" ]; then
    cat log
    exit 1
fi
first=$(run CHANGED two first.html)
last=$(run one CHANGED last.html)

expected="first picture changed: test failed, report absent; last picture changed: test failed, report present"
observed="first picture changed: test $first, report $(report first.html); last picture changed: test $last, report $(report last.html)"
printf 'observed: %s\n' "$observed"
if [ "$observed" != "$expected" ]; then
    printf 'expected: %s\n' "$expected"
    exit 1
fi
