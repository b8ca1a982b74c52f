#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every header compiles strictly on its own, the public one also as C++ and as C11.
set -euo pipefail
cd "${KERBSIDE_SOURCE:-.}"
failed=0
flags=(-fsyntax-only -Wall -Wextra -Wpedantic -Werror -I include -I solver -I .)
for header in include/*.h $(git ls-files 'solver/*.h' 'io/*.h'); do
  cc -std=c17 "${flags[@]}" -x c "$header" || { echo "does not stand alone: $header"; failed=1; }
done
cc -std=c11 "${flags[@]}" -x c include/kerbside.h || failed=1
c++ -std=c++17 "${flags[@]}" -x c++ include/kerbside.h || failed=1
exit $failed
