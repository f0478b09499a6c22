# The floors and house rules hold (docs/architecture.md): checked on the sources.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME structure.floors COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/structure.py ${PROJECT_SOURCE_DIR})

# Each header of the engine compiles alone (headers_alone.py). The target is never built: it says how, in
# compile_commands.json, with all that any header reads.
set(alone ${PROJECT_BINARY_DIR}/generated/headers_alone.cpp)
file(CONFIGURE OUTPUT ${alone} CONTENT "// Says how headers are compiled.\n")
add_library(headers_alone OBJECT EXCLUDE_FROM_ALL ${alone})
set_target_properties(headers_alone PROPERTIES EXPORT_COMPILE_COMMANDS ON)
target_include_directories(headers_alone PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_link_libraries(headers_alone PRIVATE mainstay_warnings fmt::fmt spdlog::spdlog nlohmann_json::nlohmann_json
  PkgConfig::AV PkgConfig::RTMP PkgConfig::GNUTLS PkgConfig::PORTAUDIO PkgConfig::PANGO Boost::headers OpenSSL::SSL)
target_compile_options(headers_alone PRIVATE -O0 -g0)
add_test(NAME structure.headers COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/headers_alone.py
  ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/compile_commands.json ${PROJECT_BINARY_DIR}/headers_alone.json)
set_tests_properties(structure.headers PROPERTIES TIMEOUT 600 PROCESSORS 2)
