# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Names of things, people, clothes and colours, and slips in them. Data only; read through `vocabulary`."""

from __future__ import annotations

from tas_ros.language.data.word_sets import word_set

COLOURS: dict[str, str] = {
    **{c: c for c in word_set("red green blue yellow orange purple pink brown black white")},
    **dict.fromkeys(word_set("gray grey silver greyish grayish"), "grey"),
    **dict.fromkeys(word_set("violet lavender lilac magenta maroonish purplish"), "purple"),
    **dict.fromkeys(word_set("maroon crimson scarlet burgundy reddish"), "red"),
    **dict.fromkeys(word_set("navy teal turquoise cyan aqua bluish"), "blue"),
    **dict.fromkeys(word_set("golden gold yellowish yelow yello"), "yellow"),
    **dict.fromkeys(word_set("tan beige brwn brownish khaki"), "brown"),
    **dict.fromkeys(word_set("olive lime greenish"), "green"),
    **dict.fromkeys(word_set("blk balck blck"), "black"),
    **dict.fromkeys(word_set("wht whit whte whitish"), "white"),
    **dict.fromkeys(word_set("pinkish rose salmon"), "pink"),
    **dict.fromkeys(word_set("orangish"), "orange"),
}
# Colour words that are a thing when a food or drink word follows, or when the article says so ("an orange").
FRUIT_COLOURS = word_set("orange olive lime rose salmon peach")
FRUIT_COMPANY = word_set(
    "juice oil soda tree slice slices peel wedge cake fruit segment segments branch zest flower petals"
)
PEOPLE = word_set(
    "person people man men woman women guy guys girl girls boy boys lady ladies kid kids child children dude dudes "
    "adult gentleman gal fella mom dad mother father baby toddler chick player batter catcher umpire skier skater "
    "rider driver chef bride groom cop officer waiter waitress skateboarder courier pedestrian nurse doctor farmer "
    "cook fireman firefighter policeman policewoman soldier plumber builder carpenter mechanic technician engineer "
    "passenger runner jogger golfer swimmer dancer musician guitarist drummer singer bloke fellow chap lad lass "
    "teenager teen infant granny nan uncle aunt brother sister son daughter husband wife colleague boss customer "
    "shopper vendor clerk cashier barista bartender guard janitor butcher baker gardener electrician painter "
    "welder visitor tourist hiker scientist photographer athlete goalie goalkeeper postman mailman fisherman "
    "sailor pilot conductor monk priest nun clown skateboarder snowboarder surfer pitcher boarder referee ref fan "
    "student teacher worker male female grandma grandpa somebody someone cowboy biker cyclist"
)
KIN = word_set("granny nan gran grandma grandpa grandad mum mom mummy mommy dad daddy mother father auntie")
"""Called so without an article, they are names."""
# People words that rarely modify a following noun: in "guy bat" the bat is his.
PLAIN_PEOPLE = word_set("person man woman guy girl boy lady kid child dude gal men women people")
CLOTHES = word_set(
    "shirt shirts tshirt jacket coat hat cap suit tie dress pants jeans shorts sweater hoodie skirt vest scarf "
    "glasses helmet shoes shoe boots socks uniform jersey gloves goggles sunglasses shades tee blouse robe apron "
    "bikini swimsuit overalls sweatshirt tux tuxedo gown stripes plaid clothes clothing outfit trunks trousers "
    "hair beard mustache leggings belt hood wetsuit cardigan blazer sleeves sleeve turtleneck bandana headband "
    "visor tights denim collar shawl sneakers sandals flannel camo polo windbreaker costume kimono jumper jumpers "
    "pullover sweatpants fleece parka anorak poncho waistcoat dungarees slippers trainers mittens beanie bonnet "
    "turban veil hijab cloak cape raincoat overcoat tracksuit leotard slacks loafers heels stockings smock jacket "
    "jackets coats hats dresses coverall coveralls jumpsuit romper leggings trouser bathrobe pyjamas pajamas "
    "nightgown cloth earrings necklace bracelet spectacles specs moustache ponytail braids dreadlocks vests "
    "helmets"
)
BODY = word_set(
    "hand hands arm arms leg legs head face foot feet butt ear ears eye eyes nose neck tail back shoulder body "
    "chin hip hips knee knees lap mouth wrist finger fingers thumb elbow ankle belly chest"
)
BUILT_IN = word_set(
    "door window shutter wheel lid roof drawer handle chimney headlight engine windscreen windshield bumper sail mast "
    "propeller wing balcony porch gate knob hinge tyre tire plug cord cable switch spout antenna aerial awning "
    "canopy saddle pedal spoke axle armrest headrest footrest handlebar mudguard grille lampshade rim hatch"
)
"""Parts of things that no person has: "the man beside the train with open doors"."""
COMPOUNDS: dict[tuple[str, str], str] = {
    ("hot", "dog"): "hotdog",
    ("hot", "dogs"): "hotdogs",
    ("sun", "glasses"): "sunglasses",
    ("wine", "glass"): "wineglass",
    ("back", "pack"): "backpack",
    ("bag", "pack"): "backpack",
    ("tee", "shirt"): "shirt",
    ("t", "shirt"): "shirt",
    ("skate", "board"): "skateboard",
    ("surf", "board"): "surfboard",
    ("snow", "board"): "snowboard",
    ("key", "board"): "keyboard",
    ("lap", "top"): "laptop",
    ("note", "book"): "notebook",
    ("tea", "pot"): "teapot",
    ("screw", "driver"): "screwdriver",
    ("book", "shelf"): "bookshelf",
    ("micro", "wave"): "microwave",
    ("tooth", "brush"): "toothbrush",
    ("sauce", "pan"): "saucepan",
    ("cup", "board"): "cupboard",
}
# Named in the plural only.
PAIRED = word_set(
    "shorts pants jeans glasses goggles sunglasses shades trousers overalls leggings tights scissors tongs pliers "
    "tweezers fatigues stripes headphones earphones binoculars skis clothes trunks forceps shears clippers secateurs "
    "pincers nippers snips spectacles specs pyjamas pajamas dungarees slacks knickers suspenders calipers callipers "
    "bellows"
)
SINGULAR_IN_S = word_set("thermos lens gas canvas atlas asbestos series chassis bus cactus tennis bias")
# Frequent slips that a lexicon of web text takes for words, or that are too short to correct by distance.
COMMON_SLIPS: dict[str, str] = {
    "gir": "girl", "girll": "girl", "grl": "girl", "gurl": "girl", "gril": "girl", "womn": "woman", "wman": "woman",
    "midle": "middle",
    "rigth": "right", "rite": "right", "righ": "right", "lef": "left", "zeb": "zebra", "teh": "the", "hte": "the",
    "hamer": "hammer", "srry": "sorry", "sry": "sorry", "soory": "sorry", "blu": "blue", "grn": "green", "2ns": "2nd",
    "secnd": "second", "withe": "white", "fromt": "front", "ight": "right", "lil": "little",
    "dat": "that", "phot": "photo", "plat": "plate", "plyer": "player", "dis": "this", "dem": "them", "ellow": "yellow",
    "girrafe": "giraffe", "girrafee": "giraffe", "giraff": "giraffe", "girafe": "giraffe",
    "nxt": "next", "behing": "behind", "botom": "bottom", "botttom": "bottom", "chiar": "chair", "yhe": "the",
    "frnt": "front", "shrt": "shirt", "sirt": "shirt", "shir": "shirt", "elephan": "elephant", "womens": "woman",
}  # fmt: skip
# Everyday things: keeps the tagger from reading them as verbs, and misspelt ones readable.
THINGS = word_set(
    "mug cup glass plate bowl bottle can box laptop monitor keyboard mouse phone book pen pencil knife fork spoon "
    "lamp bag backpack chair table sofa couch bed desk shelf drawer door window plant vase flower pot pan kettle "
    "teapot jar ball cube block cylinder cone toy teddy duck apple banana lemon pear peach carrot broccoli tomato "
    "potato sandwich pizza donut doughnut cake bread cookie hotdog burger car truck bus van train plane boat bike "
    "bicycle motorcycle scooter dog cat horse cow sheep bear zebra giraffe elephant bird goat pig lamb umbrella "
    "kite skateboard surfboard snowboard skis bat racket racquet frisbee clock sign light screen tv remote toaster "
    "oven microwave fridge refrigerator sink toilet towel pillow blanket suitcase luggage bin basket tray bucket "
    "screwdriver hammer wrench drill scissors tape sponge brush cap lid fence bench tree wall mirror watch drum "
    "speaker camera container carton hydrant wineglass hotdog skateboarder parking meter sailboat bowtie napkin "
    "candle stapler stool ladder pitcher statue hydrangea potholder coaster ruler eraser marker calculator "
    "lemonade cereal coffee tea juice milk water wine beer soup rice meat chicken stop orange drink jug carafe "
    "saucer tumbler goblet tablecloth spatula ladle whisk grater strainer colander thermos flask sauce ketchup "
    "mustard chili cheese egg onion garlic pumpkin melon watermelon strawberry grape cherry avocado cucumber "
    "lettuce mushroom broom mop rope cable charger battery flashlight wallet purse envelope parcel package bearing "
    "racking shelving railing tubing housing casing bushing coupling ceiling building biscuit biro spanner thermos "
    "vise wrench pliers mallet chisel drum vial beaker flask trolley cart dustpan bolt nut screw nail washer gear "
    "valve gasket hinge bracket crate barrel pallet toothbrush saucepan cupboard bookshelf notebook skewer pastry "
    "muffin bagel pancake waffle muffin cupcake tractor wagon trailer carriage saddle canoe kayak tent barbecue "
    "grill heater radiator curtain"
)
ADJECTIVES = word_set(
    "empty full open closed asleep blurry partial visible whole striped plaid bald blond blonde shirtless wooden "
    "plastic metal metallic dark light bright pale shiny round square flat clear transparent old young fat thin "
    "skinny dirty clean"
) - {"light", "square"}
# What is so "by the robot" is in its gripper, not beside it.
HELD = word_set("held carried gripped grasped clamped grabbed lifted")
# Materials, states, finishes and shapes: nothing here looks at them.
UNVERIFIED = HELD | word_set(
    "wooden wood metal metallic steel aluminium aluminum iron plastic rubber paper cardboard leather ceramic porcelain "
    "glass cotton woolen knitted wicker bamboo stone "
    "empty full filled open opened unopened closed sealed broken cracked torn bent crushed dented new old used clean "
    "dirty wet dry hot warm cold frozen heavy lightweight soft hard sharp blunt fresh ripe rotten folded rolled coiled "
    "crumpled peeled sliced cut lying standing upright upside tipped fallen hanging leaning plugged lit burning "
    "striped patterned dotted checkered plain transparent clear opaque shiny matte round square flat rectangular curved"
)
