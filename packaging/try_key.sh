#!/usr/bin/env bash
# What a USB key is put through; run by try.sh: usage: try_key.sh ZIP PROGRAM. The key is an exFAT image behind FUSE where this machine
# can (root, /dev/fuse, exfat-fuse, exfatprogs); without, folders stand for it, and what they can't show is said.
set -uo pipefail
archive=$(realpath "$1") program=$(realpath "$2") here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
at=2017-05-09T00:00:00Z
oks=0 failures=0 skips=0
. "$here/checks.sh"
declare -A device
cleared() {
  local m
  for m in "${!device[@]}"; do umount -l "$m"; losetup -d "${device[$m]}"; done 2>/dev/null
  rm -rf "$work"
}
trap cleared EXIT

# insert IMAGE FOLDER OPTIONS: puts the key in.
insert() {
  mkdir -p "$2" && device[$2]=$(losetup -f --show "$1") && mount.exfat-fuse ${3:+-o "$3"} "${device[$2]}" "$2" >/dev/null 2>&1
}
eject() { sync -f "$1"; umount "$1" && losetup -d "${device[$1]}" && unset "device[$1]"; }
blank() { truncate -s "$2" "$1" && mkfs.exfat "$1" >/dev/null 2>&1; }
can_mount=no
if [ "$(id -u)" = 0 ] && blank "$work/try.img" 16M && insert "$work/try.img" "$work/try" ''; then can_mount=yes; eject "$work/try"; fi

log=$work/access.log
# A log that takes a while: visitors, and who tries to get in.
python3 - "$log" <<'PY'
import sys
with open(sys.argv[1], "w") as f:
    for i in range(120_000):
        at = f"{10 + i // 36000 % 14:02}:{i // 600 % 60:02}:{i // 10 % 60:02}"
        if i % 40 == 0:
            f.write(f'203.0.113.{i // 40 % 200 + 1} - - [14/Feb/2017:{at} +0100] "GET /?id={i}%27+UNION+SELECT+1,2-- HTTP/1.1" 404 100 "-" "sqlmap/1.0"\n')
        else:
            f.write(f'198.51.100.{i % 250 + 1} - - [14/Feb/2017:{at} +0100] "GET /page/{i % 97} HTTP/1.1" 200 {5000 + i % 97} "-" "Mozilla/5.0"\n')
PY
small=$work/small.log && head -n 200 "$log" > "$small"
here_() { (cd "$1" && shift && "$@"); }
findings() { "$program" findings "$1" --json --at $at 2>/dev/null; }
reference=$work/reference
"$program" init "$reference" --name key --at $at >/dev/null 2>&1 && "$program" add "$reference" "$log" --at $at >/dev/null 2>&1 &&
  "$program" run "$reference" --at $at >/dev/null 2>&1
findings "$reference" > "$work/expected"
check 'key: there is something to find' test -s "$work/expected"
same() { findings "$1" | cmp -s - "$work/expected" && "$program" verify "$1" >/dev/null 2>&1; }
# Ends what was broken off, and looks whether it is the same case.
again() { "$program" run "$1" --at $at >/dev/null 2>&1 && same "$1"; }

python3 -m zipfile -e "$archive" "$work/zip" && zip=$work/zip/vigie
sums() { (cd "$1" && sha256sum --quiet -c SHA256SUMS); }
check 'key: sums' sums "$zip"
for file in README.txt LISEZ-MOI.txt example/en/index.html exemple/fr/index.html guide-en.html guide-fr.html LICENSE.txt LICENCES.txt sbom.cdx.json; do
  check "key: $file" test -s "$zip/$file"
done
names() {
  python3 - "$1" <<'PY'
import os, sys
reserved = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))}
for folder, folders, files in os.walk(sys.argv[1]):
    all_ = folders + files
    assert len({n.lower() for n in all_}) == len(all_), f"{folder}: names that FAT takes for one"
    for n in all_:
        assert not set(n) & set('\\/:*?"<>|') and n == n.strip(" .") and n.split(".")[0].lower() not in reserved and len(n) < 200, n
PY
}
check 'key: names that FAT holds' names "$zip"

echo '-- read-only, nothing on it may be started, no home, TMPDIR nowhere'
key=$work/ro
if [ $can_mount = yes ]; then
  blank "$work/key.img" 512M && insert "$work/key.img" "$work/rw" '' && cp -r "$zip" "$work/rw/" && eject "$work/rw"
  check 'key: an exFAT key takes it' insert "$work/key.img" "$key" ro
  mount -o remount,bind,ro,noexec "$key"
  key=$key/vigie
else
  skip 'key: a real exFAT key (wants root, /dev/fuse, exfat-fuse and exfatprogs); a folder without rights stands for it'
  cp -r "$zip" "$key" && chmod -R a-wx,a+rX "$key"
  [ "$(id -u)" != 0 ] || skip 'key: read-only (root writes everywhere)'
