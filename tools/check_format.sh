#!/usr/bin/env bash
# Fails where clang-format 14 would change a C++ file. `tools/check_format.sh --fix` changes it.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
action=(--dry-run -Werror)
[[ ${1:-} == --fix ]] && action=(-i)
find src tests bench tools examples \( -name node_modules -o -name dist \) -prune -o \
  \( -name '*.h' -o -name '*.cpp' \) -print0 2>/dev/null |
  xargs -0 clang-format-14 "${action[@]}"
