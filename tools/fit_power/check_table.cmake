# The committed table is what the program makes of the committed rows.
execute_process(COMMAND ${PROGRAM} power.csv ${SOURCE}/evidence/power.csv RESULT_VARIABLE failed OUTPUT_QUIET)
if(failed)
  message(FATAL_ERROR "${PROGRAM} failed: ${failed}")
endif()
execute_process(COMMAND ${CMAKE_COMMAND} -E compare_files power.csv ${SOURCE}/calibration/power.csv
                RESULT_VARIABLE differ)
if(differ)
  message(FATAL_ERROR "calibration/power.csv is not what evidence/power.csv gives: ./dev calibrate")
endif()
