# Makes the CMake exports of the ROS wheels usable. Give it as -DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=<this file> when building
# against wheels (setup.py does); against a regular ROS install it changes nothing and is not needed.
#
# The wheels' exported `<package>__rosidl_generator_py` targets name include directories of the machine that built them.
# CMake refuses imported targets with include directories that do not exist, so those are dropped after each find_package.

macro(find_package)
  _find_package(${ARGV})
  _tas_drop_missing_includes("${ARGV0}")
endmacro()

function(_tas_drop_missing_includes package)
  get_property(targets DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" PROPERTY IMPORTED_TARGETS)
  list(FILTER targets INCLUDE REGEX "__rosidl_generator_py$")
  foreach(target IN LISTS targets)
    get_target_property(directories ${target} INTERFACE_INCLUDE_DIRECTORIES)
    set(kept "")
    foreach(directory IN LISTS directories)
      if(EXISTS "${directory}" OR directory MATCHES "^\\$<")
        list(APPEND kept "${directory}")
      endif()
    endforeach()
    set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${kept}")
  endforeach()
endfunction()
