#!/usr/bin/env bash
# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

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

# Debian packages without which nothing can be set up, and what each is for.
packages=()
purposes=()

need_debian_package() { packages+=("$1"); purposes+=("$2"); }

is_root_on_debian() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

install_debian_packages() {
  say "installing $* with apt-get"
  local apt_log
  apt_log="$(mktemp)"
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@"; } \
    >"$apt_log" 2>&1 || { tail -n 20 "$apt_log" >&2; rm -f "$apt_log"; return 1; }
  rm -f "$apt_log"
}

# Installs all that is missing where that is possible without asking, otherwise stops with the one command that does.
# WordNet serves the presets `paper` and `released` and their tests only: nobody is stopped for want of it alone.
get_debian_packages() {
  local wants_wordnet="$1" wordnet=() purpose
  [ -f /usr/share/wordnet/index.noun ] || [ -n "${NLTK_DATA:-}${WNSEARCHDIR:-}" ] || wordnet=(wordnet-base)
  if [ ${#packages[@]} -gt 0 ]; then
    for purpose in "${purposes[@]}"; do say "missing on this machine: $purpose"; done
    is_root_on_debian || die "install it and run this again; on Debian:
sudo apt-get install --no-install-recommends $(printf '%s ' "${packages[@]}" "${wordnet[@]}" | sed 's/ *$//')"
    install_debian_packages "${packages[@]}" || die "apt-get install ${packages[*]} failed"
  fi
  if [ ${#wordnet[@]} -gt 0 ] && [ "$wants_wordnet" = yes ]; then
    is_root_on_debian && install_debian_packages "${wordnet[@]}" && return
    say "WordNet is not here; presets paper and released need it:  sudo apt-get install --no-install-recommends ${wordnet[*]}"
  fi
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


wants_wordnet=yes
case "${1:-}" in
  "") sets=(build ros embedded); wants_wordnet=no ;;
  models) sets=(build ros embedded models) ;;
  test) sets=(build ros embedded models evaluation test) ;;
  *) die "unknown set-up '$1'; give models, test or nothing" ;;
esac

python_package="python$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')"
header="$("$python" -c 'import sysconfig; print(sysconfig.get_path("include"))')/Python.h"
[ -n "${CXX:-}" ] || command -v c++ g++ >/dev/null || need_debian_package g++ "a C++ compiler (for the ROS messages)"
[ -f "$header" ] || need_debian_package "$python_package-dev" "Python's headers ($header)"
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  need_debian_package "$python_package-venv" "Python's modules venv and ensurepip"
get_debian_packages "$wants_wordnet"

if ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
  say "making .venv with $("$python" --version)"
  "$python" -m venv --clear "$venv"
fi
mkdir -p "$stamps"
exec 9>"$stamps/lock"
flock -n 9 || { say "waiting for another set-up of this checkout"; flock 9; }

missing=()
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
say "ready: $venv"
