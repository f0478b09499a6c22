# Writes OUT: one raw string literal for each of FILES (relative to DIR), looked up by name.
set(body "// Generated from resources/; do not edit.\n#include \"resources/resources.h\"\n\nnamespace mainstay {\n\nstd::string_view resource(std::string_view name) {\n")
foreach(file ${FILES})
  file(READ ${DIR}/${file} text)
  string(APPEND body "  if (name == \"${file}\") return R\"__mainstay__(${text})__mainstay__\";\n")
endforeach()
string(APPEND body "  return {};\n}\n\n}  // namespace mainstay\n")
file(WRITE ${OUT} "${body}")
