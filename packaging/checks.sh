# For try.sh: each check is one line of what it says, and can fail.

# check WHAT COMMAND…: must succeed.
check() {
  local what=$1; shift
  if "$@" >"$work/said.txt" 2>&1; then ok "$what"; else failed "$what"; tail -n 3 "$work/said.txt" | sed 's/^/        /'; fi
}
# refuse WHAT COMMAND…: must fail, and not by being away.
refuse() {
  local what=$1 code; shift
  if "$@" >"$work/said.txt" 2>&1; then failed "$what"; else
    code=$?
    [ "$code" != 127 ] && ok "$what" || failed "$what (there is no such command)"
  fi
}
ok() { oks=$((oks + 1)); echo "ok      $1"; }
failed() { failures=$((failures + 1)); echo "FAILED  $1"; }
skip() { skips=$((skips + 1)); echo "skipped $1"; }
