"""Words of commands, as data: what opens and closes one, the verbs, and talk that refers to nothing."""

from __future__ import annotations


def _phrases(*texts: str) -> tuple[tuple[str, ...], ...]:
    return tuple(sorted((tuple(t.split()) for t in texts), key=len, reverse=True))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OPENINGS = _phrases(
    *_words("please pls um uh uhm erm er hmm hm ok okay so well now hey alright right, oh and then kindly just yo"),
    *("can you", "could you", "would you", "will you", "can you please", "could you please", "would you please"),
    *(
        "would you mind",
        "do you mind",
        "i want you to",
        "i would like you to",
        "i need you to",
        "i would like you to please",
    ),
    *("you should", "you can", "you need to", "you have to", "go and", "go ahead and", "try to", "now please"),
    *(
        "i said",
        "i say",
        "i meant",
        "that was it",
        "that was",
        "i am so sorry",
        "i am sorry",
        "no i mean",
        "i mean",
        "let us",
        "let 's",
        "do me a favour and",
        "do me a favor and",
    ),
    *(
        "be so kind and",
        "excuse me",
        "pardon me",
        "i would like to",
        "help me",
        "help me to",
        "let me",
        "maybe",
        "quickly",
        "carefully",
        "slowly",
    ),
    *(
        "can i",
        "could i",
        "may i",
        "are you able to",
        "is it possible to",
        "you know",
        "all right",
        "no problem",
        "oops",
    ),
    *("sorry", "no wait", "wait no", "oh yes", "oh no", "oh right", "which one was it", "what was it", "let me see"),
    *("want you to", "and then", "first of all", "your task is to", "good morning", "good evening", "thanks and"),
)
ADDRESSES = _phrases(
    "robot", "hello robot", "hi robot", "hey robot", "dear robot", "hello", "hi", "computer", "sir", "buddy"
)
TRAILERS = _phrases(
    *_words("please pls thanks now thx quickly carefully slowly immediately robot um uh okay ok right? lol buddy"),
    *(
        "thank you",
        "for me",
        "to me",
        "right now",
        "if you can",
        "if possible",
        "if you please",
        "would you",
        "can you",
    ),
    *("could you", "will you", "for us", "at once", "as soon as possible", "over here", "to my hand", "in my hand"),
    *("please and thank you", "thank you very much", "thanks a lot", "when you can", "from there", "away from there"),
)
ASIDE_PHRASES = (
    ("i", "think"), ("i", "guess"), ("you", "know"), ("i", "believe"), ("we", "can", "see"), ("you", "can", "see"),
    ("i", "can", "see"), ("we", "see"), ("you", "see"), ("my", "bad"),
    ("a", "bit"), ("a", "little", "bit"), ("a", "tad"),
)  # fmt: skip
ASIDES = frozenset({"um", "uh", "uhm", "erm", "please", "pls", "hmm", "lol"})

