# SPDX-License-Identifier: GPL-3.0-or-later
# What cmake --install puts where, in four parts: command, library (to run programs), dev (to build
# them), bench (to compare methods).
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(KERB_CMAKE_FOLDER ${CMAKE_INSTALL_LIBDIR}/cmake/kerbside)
set(KERB_PKGCONFIG_FOLDER ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

install(TARGETS kerbside EXPORT kerbsideTargets
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT library NAMELINK_COMPONENT dev)
install(FILES $<TARGET_FILE:kerbside_static> DESTINATION ${CMAKE_INSTALL_LIBDIR}
  RENAME libkerbside.a COMPONENT dev)
install(FILES include/kerbside.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT dev)
install(DIRECTORY io/proto DESTINATION ${CMAKE_INSTALL_DATADIR}/kerbside COMPONENT dev)
install(FILES examples/dispatch.c examples/nightly.c examples/what_if.c
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT dev)

# The folders of the .pc file are found from where it lies: the tree may be moved.
file(RELATIVE_PATH KERB_PC_PREFIX /${KERB_PKGCONFIG_FOLDER} /)
string(REGEX REPLACE "/$" "" KERB_PC_PREFIX "${KERB_PC_PREFIX}")
configure_file(packaging/kerbside.pc.in ${CMAKE_BINARY_DIR}/kerbside.pc @ONLY)
install(FILES ${CMAKE_BINARY_DIR}/kerbside.pc DESTINATION ${KERB_PKGCONFIG_FOLDER} COMPONENT dev)

configure_package_config_file(packaging/kerbsideConfig.cmake.in
  ${CMAKE_BINARY_DIR}/kerbsideConfig.cmake INSTALL_DESTINATION ${KERB_CMAKE_FOLDER}
  PATH_VARS CMAKE_INSTALL_DATADIR)
# Before 1.0 a minor version may break what was there: docs/abi.md.
write_basic_package_version_file(${CMAKE_BINARY_DIR}/kerbsideConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/kerbsideConfig.cmake
  ${CMAKE_BINARY_DIR}/kerbsideConfigVersion.cmake
  DESTINATION ${KERB_CMAKE_FOLDER} COMPONENT dev)
install(EXPORT kerbsideTargets NAMESPACE kerbside:: DESTINATION ${KERB_CMAKE_FOLDER} COMPONENT dev)

install(TARGETS kerbside_command RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT command)

# The command prints its own manual pages and completion.
set(KERB_MANUAL ${CMAKE_BINARY_DIR}/manual)
add_custom_command(OUTPUT ${KERB_MANUAL}/kerbside.1
  COMMAND ${CMAKE_COMMAND} -DKERBSIDE=$<TARGET_FILE:kerbside_command> -DOUT=${KERB_MANUAL}
          -P ${CMAKE_SOURCE_DIR}/packaging/manual.cmake
  DEPENDS kerbside_command packaging/manual.cmake VERBATIM)
add_custom_target(manual ALL DEPENDS ${KERB_MANUAL}/kerbside.1)
install(DIRECTORY ${KERB_MANUAL}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT command
  FILES_MATCHING PATTERN "*.1")
install(DIRECTORY ${KERB_MANUAL}_zh_CN/ DESTINATION ${CMAKE_INSTALL_MANDIR}/zh_CN/man1
  COMPONENT command FILES_MATCHING PATTERN "*.1")
install(FILES ${KERB_MANUAL}/kerbside.bash RENAME kerbside COMPONENT command
  DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${KERB_MANUAL}/_kerbside COMPONENT command
  DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)

# The bench, and what its documents take for granted, beside the command's own.
install(TARGETS kerbside-bench RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT bench)
add_custom_command(OUTPUT ${KERB_MANUAL}_bench/kerbside-bench.1
  COMMAND ${CMAKE_COMMAND} -E make_directory ${KERB_MANUAL}_bench
  COMMAND $<TARGET_FILE:kerbside-bench> --manual > ${KERB_MANUAL}_bench/kerbside-bench.1
  DEPENDS kerbside-bench VERBATIM)
add_custom_target(bench_manual ALL DEPENDS ${KERB_MANUAL}_bench/kerbside-bench.1)
install(FILES ${KERB_MANUAL}_bench/kerbside-bench.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1
  COMPONENT bench)
install(FILES bench/README.md bench/BEST.csv DESTINATION ${CMAKE_INSTALL_DOCDIR}/bench COMPONENT bench)
install(DIRECTORY bench/best bench/districts bench/contestants
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/bench COMPONENT bench PATTERN "__pycache__" EXCLUDE)
install(DIRECTORY examples/solver DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT bench
  PATTERN "__pycache__" EXCLUDE)
