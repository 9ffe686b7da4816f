#!/usr/bin/env bash
# fuzz.sh SECONDS [NAME...]: runs the fuzzers of build/asan, each so long.
#
# They start from the seeds in tests/data/fuzz/NAME and from what earlier runs found, which is kept,
# merged, in build/fuzz-corpus/NAME. An input that breaks one is left in artefacts/fuzz-NAME-*.
set -euo pipefail
# shellcheck source=tools/lib.sh
. "$(dirname -- "${BASH_SOURCE[0]}")/lib.sh"
cd -- "$root"
seconds=$1
shift
names=("$@")
if ((${#names[@]} == 0)); then
  mapfile -t names < <(find build/asan/fuzz -name '*_fuzz' -printf '%f\n' | sed 's/_fuzz$//' | sort)
fi

fuzz() {
  local name=$1 corpus=build/fuzz-corpus/$1 seeds=tests/data/fuzz/$1
  mkdir -p -- "$corpus" "$corpus.next" artefacts
  local -a from=("$corpus")
  [[ -d $seeds ]] && from+=("$seeds")
  "build/asan/fuzz/${name}_fuzz" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 \
    -print_final_stats=1 -verbosity=1 -artifact_prefix="artefacts/fuzz-$name-" "${from[@]}"
  "build/asan/fuzz/${name}_fuzz" -merge=1 "$corpus.next" "${from[@]}"
  rm -rf -- "$corpus"
  mv -- "$corpus.next" "$corpus"
}

# Waits for one fuzzer, and says how it went.
finish() {
  local name=$1 log=build/fuzz-$1.log status=0
  wait "$2" || status=$?
  if ((status == 0)); then
    say "Fuzzing $name ... $(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | head -n 1) inputs"
  else
    say "Fuzzing $name ... failed"
    tail -n 40 -- "$log" | sed 's/^/    /' >&2
    failed=1
  fi
}

# As many at a time as there are cores: each is one thread.
failed=0
waiting=()
for name in "${names[@]}"; do
  if ((${#waiting[@]} >= $(nproc))); then
    finish "${waiting[0]% *}" "${waiting[0]#* }"
    waiting=("${waiting[@]:1}")
  fi
  fuzz "$name" >"build/fuzz-$name.log" 2>&1 </dev/null &
  waiting+=("$name $!")
done
for entry in "${waiting[@]}"; do finish "${entry% *}" "${entry#* }"; done
exit "$failed"
