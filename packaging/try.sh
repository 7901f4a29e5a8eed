#!/usr/bin/env bash
# Tries each package in a fresh throw-away place, as whoever gets it would: usage: packaging/try.sh [PACKAGES].
# A part that this machine cannot try says so. Prints sizes and start-up times.
set -euo pipefail
packages=$(cd "${1:-$(dirname "$0")/../target/packages}" && pwd)
work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
failed=0
log=$work/access.log
printf '203.0.113.9 - - [14/Feb/2017:11:00:0%s +0100] "GET /../../etc/passwd HTTP/1.1" 404 100 "-" "sqlmap/1.0"\n' 0 1 2 > "$log"

# Runs a program in a place of its own: version, help, a check that finds something, doctor.
tried() {
  local name=$1; shift
  local version took
  version=$("$@" --version) || { echo "FAILED $name: --version"; failed=1; return 0; }
  took=$(python3 - "$@" <<'PY'
import statistics, subprocess, sys, time
def once():
    begun = time.perf_counter()
    subprocess.run([*sys.argv[1:], "--version"], stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - begun) * 1000
once()
print(f"{statistics.median(once() for _ in range(15)):.1f}")
PY
)
  "$@" --help | grep -q 'vigie demo' || { echo "FAILED $name: --help"; failed=1; }
  "$@" check "$log" 2>/dev/null | grep -q 203.0.113.9 || { echo "FAILED $name: check"; failed=1; }
  "$@" completions bash | grep -q _vigie || { echo "FAILED $name: completions"; failed=1; }
  echo "ok     $name: $version, starts in $took ms"
}

echo '== sizes'
ls -l "$packages" | awk 'NR > 1 { printf "%10.1f MB  %s\n", $5 / 1e6, $9 }'
(cd "$packages" && sha256sum --quiet -c SHA256SUMS) && echo 'ok     sums'
cp -r "$packages" "$work/altered"
program=$(ls "$work"/altered/vigie-*-linux-x86_64)
printf x | dd of="$program" bs=1 seek=4096 conv=notrunc status=none
if (cd "$work/altered" && sha256sum --quiet -c SHA256SUMS >/dev/null 2>&1); then echo 'FAILED an altered package passes'; failed=1; else echo 'ok     an altered package is told'; fi

echo '== static program'
tried 'static program' "$packages"/vigie-*-linux-x86_64
root=$work/root && mkdir -p "$root/tmp" "$root/evidence"
cp "$packages"/vigie-*-linux-x86_64 "$root/vigie" && cp "$log" "$root/evidence/access.log"
if unshare -r chroot "$root" /vigie --version >/dev/null 2>&1; then
  unshare -r chroot "$root" /vigie check /evidence/access.log | grep -q 203.0.113.9 && echo 'ok     in an empty root: nothing but the program and the log'
else
  echo 'skipped: this machine allows no unshare and chroot'
fi

echo '== wheel'
python3 -m venv "$work/venv" && "$work/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$packages"/vigie-*.whl
tried wheel "$work/venv/bin/vigie"
[ -s "$work/venv/share/man/man1/vigie.1" ] && echo 'ok     wheel: man page'

echo '== npm'
if command -v npm >/dev/null; then
  mkdir "$work/npm" && cd "$work/npm"
  npm install --silent --no-audit --no-fund --offline "$packages"/vigie-linux-x64-*.tgz "$packages"/vigie-[0-9]*.tgz >/dev/null
  tried npm "$work/npm/node_modules/.bin/vigie"
  cd - >/dev/null
else
  echo 'skipped: there is no npm'
fi

echo '== deb'
if command -v dpkg-deb >/dev/null; then
  dpkg-deb -x "$packages"/vigie_*.deb "$work/deb"
  tried deb "$work/deb/usr/bin/vigie"
  gzip -dc "$work/deb/usr/share/man/man1/vigie.1.gz" | grep -q '^.TH vigie' && echo 'ok     deb: man page'
  [ -s "$work/deb/usr/share/bash-completion/completions/vigie" ] && [ -s "$work/deb/usr/share/doc/vigie/copyright" ] && echo 'ok     deb: completion, copyright'
  bash -c "source $work/deb/usr/share/bash-completion/completions/vigie && complete -p vigie" >/dev/null && echo 'ok     deb: bash takes the completion'
else
  echo 'skipped: there is no dpkg-deb'
fi

echo '== USB key'
python3 -m zipfile -e "$packages"/vigie-*-usb.zip "$work/key" && key=$work/key/vigie
(cd "$key" && sha256sum --quiet -c SHA256SUMS) && echo 'ok     key: sums'
chmod -R a-w "$key" && chmod a-x "$key/vigie" "$key/vigie.sh"
(cd "$key" && env -i PATH="$PATH" TMPDIR=/nowhere sh vigie.sh check "$log" 2>"$work/said") | grep -q 203.0.113.9 &&
  grep -q 'a copy' "$work/said" && echo 'ok     key: nothing on it may be started or written, no home, no TMPDIR'
[ -s "$key/example/en/index.html" ] && [ -s "$key/exemple/fr/index.html" ] && [ -s "$key/guide-fr.html" ] && echo 'ok     key: briefs and guide'

echo '== a case that moves'
vigie=$(ls "$packages"/vigie-*-linux-x86_64)
mkdir "$work/here" "$work/there"
(cd "$work/here" && "$vigie" init case --name moved >/dev/null && "$vigie" add case "$log" >/dev/null && "$vigie" run case >/dev/null) 2>/dev/null
mv "$work/here/case" "$work/there/case"
(cd "$work/there" && "$vigie" verify case >/dev/null && "$vigie" findings case | grep -q 203.0.113.9) && echo 'ok     a case made here opens there'

echo '== the demo, of the wheel'
begun=$SECONDS
if "$work/venv/bin/vigie" demo "$work/demo" >/dev/null 2>&1; then echo "ok     demo: $((SECONDS - begun)) s"; else echo 'FAILED demo'; failed=1; fi
exit $failed
