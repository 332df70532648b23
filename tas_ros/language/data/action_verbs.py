# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Verbs of commands, as data: what a robot is told to do with a thing, and which of them say where to."""

from __future__ import annotations

from tas_ros.language.data.word_sets import word_set

PLACING_VERBS = word_set(
    "put place set lay leave drop stick chuck hang stash stow store tuck pop plonk plop plunk dump tip toss hurl "
    "fling lob sling slide slip shove roll wheel park load insert plug mount stack pile pour sprinkle scatter "
    "spread install attach fasten clip pin nail screw bolt glue hook rest stand sit prop lean balance position "
    "arrange nest pack drape deposit transfer shift move relocate replace bury dip dunk submerge soak immerse plant "
    "shelve add bring carry take hand return deliver push pull pass give haul drag lug tow ferry transport ship "
    "send lower cram jam wedge squash stuff ram fit thread dispose recycle trash discard slot seat connect hitch "
    "tie strap tape guide steer scoop shovel ladle heave hoist rehang reinsert redeposit recline project decant "
    "kick nudge scoot lodge ease throw"
)
"""After the thing these say where to ("hang the towel ON THE HOOK")."""
CARRYING_VERBS = word_set(
    "bring take carry return hand push pull deliver transfer pass give haul drag lug tow ferry transport ship send "
    "guide steer kick nudge scoot lower raise hoist heave trash discard recycle dispose lodge"
)
"""These say where to only with "to", "into", "onto": "bring the mug on the table" tells which mug."""
OTHER_ACTIONS = word_set(
    "grab grasp pick get fetch find locate search show segment mask select highlight detect identify mark track "
    "follow point touch lift hold look see watch choose want need reach pinch grip catch collect remove open close "
    "press clean wipe hit approach inspect check observe describe outline spot seek retrieve acquire rotate turn "
    "flip go drive walk come snatch seize clutch obtain gather harvest pluck extract withdraw unload unpack unplug "
    "unscrew unlock unhook untie unfold unwrap detach disconnect dismantle disassemble assemble rinse wash scrub "
    "dry dust mop polish vacuum sponge sanitize disinfect peel slice chop cut dice grate crush mash stir mix whisk "
    "shake squeeze crack break smash tighten loosen adjust align straighten tilt spin twist crank wind bend fold "
    "unroll push click ring knock poke prod pat stroke pet hug examine study scan photograph film read count weigh "
    "measure test recognise recognize label circle tag box sketch trace pinpoint visit borrow lend buy sell order "
    "fill refill cover uncover wrap seal cap light ignite switch start stop shut toggle activate deactivate enable "
    "water iron butter heat warm cool cook fry bake boil toast repair mend fix swap exchange replace steal nab save "
    "keep scratch rub swipe sand drill hammer saw paint sharpen inflate deflate crumple tear rip suck lick eat "
    "drink sip taste smell sniff consider notice mind ignore avoid aim target chase bag recover rescue salvage dig "
    "bring lug hand charge wear use operate try zoom focus isolate crop pull dock secure hook clamp release undo "
    "scoop cradle ditch bin tidy snip trim stow stamp stitch sew staple pump squirt spray empty drain swing sweep "
    "lock serve raise sort tap scrape spill bounce flick feed"
)
AMBIGUOUS_VERBS = word_set("watch mark lift drop point move place turn look track mask touch hold")
"""Nouns as often as verbs: commands before a direction as well ("move left")."""
NOUN_VERBS = word_set(
    "hand stack slide tap press store seek chuck stash wheel lob sling pass haul load dump toss throw return wash "
    "cut transfer grip transport"
)
"""Nouns as well: commands only before a thing."""
ONLY_BEFORE_ARTICLES = word_set(
    "clear sprinkle stir close catch hit clean fill empty shut stop start stick tip park roll plug mount pile "
    "spill clip pin nail screw bolt glue hook rest stand prop lean balance position nest pack dip plant file sort "
    "slot seat tie strap tape lock swing sweep scoop shovel kick trash serve sponge mop dust polish vacuum peel "
    "slice dice grate mash mix whisk shake crack break spin twist crank wind bend fold click ring knock poke pat "
    "pet hug study scan photograph film count test label circle tag box trace order cover wrap seal cap light "
    "switch water iron butter heat warm cool fry boil toast fix swap keep scratch rub sand drill hammer saw paint "
    "drink smell aim target bag dig charge wear use try focus crop dock clamp release ditch bin trim stamp staple "
    "pump spray jam ram fit feed ship thread spread train secure dry pop drape lodge ease tow visit buy taste tear "
    "sketch squash stuff lower project stroke cook read tilt connect drain shower chop crush squeeze ladle wedge "
    "ferry guide cradle stitch toggle scrub clutch bounce flick"
)
"""Nouns or adjectives as well ("close to me", "tape dispenser", "water bottle"): commands only before an article."""
PATH_PARTICLES = word_set("upside back over up down across off out away through along around straight right")
"""Between the thing and where to ("put it BACK in the box"): they belong to the verb."""
GOING = word_set("goes belongs go belong lives")
"""The thing goes to its place: "the red mug goes in the sink"."""
FURNISHING_VERBS = word_set("fill refill cover wrap stir replace swap exchange stuff feed spray")
"""What stands after "with" is what they take: "fill the glass with water" tells of no water in it."""

WORKING_VERBS = word_set(
    "wipe clean wash scrub cut slice chop hit open stir mix dry polish sweep dust tighten loosen unscrew scrape "
    "crack break rinse peel carve spread mop sand drill saw press poke touch tap push reach pick grab lift move"
)
TOOLS = word_set(
    "sponge cloth towel rag knife knives scissors opener brush broom mop spoon key keys hammer saw vacuum duster "
    "whisk spatula soap water tongs pliers tweezers crowbar stick gripper hand hands finger fingers arm detergent "
    "napkin"
)
"""After a verb of work and "with", what the work is done with: "wipe the table with the sponge"."""


def _gerund(verb: str) -> str:
    if verb.endswith("e") and not verb.endswith("ee"):
        return verb[:-1] + "ing"
    doubles = len(verb) <= 4 and verb[-1] not in "aeiouwxy" and verb[-2] in "aeiou" and verb[-3:-2] not in "aeiou"
    return verb + verb[-1] * doubles + "ing"


ACTIONS = PLACING_VERBS | OTHER_ACTIONS
GERUNDS: dict[str, str] = {_gerund(verb): verb for verb in sorted(ACTIONS) if len(verb) > 2}
"""After "would you mind" a command stands as "passing the salt"."""
SPELT_VERBS = word_set(
    "grab grasp pick take fetch bring give hand pass find locate search show segment select highlight detect identify "
    "mark track follow point touch push pull lift raise drop place move carry hold look watch choose want need return "
    "deliver reach catch collect remove open close press stack insert store clean wipe throw inspect check observe "
    "describe outline retrieve acquire slide rotate turn flip pour drive walk come pick transfer approach"
)
"""Verbs common enough that a misspelt word is taken for one of them."""
