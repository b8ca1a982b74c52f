# SPDX-License-Identifier: GPL-3.0-or-later
# cmake -DKERBSIDE=command -DOUT=folder -P manual.cmake
# The manual pages and the shells' completion, as the command itself prints them.
function(keep file)
  execute_process(COMMAND ${KERBSIDE} ${ARGN} OUTPUT_FILE ${OUT}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()
file(MAKE_DIRECTORY ${OUT})
execute_process(COMMAND ${KERBSIDE} --help OUTPUT_VARIABLE help COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "\n  [a-z]+ " verbs "${help}")
keep(kerbside.1 --manual)
foreach(verb ${verbs})
  string(STRIP "${verb}" verb)
  keep(kerbside-${verb}.1 --manual ${verb})
endforeach()
keep(kerbside.bash --completion bash)
keep(_kerbside --completion zsh)
