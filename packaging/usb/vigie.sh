#!/bin/sh
# Starts the program beside this file. A key is often mounted so that nothing on it may be started, or written: then the
# program is copied to the computer's temporary folder first, and that is said.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
program=$here/vigie
if [ -z "${TMPDIR:-}" ] || [ ! -w "${TMPDIR:-/nowhere}" ]; then
  for place in /tmp /var/tmp /dev/shm; do
    if [ -w "$place" ]; then TMPDIR=$place; export TMPDIR; break; fi
  done
fi
if ! "$program" --version >/dev/null 2>&1; then
  copy=$(mktemp "${TMPDIR:-/tmp}/vigie-XXXXXX") || { echo "error: nothing can be started from the key, and there is no temporary folder" >&2; exit 2; }
  trap 'rm -f "$copy"' EXIT
  cat "$program" > "$copy" && chmod 700 "$copy"
  echo "note: nothing can be started from the key; a copy in $TMPDIR is used, and removed" >&2
  "$copy" "$@"
  exit $?
fi
exec "$program" "$@"