fi
bare() { env -i PATH="$PATH" TMPDIR=/nowhere "$@"; }
on_key() { (cd "$key" && bare sh vigie.sh "$@"); }
check 'key: sums, on the key' sums "$key"
found() { on_key check "$small" 2>"$work/err" | grep -q '203\.0\.113' && grep -q 'a copy' "$work/err"; }
check 'key: finds, and says that a copy is used' found
check 'key: doctor' on_key doctor
shows() { on_key demo > "$work/out" 2>"$work/err" && grep -q 'can.t be written' "$work/err"; }
if [ $can_mount = no ] && [ "$(id -u)" = 0 ]; then skip 'key: demo, elsewhere (root writes everywhere)'; else check 'key: demo, elsewhere, and says so' shows; fi
left=(/tmp/vigie-[A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9])
check 'key: no copy of the program is left' test ! -e "${left[0]}"
nowhere() { TMPDIR=/nowhere "$program" doctor > "$work/out"; [ $? = 1 ] && grep -q '/nowhere: nothing can be written' "$work/out"; }
check 'key: TMPDIR nowhere is said by doctor' nowhere
reads() { TMPDIR=/nowhere "$program" check "$small" 2>/dev/null | grep -q '203\.0\.113'; }
check 'key: TMPDIR nowhere, a log is read all the same' reads
rm -rf /tmp/vigie-demo

echo '-- a case on the key, moved between machines'
if [ $can_mount = yes ]; then
  eject "$work/ro"
  blank "$work/case.img" 200M && insert "$work/case.img" "$work/one" ''
  on_it() { (cd "$work/one" && "$program" init case --name key --at $at && "$program" add case "$log" --at $at && "$program" run case --at $at) >/dev/null 2>&1; }
  check 'key: a case is made on it' on_it
  eject "$work/one" && insert "$work/case.img" "$work/two" ''
  check 'key: elsewhere, the same case' same "$work/two/case"
  check 'key: elsewhere, goes on' again "$work/two/case"
  eject "$work/two" && insert "$work/case.img" "$work/three" ro
  check 'key: elsewhere, read-only: findings' sh -c "'$program' findings '$work/three/case' | grep -q '203\.0\.113'"
  check 'key: elsewhere, read-only: verify' "$program" verify "$work/three/case"
  refuse 'key: elsewhere, read-only: run says that it cannot' "$program" run "$work/three/case"
  eject "$work/three"

  echo '-- full'
  blank "$work/full.img" 40M && insert "$work/full.img" "$work/full" ''
  "$program" init "$work/full/case" --name key --at $at >/dev/null 2>&1
  head -c 100M /dev/zero > "$work/full/rest" 2>/dev/null
  full() { "$program" add "$1" "$log" --at $at 2>"$work/err"; [ $? = 2 ] && grep -q '^hint:' "$work/err"; }
  check 'key: full: add says so, with a hint' full "$work/full/case"
  rm -f "$work/full/rest"
  "$program" add "$work/full/case" "$log" --at $at >/dev/null 2>&1
  head -c 100M /dev/zero > "$work/full/rest" 2>/dev/null
  full_run() { "$program" run "$1" --at $at >/dev/null 2>"$work/err"; [ $? = 2 ] && grep -q '^hint:' "$work/err"; }
  check 'key: full: run says so, with a hint' full_run "$work/full/case"
  rm -f "$work/full/rest"
  check 'key: with room again, the next run ends with the same case' again "$work/full/case"
  eject "$work/full"

  echo '-- pulled out during run'
  blank "$work/fresh.img" 60M && insert "$work/fresh.img" "$work/p" ''
  "$program" init "$work/p/case" --name key --at $at >/dev/null 2>&1 && "$program" add "$work/p/case" "$log" --at $at >/dev/null 2>&1
  eject "$work/p"
  cp "$work/fresh.img" "$work/timed.img" && insert "$work/timed.img" "$work/p" ''
  begun=$(date +%s%N) && "$program" run "$work/p/case" --at $at >/dev/null 2>&1
  whole=$(( ($(date +%s%N) - begun) / 1000000 )) && eject "$work/p"
  echo "        a run takes $whole ms; pulled at tenths of it"
  for tenth in 1 2 3 4 5 6 7 8 9; do
    cp "$work/fresh.img" "$work/p.img" && insert "$work/p.img" "$work/p" ''
    daemon=$(pgrep -n -f "mount.exfat-fuse.*$work/p\$")
    "$program" run "$work/p/case" --at $at >"$work/out" 2>"$work/err" &
    run=$!
    sleep "$((whole * tenth / 10000)).$(printf %03d $((whole * tenth / 10 % 1000)))"
    # What is on the medium at this moment; then the medium is gone while the program runs on. The driver stands still meanwhile:
    # a copy of bytes that go on changing is of no moment, and no medium ever held it.
    kill -STOP "$daemon"
    cp "$work/p.img" "$work/pulled.img"
    kill -9 "$daemon" && umount -l "$work/p" && losetup -d "${device[$work/p]}"
    code=0; timeout 60 tail --pid=$run -f /dev/null || kill -9 $run
    wait $run; code=$?
    if [ $code = 2 ]; then ok "key: pulled at $tenth/10: the program ends, with code 2"; elif [ $code -le 1 ]; then ok "key: pulled at $tenth/10: it had ended"; else
      failed "key: pulled at $tenth/10: ended with code $code"; tail -n 2 "$work/err"; fi
    check "key: pulled at $tenth/10: it can be put in again" insert "$work/pulled.img" "$work/q" ''
    check "key: pulled at $tenth/10: the next run ends with the same case" again "$work/q/case"
    eject "$work/q"
  done
else
  skip 'key: a case on an exFAT key, full, read-only, pulled out (wants root, /dev/fuse, exfat-fuse and exfatprogs)'
fi
echo 'end of the key'
