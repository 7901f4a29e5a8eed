#!/usr/bin/env bash
# Tries each package in a fresh throw-away place, as whoever gets it would.
#
# usage: packaging/try.sh [PACKAGES] [--all] [--only PART]
#
#   PACKAGES   what build.sh made (default: target/packages)
#   --all      what this machine cannot try counts as failed
#   --only     one part: sums, static, wheel, npm, deb, key, case
#
# Each line is `ok`, `FAILED` or `skipped` (with the reason); exit 1 if anything failed, 2 if nothing was tried. Prints sizes and
# start-up times. What a key is put through (exFAT, full, pulled out, read-only) is in try_key.sh, which this one runs.
set -uo pipefail
packages=$(dirname "$0")/../target/packages all=no only=
while [ $# -gt 0 ]; do
  case $1 in
    --all) all=yes; shift ;;
    --only) only=$2; shift 2 ;;
    -h|--help) sed -n '2,12s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "error: there is no option \`$1\`" >&2; echo "hint: packaging/try.sh --help" >&2; exit 2 ;;
    *) packages=$1; shift ;;
  esac
done
here=$(cd "$(dirname "$0")" && pwd)
packages=$(cd "$packages" 2>/dev/null && pwd) || { echo 'error: there are no packages' >&2; echo 'hint: packaging/build.sh makes them' >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
oks=0 failures=0 skips=0
# shellcheck source=packaging/checks.sh
. "$here/checks.sh"
part() { [ -z "$only" ] || [ "$only" = "$1" ]; }
one() { local found=("$packages"/$1); [ -f "${found[0]}" ] && echo "${found[0]}"; }

log=$work/access.log
printf '203.0.113.9 - - [14/Feb/2017:11:00:0%s +0100] "GET /../../etc/passwd HTTP/1.1" 404 100 "-" "sqlmap/1.0"\n' 0 1 2 > "$log"
program=$(one 'vigie-*-linux-x86_64') || { echo "error: there is no program in \`$packages\`" >&2; exit 2; }

# The least of fifteen starts in milliseconds, as a clock sees it: what others do on the machine only makes it longer.
starts() {
  python3 - "$@" <<'PY'
import subprocess, sys, time
def once():
    begun = time.perf_counter()
    subprocess.run([*sys.argv[1:], "--version"], stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1000
once()
print(f"{min(once() for _ in range(15)):.1f}")
PY
}

finds() { "$@" check "$log" 2>/dev/null | grep -q '203\.0\.113\.9'; }
said() { grep -q "$1" <<<"$("${@:2}" 2>&1)"; }
# Whether each shell takes the completion; of the shells that are there.
completes() {
  "$@" completions bash > "$work/c.bash" && bash --norc -c "source '$work/c.bash' && complete -p vigie" >/dev/null || return 1
  "$@" completions zsh > "$work/_vigie" && grep -q '^#compdef vigie' "$work/_vigie" || return 1
  ! command -v zsh >/dev/null || zsh -f -c "fpath=($work \$fpath); autoload -U compinit && compinit -u -d $work/dump && (( \$+_comps[vigie] ))" || return 1
  "$@" completions fish > "$work/c.fish" || return 1
  ! command -v fish >/dev/null || HOME=$work fish --no-config -c "source $work/c.fish; complete -C 'vigie che' | string match -q 'check*'" || return 1
}
demo() { rm -rf "$work/demo" && "$@" demo "$work/demo" > "$work/demo.out" 2>&1 && [ -s "$work/demo/case/brief/index.html" ]; }

# A program in a place of its own, by all that the issue names. `most`: milliseconds that a start may take.
tried() {
  local name=$1 most=$2; shift 2
  local took begun
  check "$name: --version" said '^vigie [0-9]' "$@" --version
  took=$(starts "$@")
  check "$name: starts in $took ms (at most $most)" python3 -c "import sys; sys.exit(not float('${took:-999}') < $most)"
  check "$name: --help names the commands" said 'demo ' "$@" --help
  check "$name: check finds what is in a log" finds "$@"
  check "$name: the manual" said '^\.TH vigie' "$@" man
  check "$name: completions, as the shells here take them" completes "$@"
  check "$name: doctor" said 'workers: ' "$@" doctor
  begun=$SECONDS
  check "$name: demo" demo "$@"
  echo "        demo took $((SECONDS - begun)) s"
}

if part sums; then
  echo '== sizes, sums, seal'
  ls -l "$packages" | awk 'NR > 1 { printf "%10.1f MB  %s\n", $5 / 1e6, $9 }'
  sums() { (cd "$1" && sha256sum --quiet -c SHA256SUMS) >/dev/null 2>&1; }
  check 'the sums are those of the packages' sums "$packages"
  listed() { [ "$(cut -c67- "$1/SHA256SUMS" | sort)" = "$(cd "$1" && ls | grep -v '^SHA256SUMS' | sort)" ]; }
  check 'no package is without a sum' listed "$packages"
  for file in $(cut -c67- "$packages/SHA256SUMS"); do
    rm -rf "$work/copy" && mkdir "$work/copy" && grep -F "  $file" "$packages/SHA256SUMS" > "$work/copy/SHA256SUMS"
    head -c $(($(stat -c %s "$packages/$file") / 2)) "$packages/$file" > "$work/copy/$file"
    refuse "half downloaded, told by its sum: $file" sums "$work/copy"
    cp "$packages/$file" "$work/copy/$file"
    python3 - "$work/copy/$file" <<'PY'
import os, sys
with open(sys.argv[1], "r+b") as f:
    at = os.path.getsize(sys.argv[1]) // 3
    f.seek(at); byte = f.read(1)[0]; f.seek(at); f.write(bytes([byte ^ 1]))
PY
    refuse "one bit altered, told by its sum: $file" sums "$work/copy"
  done
  rm -rf "$work/copy"
  # Sealed as a release is; whoever alters package and sums together lacks the key.
  cp "$packages/SHA256SUMS" "$work/SHA256SUMS"
  proof="$work/SHA256SUMS.tlog-proof" key="$work/log/verifier.key"
  check 'the sums are sealed' "$program" seal "$work/SHA256SUMS" --seals "$work/log"
  check 'a proof is made' "$program" prove "$work/SHA256SUMS" --seals "$work/log"
  check 'the proof holds' "$program" prove --check "$proof" "$work/SHA256SUMS" --key "$key"
  tr 0-9a-f 1-9a-f0 < "$work/SHA256SUMS" > "$work/forged"
  refuse 'altered sums are not proved' "$program" prove --check "$proof" "$work/forged" --key "$key"
  echo other > "$work/other" && "$program" seal "$work/other" --seals "$work/log2" >/dev/null 2>&1
  refuse "another's key does not prove them" "$program" prove --check "$proof" "$work/SHA256SUMS" --key "$work/log2/verifier.key"
  if [ -f "$packages/SHA256SUMS.tlog-proof" ] && [ -n "${VIGIE_RELEASE_KEY:-}" ]; then
    check 'the release is sealed by the key that was given' "$program" prove --check "$packages/SHA256SUMS.tlog-proof" "$packages/SHA256SUMS" --key "$VIGIE_RELEASE_KEY"
  else
    skip "the seal of the packages themselves: they carry none, or VIGIE_RELEASE_KEY names no key"
  fi
fi

if part static; then
  echo '== static program'
  chmod +x "$program" 2>/dev/null
  tried 'program' 20 "$program"
  half=$work/half && head -c $(($(stat -c %s "$program") / 2)) "$program" > "$half" && chmod +x "$half"
  refuse 'a half downloaded program does not start' "$half" --version
  root=$work/root && mkdir -p "$root/tmp" "$root/evidence"
  cp "$program" "$root/vigie" && cp "$log" "$root/evidence/access.log"
  if readelf -lW "$program" | grep -q INTERP; then
    skip 'an empty root: this program is not static'
  elif ! unshare -r chroot "$root" /vigie --version >/dev/null 2>&1; then
    skip 'an empty root: this machine allows no unshare and chroot'
  else
    empty() { unshare -r chroot "$root" /vigie "$@"; }
    in_root() { empty check /evidence/access.log 2>/dev/null | grep -q '203\.0\.113\.9'; }
    check 'in an empty root: check' in_root
    check 'in an empty root: demo' empty demo /tmp/demo
    check 'in an empty root: manual' said '^\.TH vigie' empty man
    check 'in an empty root: completions' said _vigie empty completions bash
    check 'in an empty root: doctor' said 'workers: ' empty doctor
  fi
fi

if part wheel; then
  echo '== wheel'
  wheel=$(one 'vigie-*.whl')
  check 'wheel: a new virtual environment' python3 -m venv "$work/venv"
  check 'wheel: pip install, without a network' "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"
  tried wheel 20 "$work/venv/bin/vigie"
  check 'wheel: man page' test -s "$work/venv/share/man/man1/vigie.1"
  check 'wheel: SBOM' sh -c "ls '$work'/venv/lib/python*/site-packages/vigie-*.dist-info/sboms/vigie.cdx.json"
  check 'wheel: licences' sh -c "ls '$work'/venv/lib/python*/site-packages/vigie-*.dist-info/licenses/LICENCES.txt"
  # What was linked in and is no crate: a static program holds the C library.
  inside() { readelf -lW "$program" | grep -q INTERP || { grep -q '"glibc"' "$packages"/vigie-*.sbom.cdx.json && grep -q 'LESSER GENERAL' "$work"/venv/lib/python*/site-packages/vigie-*.dist-info/licenses/LICENCES.txt; }; }
  check 'wheel: SBOM and licences name the C library that is inside' inside
  mkdir "$work/cut" && head -c 1000000 "$wheel" > "$work/cut/$(basename "$wheel")"
  refuse 'wheel: half downloaded, pip refuses it' "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index --force-reinstall "$work/cut/$(basename "$wheel")"
  if command -v man >/dev/null; then check 'wheel: man shows the page' sh -c "MANPATH='$work/venv/share/man' man -P cat vigie | grep -q '^vigie(1)'"; else skip 'man: there is none'; fi
fi

if part npm; then
  echo '== npm'
  if command -v npm >/dev/null; then
    mkdir "$work/npm"
    platform=$(one 'vigie-linux-x64-*.tgz') main=$(one 'vigie-[0-9]*.tgz')
    check 'npm: install, in an empty folder, without a network' sh -c "cd '$work/npm' && npm install --silent --no-audit --no-fund --offline '$platform' '$main'"
    # The script is Node's, which takes most of the time.
    tried npm 150 "$work/npm/node_modules/.bin/vigie"
    check 'npm: SBOM, licences' sh -c "[ -s '$work/npm/node_modules/@vigie/linux-x64/sbom.cdx.json' ] && [ -s '$work/npm/node_modules/@vigie/linux-x64/LICENCES.txt' ]"
    check 'npm: man pages' test -s "$work/npm/node_modules/vigie/man/vigie.1"
    check 'npm: the exit code is the program'"'"'s' sh -c "'$work/npm/node_modules/.bin/vigie' check /nowhere; [ \$? = 2 ]"
    mkdir "$work/alone" && check 'npm: without the package of the platform it says which' sh -c "cd '$work/alone' && npm install --silent --no-audit --no-fund --offline --omit=optional '$main' && node_modules/.bin/vigie --version 2>&1 | grep -q '@vigie/linux-x64'"
  else
    skip 'npm: there is none'
  fi
fi

if part deb; then
  echo '== deb'
  if command -v dpkg-deb >/dev/null; then
    deb=$(one 'vigie_*.deb') share=$work/deb/usr/share
    check 'deb: unpacked' dpkg-deb -x "$deb" "$work/deb"
    tried deb 20 "$work/deb/usr/bin/vigie"
    check 'deb: man page' sh -c "gzip -dc '$share/man/man1/vigie.1.gz' | grep -q '^.TH vigie'"
    for file in bash-completion/completions/vigie zsh/vendor-completions/_vigie fish/vendor_completions.d/vigie.fish doc/vigie/copyright \
      doc/vigie/changelog.gz doc/vigie/sbom.cdx.json doc/vigie/LICENCES.txt; do
      check "deb: $file" test -s "$share/$file"
    done
    head -c 1000000 "$deb" > "$work/cut.deb"
    refuse 'deb: half downloaded, dpkg refuses it' dpkg-deb -x "$work/cut.deb" "$work/cut-deb"
    if [ "$(id -u)" = 0 ]; then
      check 'deb: dpkg takes it' sh -c "mkdir -p '$work/dpkg/info' '$work/dpkg/updates' '$work/dpkg/triggers' && : > '$work/dpkg/status' && dpkg --admindir='$work/dpkg' --root='$work/dpkg-root' --force-not-root --force-depends --dry-run -i '$deb'"
    else
      skip 'deb: dpkg itself wants root'
    fi
  else
    skip 'deb: there is no dpkg-deb'
  fi
fi

if part case; then
  echo '== a case'
  made() { mkdir -p "$1" && (cd "$1" && "$program" init case --name moved && "$program" add case "$log" && "$program" run case) >/dev/null 2>&1; }
  there() { (cd "$1" && "$program" verify case >/dev/null 2>&1 && "$program" findings case 2>/dev/null | grep -q '203\.0\.113\.9'); }
  check 'a case: made' made "$work/here"
  mkdir "$work/there" && mv "$work/here/case" "$work/there/case"
  check 'a case: opens elsewhere, unchanged' there "$work/there"
  # Two programs on one case: what a newer one wrote is refused, with what to do.
  cp -r "$work/there/case" "$work/newer" && python3 -c "
import sqlite3; db = sqlite3.connect('$work/newer/case.db'); n = db.execute('PRAGMA user_version').fetchone()[0]
db.execute(f'PRAGMA user_version = {n + 1}'); db.commit()"
  refuse 'a case: of a newer program, not run' "$program" run "$work/newer"
  check 'a case: of a newer program, the hint' said 'hint: use the program' "$program" findings "$work/newer"
  # A clock that stands in 1980: a dead battery.
  check 'a clock at 1980, told by --at: doctor says so' said '1980' "$program" doctor --at 1980-01-01T00:00:00Z
  refuse 'a clock at 1980, told by --at: doctor' "$program" doctor --at 1980-01-01T00:00:00Z
  if command -v faketime >/dev/null && said 1980 faketime '1980-01-01 00:00:00' "$program" doctor; then
    clock() { faketime '1980-01-01 00:00:00' "$program" "$@"; }
  else
    skip "a clock at 1980 under the program (a static one can't be shown another clock; faketime, if it is there): --at stands for it"
    clock() { "$program" "$@" --at 1980-01-01T00:00:00Z; }
  fi
  at_1980() { (mkdir "$work/1980" && cd "$work/1980" && clock init case --name old && clock add case "$log" && clock run case) >/dev/null 2>&1 && there "$work/1980"; }
  check 'a clock at 1980: a case is made, and finds the same' at_1980
  touch -d '1980-01-01 00:00:00' "$work/old.log" 2>/dev/null; cp "$log" "$work/old.log"; touch -d '1980-01-01 00:00:00' "$work/old.log"
  old() { "$program" check "$work/old.log" 2>/dev/null | grep -q '203\.0\.113\.9'; }
  check 'evidence with a time of 1980' old
fi

if part key; then
  echo '== USB key'
  archive=$(one 'vigie-*-usb.zip')
  if unshare -m true 2>/dev/null; then apart='unshare -m'; else apart=; fi
  $apart "$here/try_key.sh" "$archive" "$program" > >(tee "$work/key.txt") 2>&1
  # That script's own end is a check as well: one that stops midway has tried nothing more.
  check 'key: all of it was tried' grep -q '^end of the key' "$work/key.txt"
  oks=$((oks + $(grep -c '^ok ' "$work/key.txt"))) failures=$((failures + $(grep -c '^FAILED' "$work/key.txt"))) skips=$((skips + $(grep -c '^skipped' "$work/key.txt")))
fi

echo
echo "$oks ok, $failures failed, $skips skipped"
[ "$all" = no ] || failures=$((failures + skips))
[ $((oks + failures)) -gt 0 ] || { echo "error: nothing was tried" >&2; exit 2; }
[ "$failures" = 0 ]