_ACTIONS = _words(
    "grab grasp pick take get fetch bring give hand pass find locate search show segment mask select "
    "highlight detect identify mark track follow point touch push pull lift raise drop put place "
    "move set carry lay hold look see watch choose want need return deliver reach pinch grip catch "
    "collect remove open close press transfer stack insert stow store clean wipe throw toss tap hit "
    "approach inspect check observe describe outline spot seek retrieve acquire dump slide rotate "
    "turn flip pour go drive walk come"
)
VERBS = frozenset(
    {
        *_ACTIONS,
        *("pick up", "pick out", "take away", "take out", "get me", "look for", "look at", "look up", "search for"),
        *(
            "hand over",
            "pass over",
            "pass me",
            "give me",
            "hand me",
            "bring me",
            "show me",
            "find me",
            "point at",
            "point to",
        ),
        *(
            "point out",
            "point towards",
            "put down",
            "set down",
            "lay down",
            "hold on to",
            "reach for",
            "go to",
            "go get",
        ),
        *("go for", "drive to", "walk to", "move to", "come to", "navigate to", "go over to", "head to", "go find"),
        *("where is", "where are", "where 's", "where did", "is there", "are there", "do you see", "can you see"),
        *(
            "can you find",
            "which is",
            "which one is",
            "which are",
            "i want",
            "i need",
            "i would like",
            "i would like to have",
        ),
        *("i like", "i see", "i choose", "i am looking for", "i mean", "looking for", "i will take", "i 'll take"),
        *("i want to see", "tell me where", "tell me where is", "give it", "have a look at", "take a look at"),
        *(
            "can i have",
            "could i have",
            "have",
            "zoom in on",
            "focus on",
            "attend to",
            "there is",
            "there 's",
            "here is",
        ),
        *("this is", "that is", "it is", "it 's", "draw a box around", "i wanted", "give us", "get rid of", "clean up"),
        *("tidy up", "pay attention to", "keep an eye on", "get hold of", "get a hold of", "take hold of"),
        *(
            "turn on",
            "turn off",
            "switch on",
            "switch off",
            "plug in",
            "unplug",
            "fill",
            "empty",
            "shut",
            "stop",
            "start",
        ),
    }
) - _words("spot")
# Nouns or adjectives as well ("close to me", "clean plate"): commands only before an article.
ONLY_BEFORE_ARTICLES = _words("close catch hit clean fill empty shut stop start")
VERB_PARTICLES = {
    **dict.fromkeys(_words("pick lift hold get take bring put set lay hand give push pull move clean tidy"),
                    ("up", "out", "down", "over", "away", "back", "off")),
    "pick up": (), "give": ("back", "over"),
}  # fmt: skip
PLACING_VERBS = frozenset(
    _words(
        "put place move bring carry drop set lay take transfer stack insert stow store throw toss dump "
        "deliver return slide stick hand push pull pour"
    )
)
MOTION_VERBS = frozenset(
    {*_words("go drive walk come turn move rotate look"), "look up", "look at", "go to", "move to", "come to"}
    | {"drive to", "walk to", "head to"}
)
MOTION_DIRECTIONS = frozenset(
    _words(
        "left right forward forwards backward backwards back up down ahead away around home here there "
        "straight on to off further faster slower meter meters metre metres step steps degrees me us you "
        "out in front at a bit little more closer"
    )
)
TALK = frozenset(
    {
        *_words(
            "stop halt wait pause hello hi hey thanks yes no yeah yep nope ok okay cancel abort quit exit "
            "bye goodbye help"
        ),
        *_words(
            "sure great cool nice good fine perfect resume continue undo again faster slower louder quiet silence sorry"
        ),
        *_words(
            "start begin go run sleep reset retry ready done test testing oops lol what huh why who when how whatever"
        ),
        *(
            "thank you",
            "thank you very much",
            "thanks a lot",
            "never mind",
            "nevermind",
            "good morning",
            "good evening",
        ),
        *(
            "good night",
            "good job",
            "well done",
            "stop it",
            "stop that",
            "stop now",
            "slow down",
            "speed up",
            "hurry up",
        ),
        *("shut down", "shut up", "turn off", "turn on", "switch off", "switch on", "wake up", "hold on", "calm down"),
        *("be careful", "be quiet", "try again", "do it again", "do it", "do that", "let it go", "let go", "let us go"),
        *(
            "not now",
            "not yet",
            "good bye",
            "see you",
            "see you later",
            "emergency stop",
            "wait a minute",
            "one moment",
        ),
        *(
            "you are right",
            "that is right",
            "i am back",
            "right now",
            "i will be back",
            "i love you",
            "i am right here",
        ),
        *(
            "nice to meet you",
            "help me",
            "happy birthday",
            "excuse me",
            "no thanks",
            "no thank you",
            "open your gripper",
            "home",
        ),
        *("tell me a joke", "sing a song", "play music", "say hello", "close your gripper", "open the gripper"),
        *(
            "close the gripper",
            "release",
            "release it",
            "that is all",
            "that is it",
            "come on",
            "watch out",
            "look out",
        ),
        *("i do not know", "never", "forget it", "of course", "all right", "very good", "you are welcome", "nothing"),
        *("something", "anything", "everything", "no idea", "clean up", "tidy up", "keep going", "get lost", "good"),
    }
)
# "stop right there", "wait a second": these with nothing but these behind them.
STOPS = _words("stop wait halt pause hold freeze hang")
STOPPED_BY = _words(
    "right there here now a an the one second seconds sec moment minute minutes bit while on it that this please "
    "immediately up still moving everything you for me robot again already"
)
# What a speaker says before saying it anew; in the middle of a command.
CORRECTIONS = _phrases(
    *("no wait", "wait no", "no sorry", "sorry no", "sorry i mean", "sorry i meant", "i mean", "i meant", "no i mean"),
    *("or rather", "no actually", "actually no", "no no", "scratch that", "correction", "make that"),
)
# Nouns as often as verbs: the first command before a direction as well ("move left"), the second only before a thing.
AMBIGUOUS_VERBS = _words("watch mark lift drop point move place turn look track mask touch hold")
NOUN_VERBS = _words("hand stack slide tap press store seek")
