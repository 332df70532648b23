#!/usr/bin/env bash
# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

# Runs the README's two commands on a machine that has nothing: a minimal Debian 12 in a folder, with Python 3.11 and git
# and what it takes to reach the package registries that this machine reaches; once as root, once as an ordinary user,
# then in odd surroundings. Needs root, debootstrap (installed if missing) and 20 GB; takes about an hour on two cores.
#   bash scripts/clean_room.sh                              all of it, with every test
#   bash scripts/clean_room.sh --user root --only demo      part of it: demo, test, oddities; root, ordinary (repeatable)
#   bash scripts/clean_room.sh --only test -- test/models   what stands after -- goes to pytest
#   --folder DIR   works there and keeps downloaded packages for the next time (default: a temporary folder)
#   --keep         leaves the rooms as they are at the end
#   --mirror URI   of Debian's packages (default: where this machine's apt takes them from)
# What each step prints is in log/clean_room. Exit code 0 when all was as it should be, otherwise 1.
# shellcheck disable=SC2016,SC2329  # single quotes: for another shell to expand; functions called through `step`, `trap`
set -euo pipefail
checkout="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
logs="$checkout/log/clean_room"
suite=bookworm
step_limit=7200 # seconds
person=tester
marker=.tas_clean_room # in a folder whose rooms may be removed

say() { printf '[clean room] %s\n' "$*" >&2; }
die() { printf '[clean room] error: %s\n' "$*" >&2; exit 1; }

folder="" mirror="" keep=no stage="" only=() users=() pytest_arguments=()
options=("$@")
while [ $# -gt 0 ]; do
  case "$1" in
    --folder) folder="${2:?--folder needs a folder}"; shift ;;
    --mirror) mirror="${2:?--mirror needs an address}"; shift ;;
    --only) [[ ${2:-} =~ ^(demo|test|oddities)$ ]] || die "--only takes demo, test or oddities"; only+=("$2"); shift ;;
    --user) [[ ${2:-} =~ ^(root|ordinary)$ ]] || die "--user takes root or ordinary"; users+=("$2"); shift ;;
    --keep) keep=yes ;;
    --stage) stage="$2"; shift ;; # for itself
    --) shift; pytest_arguments=("$@"); break ;;
    *) die "unknown option '$1'; see the head of $0" ;;
  esac
  shift
done

