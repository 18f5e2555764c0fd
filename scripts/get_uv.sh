#!/usr/bin/env bash
# Put uv into VENV/uv: the one on the path, or from the Python package index. Usage: get_uv.sh VENV
set -eu
venv=$1
mkdir -p "$venv/uv/bin"
if command -v uv >/dev/null 2>&1; then
  ln -sf "$(command -v uv)" "$venv/uv/bin/uv"
  echo "uv: $("$venv/uv/bin/uv" --version), from the path"
  exit 0
fi
python=$(command -v python3 || true)
if [ -z "$python" ]; then
  echo "No python3 found. Install Python 3 (Debian: apt install python3 python3-venv) or uv, and run make again." >&2
  exit 1
fi
echo "Fetching uv, which installs everything else (1 package, about 25 MB) ..."
rm -rf "$venv/uv"
if ! "$python" -m venv "$venv/uv" >/dev/null 2>"$venv.error"; then
  rm -rf "$venv/uv"
  echo "python3 cannot make environments. Install python3-venv (Debian: apt install python3-venv), and run make again." >&2
  rm -f "$venv.error"
  exit 1
fi
rm -f "$venv.error"
if ! "$venv/uv/bin/python" -m pip install --quiet --disable-pip-version-check 'uv>=0.5'; then
  rm -rf "$venv/uv"
  echo "uv could not be fetched: is there a network? Run make again when there is." >&2
  exit 1
fi
