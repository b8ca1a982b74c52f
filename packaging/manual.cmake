# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DKERBSIDE=command -DOUT=folder -P manual.cmake
# The manual pages and the shells' completion, as the command itself prints them; the Chinese pages
# in folder_zh_CN.
function(keep file)
  execute_process(COMMAND ${KERBSIDE} ${ARGN} OUTPUT_FILE ${OUT}${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
file(MAKE_DIRECTORY ${OUT} ${OUT}_zh_CN)
execute_process(COMMAND ${KERBSIDE} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\n  [a-z]+ " verbs "${help}")
keep(/kerbside.1 --manual)
keep(_zh_CN/kerbside.1 --manual --lang zh)
foreach(verb ${verbs})
  string(STRIP "${verb}" verb)
  keep(/kerbside-${verb}.1 --manual ${verb})
  keep(_zh_CN/kerbside-${verb}.1 --manual ${verb} --lang zh)
endforeach()
keep(/kerbside.bash --completion bash)
keep(/_kerbside --completion zsh)
