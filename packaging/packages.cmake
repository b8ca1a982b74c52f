# SPDX-License-Identifier: GPL-3.0-or-later
# cpack -G DEB in the build folder: kerbside, libkerbside0, libkerbside-dev, kerbside-bench
# (decisions 35 and 54).
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON) # what is packed was built before
# The licence of the map's engine, which lies in the command, as a paragraph of the copyright file.
file(READ io/map/maplibre-gl.LICENSE.txt KERB_MAP_LICENCE)
string(REPLACE "\n\n" "\n.\n" KERB_MAP_LICENCE "${KERB_MAP_LICENCE}")
string(REGEX REPLACE "\n\n" "\n.\n" KERB_MAP_LICENCE "${KERB_MAP_LICENCE}")
string(REPLACE "\n" "\n " KERB_MAP_LICENCE "${KERB_MAP_LICENCE}")
configure_file(packaging/debian/copyright.in ${CMAKE_BINARY_DIR}/copyright @ONLY)

foreach(package kerbside libkerbside0 libkerbside-dev kerbside-bench)
  set(component command)
  if(package STREQUAL libkerbside0)
    set(component library)
  elseif(package STREQUAL libkerbside-dev)
    set(component dev)
  elseif(package STREQUAL kerbside-bench)
    set(component bench)
  endif()
  install(FILES ${CMAKE_BINARY_DIR}/copyright DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/${package}
    COMPONENT ${component})
  string(TOUPPER ${component} upper)
  set(CPACK_DEBIAN_${upper}_PACKAGE_NAME ${package})
  set(CPACK_DEBIAN_${upper}_FILE_NAME DEB-DEFAULT)
endforeach()

# The nightly batch. Its folders are absolute in the units, so /usr is the prefix of a package.
install(PROGRAMS packaging/systemd/nightly DESTINATION lib/kerbside COMPONENT command)
install(FILES packaging/systemd/kerbside-nightly.service packaging/systemd/kerbside-nightly.timer
  DESTINATION lib/systemd/system COMPONENT command)
install(FILES packaging/systemd/kerbside.conf DESTINATION lib/sysusers.d COMPONENT command)
install(FILES packaging/systemd/kerbside.default DESTINATION ${CMAKE_INSTALL_DOCDIR}
  RENAME kerbside.default COMPONENT command)
install(FILES README.md README.zh.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT command)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} COMPONENT command
  FILES_MATCHING PATTERN "*.md" PATTERN "*.svg" PATTERN "*.jpg")
install(DIRECTORY examples/district examples/tutorial DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples COMPONENT command
  PATTERN "map.osm.gz" EXCLUDE PATTERN "*.roads" EXCLUDE PATTERN "__pycache__" EXCLUDE)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The kerbside authors <kerbside@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL command library dev bench)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SECTION science)
set(CPACK_DEBIAN_LIBRARY_PACKAGE_SECTION libs)
set(CPACK_DEBIAN_DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_BENCH_PACKAGE_SECTION science)
set(CPACK_DEBIAN_COMMAND_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_COMMAND_PACKAGE_SUGGESTS kerbside-bench)
set(CPACK_DEBIAN_BENCH_PACKAGE_DEPENDS tzdata)
set(CPACK_DEBIAN_BENCH_PACKAGE_RECOMMENDS "kerbside (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEV_PACKAGE_DEPENDS "libkerbside0 (= ${PROJECT_VERSION})")
set(CPACK_DEBIAN_DEV_PACKAGE_SUGGESTS
  "libglpk-dev, libprotobuf-c-dev, zlib1g-dev, libbz2-dev, libexpat1-dev")
set(CPACK_COMPONENT_COMMAND_DESCRIPTION
  "Which smart bins to empty tonight, by which truck, and which kerbs to sweep:
a vehicle-routing model on the streets of OpenStreetMap, an independent check
and a proven bound of every plan. With a systemd timer for the nightly batch.")
set(CPACK_COMPONENT_LIBRARY_DESCRIPTION "The library, for C programs.")
set(CPACK_COMPONENT_DEV_DESCRIPTION
  "Header, static library, pkg-config and CMake files, and the protobuf messages.")
set(CPACK_COMPONENT_BENCH_DESCRIPTION
  "Comparing methods on city districts: makes districts, exports them for solvers
of any make, judges their solutions, prices a city's present rounds by the model
the plans are made with, and measures kerbside itself.")
set(CPACK_DEBIAN_COMMAND_PACKAGE_CONTROL_EXTRA ${CMAKE_SOURCE_DIR}/packaging/debian/postinst)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
include(CPack)
