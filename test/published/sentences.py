# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Sentences of every family that the released rectifier treats in its own way."""

FAMILIES = {
    "plain": """
        dog | red mug | the woman in a blue shirt | man with glasses | a slice of pizza | girl holding a kite
        white car | the old couch | guy in black jacket | the banana | sandwich half eaten | kid with hat | pink
        a zebra with its head down | two people on a bench | the man who wears a tie""",
    "one_direction": """
        left | right | left mug | right mug | top mug | the left mug | the mug on the left | mug on the right
        man on left | person on right | guy on the left side | cup to the right | far right chair | leftmost zebra
        the rightmost elephant | woman at left | boy on far left | top pizza | north building | east gate | west wing
        mug at the top | banana on top | giraffe above | the person below | left side of picture | right half
        car on left side | bowl in the top | red mug on the left | bear right | left bear | western horse
        the cow in the left | dog at the right side of the image | south side | eastern tower | underneath""",
    "two_directions": """
        top left mug | top right | upper left bowl | mug on the top left | the person on the bottom right | left top
        bottom left | right top donut | food at top right | book on the left at the top | above left cat
        below right vase | bowl on top to the left | the pot on the right below | north west corner | top left corner
        left person above the bench | underneath on the right | cup on left under shelf | lower right piece""",
    "relation": """
        mug left of the laptop | the mug to the left of the plate | man right of the woman | dog under the table
        cat above the dog | the bowl below the spoon | chair next to the sofa | girl between two boys
        the cup on the left of the cup | horse left of horse | man behind the counter | bag on top of the suitcase
        the car to the right of the car | boy in front of the bus | lamp above the left bed | man to left of man
        person left of the left person | cow under the cow | plate below the plate on the left
        dog on the right side of the dog | the man under the man on the left | pizza on the top of the pizza
        umbrella above the umbrella to the right | cup on the left under the cup | man on the left of the image
        boat in the left part of the picture | bird within the left half""",
    "size": """
        biggest dog | the largest elephant | smaller cup | closest zebra | furthest boat | bigger bear on the left
        larger left umbrella | tiny dog | the smallest bird on top | closer man | tallest giraffe | further cow
        bigger right dog | larger top pizza | closer right car | smaller right bird | dog bigger on the left""",
    "ordinal": """
        second from left | third person from the right | first mug | the second dog from the left | last cow
        2nd from right | man third from left | the last zebra on the right | middle giraffe | fourth one from top""",
    "substring_traps": """
        laptop | bright umbrella | dog on the bright couch | stop sign | northern lights poster | underneath the table
        the top of the laptop | thunder shirt | right laptop | copyright sign | eastern rug | the beast | bright cat
        left laptop | western hat on the right | cleft rock | topping on the pizza | bright left lamp
        girl with stopwatch on right | desktop on left | leftover food on the right | undershirt man | feast on left
        laptop left | bright bowl on top | laptop on left side | stop sign on right
        below the bright light | easter egg left
        larger laptop | closer stop sign""",
    "verbal": """
        man standing on the left | woman sitting on the right | person walking under the bridge | dog running left
        looking right | girl facing left | the man leaning right | boy sits on top | the cat lies below the chair
        standing on left | holding a bat on right side | see the left cup | it is the mug on the left
        the one standing above | is on the right | bird flying above the boat | cut off on right | leaning to the left
        kid kneels underneath | guy wearing red is left
        dog sitting on the left | woman standing on the right | person sitting on top | boy standing to the left""",
}
SENTENCES = {
    family: [each.strip() for line in lines.strip().splitlines() for each in line.split("|")]
    for family, lines in FAMILIES.items()
}
