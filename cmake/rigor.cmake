# Helpers of the build: one static library and one test program per folder, one generated catalogue.

function(rigor_options target)
  target_include_directories(${target} PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_options(${target} PRIVATE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                                           -Wno-missing-field-initializers)
  # With optimization GCC 12 sees overlapping copies inside std::string's operator+ where there are none: GCC bug
  # 105651, https://gcc.gnu.org/bugzilla/show_bug.cgi?id=105651
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12
     AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(RIGOR_STRICT)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()

# Every .cpp below src/<name> except tests, fuzzers and mains.
function(rigor_layer name)
  cmake_parse_arguments(LAYER "" "" "DEPENDS" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${name}/*.cpp)
  list(FILTER sources EXCLUDE REGEX "(_test|_bench|_fuzz|/main)\\.cpp$")
  if(sources)
    add_library(rigor_${name} STATIC ${sources})
    rigor_options(rigor_${name})
    target_link_libraries(rigor_${name} PUBLIC fmt::fmt tl::expected)
    set(scope PUBLIC)
  else()
    add_library(rigor_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  foreach(lower ${LAYER_DEPENDS})
    target_link_libraries(rigor_${name} ${scope} rigor_${lower})
  endforeach()
endfunction()

# catalog/**/*.toml packed into one generated source: id, name, aliases, base and text of every entry.
function(rigor_catalog_data)
  add_executable(catalog_pack tools/catalog_pack.cpp)
  rigor_options(catalog_pack)
  target_link_libraries(catalog_pack PRIVATE tomlplusplus::tomlplusplus)
  file(GLOB_RECURSE entries CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/catalog/*.toml)
  set(fitted ${CMAKE_SOURCE_DIR}/calibration/speed.csv ${CMAKE_SOURCE_DIR}/calibration/power.csv)
  set(generated ${CMAKE_BINARY_DIR}/generated/catalog_data.cpp)
  add_custom_command(
    OUTPUT ${generated}
    COMMAND catalog_pack ${CMAKE_SOURCE_DIR}/catalog ${fitted} ${generated}
    DEPENDS catalog_pack ${entries} ${fitted}
    COMMENT "Packing the catalogue")
  add_library(rigor_catalog_data STATIC ${generated})
  target_include_directories(rigor_catalog_data PUBLIC ${CMAKE_SOURCE_DIR}/src)
  target_compile_features(rigor_catalog_data PUBLIC cxx_std_20)
  set_target_properties(rigor_catalog_data PROPERTIES CXX_CLANG_TIDY "")  # nobody wrote it
endfunction()

# All *_test.cpp below src/<folder> as one doctest program.
function(rigor_tests folder)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/src/${folder}/*_test.cpp)
  if(NOT sources)
    return()
  endif()
  add_executable(${folder}_test ${sources} ${CMAKE_SOURCE_DIR}/tests/doctest_main.cpp)
  rigor_options(${folder}_test)
  target_link_libraries(${folder}_test PRIVATE rigor_${folder} ${ARGN})
  add_test(NAME ${folder} COMMAND ${folder}_test WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(${folder} PROPERTIES LABELS fast ENVIRONMENT "RC_PARAMS=seed=20261120")
endfunction()
