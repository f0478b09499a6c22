# tests/integration/*_test.py: whole programs against real peers; each file is one ctest entry.
if(TARGET mainstay)
  math(EXPR limit "420 * ${time_scale}")
  file(GLOB scripts CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*_test.py)
  foreach(script ${scripts})
    get_filename_component(name ${script} NAME_WE)
    string(REGEX REPLACE "_test$" "" name ${name})
    if(name MATCHES "^(script|macros|elsewhere)$" AND NOT MAINSTAY_UI)
      continue()  # scripts come with the window (Qt's JavaScript): a build without it has nothing to test here
    endif()
    add_test(NAME integration.${name} COMMAND ${Python3_EXECUTABLE} ${script} -v)
    set_tests_properties(integration.${name} PROPERTIES TIMEOUT ${limit} RUN_SERIAL ON
      ENVIRONMENT "${test_env};MAINSTAY_BUILD_DIR=${PROJECT_BINARY_DIR}")
  endforeach()
endif()

# What serves obs-websocket-js in obs_test.py.
if(TARGET mainstay_remote)
  add_executable(obs_fake_server ${CMAKE_CURRENT_LIST_DIR}/obs/fake_server.cpp)
  target_link_libraries(obs_fake_server PRIVATE mainstay_warnings support_remote)
endif()
