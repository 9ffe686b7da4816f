# shellcheck shell=bash
# ./run --dev: Vite and the server side by side, the server rebuilt when its sources change.
# To be sourced by ./run, after tools/lib.sh.
# shellcheck disable=SC2154  # root, called_from: set there.

server=
vite=

# Where Vite finds the server: what --listen says, or the default.
server_url() {
  local address=127.0.0.1:8080
  while (($#)); do
    case $1 in
      --listen) address=${2:-$address} ;;
      --listen=*) address=${1#*=} ;;
    esac
    shift
  done
  printf 'http://%s' "${address/#0.0.0.0:/127.0.0.1:}"
}

stop() {  # stop PID: asks it to end, and waits until it has.
  [[ -n $1 ]] || return 0
  kill "$1" 2>/dev/null || true
  wait "$1" 2>/dev/null || true
}

start_server() {
  (cd -- "$called_from" && exec "$root/build/debug/parley" serve "$@") &
  server=$!
}

# Whether a source is younger than the last build.
sources_changed() {
  [[ -n $(find "$root"/{src,cmake,CMakeLists.txt} -newer "$root/build/dev.stamp" -print -quit) ]]
}

rebuild() {
  touch "$root/build/dev.stamp"
  build debug parley
}

develop() {
  install_node_modules web
  mkdir -p "$root/build"
  rebuild || exit
  trap 'trap - EXIT INT TERM; stop "$server"; stop "$vite"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  start_server "$@"
  # Vite passes /socket.io, /ws and /api on to the server (web/vite.config.ts).
  PARLEY_SERVER=$(server_url "$@")
  export PARLEY_SERVER
  (cd -- "$root/web" && exec node node_modules/vite/bin/vite.js --clearScreen false </dev/null) &
  vite=$!
  while kill -0 "$vite" 2>/dev/null; do
    sleep 1
    sources_changed || continue
    rebuild || continue  # The old one goes on; the compiler has said why.
    stop "$server"
    start_server "$@"
  done
}
