# Benchmarks: built with --target bench_NAME, run by hand; figures go to docs/.
if(benchmark_FOUND)
  add_executable(bench_history EXCLUDE_FROM_ALL ${CMAKE_CURRENT_SOURCE_DIR}/bench/history_bench.cpp)
  target_link_libraries(bench_history PRIVATE mainstay_warnings mainstay_studio benchmark::benchmark)
  add_executable(bench_compose EXCLUDE_FROM_ALL ${CMAKE_CURRENT_SOURCE_DIR}/bench/compose_bench.cpp)
  target_link_libraries(bench_compose PRIVATE mainstay_warnings mainstay_compose benchmark::benchmark)
  add_executable(bench_mixer EXCLUDE_FROM_ALL ${CMAKE_CURRENT_SOURCE_DIR}/bench/mixer_bench.cpp)
  target_link_libraries(bench_mixer PRIVATE mainstay_warnings mainstay_audio benchmark::benchmark)
endif()
if(TARGET mainstay_remote)
  # The load of control_bench.py.
  add_executable(bench_control_load EXCLUDE_FROM_ALL ${CMAKE_CURRENT_SOURCE_DIR}/bench/control_load.cpp)
  target_link_libraries(bench_control_load PRIVATE mainstay_warnings support_remote)
endif()
