# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""What opens and closes a command without saying anything of the thing meant, as data. Phrases are split at bars."""

from __future__ import annotations

from collections.abc import Iterable


def phrases(*texts: str) -> tuple[tuple[str, ...], ...]:
    """The word sequences of bar-separated texts, longest first."""
    return tuple(sorted({tuple(p.split()) for t in texts for p in t.split("|")}, key=lambda p: (-len(p), p)))


def _each(before: Iterable[str], after: Iterable[str]) -> str:
    return " | ".join(f"{b} {a}" for b in before for a in after)


_MODALS = ("can", "could", "would", "will", "might", "can not", "could not", "would not", "wo not", "ca not")
_YOU = ("you", "u", "ya")
_MEANING = (
    *("need", "want", "would like", "am after", "am looking for", "are looking for", "meant", "mean", "really want"),
    *("wanted", "asked for", "have in mind", "need now", "need next", "am talking about", "said", "want now"),
)
OPENINGS = phrases(
    "please | pls | plz | um | uh | uhm | erm | er | hmm | hm | ok | okay | so | well | now | hey | alright |"
    "right , | oh | and | then | kindly | just | yo | maybe | perhaps | possibly | quickly | careslowly |"
    "gently | oops | sorry | ah | aha | right so | right then | right ok | right can | right could | cheers |"
    "next , | finally | look , | listen | also | actually | alternatively | instead | hopefully | nah | nope |"
    "yeah | ugh | argh | gosh | um no",
    _each(_MODALS, _YOU),
    _each(("if",), ("you could", "you can", "you would", "you do not mind", "possible", "you please", "u can")),
    _each(
        ("i was wondering if", "i wonder if", "i am wondering if", "do you think", "any chance", "is there any chance",
         "it would be great if", "it would be nice if", "it would be good if", "it would be lovely if",
         "it would help if", "i would appreciate it if", "i would be grateful if", "i would love it if",
         "i would like it if", "would it be possible if", "is it possible if", "would it be ok if", "see if"),
        ("you could", "you can", "you might", "you would", "you will", "we could"),
    ),
    "any chance of | is there any chance of | would you mind | do you mind | if you would not mind | mind |"
    "how about | what about | would it be possible to | would it be possible for you to |"
    "is it possible for you to | are you able to | is it possible to | would you care to | would you like to |"
    "feel free to | make sure to | make sure you | be sure to | do not forget to | remember to | why do not you |"
    "would you be so kind as to | would you be so kind and | be so kind as to | be so kind and | be a dear and |"
    "be a love and | be a star and | be an angel and | be a pal and | be a good robot and | do me a favour and |"
    "do me a favor and | do me a favour | do me a favor | can i ask you to",
    _each(("i", "we"), ("want you to", "would like you to", "need you to", "would like you to please",
                   "would love you to",
                   "asked you to", "told you to", "am asking you to", "want u to", "need u to", "said to", "wish to",
                   "asked for", "asked you for", "was asking for", "said", "say", "meant", "am so sorry", "am sorry",
                   "mean", "would like to", "have to", "just want you to")),
    _each(
        ("what i", "what we", "all i", "all we", "the one i", "the thing i", "the one that i", "the thing that i"),
        (f"{verb} {be}" for verb in _MEANING for be in ("is", "was", "'s")),
    ),
    _each(
        ("run", "nip", "pop", "come", "walk", "head", "go", "reach", "lean", "drive", "roll", "move", "dash", "hurry"),
        ("and", "over and", "over there and", "up and", "across and", "back and", "forward and", "down and"),
    ),
    _each(("morning", "evening", "afternoon", "good day", "good night", "night", "greetings", "howdy", "welcome"),
          ("robot", ",", "mate", "buddy", "there", "sir", "dear", "love", "everyone", "all")),
    "task , | command , | instruction , | order , | step one , | same for | same with | do the same with |"
    "ditto for | this time | do the same for | do the same to | likewise for | careful | be careful | watch out |"
    "look out | whoa | wow | easy | great now | good now | perfect now | nice now | cool now | thank you | thanks |"
    "well done | good job | great job | nice work | great work | perfect , | great , | good , | nice , | cool , |"
    "want you to | need you to | we need to | we have to | let us | let 's | let me | help me | help me to |"
    "i told you | i already told you | i just told you | i have told you | i keep telling you | i am telling you |"
    "i was talking about | i am talking about | we are talking about | told you | we told you | i said to you |"
    "i told you before | i told you already | as i told you |"
    "excuse me | pardon me | you should | you can | you need to | you have to | you must | you may | you could |"
    "you are to | you got to | you better | you will have to | you might want to | you know | go and |"
    "go ahead and | go on and | go on | try to | try and | start by | begin by | now please | that was it |"
    "that was | no i mean | all right | no problem | please to | no wait | wait no | oh yes | oh no | oh right |"
    "which one was it | what was it | let me see | let me think | and then | first of all | after that |"
    "once you are done | when you are done | next up | the next thing is | the next step is to | your task is to |"
    "your job is to | your next task is to | your next job is to | the task is to | for the next task |"
    "hello there | hi there | hey there | howdy | greetings |"
    "good morning | good evening | good afternoon | thanks and | thank you and | great now | good now |"
    "very good now | can i | could i | may i | might i | can we | could we | when you get a chance |"
    "when you have a moment | when you have a minute | when you have a second | when you are ready |"
    "whenever you are ready | whenever you can | as soon as you can | first thing | for now | one more thing |"
    "on second thought | on second thoughts | by the way |"
    "changed my mind | i changed my mind | i have changed my mind | whoops",
)  # fmt: skip
ASKING_FOR_GERUNDS = frozenset({"mind", "about", "of", "by"})
"""After openings that end so a command stands as "passing me the salt"."""
_NAMES = (
    "robot | mate | dear | love | buddy | pal | sir | madam | maam | honey | darling | sweetie | friend | my friend"
)
_MORE_NAMES = "my dear | bro | chief | boss | computer | assistant | mister robot | mr robot | little robot | my love"
ADDRESSES = phrases(
    _NAMES,
    _MORE_NAMES,
    "hello robot | hi robot | hey robot | dear robot | ok robot | hello | hi | hiya | hey you | you",
)
VOCATIVES = phrases(
    "robot | mate | dear | love | buddy | pal | sir | madam | maam | darling | sweetie | my friend | my dear | bro",
    "mister robot | mr robot | little robot | my love",
    "you robot | good robot | there 's a dear | there is a dear | there is a love",
)
TRAILERS = (
    *VOCATIVES,
    *phrases(
        "for now | for the moment |"
        "please | pls | plz | thanks | now | thx | ta | cheers | quickly | carefully | slowly | gently |"
        "immediately | um | uh | okay | ok | right? | lol | asap | instead | thank you | for me | to me | for us |"
        "to us | right now | right away | straight away | if you can | if possible | if you please | if you could |"
        "if you would | if you do not mind | if you would not mind | if that is ok | if that is okay |"
        "if that is possible | if it is not too much trouble | would you | can you | could you | will you |"
        "would you please | will you please | could you please | can you please | at once | as soon as possible |"
        "as soon as you can | over here | to my hand | in my hand | into my hand | to my hands |"
        "please and thank you | thank you very much | thank you so much | thanks a lot | thanks so much |"
        "when you can | when you have a moment | when you have a minute | when you get a chance |"
        "when you are ready | when you are done | while you are at it | from there | away from there |"
        "for a second | for a moment | for a minute | for a bit | a sec | will ya | would ya | can ya | could ya |"
        "will u | would u | can u | could u | clockwise | anticlockwise | anti clockwise | counterclockwise |"
        "counter clockwise | fully | again | that is it | that is all |"
        "got it | i think | i guess | i believe | or something | or whatever | you know | you see | my way |"
        "over to me | over there to me | there is a good robot | do not you think | is it not | ai not it | i said |"
        "i mean | would be great | would be nice | would be lovely | would be good | will do | would do",
    ),
)
ASIDES = phrases(
    "um | uh | uhm | erm | please | pls | plz | hmm | lol | i think it is | i think its | i think that is |"
    "i believe it is | i believe its | i guess it is | i guess its | i think | i guess | i believe | i suppose |"
    "i reckon | you know | we can see | you can see | i can see | we see | you see | my bad | a bit | a little bit |"
    "a tad | if i am not mistaken | what do you call it | whatever it is called | how do you say |"
    "you know what i mean | what is it called | i dunno | let me think | let me see | as i said | like i said |"
    "as you know | for goodness sake | i am sure | i am pretty sure | to be honest | by the way | or so |"
    "so to speak | if you ask me",
)
COURTESY = frozenset(word for phrase in (*OPENINGS, *ADDRESSES, *TRAILERS, *ASIDES) for word in phrase)
"""Every word of politeness; none is a slip."""
