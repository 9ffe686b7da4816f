#!/usr/bin/env bash
# Warns of source files over 400 lines: there is a seam in them. Tests may be longer.
set -euo pipefail
cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
find src examples bench tools web \( -name node_modules -o -name dist \) -prune -o -type f \
  \( -name '*.h' -o -name '*.cpp' -o -name '*.ts' -o -name '*.tsx' -o -name '*.py' -o -name '*.mjs' \) \
  ! -name '*_test.cpp' ! -name '*.test.*' -print0 2>/dev/null |
  xargs -0 wc -l | awk '$1 > 400 && $2 != "total" {print "warning: " $2 " has " $1 " lines"}' >&2
