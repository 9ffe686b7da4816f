# shellcheck shell=bash
# What ./run, ./test and .ci/run share. To be sourced, after `set -euo pipefail`.
# All of it reports on standard error: standard output belongs to the program that is run.

root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.." && pwd -P)
export LC_ALL=C.UTF-8  # The tools' messages are the same everywhere, and file names may be UTF-8.
export npm_config_update_notifier=false npm_config_fund=false npm_config_audit=false
# A registry that stalls is asked again soon, and not at all for what is in npm's cache.
export npm_config_prefer_offline=true npm_config_fetch_timeout=60000 npm_config_fetch_retries=4
# Node.js trusts whom Debian trusts: an organisation's own authority, for one.
if [[ -z ${NODE_EXTRA_CA_CERTS:-} && -r /etc/ssl/certs/ca-certificates.crt ]]; then
  export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
fi

# ccache knows a file again in every checkout, wherever that lies.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1

# --- What has to be installed: the one list of it --------------------------------------------------

# Node.js is not in the lists: any version from 18 on will do, wherever it came from.
node_minimum=18
# shellcheck disable=SC2034  # Used by ./run.
run_packages=(
  g++ cmake ninja-build ccache mold
  libboost1.81-dev libboost-json1.81-dev libboost-url1.81-dev
  libspdlog-dev libfmt-dev libtomlplusplus-dev libcli11-dev libssl-dev zlib1g-dev libcurl4-openssl-dev
  libsqlite3-dev libjwt-dev libcrypt-dev libopus-dev
  libvpx-dev libavcodec-dev libopenh264-dev libyuv-dev libfreetype-dev libfribidi-dev fonts-dejavu-core
  python3 brotli ca-certificates
)
# The fast ciphers exist for this processor alone; without them OpenSSL does the work.
if [[ $(uname -m) == x86_64 ]]; then run_packages+=(libipsec-mb-dev); fi
# shellcheck disable=SC2034  # Used by ./test.
test_packages=(
  libgtest-dev libbenchmark-dev clang-16 libclang-rt-16-dev
  chromium firefox-esr fonts-noto-core fonts-noto-color-emoji
  coturn openssl curl procps iproute2 nftables libsrtp2-dev libusrsctp-dev
  gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad gstreamer1.0-nice
  python3-gi python3-gst-1.0 python3-aiortc gir1.2-gst-plugins-base-1.0 gir1.2-gst-plugins-bad-1.0 ffmpeg
  golang-go golang-github-pion-webrtc.v3-dev
)
# shellcheck disable=SC2034  # Used by .ci/run.
check_packages=(clang-format-14 binutils shellcheck)

# --- Telling what goes on --------------------------------------------------------------------------

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$@"
  exit 1
}

# Rewrites the last line each second: the seconds so far, and how far ninja is if it is running.
tick() {
  local label=$1 log=$2 began=$SECONDS
  while sleep 1; do
    printf '\r\033[K%s ... %d s %s' "$label" $((SECONDS - began)) \
      "$(tail -n 1 -- "$log" 2>/dev/null | grep -o '^\[[0-9]*/[0-9]*\]')" >&2
  done
}

# step LABEL LOG COMMAND...
#
# Runs the command with its output in build/LOG.log and one line here: the label and the seconds it
# took. Where it fails, the end of the log is shown and the step's status is the command's.
step() {
  local label=$1 log="$root/build/$2.log" began=$SECONDS ticker='' status=0
  shift 2
  mkdir -p -- "$root/build"
  printf '%s ... ' "$label" >&2
  if [[ -t 2 ]]; then
    tick "$label" "$log" &
    ticker=$!
  fi
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [[ -n $ticker ]]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    printf '\r\033[K%s ... ' "$label" >&2
  fi
  if ((status == 0)); then
    printf '%d s\n' $((SECONDS - began)) >&2
    return
  fi
  printf 'failed after %d s\n' $((SECONDS - began)) >&2
  tail -n "${tail_lines:-40}" -- "$log" | sed 's/^/    /' >&2
  say "The whole log: $log"
  return "$status"
}

# --- Debian packages -------------------------------------------------------------------------------

