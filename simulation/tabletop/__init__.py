# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Made-up tables with sentences of every kind and their truth in camera, image, robot and speaker frames.

`generate` renders it (seeds below 10,000 tune, those from it on only report), `dataset` opens it for `tas evaluate`,
`scores` tells how often and where a system is right.

What the words are taken to mean, so that a person would agree:

- left, right, leftmost, second from the left: along the horizontal right of whoever looks. For the camera that is a
  person at the camera with the head upright; both the metres on the table and the place in the upright view must say
  the same. For `image` it is the pixel column.
- top, bottom (of things on a table): far and near, where the view shows them higher and lower. Both must hold. In
  `image` the pixel row. There is no top from the robot's or a speaker's side: no view, no top.
- front, in front of, back, behind: nearer to and farther from whoever looks. For the robot, too, "in front of the box"
  is between the robot and the box.
- above, over, on, under, below: one thing rests on the other. Only in `image` above is higher in the picture.
- closest, farthest: to the camera, the robot's base or the speaker; "closest to the box" by clear table between them.
- next to: up to 6 cm of clear table; not next to: at least 16 cm. Between: near the middle of the line.
- big, small: of the whole thing, by volume and by silhouette, not by how large it shows. Tall, short: its height.
- "the left mug" is the left one of two; "the mug on the left" lies left of the view's middle and no other does; "on
  your left" is left of the robot's own middle.
- names and colours that people use differently (a cup that might be a mug, red that might be orange, a printed box
  that has no one colour) decide nothing: sentences that hang on them are not made.
- NOT_FOUND: nothing bears the name, or has the colour, or stands so, or there are not so many. AMBIGUOUS: two or more
  fit, none shows more than 2.2 times larger than another, or is much nearer to what it is placed by.

`truth` decides with margins from the scene; `cross_check` once more from masks and measured depth with none. A
sentence on which they differ is dropped.
"""
