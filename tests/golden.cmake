# One test per transcript: tests/golden/<name>.txt is golden_<name>, a page with transcripts golden_page_<path>.
# The form of a transcript: tools/golden.py. To accept a change: tools/approve.py.
function(rigor_golden name path)
  add_test(
    NAME golden_${name}
    COMMAND Python3::Interpreter tools/golden.py --rigor $<TARGET_FILE:rigor> ${path}
    WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
  set_tests_properties(golden_${name} PROPERTIES LABELS "fast;golden" SKIP_RETURN_CODE 77 TIMEOUT 300)
endfunction()

if(TARGET rigor)
  file(GLOB_RECURSE candidates CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/tests/golden/*.txt
       ${CMAKE_SOURCE_DIR}/README.md ${CMAKE_SOURCE_DIR}/docs/*.md)
  foreach(path ${candidates})
    file(READ ${CMAKE_SOURCE_DIR}/${path} text)
    cmake_path(GET path STEM LAST_ONLY name)
    if(path MATCHES "[.]md$")
      string(FIND "${text}" "```console\n$ rigor " commands)
      string(REGEX REPLACE "[.]md$" "" name "page/${path}")
      string(REPLACE "/" "_" name ${name})
    else()
      string(FIND "\n${text}" "\n$ rigor " commands)
    endif()
    if(NOT commands EQUAL -1)
      rigor_golden(${name} ${path})
    endif()
  endforeach()
endif()

add_test(NAME house_golden_checks COMMAND Python3::Interpreter tools/golden_test.py WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
set_tests_properties(house_golden_checks PROPERTIES LABELS "fast;house" SKIP_RETURN_CODE 77)
