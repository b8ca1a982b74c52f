#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Every header compiles strictly on its own, the public one also as C++ and as C11; the library
# shows no C++ and no GDAL to a C consumer.
set -euo pipefail
cd "${KERBSIDE_SOURCE:-.}"
failed=0
flags=(-fsyntax-only -Wall -Wextra -Wpedantic -Werror -I include -I solver -I .)
for header in include/*.h $(git ls-files 'solver/*.h' 'io/*.h'); do
  cc -std=c17 "${flags[@]}" -x c "$header" || { echo "does not stand alone: $header"; failed=1; }
done
cc -std=c11 "${flags[@]}" -x c include/kerbside.h || failed=1
c++ -std=c++17 "${flags[@]}" -x c++ include/kerbside.h || failed=1
library=${KERBSIDE_BUILD:?}/libkerbside.so
if ! grep -q 'KERB_SANITIZE:STRING=.\+' "$KERBSIDE_BUILD/CMakeCache.txt"; then
  needed=$(readelf -d "$library" | grep NEEDED | sed 's/.*\[\(.*\)\]/\1/')
  echo "needed: $(echo $needed)"
  for word in stdc++ gdal libfyaml libgcc_s; do
    if grep -q "$word" <<<"$needed"; then echo "libkerbside needs $word"; failed=1; fi
  done
  strange=$(nm -D --defined-only "$library" | awk '{print $3}' | grep -v '^kerb_' || true)
  if [ -n "$strange" ]; then echo "exported beside kerb_*: $strange"; failed=1; fi
fi
exit $failed
