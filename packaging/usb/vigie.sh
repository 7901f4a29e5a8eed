#!/bin/sh
# Starts the program beside this file. A key is often mounted so that nothing on it may be started, or written: then the
# program is copied to the computer's temporary folder first, and that is said.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd)
program=$here/vigie
if [ -z "${TMPDIR:-}" ] || [ ! -w "${TMPDIR:-/nowhere}" ]; then
  [ -z "${TMPDIR:-}" ] || echo "note: nothing can be written to TMPDIR ($TMPDIR)" >&2
  for place in /tmp /var/tmp /dev/shm; do
    if [ -w "$place" ]; then TMPDIR=$place; export TMPDIR; break; fi
  done
fi
# The demo writes a folder where one stands: not on a key that can't be written.
if [ "$#" = 1 ] && [ "$1" = demo ] && ! (: > .vigie-try) 2>/dev/null; then
  echo "note: this folder can't be written; the demo is in $TMPDIR/vigie-demo" >&2
  set -- demo "$TMPDIR/vigie-demo"
fi
rm -f .vigie-try 2>/dev/null
if ! "$program" --version >/dev/null 2>&1; then
  copy=$(mktemp "${TMPDIR:-/tmp}/vigie-XXXXXX") || { echo "error: nothing can be started from the key, and there is no temporary folder" >&2; exit 2; }
  trap 'rm -f "$copy"' EXIT
  cat "$program" > "$copy" && chmod 700 "$copy"
  echo "note: nothing can be started from the key; a copy in $TMPDIR is used, and removed" >&2
  "$copy" "$@"
  exit $?
fi
exec "$program" "$@"
