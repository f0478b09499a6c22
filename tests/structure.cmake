# The floors and house rules hold (docs/architecture.md): checked on the sources.
find_package(Python3 REQUIRED COMPONENTS Interpreter)
add_test(NAME structure.floors COMMAND ${Python3_EXECUTABLE} ${CMAKE_CURRENT_SOURCE_DIR}/structure.py ${PROJECT_SOURCE_DIR})

# Each public header compiles alone.
file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${PROJECT_SOURCE_DIR} ${PROJECT_SOURCE_DIR}/engine/*.h)
set(alone_dir ${PROJECT_BINARY_DIR}/generated/headers)
set(alone)
foreach(header ${headers})
  string(MAKE_C_IDENTIFIER ${header} id)
  set(file ${alone_dir}/${id}.cpp)
  file(CONFIGURE OUTPUT ${file} CONTENT "#include \"${header}\"\n" @ONLY)
  list(APPEND alone ${file})
endforeach()
add_library(headers_alone OBJECT EXCLUDE_FROM_ALL ${alone})
target_include_directories(headers_alone PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
target_link_libraries(headers_alone PRIVATE mainstay_warnings fmt::fmt spdlog::spdlog nlohmann_json::nlohmann_json
  PkgConfig::AV PkgConfig::RTMP PkgConfig::GNUTLS PkgConfig::PORTAUDIO PkgConfig::PANGO Boost::headers OpenSSL::SSL)
target_compile_options(headers_alone PRIVATE -O0 -g0)
add_test(NAME structure.headers COMMAND ${CMAKE_COMMAND} --build ${PROJECT_BINARY_DIR} --target headers_alone)
set_tests_properties(structure.headers PROPERTIES TIMEOUT 600)
