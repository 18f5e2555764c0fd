#!/usr/bin/env bash
# Make one environment from its lock. Usage: make_env.sh VENV NAME PYTHON_VERSION [WHEEL]
set -eu
venv=$1 name=$2 version=$3 wheel=${4:-}
uv="$venv/uv/bin/uv"
target="$venv/$name"
if ! python=$("$uv" python find "$version" 2>/dev/null); then
  echo "Fetching Python $version ..."
  if ! "$uv" python install --quiet "$version" || ! python=$("$uv" python find "$version"); then
    echo "Python $version is lacking and could not be fetched. Install it (for instance with pyenv), and run make again." >&2
    exit 1
  fi
fi
echo "Installing the packages of .venv/$name (Python $version) ..."
if [ ! -x "$target/bin/python" ] || ! "$target/bin/python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')"; then
  rm -rf "$target"
  "$uv" venv --quiet --python "$python" "$target"
fi
# Compiled here, as where Python may not write beside its modules every start would compile them: 4 s more for Rasa alone.
if ! "$uv" pip sync --quiet --compile-bytecode --require-hashes --python "$target/bin/python" "requirements/$name.lock"; then
  echo "The packages could not be installed: is there a network, and 3 GB of free disk? Run make again." >&2
  exit 1
fi
if [ -n "$wheel" ]; then
  "$uv" pip install --quiet --compile-bytecode --no-deps --python "$target/bin/python" "$wheel"
else
  "$uv" pip install --quiet --no-deps --no-build-isolation --python "$target/bin/python" --editable .
fi
