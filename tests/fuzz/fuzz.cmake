# tests/fuzz/FOLDER_NAME_fuzz.cpp: one libFuzzer target a parser, linked to engine/FOLDER and its fakes
# (tests/engine/FOLDER/fake_*.cpp); seeds in tests/fuzz/corpus/FOLDER_NAME/.
file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/*_fuzz.cpp)
foreach(source ${sources})
  get_filename_component(name ${source} NAME_WE)
  string(REGEX MATCH "^[a-z]+" folder ${name})
  file(GLOB fakes CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/engine/${folder}/fake_*.cpp)
  add_executable(${name} ${source} ${fakes})
  target_link_libraries(${name} PRIVATE mainstay_${folder})
  target_link_options(${name} PRIVATE -fsanitize=fuzzer)
endforeach()
