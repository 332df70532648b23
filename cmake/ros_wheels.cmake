# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

# Makes the CMake exports of the ROS wheels usable. Give it as -DCMAKE_PROJECT_TOP_LEVEL_INCLUDES=<this file> when building
# against wheels (setup.py does); against a regular ROS install it changes nothing and is not needed.

# 1. The wheels' exported `<package>__rosidl_generator_py` targets name include directories of the machine that built
# them. CMake refuses imported targets with include directories that do not exist, so those are dropped.
macro(find_package)
  _find_package(${ARGV})
  _tas_drop_missing_includes()
endmacro()

function(_tas_drop_missing_includes)
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

# 2. The same target of the package being built names the include directories of this environment's Python and numpy.
# CMake refuses to export directories inside the source tree, where a .venv may lie; only this build needs them.
function(_tas_keep_includes_out_of_the_export)
  get_property(targets DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" PROPERTY BUILDSYSTEM_TARGETS)
  list(FILTER targets INCLUDE REGEX "__rosidl_generator_py$")
  foreach(target IN LISTS targets)
    get_target_property(directories ${target} INTERFACE_INCLUDE_DIRECTORIES)
    list(TRANSFORM directories REPLACE "^(/.*)$" "$<BUILD_INTERFACE:\\1>")
    set_target_properties(${target} PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${directories}")
  endforeach()
endfunction()

cmake_language(DEFER CALL _tas_keep_includes_out_of_the_export)
