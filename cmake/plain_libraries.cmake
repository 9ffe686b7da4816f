# parley_find_library(LibJwt jwt) makes LibJwt::LibJwt of a library that comes without a CMake package.
function(parley_find_library package library)
  find_library(${package}_LIBRARY ${library} REQUIRED)
  add_library(${package}::${package} UNKNOWN IMPORTED)
  set_target_properties(${package}::${package} PROPERTIES IMPORTED_LOCATION "${${package}_LIBRARY}")
endfunction()
