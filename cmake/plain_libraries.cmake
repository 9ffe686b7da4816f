# parley_find_library(LibJwt jwt) makes LibJwt::LibJwt of a library that comes without a CMake package.
function(parley_find_library package library)
  find_library(${package}_LIBRARY ${library} REQUIRED)
  add_library(${package}::${package} UNKNOWN IMPORTED)
  set_target_properties(${package}::${package} PROPERTIES IMPORTED_LOCATION "${${package}_LIBRARY}")
endfunction()

# The same for one that need not be there: then the target is empty, and the definition
# PARLEY_HAS_<NAME> is missing from what links it.
function(parley_find_optional_library package library)
  find_library(${package}_LIBRARY ${library})
  add_library(${package}::${package} INTERFACE IMPORTED)
  if(${package}_LIBRARY)
    string(TOUPPER ${package} name)
    target_link_libraries(${package}::${package} INTERFACE "${${package}_LIBRARY}")
    target_compile_definitions(${package}::${package} INTERFACE PARLEY_HAS_${name}=1)
  endif()
endfunction()
