# Every fuzz corpus as a test of the normal build: fuzz_replay_<target>.
include(${CMAKE_CURRENT_LIST_DIR}/targets.cmake)

foreach(target ${rigor_fuzz_targets})
  add_executable(fuzz_replay_${target} ${rigor_fuzz_folder}/${target}_fuzz.cpp ${rigor_fuzz_folder}/replay_main.cpp)
  rigor_options(fuzz_replay_${target})
  target_link_libraries(fuzz_replay_${target} PRIVATE rigor_adapters)
  add_test(NAME fuzz_replay_${target}
           COMMAND fuzz_replay_${target} ${rigor_fuzz_folder}/corpus/${target} ${rigor_fuzz_more_${target}})
  set_tests_properties(fuzz_replay_${target} PROPERTIES LABELS fast)
endforeach()
