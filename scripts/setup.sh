#!/usr/bin/env bash
# Makes this clone ready:  scripts/setup.sh run | test | postgres
#   run       Python packages that the product needs (the demo)
#   test      these and what the checks and tests need: also Chromium, fonts and GStreamer's RTSP server, from apt
#   postgres  PostgreSQL's programs, from apt, for the tests on it
# Safe to run again, and quick when nothing changed: a stamp in .venv holds the hash of what was installed.
# Uses no network but the package registries. Every package is checked against its hash in requirements/*.lock.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
fail() { printf 'setup: cannot go on: %s\n' "$*" >&2; exit 1; }

# apt ---------------------------------------------------------------------------------------------------------

installed() { dpkg-query -W -f='${Status}' "$1" 2>/dev/null | grep -q '^install ok installed$'; }

apt_install() {
  local missing=() package as_root=() log
  command -v dpkg-query >/dev/null || fail "this needs the packages '$*' and knows only apt. Install them by your system's means, then set SIGHTPACT_SKIP_APT=1."
  for package; do installed "$package" || missing+=("$package"); done
  [ ${#missing[@]} -eq 0 ] && return 0
  local command="apt-get update && apt-get install --no-install-recommends -y ${missing[*]}"
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || fail "system packages are missing and this account may not install them. Run this once, then try again:  sudo sh -c '$command'"
    as_root=(sudo -n)
  fi
  say "installing with apt: ${missing[*]}"
  log=$(mktemp)
  if ! { "${as_root[@]}" apt-get update -qq \
      && "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"; } \
      >"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    fail "apt could not install them (its words are above). Run this yourself, then try again:  $command"
  fi
  rm -f "$log"
}

want_apt() { [ -n "${SIGHTPACT_SKIP_APT:-}" ] || apt_install "$@"; }

# Papers as PDF need Pango. Without it everything else runs, and the page of a PDF says what to install.
want_paper_libraries() {
  local packages=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
  (want_apt "${packages[@]}") 2>/dev/null \
    || say "PDFs cannot be made yet; everything else runs. For them:  sudo apt-get install ${packages[*]}"
}

# Python ------------------------------------------------------------------------------------------------------

usable() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
  local name
  for name in "${SIGHTPACT_PYTHON:-}" python3 python3.14 python3.13 python3.12 python3.11 /usr/bin/python3; do
    if [ -n "$name" ] && usable "$name"; then PYTHON=$name; return 0; fi
  done
  return 1
}

need_python() {
  find_python && return 0
  say "no Python 3.11 or newer with venv yet"
  want_apt python3 python3-venv
  hash -r
  find_python && return 0
  if command -v apt-cache >/dev/null && apt-cache show python3.11-venv >/dev/null 2>&1; then
    want_apt python3.11 python3.11-venv
    hash -r
    find_python && return 0
  fi
  fail "no Python 3.11 or newer here, and apt has none. Install one and name it:  SIGHTPACT_PYTHON=/path/to/python3.12 make demo"
}

digest() { cat "$@" pyproject.toml scripts/setup.sh | sha256sum | cut -d' ' -f1; }

install_python() { # run | dev
  local lock="requirements/$1.lock" stamp=".venv/.sightpact-$1" hash log
  hash="$(digest "$lock")  $PWD"
  if ! { [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }; then
    need_python
    say "making .venv with $("$PYTHON" --version)"
    rm -rf .venv
    "$PYTHON" -m venv .venv
  elif [ "$(cat "$stamp" 2>/dev/null)" = "$hash" ]; then
    return 0
  elif [ "$1" = run ] && [ "$(cat .venv/.sightpact-dev 2>/dev/null)" = "$(digest requirements/dev.lock)  $PWD" ]; then
    return 0 # dev.lock holds all of run.lock, at the same versions
  fi
  say "installing the Python packages of $lock (about half a minute with a good connection)"
  rm -f .venv/.sightpact-*
  log=$(mktemp)
  if ! { .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip; } >"$log" 2>&1 \
    || ! .venv/bin/python -m pip install -q --disable-pip-version-check --no-input --no-deps --only-binary :all: \
         --require-hashes -r "$lock" >>"$log" 2>&1 </dev/null \
    || ! .venv/bin/python -m pip install -q --disable-pip-version-check --no-input --no-deps --no-index --no-build-isolation \
         -e . >>"$log" 2>&1 </dev/null; then
    tail -n 15 "$log" >&2
    fail "pip could not install $lock (its words are above). Is the package registry reachable from here?"
  fi
  rm -f "$log"
  printf '%s\n' "$hash" >"$stamp"
}

# Tests -------------------------------------------------------------------------------------------------------

# A real MQTT broker for the tests of alarms. They start their own; the system's service is not wanted.
install_mosquitto() {
  PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v mosquitto >/dev/null && return 0
  want_apt mosquitto
  command -v systemctl >/dev/null && systemctl disable --now mosquitto >/dev/null 2>&1 || true
}

install_test_tools() {
  want_apt libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0
  want_apt fonts-dejavu-core gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-good gstreamer1.0-plugins-bad \
    gstreamer1.0-rtsp python3-gi
  install_mosquitto
  local name
  for name in chromium google-chrome google-chrome-stable chromium-browser; do command -v "$name" >/dev/null && return 0; done
  want_apt chromium
  command -v chromium >/dev/null || fail "the browser tests need Chromium with H.264, as Debian's package has it. On Ubuntu install Google Chrome's .deb (its own chromium is a snap)."
}

case "${1:-}" in
  run) want_paper_libraries; install_python run ;;
  test) install_test_tools && install_python dev ;;
  postgres)
    compgen -G '/usr/lib/postgresql/*/bin/pg_ctl' >/dev/null || command -v pg_ctl >/dev/null || want_apt postgresql ;;
  *) fail "say what for:  scripts/setup.sh run | test | postgres" ;;
esac
