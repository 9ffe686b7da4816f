# The web app as part of the binary: the library parley_web defines parley::server::embedded_web().
#
# With PARLEY_EMBED_WEB and a built web/dist it holds those files, each also compressed; otherwise
# one plain page that says what is missing. tools/embed_web.py writes the source file; the contents
# come in by the assembler's .incbin, so that megabytes of them compile in a moment.
find_package(Python3 3.9 REQUIRED COMPONENTS Interpreter)

set(web_dist ${PROJECT_SOURCE_DIR}/web/dist)
set(web_generated ${PROJECT_BINARY_DIR}/embedded_web)
set(web_files)
set(web_from)
if(PARLEY_EMBED_WEB)
  file(GLOB_RECURSE web_files CONFIGURE_DEPENDS ${web_dist}/*)
  set(web_from --dist ${web_dist})
endif()
add_custom_command(
  OUTPUT ${web_generated}/embedded_web.cpp
  COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/embed_web.py ${web_from}
          --out ${web_generated}
  DEPENDS ${PROJECT_SOURCE_DIR}/tools/embed_web.py ${web_files}
  COMMENT "Compressing the web app"
  VERBATIM)
add_library(parley_web STATIC ${web_generated}/embedded_web.cpp)
target_include_directories(parley_web PRIVATE ${PROJECT_SOURCE_DIR}/src)
