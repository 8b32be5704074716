#!/bin/sh
# Dispatch LPs and network equivalents natively, ours and HiGHS in one run. Needs python3 with venv; highspy comes
# from PyPI into target/bench-venv.
set -eu
cd "$(dirname "$0")/.."
cargo bench --bench lp_native
cargo bench --bench equivalent
venv=target/bench-venv
if [ ! -x "$venv/bin/python" ]; then
    python3 -m venv "$venv" || {
        echo "python3 with venv is missing (Debian: apt-get install python3-venv)" >&2
        exit 1
    }
fi
"$venv/bin/python" -c 'import highspy' 2>/dev/null || "$venv/bin/pip" install --quiet highspy==1.15.1
"$venv/bin/python" benches/highs_native.py
