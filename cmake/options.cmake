# What every target is compiled and linked with.
option(PARLEY_FUZZ "Build the fuzz targets of tests/fuzz; needs clang" OFF)
option(PARLEY_EMBED_WEB "Embed web/dist, which must have been built, in the binary" OFF)
set(PARLEY_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

add_compile_options(-Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wshadow
                    -Wold-style-cast -Wnon-virtual-dtor -Werror)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
  add_compile_options(-Wno-restrict)  # It sees ghosts in std::string's operator+ (GCC bug 105651).
endif()
add_compile_options(-fstack-protector-strong -fstack-clash-protection -fcf-protection -fPIE)
add_link_options(-pie -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)
add_compile_definitions(_GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT PARLEY_SANITIZE)
  add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(PARLEY_SANITIZE)
  add_compile_options(-fsanitize=${PARLEY_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # Instrumented code looks uninitialised to it where plain code does not; the manual says so.
    add_compile_options(-Wno-maybe-uninitialized)
  endif()
  add_link_options(-fsanitize=${PARLEY_SANITIZE})
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # clang 16 needs to be told that it can compile libstdc++ 12's std::expected. (clang 14 cannot compile
  # its std::variant then.)
  add_compile_options(-D__cpp_concepts=202002L -Wno-macro-redefined)
  add_compile_options(-Wno-error)  # GCC is the judge of warnings; clang sees others, and some ghosts.
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD AND NOT (PARLEY_SANITIZE AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU"))
  add_link_options(-fuse-ld=mold)
endif()