have_node() {
  local version
  version=$(node --version 2>/dev/null) && version=${version#v} && command -v npm >/dev/null &&
    ((${version%%.*} >= node_minimum))
}

# Of the packages named, those that are not installed. Asks dpkg each time: that takes 20 ms.
missing_packages() {
  comm -13 <(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 2>/dev/null |
    sed -n 's/^installed //p' | sort -u) <(printf '%s\n' "$@" | sort -u)
}

# Debian starts a service as soon as it is installed. Nothing we install shall start by itself: of
# coturn we only want the client programs. Installs `to_install`; its arguments make one root.
apt_install() {
  local -a as_root=("$@")
  local policy=/usr/sbin/policy-rc.d status=0 made=
  if [[ ! -e $policy ]]; then
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    made=yes
  fi
  "${as_root[@]}" apt-get update || true  # A foreign source that is down need not stop us.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes \
    --no-install-recommends -o DPkg::Lock::Timeout=600 "${to_install[@]}" || status=$?
  if [[ -n $made ]]; then "${as_root[@]}" rm -f "$policy"; fi
  if [[ " ${to_install[*]} " == *' coturn '* ]] && command -v systemctl >/dev/null; then
    "${as_root[@]}" systemctl disable coturn || true
  fi
  return "$status"
}

# install_packages PACKAGE...: those, and Node.js, as far as they are missing.
install_packages() {
  have_node || set -- "$@" nodejs npm
  if ! command -v dpkg-query >/dev/null; then
    command -v g++ cmake ninja node npm brotli python3 >/dev/null ||
      fail "This is not Debian. Install what these Debian 12 packages have: $*"
    return
  fi
  local -a to_install
  mapfile -t to_install < <(missing_packages "$@")
  ((${#to_install[@]})) || return 0
  local line="apt-get install --yes --no-install-recommends ${to_install[*]}"
  local -a as_root=(env)
  if ((EUID != 0)); then
    command -v sudo >/dev/null || fail "These packages are missing. As root, please run:" $'\n' "  $line"
    sudo -n true 2>/dev/null || { [[ -t 0 ]] && say "Installing Debian packages" && sudo -v; } ||
      fail "These packages are missing. Please run:" $'\n' "  sudo $line"
    as_root=(sudo)
  fi
  step "Installing ${#to_install[@]} Debian packages" packages apt_install "${as_root[@]}" ||
    fail "That did not work. Please run it by hand:" $'\n' "  $line"
  have_node || fail "Node.js $node_minimum or newer is needed, and $(node --version) is there."
}

# --- Node packages and the web app -----------------------------------------------------------------

# install_node_modules FOLDER: what its lock file names, unless just that is there.
install_node_modules() {
  local folder=$root/$1 stamp=$root/$1/node_modules/.parley-stamp now
  now=$(node --version && cd -- "$folder" && sha256sum package-lock.json package.json)
  [[ -e $stamp && $(<"$stamp") == "$now" ]] && return
  step "Installing the node packages of $1/" "npm-$1" npm --prefix "$folder" ci --loglevel=error || exit
  printf '%s\n' "$now" >"$stamp"
}

# One hash for all that the web app is built of.
web_hash() {
  find "$root/web" \( -name node_modules -o -name dist \) -prune -o -type f -print0 |
    sort -z | xargs -0 sha256sum | sha256sum
}

# web/dist, unless it was built of just these sources.
build_web() {
  [[ -e $root/web/package.json ]] || return 0
  install_node_modules web
  local stamp=$root/build/web.stamp now
  now=$(web_hash)
  [[ -e $stamp && -e $root/web/dist/index.html && $(<"$stamp") == "$now" ]] && return
  step 'Building the web app' web npm --prefix "$root/web" run build || exit
  printf '%s\n' "$now" >"$stamp"
}

# --- The server ------------------------------------------------------------------------------------

# build PRESET TARGET [CMAKE OPTION...]. Ninja notices what changed; only a new preset, another
# place or another set of options makes us configure here.
build() {
  local preset=$1 target=$2 folder=$root/build/$1 now
  shift 2
  now="$root $* $(sha256sum <"$root/CMakePresets.json")"
  if [[ ! -e $folder/build.ninja || ! -e $folder/parley.stamp || $(<"$folder/parley.stamp") != "$now" ]]; then
    step "Configuring build/$preset" "configure-$preset" \
      cmake -S "$root" --fresh --preset "$preset" "$@" || return
    printf '%s\n' "$now" >"$folder/parley.stamp"
  fi
  step "Building build/$preset" "build-$preset" \
    cmake --build "$folder" --parallel "$(nproc)" --target "$target"
}
