#!/usr/bin/env bash
# Make an environment from its lock, or add tools to it. One line at least every 15 seconds, also where output is a file.
#   make_env.sh VENV NAME PYTHON_VERSION [WHEEL]   exactly what requirements/NAME.lock lists, and WHEEL or this project
#   make_env.sh VENV NAME --add LOCK               what LOCK lists beside what is there
set -eu
venv=$1 name=$2 version=$3 last=${4:-}
uv="$venv/uv/bin/uv"
target="$venv/$name"
started=$SECONDS

# Copy what uv says, add up the MB it names, and speak when it is silent.
watch() {
  local line size mb=0 state
  while true; do
    state=0
    IFS= read -r -t 15 line || state=$?
    if [ "$state" -gt 128 ]; then
      echo "  .venv/$name: busy for $((SECONDS - started)) s, $mb MB of larger packages fetched or under way ..."
      continue
    elif [ "$state" -ne 0 ]; then
      return 0
    fi
    size=$(sed -nE 's/^ *Downloading .*\(([0-9]+)(\.[0-9]+)?MiB\)$/\1/p' <<<"$line")
    mb=$((mb + ${size:-0}))
    case "$line" in '' | ' + '* | ' - '* | ' ~ '*) ;; *) echo "  $line" ;; esac
  done
}

fetch() { # its arguments: those of `uv pip`
  if ! "$uv" pip "$@" 2>&1 | watch; then
    echo "The packages could not be installed: is there a network, and 3 GB of free disk? Run make again." >&2
    exit 1
  fi
}

done_line() {
  echo "  .venv/$name: done in $((SECONDS - started)) s, $(du -sm "$target" | cut -f1) MB on disk"
}

set -o pipefail
if [ "$version" = --add ]; then
  echo "Tools for .venv/$name: $(grep -c '^[a-z].*==' "$last") packages ..."
  fetch install --compile-bytecode --require-hashes --python "$target/bin/python" -r "$last"
  done_line
  exit 0
fi

if ! python=$("$uv" python find "$version" 2>/dev/null); then
  echo "Fetching Python $version (about 35 MB) ..."
  if ! "$uv" python install --quiet "$version" || ! python=$("$uv" python find "$version"); then
    echo "Python $version is lacking and could not be fetched. Install it (for instance with pyenv), and run make again." >&2
    exit 1
  fi
fi
lock="requirements/$name.lock"
echo "Packages of .venv/$name (Python $version): $(grep -c '^[a-z].*==' "$lock") packages, $(sed -n "s/^$name //p" requirements/sizes.txt) to fetch where none are kept from before ..."
if [ ! -x "$target/bin/python" ] || ! "$target/bin/python" -c "import sys; sys.exit('%d.%d' % sys.version_info[:2] != '$version')"; then
  rm -rf "$target"
  "$uv" venv --quiet --python "$python" "$target"
fi
# Compiled here, as where Python may not write beside its modules every start would compile them: 4 s more for Rasa alone.
fetch sync --compile-bytecode --require-hashes --python "$target/bin/python" "$lock"
if [ -n "$last" ]; then
  fetch install --quiet --compile-bytecode --no-deps --python "$target/bin/python" "$last"
else
  fetch install --quiet --no-deps --no-build-isolation --python "$target/bin/python" --editable .
fi
done_line
