#!/usr/bin/env bash
# Makes every package of a clean clone, with what the registries give and nothing else. Publishes nothing.
#
# usage: packaging/build.sh [OUT] [--program FILE] [--profile dist|release] [--only wheel]
#
#   OUT        where the packages go (default: target/packages): a new or empty folder, or that of a build before, of which
#              the packages it listed are removed and nothing else
#   --program  take this program instead of building one; for trying the packages, not for publishing
#   --only     `wheel`: stop when the wheel is there
#   --profile  `dist` (default) is what is shipped: link-time optimisation; `release` is what a newcomer builds, and faster had
#
# One program goes into all packages: static (glibc within it), so that it runs on any Linux of its architecture. Two
# builds of one commit give the same bytes: paths are mapped, times are the commit's.
set -euo pipefail
# What is named is meant from where the script is called.
from=$PWD
cd "$(dirname "$0")/.."
root=$PWD out=$PWD/target/packages program='' program_given='' profile=dist only=
while [ $# -gt 0 ]; do
  case $1 in
    --program) program=$(cd "$from" && realpath "$2"); program_given=yes; shift 2 ;;
    --profile) profile=$2; shift 2 ;;
    --only) only=$2; shift 2 ;;
    -h|--help) sed -n '2,15s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) echo "error: there is no option \`$1\`" >&2; echo "hint: packaging/build.sh --help" >&2; exit 2 ;;
    *) out=$(cd "$from" && mkdir -p "$1" && cd "$1" && pwd); shift ;;
  esac
done
target=x86_64-unknown-linux-gnu
case "$(uname -sm)" in
  'Linux x86_64') ;;
  *) echo "error: packages are built on Linux x86_64 only; packaging/README.md names what was not tried elsewhere" >&2; exit 2 ;;
esac
version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
umask 022
step() { printf '\n== %s (%s s)\n' "$1" "$SECONDS"; }

# The tools of Python's registry, apart from the machine's own.
tools=$root/target/packaging-tools
if [ -z "$only" ] && [ ! -x "$tools/bin/sphinx-build" ]; then
  step 'tools from PyPI'
  python3 -m venv "$tools"
  "$tools/bin/pip" install --quiet --disable-pip-version-check sphinx==8.* myst-parser==4.* furo
fi

# A folder is somebody's: what a build before listed in it is removed, by name, and nothing else; where other things are, nothing is.
if [ -f "$out/SHA256SUMS" ] && [ ! -L "$out/SHA256SUMS" ]; then
  while read -r _ name; do
    case $name in vigie-*|vigie_*) [ "${name#*/}" != "$name" ] || rm -f -- "$out/$name" ;; esac
  done < "$out/SHA256SUMS"
  rm -f -- "$out/SHA256SUMS" "$out/SHA256SUMS.tlog-proof"
fi
if [ -n "$(ls -A "$out")" ]; then
  echo "error: \`$out\` holds what no build of packages made" >&2
  echo "hint: name a new or an empty folder" >&2
  exit 2
fi
mkdir -p "$root/target/stage"
stage=$(mktemp -d "$root/target/stage/XXXXXX")
trap 'rm -rf "$stage"' EXIT

step 'the program'
cargo_home=${CARGO_HOME:-$HOME/.cargo}
flags="-C target-feature=+crt-static --remap-path-prefix=$root=/vigie --remap-path-prefix=$cargo_home=/cargo"
# A static program looks for its C library's `getrandom` in vain and would open /dev/urandom, which an empty root has not.
flags="$flags --cfg getrandom_backend=\"linux_getrandom\""
# The linker's build id is a hash of what strip takes away as well, paths among it: all in which two builds differed.
flags="$flags -C link-arg=-Wl,--build-id=none"
# SQLite and ring are C: their file names as well.
c_flags="-ffile-prefix-map=$root=/vigie -ffile-prefix-map=$cargo_home=/cargo"
if [ -z "$program" ]; then
  RUSTFLAGS=$flags CFLAGS=$c_flags CARGO_INCREMENTAL=0 cargo build --locked --profile "$profile" --target "$target" -p vigie
  program=$root/target/$target/$profile/vigie
fi
install -m 755 "$program" "$stage/vigie"
strip --strip-all "$stage/vigie"
static=static
if readelf -l "$stage/vigie" | grep -q INTERP; then
  static=
  [ -n "$program_given" ] || { echo 'error: the program is not static' >&2; exit 2; }
  echo 'note: the program that was given is not static: it runs where its C library is, and the wheel says so'
fi
"$stage/vigie" --version

