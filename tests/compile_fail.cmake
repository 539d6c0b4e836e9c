# Nonsense must not compile: each file below compile_fail/ compiles as it stands and is refused
# with RIGOR_NONSENSE defined, with the message of its first line ("// fails: …"), which is g++'s.

if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  return()
endif()

file(GLOB nonsense CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/compile_fail/*.cpp)
foreach(source ${nonsense})
  get_filename_component(name ${source} NAME_WE)
  file(STRINGS ${source} first LIMIT_COUNT 1)
  string(REGEX REPLACE "^// fails: " "" fragment "${first}")
  string(REGEX REPLACE "([][+.*()^$?|\\])" "\\\\\\1" fragment "${fragment}")
  set(compile ${CMAKE_CXX_COMPILER} -std=c++20 -fsyntax-only -I${CMAKE_SOURCE_DIR}/src ${source})
  add_test(NAME compile_ok_${name} COMMAND ${compile})
  add_test(NAME compile_fail_${name} COMMAND ${compile} -DRIGOR_NONSENSE)
  set_tests_properties(compile_ok_${name} compile_fail_${name} PROPERTIES LABELS fast ENVIRONMENT LC_ALL=C)
  set_tests_properties(compile_fail_${name} PROPERTIES PASS_REGULAR_EXPRESSION "error: .*${fragment}")
endforeach()
