# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Talk that refers to nothing, and what a speaker says before saying something anew, as data."""

from __future__ import annotations

from tas_ros.language.data.courtesy_words import phrases
from tas_ros.language.data.word_sets import word_set

TALK = frozenset(
    " ".join(phrase)
    for phrase in phrases(
        "stop | halt | wait | pause | hello | hi | hey | thanks | yes | no | yeah | yep | nope | ok | okay |"
        "cancel | abort | quit | exit | bye | goodbye | help | sure | great | cool | nice | good | fine | perfect |"
        "resume | continue | undo | again | faster | slower | louder | quiet | silence | sorry | start | begin |"
        "go | run | sleep | reset | retry | ready | done | test | testing | oops | lol | what | huh | why | who |"
        "when | how | whatever | never mind | nevermind | stop it | stop that | stop now | hurry up | shut down |"
        "shut up | turn off | turn on | switch off | switch on | wake up | hold on | calm down | try again |"
        "do it again | do it | do that | let it go | let go | let us go | not now | not yet | good bye | see you |"
        "see you later | emergency stop | wait a minute | one moment | you are right | that is right | i am back |"
        "right now | i will be back | i love you | i am right here | nice to meet you | help me | happy birthday |"
        "excuse me | no thanks | no thank you | open your gripper | close your gripper | open the gripper |"
        "close the gripper | home | release | release it | that is all | that is it | come on | watch out |"
        "look out | i do not know | never | forget it | of course | all right | very good | you are welcome |"
        "nothing | something | anything | everything | no idea | clean up | tidy up | keep going | get lost |"
        "give me a hand | lend me a hand | give me a second | give me a sec | take a seat | take a picture |"
        "take a photo | hold your horses | stay put | mind your step | watch your step | mind your head |"
        "do your best | do your job | make yourself at home | good one | nice one | well played | not bad |"
        "my mistake | my fault | keep it up | keep still | stand still | stay there | stay here | do nothing |"
        "be right back | never ever | good luck | take your time | mind the gap | take care | long time no see |"
        "what a mess | welcome home | blimey | welcome back | much appreciated |"
        "what a shame | oh dear | dear me | oh my god | for real | as you were | at ease |"
        "whoops | whoopsie | forget about it | forget about that | forget that | never mind that | changed my mind",
    )
)
PRAISE_AND_PACE = word_set(
    "good great nice well done perfect excellent awesome amazing brilliant lovely fantastic wonderful super superb "
    "bravo terrific impressive splendid fine bad terrible awful wrong correct fun funny clever smart stupid silly "
    "hello hi hey hiya greetings goodbye bye welcome thanks thank congratulations cheers hurry wait stop halt "
    "pause slow slower fast faster quick quicker careful quiet relax ready sorry wonderful enough easy gently yes "
    "yeah yep no nope nah okay ok sure absolutely definitely certainly indeed true false maybe cool sweet neat "
    "tired appreciated blimey crikey"
)
"""A sentence of nothing but these and those below is talk ("that was really well done")."""
SMALL_WORDS = word_set(
    "that was is it are you your it's this very really so much too a an the little bit more some lot down up on "
    "there now again please would could will can robot mate buddy pal friend my dear morning evening afternoon "
    "night day job work boy girl to just all for me us i am be been not quite pretty and oh wow um uh then what "
    "how thing one time everyone everybody everything guys sir madam today tonight tomorrow later soon indeed of "
    "course as always way"
)
SPEECH_VERBS = word_set(
    "say tell speak talk sing dance swim sleep listen hear understand think remember know feel smile laugh explain "
    "repeat answer ask recite translate spell learn imagine guess pretend introduce calm relax hurry slow speed "
    "wait behave apologise apologize thank greet shout whisper whistle breathe pray cry joke chat charge reboot "
    "restart update sleep wake beep count calculate compute play stay come shut kneel jump run hop crawl freeze "
    "chill keep"
)
"""Doing these refers to no thing in view, unless one is named after them."""
TALKING = word_set("talking speaking chatting whispering shouting texting writing listening complaining")
SPEECH_NOUNS = word_set(
    "play dance sleep talk jump hop run update charge count chat answer joke beep wake speed slow cry whistle "
    "freeze chill"
)
"""Of those verbs, the ones that open names of things as well ("play button", "dance floor")."""
ABSTRACT_THINGS = word_set(
    "weather rain time day today tomorrow yesterday meeting name idea problem question answer news joke song "
    "music weekend holiday morning evening afternoon night reason love life luck chance fun mood noise minute hour "
    "week month year moment break rest nap sleep favour favor thanks attention care mistake trouble mind "
    "silence password internet birthday future past story poem secret truth lie opinion "
    "advice capital"
)
"""Heads that nothing in view answers to, where the sentence says no more of them than that."""
# "stop right there", "wait a second": these with nothing but these behind them.
STOPS = word_set("stop wait halt pause hold freeze hang")
STOPPED_BY = word_set(
    "right there here now a an the one second seconds sec moment minute minutes bit while on it that this please "
    "immediately up still moving everything you for me robot again already"
)
# What a speaker says before saying it anew; in the middle of a command.
CORRECTIONS = phrases(
    "i said | i asked for | no wait | wait no | no sorry | sorry no | sorry i mean | sorry i meant | i mean |"
    "i meant | no i mean | no i meant | or rather | no actually | actually no | no no | scratch that | correction |"
    "make that | no make that | oops i mean | oops i meant | wait i mean | wait i meant | i meant to say |"
    "strike that | my mistake | sorry my mistake | my bad | no hang on | hang on no | no hold on | hold on no |"
    "let me rephrase | ah no | oh no | er no | um no | oops no | that is wrong | not that | no not that |"
    "sorry wait | wait sorry | uh no | well actually | well no | i should say | sorry not that | sorry make that |"
    "actually i mean | actually make that | no that is wrong | i want to say | wait wait |"
    "changed my mind | i changed my mind | i have changed my mind",
)
# These correct only before a thing named with its article: "the wrench, no, the pliers".
SOFT_CORRECTIONS = word_set("no sorry wait actually oops whoops nah nope rather")