step 'manual, completions, what is inside'
"$stage/vigie" man "$stage/man"
mkdir "$stage/completions"
for shell in bash zsh fish; do "$stage/vigie" completions $shell > "$stage/completions/vigie.$shell"; done
python3 packaging/inside.py sbom $static > "$stage/sbom.cdx.json"
python3 packaging/inside.py licences $static > "$stage/LICENCES.txt"

step 'static program'
name=vigie-$version-linux-x86_64
install -m 755 "$stage/vigie" "$out/$name"

step 'wheel'
# Packed of the program that is there (PEP 427): maturin would build another one, with other bytes than the rest of the packages.
python3 packaging/wheel.py "$stage" "$out" "$version"
[ "$only" != wheel ] || (cd "$out" && sha256sum -- vigie[-_]* > SHA256SUMS)
[ "$only" = wheel ] && exit 0

step 'npm'
python3 packaging/npm.py "$stage" "$stage/npm" "$version"
for package in "$stage"/npm/*/; do (cd "$package" && npm pack --silent --pack-destination "$out" >/dev/null); done

step 'deb'
deb=$stage/deb
mkdir -p "$deb/DEBIAN" "$deb/usr/bin" "$deb/usr/share/man/man1" "$deb/usr/share/doc/vigie" "$deb/usr/share/bash-completion/completions" \
  "$deb/usr/share/zsh/vendor-completions" "$deb/usr/share/fish/vendor_completions.d"
install -m 755 "$stage/vigie" "$deb/usr/bin/vigie"
for page in "$stage"/man/*.1; do gzip -9nc "$page" > "$deb/usr/share/man/man1/$(basename "$page").gz"; done
install -m 644 "$stage/completions/vigie.bash" "$deb/usr/share/bash-completion/completions/vigie"
install -m 644 "$stage/completions/vigie.zsh" "$deb/usr/share/zsh/vendor-completions/_vigie"
install -m 644 "$stage/completions/vigie.fish" "$deb/usr/share/fish/vendor_completions.d/vigie.fish"
install -m 644 README.md "$stage/sbom.cdx.json" "$stage/LICENCES.txt" "$deb/usr/share/doc/vigie/"
gzip -9nc CHANGELOG.md > "$deb/usr/share/doc/vigie/changelog.gz"
cat > "$deb/usr/share/doc/vigie/copyright" <<EOF
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: vigie

Files: *
Copyright: the authors of Vigie
License: Apache-2.0
 On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.
 What the program holds of others, each with its licence: LICENCES.txt beside this file.
EOF
cat > "$deb/DEBIAN/control" <<EOF
Package: vigie
Version: $version
Architecture: amd64
Maintainer: the authors of Vigie <vigie@localhost>
Installed-Size: $(du -sk --apparent-size "$deb/usr" | cut -f1)
Section: utils
Priority: optional
Suggests: chromium
Description: shows, proves and explains interference with an election
 Reads logs, names, mail, posts, documents and counts that one has, offline, and
 makes of them findings whose every figure opens down to the exact bytes.
EOF
find "$deb" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
dpkg-deb --root-owner-group -Zxz --build "$deb" "$out/vigie_${version}_amd64.deb" >/dev/null

step 'USB key'
python3 packaging/usb.py "$stage" "$out/vigie-$version-usb.zip"

step 'the book'
python3 packaging/book.py "$stage/vigie" "$stage/book"
"$tools/bin/sphinx-build" -q -W --keep-going -b html "$stage/book" "$stage/html"
(cd "$stage/html" && rm -rf .doctrees .buildinfo && find . -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} + && find . -type f | sort | zip -qX -@ "$out/vigie-$version-book.zip")

step 'sums'
install -m 644 "$stage/sbom.cdx.json" "$out/vigie-$version.sbom.cdx.json"
(cd "$out" && sha256sum -- vigie[-_]* > SHA256SUMS)
# Whoever publishes has a log of seals; the sums are sealed in it, and the proof is a signed note that `vigie prove --check`
# (or the press pack's verifier) checks.
if [ -n "${VIGIE_RELEASE_SEALS:-}" ]; then
  "$stage/vigie" seal "$out/SHA256SUMS" --seals "$VIGIE_RELEASE_SEALS"
  "$stage/vigie" prove "$out/SHA256SUMS" --seals "$VIGIE_RELEASE_SEALS"
  "$stage/vigie" prove --check "$out/SHA256SUMS.tlog-proof" "$out/SHA256SUMS" --key "$VIGIE_RELEASE_SEALS/verifier.key"
else
  echo 'not signed: VIGIE_RELEASE_SEALS names no log of seals'
fi
step 'done'
ls -l "$out" | awk 'NR > 1 { printf "%10d  %s\n", $5, $9 }'
