#!/usr/bin/env bash
# Makes .venv in the checkout: the ROS 2 wheels, the models, tas_ros itself. Quick when nothing changed.
#   bash scripts/bootstrap.sh          what the demo needs
#   bash scripts/bootstrap.sh models   and what profiles with model files need (torch's CUDA build: 4 GB more)
#   bash scripts/bootstrap.sh test     and the test tools
# TAS_PYTHON names the Python to use (3.11 to 3.13; 3.11 is the reference).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv="$PWD/.venv"
stamps="$venv/.tas_stamps"
log="$venv/bootstrap.log"

say() { printf '[setup] %s\n' "$*"; }
die() { printf '[setup] error: %s\n' "$*" >&2; exit 1; }

# A sourced ROS install, or a Python started from another environment with ROS wheels, would mix its libraries into ours.
unset PYTHONPATH PYTHONHOME LD_LIBRARY_PATH AMENT_PREFIX_PATH CMAKE_PREFIX_PATH COLCON_PREFIX_PATH
unset _ROS_WHEELS_BOOTSTRAP_COMPLETE VIRTUAL_ENV

# Installs Debian packages when that is possible without asking, otherwise stops with the command that does.
need_debian_packages() {
  local why="$1"; shift
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "$why: installing $* with apt-get"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
      >/tmp/tas_ros-apt.$$.log 2>&1 || { tail -n 20 /tmp/tas_ros-apt.$$.log >&2; die "apt-get install $* failed"; }
    rm -f /tmp/tas_ros-apt.$$.log
  else
    die "$why; install it and run this again:  sudo apt-get install $*"
  fi
}

# WordNet serves the presets `paper` and `released` only, so a machine that cannot have it is told, not stopped.
want_wordnet() {
  [ -f /usr/share/wordnet/index.noun ] || [ -n "${NLTK_DATA:-}${WNSEARCHDIR:-}" ] && return
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    say "installing WordNet (wordnet-base) with apt-get"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wordnet-base; } \
      >/dev/null 2>&1 && return
  fi
  say "WordNet is not here; presets paper and released need it:  sudo apt-get install wordnet-base"
}

find_python() {
  local candidate
  for candidate in ${TAS_PYTHON:-python3.11 python3 python3.12 python3.13}; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
  return 1
}

# SHA-256 over names and contents of files and folders.
fingerprint() {
  find "$@" -type f ! -path '*/__pycache__/*' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1
}

fresh() { [ "$(cat "$stamps/$1" 2>/dev/null)" = "$2" ]; }

# Runs pip; shows how far it is, and the end of its output when it fails.
pip_install() {
  local count='/^Collecting |^Processing / { n++; if (n % 40 == 0) { printf "[setup]   %d packages found ...\n", n; fflush() } }
               /^Installing collected/ && n > 1 { printf "[setup]   unpacking %d packages ...\n", n; fflush() }'
  if ! "$venv/bin/python" -m pip install --no-input --disable-pip-version-check "$@" 2>&1 | tee "$log" | awk "$count"; then
    tail -n 25 "$log" >&2
    die "pip install $* failed; its whole output is in $log"
  fi
}

[ "$(uname -s)-$(uname -m)" = Linux-x86_64 ] || die "the ROS 2 wheels exist for x86-64 Linux only; this is $(uname -sm)"
python="$(find_python)" || die "no Python 3.11, 3.12 or 3.13 found; install python3.11 or set TAS_PYTHON"

"$python" -c 'import ensurepip, venv' 2>/dev/null || need_debian_packages "$python cannot make environments" python3-venv
header="$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h"
[ -f "$header" ] || need_debian_packages "no Python headers at $header" python3-dev
[ -n "${CXX:-}" ] || command -v c++ g++ >/dev/null || need_debian_packages "no C++ compiler (it compiles the ROS messages)" g++

if ! "$venv/bin/python" -c '' 2>/dev/null; then
  say "making .venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
fi
mkdir -p "$stamps"
exec 9>"$stamps/lock"
flock -n 9 || { say "waiting for another set-up of this checkout"; flock 9; }

sets=(build ros embedded)
missing=()
case "${1:-}" in
  "") ;;
  models) sets+=(models) ;;
  test) sets+=(models evaluation test) ;;
  *) die "unknown set-up '$1'; give models, test or nothing" ;;
esac
wanted="$(fingerprint requirements)"
for set in "${sets[@]}"; do
  fresh "requirements-$set" "$wanted" || missing+=(-r "requirements/$set.txt")
done
if [ ${#missing[@]} -gt 0 ]; then
  say "installing the requirements: ${sets[*]} (the first time several minutes; 2 GB on disk, with models 7)"
  pip_install "${missing[@]}" -c requirements/constraints.txt
  pip_install --no-deps -r requirements/no_deps.txt
  for set in "${sets[@]}"; do printf '%s\n' "$wanted" >"$stamps/requirements-$set"; done
fi

sources="$(fingerprint CMakeLists.txt package.xml setup.py pyproject.toml README.md LICENSE msg srv action cmake interfaces \
  config launch tas_ros)"
if ! fresh package "$sources" || ! [ -x "$venv/bin/tas" ]; then
  say "building tas_ros (its ROS messages are compiled the first time: about a minute)"
  PATH="$venv/bin:$PATH" pip_install --no-deps --no-build-isolation .
  printf '%s\n' "$sources" >"$stamps/package"
fi
[ "${#sets[@]}" = 3 ] || want_wordnet
say "ready: $venv"