[ ${#only[@]} -gt 0 ] || only=(demo test oddities)
[ ${#users[@]} -gt 0 ] || users=(root ordinary)

if [ -n "$folder" ]; then
  mkdir -p "$folder"
  folder="$(realpath "$folder")"
fi

wanted() { [[ " ${only[*]} " == *" $1 "* ]]; }

# ---- one room: a root folder, its mounts, and running something in it

# Every mount is made in a namespace of this script's own, so that it ends with the process that made it.
mount_system() {
  local room="$1" node
  mount -t proc proc "$room/proc"
  mount -t sysfs -o ro sysfs "$room/sys"
  mount -t tmpfs -o mode=755 tmpfs "$room/dev"
  for node in null zero full random urandom tty; do
    touch "$room/dev/$node"
    mount --bind "/dev/$node" "$room/dev/$node"
  done
  ln -s /proc/self/fd "$room/dev/fd"
  mkdir "$room/dev/shm" "$room/dev/pts"
  mount -t tmpfs -o mode=1777 tmpfs "$room/dev/shm" # Fast DDS and Ray pass their data through it
  mount -t devpts -o newinstance,ptmxmode=0666,mode=620 devpts "$room/dev/pts"
  ln -s pts/ptmx "$room/dev/ptmx"
}

bind_folder() { # where, room, place in the room, mount options
  mkdir -p "$2$3"
  mount --bind "$1" "$2$3"
  mount -o "remount,bind,$4" "$2$3"
}

pip_of_this_machine() { "${TAS_PYTHON:-python3}" -m pip "$@" 2>/dev/null; }

# Files and folders that this machine's pip configuration names: wheels, indexes on disk, constraints, certificates.
pip_paths() {
  pip_of_this_machine config list | "${TAS_PYTHON:-python3}" -c '
import ast, os, sys
for line in sys.stdin:
    key, _, value = line.partition("=")
    for word in ast.literal_eval(value).split():
        path = word.removeprefix("file://").rstrip("/")
        if key.endswith("index-url"):
            path = os.path.dirname(path)  # its pages name files beside it
        if path.count("/") > 1 and path.startswith("/") and os.path.exists(path):
            print(path)' | sort -u
}

pip_configuration() { # all users' files ("global") or this user's ("user")
  pip_of_this_machine config debug |
    sed -n "/^$1:/,/^[a-z]/ s/^  \(.*\), exists: True$/\1/p"
}

# Configuration of apt, pip and TLS as this machine has it, so that the same registries are reached.
copy_package_configuration() {
  local room="$1" path home
  cp -L /etc/resolv.conf /etc/hosts "$room/etc/"
  mkdir -p "$room/etc/ssl" "$room/usr/share/keyrings"
  [ ! -d /etc/ssl/certs ] || cp -rL /etc/ssl/certs "$room/etc/ssl/" 2>/dev/null || true # dangling links
  # Debian's own place for a site's certificates: ca-certificates, once installed, makes the bundle anew from there.
  cp -a /usr/local/share/ca-certificates "$room/usr/local/share/" 2>/dev/null || true
  rm -f "$room/etc/apt/sources.list"
  cp -a /etc/apt/. "$room/etc/apt/"
  cp -an /usr/share/keyrings/. "$room/usr/share/keyrings/"
  echo 'APT::Get::Assume-Yes "true";' >"$room/etc/apt/apt.conf.d/99clean-room" # nobody is there to answer
  while read -r path; do
    mkdir -p "$room$(dirname "$path")"
    cp -L "$path" "$room$path"
  done < <(pip_configuration global; pip_paths | while read -r path; do [ ! -f "$path" ] || echo "$path"; done)
  for home in /root "/home/$person"; do
    while read -r path; do
      path="${path#"$HOME"/}"
      mkdir -p "$room$home/$(dirname "$path")"
      cp -L "$HOME/$path" "$room$home/$path"
    done < <(pip_configuration user)
  done
}

# What of this shell's environment tells package clients how to reach their registries.
package_environment() {
  env -0 | while IFS= read -r -d '' pair; do
    [[ ! ${pair%%=*} =~ ^(PIP_.*|SSL_CERT_(FILE|DIR)|REQUESTS_CA_BUNDLE|CURL_CA_BUNDLE|(https?|no|all)_proxy|(HTTPS?|NO|ALL)_PROXY)$ ]] ||
      printf '%s\0' "$pair"
  done
}

# Runs a command in the room: user, folder there, then the command, before which may stand NAME=value and `-u NAME`.
inside() {
  local who="$1" where="$2" home="/home/$person" environment=()
  shift 2
  [ "$who" != root ] || home=/root
  mapfile -d '' -t environment < <(package_environment)
  env -i "${environment[@]}" PIP_CACHE_DIR=/var/cache/clean_room_pip HOME="$home" USER="$who" LOGNAME="$who" LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin DEBIAN_FRONTEND=noninteractive TERM=dumb \
    timeout --kill-after=30 "$step_limit" \
    chroot --userspec="$who" "$room" /bin/bash -c 'cd "$1" && shift && exec env "$@"' step "$where" "$@"
}

# ---- steps and what is noted of them

used_megabytes() {
  local exclude=() place
  while read -r _ _ _ _ place _; do
    [[ $place != "$room"/* ]] || exclude+=(--exclude="$place")
  done </proc/self/mountinfo
  du -s --block-size=1M "${exclude[@]}" "$room" | cut -f1
}

figure() { # of pytest's last line: passed, skipped or failed
  sed -n 's/^=* *\(.* in [0-9.]*s.*\)$/\1/p' "$2" | tail -n 1 | grep -oE "[0-9]+ $1" | cut -d' ' -f1 || true
}

# step NAME ACCEPTABLE_CODES COMMAND...: runs it, notes how it went. A traceback is never acceptable outside of pytest.
step() {
  local name="$1" acceptable="$2" log code=0 started=$SECONDS verdict=ok
  log="$logs/$(tr -c 'a-zA-Z0-9\n' '_' <<<"$name").log"
  shift 2
  say "$name (its output: $log)"
  "$@" </dev/null >"$log" 2>&1 || code=$?
  [[ " $acceptable " == *" $code "* ]] || verdict=WRONG
  [[ $name == *test.sh* ]] || ! grep -q '^Traceback' "$log" || verdict=WRONG
  [ "$verdict" = ok ] || { say "$name went wrong (exit code $code); its last lines:"; tail -n 30 "$log" >&2; }
  note "$name" "$code" "$((SECONDS - started))" "$verdict" "$log"
  [ "$verdict" = ok ]
}

note() { # name, exit code, seconds, verdict, log
  printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\t%s\n' "$4" "$1" "$2" "$3" "$(used_megabytes)" \
    "$(figure passed "$5")" "$(figure skipped "$5")" "$(figure failed "$5")" "$5" >>"$folder/results.tsv"
}

print_row() { printf '%-7s %-66s %5s %8s %9s %7s %8s %7s\n' "$@"; }

print_table() {
  local verdict name code seconds disk passed skipped failed log
  echo
  print_row "" step exit seconds "disk, MB" passed skipped failed
  while IFS=$'\x1f' read -r verdict name code seconds disk passed skipped failed log; do
    print_row "$verdict" "$name" "$code" "$seconds" "$disk" "${passed:--}" "${skipped:--}" "${failed:--}"
  done < <(tr '\t' '\037' <"$folder/results.tsv") # unlike a tab, empty fields stay apart
  while IFS=$'\x1f' read -r _ name _ _ _ _ skipped _ log; do
    [ -z "$skipped" ] || { printf '\nskipped in %s:\n' "$name"; grep '^SKIPPED' "$log" || true; }
  done < <(tr '\t' '\037' <"$folder/results.tsv")
}

# ---- stages, each in namespaces of its own

build_base() {
  room="$folder/room-base"
  mkdir -p "$room" "$folder/packages"
  debootstrap --variant=minbase --include=python3,git --cache-dir="$folder/packages" "$suite" "$room" "$mirror" \
    >"$logs/debootstrap.log" 2>&1 || { tail -n 20 "$logs/debootstrap.log" >&2; die "debootstrap failed"; }
  mount_system "$room"
  inside root / useradd --create-home --shell /bin/bash "$person"
  copy_package_configuration "$room"
  chroot "$room" chown -R "$person:" "/home/$person"
  chmod 755 "$room/home/$person" # a user without a name comes by
  inside root / apt-get update -qq
}

# The room of one user: a copy of the base, a clone in that user's home, the caches.
open_room() {
  local who="$1" cache
  room="$folder/room-$who"
  cp -a --reflink=auto "$folder/room-base" "$room"
  mount_system "$room"
  bind_folder "$folder/packages" "$room" /var/cache/apt/archives rw
  mkdir -p "$room/var/cache/apt/archives/partial"
  while read -r path; do
    [ ! -d "$path" ] || bind_folder "$path" "$room" "$path" ro
  done < <(pip_paths)
  cache="$folder/pip-$who" # pip uses a cache only where it is its user's own
  [ "$who" != root ] || cache="$(pip_of_this_machine cache dir || echo "$cache")"
  mkdir -p "$cache"
  bind_folder "$cache" "$room" /var/cache/clean_room_pip rw
}

clone_into() { # place in the room, owner
  mkdir -p "$room$(dirname "$1")"
  git clone --quiet --no-hardlinks "$folder/tried.git" "$room$1"
  chroot "$room" chown -R "$2:" "$1"
}

visit_as_root() {
  local home=/root/tas_ros
  open_room root
  clone_into "$home" root
  ! wanted demo || step "root: demo.sh" 0 inside root "$home" bash scripts/demo.sh || true
  ! wanted test || step "root: test.sh" 0 inside root "$home" bash scripts/test.sh "${pytest_arguments[@]}" || true
}

visit_as_ordinary_user() {
  local home="/home/$person/tas_ros"
  open_room ordinary
  chroot "$room" chown "$person:" /var/cache/clean_room_pip
  clone_into "$home" "$person"
  install_what_is_asked_for "$home" || return 0
  ! wanted demo || step "user: demo.sh" 0 inside "$person" "$home" bash scripts/demo.sh || true
  ! wanted test || step "user: test.sh" 0 inside "$person" "$home" bash scripts/test.sh "${pytest_arguments[@]}" || true
  ! wanted oddities || try_oddities || true
}

# The set-up must stop with one apt command that names all; that very command is then run as root.
install_what_is_asked_for() {
  local name="user: demo.sh stops and names what to install" log cure
  step "$name" 1 inside "$person" "$1" bash scripts/demo.sh || return 1
  log="$(tail -n 1 "$folder/results.tsv" | cut -f9)"
  cure="$(grep -E '^sudo apt-get install ' "$log" || true)"
  if [ "$(grep -c . <<<"$cure")" != 1 ]; then
    say "expected one line with 'sudo apt-get install ...' in $log"
    sed -i '$ s/^ok/WRONG/' "$folder/results.tsv"
    return 1
  fi
  read -r -a words <<<"${cure#sudo }"
  step "root: the apt command that it named" 0 inside root / "${words[@]}"
}

# Runs `tas` so that its exit code counts, and 9 when what it printed is no json although it claims to have answered.
tas_in_json() { # environment ... -- arguments of tas
  local environment=()
  while [ "$1" != -- ]; do environment+=("$1"); shift; done
  shift
  inside "$person" "$odd_home" "${environment[@]}" bash -c \
    'printed="$(.venv/bin/tas "$@")"; code=$?
     [ $code = 2 ] || python3 -m json.tool <<<"$printed" || exit 9; exit $code' step "$@"
}

try_oddities() {
  local odd_home="/home/$person/a folder/tas ros" photo=tas_ros/demo/data/photos/coffee.png text="the ☕ mug" narrow
  clone_into "$odd_home" "$person"
  chroot "$room" chown "$person:" "/home/$person/a folder"
  step "odd: demo.sh in a path with spaces" 0 inside "$person" "$odd_home" bash scripts/demo.sh || return 1
  step "odd: demo.sh without HOME" 0 inside "$person" "$odd_home" -u HOME bash scripts/demo.sh
  step "odd: demo.sh, HOME cannot be written" 0 inside "$person" "$odd_home" HOME=/usr/lib bash scripts/demo.sh
  step "odd: demo.sh, HOME does not exist" 0 inside "$person" "$odd_home" HOME=/nowhere/at/all bash scripts/demo.sh
  step "odd: demo.sh, LC_ALL=C" 0 inside "$person" "$odd_home" LC_ALL=C bash scripts/demo.sh
  step "odd: tas models, a user without name or HOME" 0 inside 4321:4321 "$odd_home" -u HOME .venv/bin/tas models list
  step "odd: tas segment, a user without name or HOME" 0 inside 4321:4321 "$odd_home" -u HOME \
    .venv/bin/tas segment "$photo" "the mug"
  for narrow in LC_ALL=C PYTHONIOENCODING=ascii PYTHONIOENCODING=latin-1 "LC_ALL=C PYTHONUTF8=0 PYTHONCOERCECLOCALE=0"; do
    # shellcheck disable=SC2086  # several variables in one string
    step "odd: tas parse, $narrow" "0 1" tas_in_json $narrow -- parse "$text"
    # shellcheck disable=SC2086
    step "odd: tas segment, $narrow" "0 1 2" tas_in_json $narrow -- segment "$photo" "$text" --json
  done
}

# ---- the whole

in_own_namespaces() { # of mounts and processes: whatever becomes of this script, neither outlives it
  unshare --mount --pid --fork --kill-child --mount-proc bash "$checkout/scripts/clean_room.sh" \
    --stage "$1" --folder "$folder" --mirror "$mirror" "${options[@]}" </dev/null &
  child=$!
  local code=0
  wait "$child" || code=$?
  child=""
  return "$code"
}

remove() { # a folder in ours; never through a mount
  [ -e "$folder/$1" ] || return 0
  ! grep -qF " $(realpath "$folder/$1")/" /proc/self/mountinfo || die "something is mounted below $folder/$1; unmount it"
  rm -rf --one-file-system "${folder:?}/$1"
}

leave() {
  [ -z "$child" ] || { kill -KILL "$child" 2>/dev/null && sleep 2; } || true
  if [ "$keep" = yes ]; then
    say "kept: $folder"
    return
  fi
  for part in room-base room-root room-ordinary tried.git; do remove "$part"; done
  if [ "$temporary" = yes ]; then
    for part in packages pip-ordinary results.tsv "$marker"; do remove "$part"; done
    rmdir "$folder"
  fi
}

main() {
  case "$stage" in
    base) build_base; exit ;;
    root) visit_as_root; exit ;;
    ordinary) visit_as_ordinary_user; exit ;;
  esac

  [ "$(id -u)" = 0 ] || die "making a Debian root takes root; run it with sudo, on a machine that may be played with"
  command -v unshare >/dev/null || die "unshare is missing; install it: apt-get install util-linux"
  if ! command -v debootstrap >/dev/null; then
    say "installing debootstrap with apt-get"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq debootstrap; } >/dev/null 2>&1 ||
      die "debootstrap cannot be installed; install it: apt-get install debootstrap"
  fi
  if [ -z "$mirror" ]; then
    mirror="$(apt-get indextargets --format '$(CODENAME) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
      sed -n "s/^$suite main //p" | head -n 1)"
    [ -n "$mirror" ] || die "this machine's apt knows no $suite, whose configuration the room would copy; run it on Debian 12"
  fi
  temporary=no child=""
  if [ -z "$folder" ]; then
    folder="$(mktemp -d -t tas_clean_room.XXXXXX)"
    temporary=yes
  fi
  [ -e "$folder/$marker" ] || [ -z "$(ls -A "$folder")" ] || die "$folder holds other things; give an empty folder"
  touch "$folder/$marker"
  mkdir -p "$logs"
  trap leave EXIT
  trap 'exit 130' INT TERM
  for part in room-base room-root room-ordinary tried.git; do remove "$part"; done
  rm -f "$folder/results.tsv" "$logs"/*.log
  [ "$(df --output=avail -BG "$folder" | tail -n 1 | tr -dc 0-9)" -ge 20 ] || die "$folder has less than 20 GB left"
  [ -z "$(git -C "$checkout" status --porcelain)" ] ||
    say "note: only what is committed is tried, and there are changes that are not"

  say "building a minimal Debian ($suite) in $folder; trying $(git -C "$checkout" rev-parse --short HEAD)"
  touch "$folder/results.tsv"
  git clone --quiet --bare --no-hardlinks "$checkout" "$folder/tried.git" # all rooms try the same, whatever is committed
  in_own_namespaces base || die "the base could not be made"
  complete=yes
  for user in "${users[@]}"; do
    in_own_namespaces "$user" || complete=no
    [ "$keep" = yes ] || remove "room-$user"
  done
  print_table
  [ "$complete" = yes ] || die "a stage ended before its end"
  [ -s "$folder/results.tsv" ] || die "nothing was tried"
  ! grep -q '^WRONG' "$folder/results.tsv" || die "not all went well"
  say "all went well"
  exit # before the shell reads on in a file that may have been edited meanwhile
}

main
