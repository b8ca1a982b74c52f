# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DOUT=file -DFOLDER=folder "-DSOURCES=a b c" -P hash_sources.cmake
# Writes a header that names the sources given: what was made by others is to be made again.
separate_arguments(SOURCES)
set(all "")
foreach(source ${SOURCES})
  file(SHA256 ${FOLDER}/${source} hash)
  string(APPEND all "${source} ${hash}\n")
endforeach()
string(SHA256 hash "${all}")
file(WRITE ${OUT} "/* Made by hash_sources.cmake. */\n#define KI_ROADS_SOURCES \"${hash}\"\n")
