# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""A second, literal reading of what the released TAS code decides, which shares no code with the package.

Loops, torch tensors and its own walk of the spaCy parse, in the order in which that code goes. `NoDecisionError` stands
for its crashes and NaN.
"""

import numpy as np
import torch

LEFT_RELATION, RIGHT_RELATION = ["left", "west"], ["right", "east"]
UP_RELATION, DOWN_RELATION = ["above", "north", "top"], ["below", "south", "under"]
RELATION_KEYWORDS = [
    *(LEFT_RELATION + RIGHT_RELATION + UP_RELATION + DOWN_RELATION),
    *("bigger", "larger", "closer"),
    *("smaller", "tinier", "further"),
    *("inside", "within", "contained"),
]
SUPERLATIVE_KEYWORDS = [
    *("left", "west", "leftmost", "western"),
    *("right", "rightmost", "east", "eastern"),
    *("above", "north", "top"),
    *("below", "south", "underneath"),
    *("bigger", "biggest", "larger", "largest", "closer", "closest"),
    *("smaller", "smallest", "tinier", "tiniest", "further", "furthest"),
]
NULL_KEYWORDS = ["part", "image", "side", "picture", "half", "region", "section"]


class NoDecisionError(Exception):
    """The released code crashes, or goes on with NaN."""


def filtered(masks, min_area=2000, max_overlap=0.4):
    sizes = [int(np.sum(mask)) for mask in masks]
    alive = [size >= min_area for size in sizes]
    large = list(alive)
    for i in range(len(masks)):
        for j in range(i + 1, len(masks)):
            if large[i] and large[j]:
                both = np.sum(np.logical_and(masks[i], masks[j]))
                if both / min(sizes[i], sizes[j]) > max_overlap:
                    alive[j if sizes[i] >= sizes[j] else i] = False
    if not any(alive):
        raise NoDecisionError("no mask is left")
    return [i for i in range(len(masks)) if alive[i]]


def softmax_weights(image_text, caption_text, negatives):
    per_image = torch.tensor(image_text, dtype=torch.float32).unsqueeze(1)
    per_caption = torch.tensor(caption_text, dtype=torch.float32).unsqueeze(1)
    per_negative = torch.tensor(negatives, dtype=torch.float32).mean(-1, keepdim=True)
    total = 1 * per_image + 0.1 * per_caption - 0.7 * per_negative
    total = (total - total.min()) / (total.max() - total.min())
    weights = total.softmax(0)
    if torch.isnan(weights).any():
        raise NoDecisionError("NaN")
    return weights


def base_chunks(doc):
    found = {}
    for chunk in doc.noun_chunks:
        for i in range(chunk.start, chunk.end):
            found[i] = chunk
    return found


def noun_phrase(doc):
    found = base_chunks(doc)
    head = None
    for token in doc:
        if token.head == token:
            head = token
    if head is None:
        raise NoDecisionError("no token")
    if head.i in found:
        return found[head.i].text
    children = list(head.children)
    if len(children) > 0 and children[0].i in found:
        return found[children[0].i].text
    return doc.text


class Grown:
    """A grown chunk. Each is an object of its own, and they are compared by identity."""

    def __init__(self, doc, start, end):
        self.text = doc[start:end].text


def grown_chunks(doc, found):
    grown = {}
    for key, chunk in found.items():
        first, last = chunk.start, chunk.end
        inside = [doc[j] for j in range(chunk.start, chunk.end)]
        elsewhere = [found[k] for k in found if k != key]
        i = chunk.start - 1
        while i >= 0:
            if any(token.is_ancestor(doc[i]) for token in inside):
                governs = any(doc[i].is_ancestor(token) for other in elsewhere for token in other)
                if not governs:
                    first = i
            i -= 1
        i = chunk.end
        while i < len(doc):
            if any(token.is_ancestor(doc[i]) for token in inside):
                taken = any(doc[i].is_ancestor(token) or token.i == i for other in elsewhere for token in other)
                if taken:
                    break
                last = i + 1
            i += 1
        grown[key] = Grown(doc, first, last)
    return grown


def superlatives_among(tokens):
    ordered = sorted(tokens, key=lambda token: token.i)
    return [ordered] if any(token.text in SUPERLATIVE_KEYWORDS for token in tokens) else []


def entity_at(head, grown):
    """(chunk, relations, superlatives), relations as [(tokens, entity)], or None."""
    if head.i not in grown:
        children = list(head.children)
        if not children or children[0].i not in grown:
            return None
        head = children[0]
    relations, superlatives = walk(head, head, [], grown)
    return grown[head.i], relations, superlatives


def walk(token, head, passed, grown):
    keyword = token.text in RELATION_KEYWORDS or token.text in NULL_KEYWORDS
    if token.i in grown and grown[token.i] is not grown[head.i] and not keyword:
        return [(sorted(passed, key=lambda each: each.i), entity_at(token, grown))], []
    children = list(token.children)
    if len(children) == 0:
        return [], superlatives_among([*passed, token])
    keyword = keyword or token.text in SUPERLATIVE_KEYWORDS
    relations, superlatives = [], []
    for child in children:
        same = token.i in grown and child.i in grown and grown[token.i] is grown[child.i]
        if same and child.text not in SUPERLATIVE_KEYWORDS:
            if len(children) == 1:
                superlatives += superlatives_among([*passed, token])
            continue
        onward = [*passed, token] if token.i not in grown or keyword else passed
        more_relations, more_superlatives = walk(child, head, onward, grown)
        relations += more_relations
        superlatives += more_superlatives
    return relations, superlatives


def entity_of(doc):
    root = None
    for token in doc:
        if token.head == token:
            root = token
            break
    if root is None:
        raise NoDecisionError("no token")
    grown = grown_chunks(doc, base_chunks(doc))
    entity = entity_at(root, grown)
    chunks = list(doc.noun_chunks)
    if entity is None and len(chunks) > 0:
        entity = entity_at(chunks[0].root.head, grown)
    return entity


class Reading:
    """What of a sentence the choice needs; made once per sentence."""

    def __init__(self, doc):
        self.sentence = doc.text
        self.phrase = noun_phrase(doc)
        self.entity = entity_of(doc)


def chosen(masks, weights, reading):  # noqa: PLR0912, PLR0915  (literal, as the code it stands for)
    """(index, whether a quadrant was looked into) for masks that passed the filter."""
    index = int(torch.argmax(weights))
    values = weights.squeeze(1).numpy()
    centres = []
    for mask in masks:
        rows, columns = np.where(mask)
        centres.append((int(np.mean(rows)), int(np.mean(columns))))
    middle_row = np.median([centre[0] for centre in centres])
    middle_column = np.median([centre[1] for centre in centres])
    best = {}
    for upper in (True, False):
        for left in (True, False):
            top_weight, top_index = 0, index
            for i, (row, column) in enumerate(centres):
                if (row < middle_row) == upper and (column < middle_column) == left and values[i] > top_weight:
                    top_weight, top_index = values[i], i
            best[upper, left] = (top_weight, top_index)
    # Parts 1 and 2 are up and down on the left, 3 and 4 on the right.
    (w1, i1), (w2, i2) = best[True, True], best[False, True]
    (w3, i3), (w4, i4) = best[True, False], best[False, False]
    if reading.entity is None:
        return index, False
    chunk, relations, superlatives = reading.entity
    if chunk.text != reading.phrase:
        return index, False
    said = reading.sentence
    is_up = "above" in said or "top" in said or "north" in said
    is_left = "left" in said or "west" in said
    is_right = "right" in said or "east" in said
    rectified = False
    if len(superlatives) != 0 and len(relations) == 0:
        rectified = True
        if is_up:
            if is_left:
                index = i1
            elif is_right:
                index = i3
            else:
                index = i1 if w1 > w3 else i3
        elif "below" in said or "south" in said or "underneath" in said:
            if is_left:
                index = i2
            elif is_right:
                index = i4
            else:
                index = i2 if w2 > w4 else i4
        elif is_left:
            index = i1 if w1 > w2 else i2
        elif is_right:
            index = i3 if w3 > w4 else i4
        else:
            rectified = False
    elif len(relations) != 0 and len(superlatives) == 0:
        is_down = "below" in said or "south" in said or "under" in said
        for tokens, other in relations:
            for token in tokens:
                word = token.text
                holds = other[0].text == chunk.text or word in other[0].text
                if word in LEFT_RELATION:
                    if holds:
                        rectified = True
                        index = i1 if is_up else i2 if is_down else i1 if w1 > w2 else i2
                    break
                if word in RIGHT_RELATION:
                    if holds:
                        rectified = True
                        index = i3 if is_up else i4 if is_down else i3 if w3 > w4 else i4
                    break
                if word in UP_RELATION:
                    if holds:
                        rectified = True
                        index = i1 if is_left else i3 if is_right else i1 if w1 > w3 else i3
                    break
                if word in DOWN_RELATION:
                    if holds:
                        rectified = True
                        index = i2 if is_left else i4 if is_right else i2 if w2 > w4 else i4
                    break
    return index, rectified
