# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Answers to messages. Every message carries the analysed image's stamp and frame_id, unchanged."""

from __future__ import annotations

import array
import json
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from geometry_msgs.msg import Point
from numpy.typing import NDArray
from sensor_msgs.msg import CompressedImage, Image, RegionOfInterest
from std_msgs.msg import Header
from vision_msgs.msg import Detection2D, Detection2DArray, LabelInfo, ObjectHypothesisWithPose, VisionClass

from tas_ros.errors import InvalidImageError
from tas_ros.msg import Candidate as CandidateMsg
from tas_ros.msg import Referral as ReferralMsg
from tas_ros.msg import StageTiming
from tas_ros.referral.picture import draw_referral
from tas_ros.referral.referral import Candidate, Status
from tas_ros.ros.image_conversions import check_depth, check_image, pixel_view
from tas_ros.ros.segmenter import Answer, read_depth


@dataclass(frozen=True)
class MaskForm:
    """How a mask is written: encoding of the image, and value of the object's pixels."""

    encoding: str
    value: int


MASK_FORMS = {"mono8": MaskForm("mono8", 255), "mono8_label": MaskForm("mono8", 1), "mono16": MaskForm("mono16", 1)}
"""By the values of the parameter mask_encoding."""
OBJECT_CLASS = 1
"""Class id of the referred object in LabelInfo, whatever its pixels' value: vision_msgs keeps 255 of uint8 for pixels
without a label (VisionClass)."""
MAX_ECHOED_COMMAND = 1000
"""Characters of an over-long command that an answer repeats."""


def stamped(msg: Any, header: Header) -> Any:
    """The message with the image's stamp and its own frame_id; shares its data with `msg`, which stays as it is."""
    fields = {name: getattr(msg, name) for name in msg.get_fields_and_field_types() if name != "header"}
    return type(msg)(header=_header_at(msg, header), **fields)


def _header_at(msg: Any, header: Header) -> Header:
    """The frame_id of `msg` at the stamp of `header`."""
    return Header(stamp=header.stamp, frame_id=msg.header.frame_id)


def image_message(pixels: NDArray[Any], encoding: str, header: Header) -> Image:
    """A sensor_msgs/Image of (H, W) or (H, W, C) pixels in this machine's byte order."""
    pixels = np.ascontiguousarray(pixels)
    msg = Image(header=header, height=pixels.shape[0], width=pixels.shape[1], encoding=encoding)
    msg.step = pixels.nbytes // pixels.shape[0]
    data = array.array("B")
    data.frombytes(memoryview(pixels).cast("B"))  # type: ignore[arg-type]  # any other way of filling `data` is 30x slower
    msg.data = data
    return msg


def mask_message(answer: Answer, mask_encoding: str) -> Image:
    """The mask of an answer that has frames: all zero when nothing was chosen. mask_encoding: one of MASK_FORMS."""
    frames, rgb = answer.frames, answer.rgb
    assert frames is not None and rgb is not None
    form = MASK_FORMS[mask_encoding]
    pixels = np.zeros(rgb.shape[:2], "u1" if form.encoding == "mono8" else "u2")
    if answer.mask is not None:
        pixels[answer.mask] = form.value
    return image_message(pixels, form.encoding, frames.image.header)


def compressed_mask_message(mask: Image) -> CompressedImage:
    """The same mask as PNG; `format` as image_transport's compressed plugin does."""
    pixels = pixel_view(mask, check_image(mask))
    data = array.array("B", cv2.imencode(".png", pixels)[1].tobytes())
    return CompressedImage(header=mask.header, format=f"{mask.encoding}; png compressed", data=data)


def overlay_message(answer: Answer) -> Image:
    """The analysed image with the answer drawn on it, rgb8."""
    assert answer.frames is not None and answer.rgb is not None and answer.referral is not None
    return image_message(draw_referral(answer.rgb, answer.referral), "rgb8", answer.frames.image.header)


def masked_depth_message(answer: Answer) -> Image:
    """The depth image with everything but the chosen object unknown: 0 in 16UC1, NaN in 32FC1 (REP 118).

    Raises InvalidImageError when the depth cannot be read or is not of the image's size.
    """
    assert answer.frames is not None and answer.rgb is not None
    depth = answer.frames.depth
    header = _header_at(depth, answer.frames.image.header)
    if hasattr(depth, "format"):
        masked = image_message(read_depth(depth), "32FC1", header)
    else:
        check_depth(depth)
        masked = Image(
            header=header,
            height=depth.height,
            width=depth.width,
            encoding=depth.encoding,
            is_bigendian=depth.is_bigendian,
            step=depth.step,
            data=array.array("B", depth.data),
        )
    if (masked.height, masked.width) != answer.rgb.shape[:2]:
        raise InvalidImageError(
            f"depth is {masked.width}x{masked.height}, not the image's size; register it to the image"
        )
    pixels = pixel_view(masked, check_depth(masked))
    pixels[~answer.mask if answer.mask is not None else ...] = np.nan if masked.encoding == "32FC1" else 0
    return masked


def detection_messages(answer: Answer) -> Detection2DArray:
    """Zero or one detection with a tight box; the id is the object's: the candidate's index in this image."""
    assert answer.frames is not None
    header = answer.frames.image.header
    found = Detection2DArray(header=header)
    best = answer.referral.best if answer.referral else None
    if best is not None and answer.referral is not None:
        x0, y0, x1, y1 = best.box
        detection = Detection2D(header=header, id=str(best.index))
        detection.bbox.center.position.x, detection.bbox.center.position.y = (x0 + x1) / 2.0, (y0 + y1) / 2.0
        detection.bbox.size_x, detection.bbox.size_y = float(x1 - x0), float(y1 - y0)
        result = ObjectHypothesisWithPose()
        result.hypothesis.class_id = answer.referral.query.target.phrase or answer.referral.query.expression
        result.hypothesis.score = min(1.0, max(best.score, 1e-6))
        detection.results.append(result)
        found.detections.append(detection)
    return found


def label_info_message(threshold: float) -> LabelInfo:
    """The classes of the mask; with mask_encoding mono8_label and mono16 they are its values."""
    classes = [VisionClass(class_id=0, class_name="background")]
    classes.append(VisionClass(class_id=OBJECT_CLASS, class_name="referred object"))
    return LabelInfo(class_map=classes, threshold=threshold)


def referral_message(answer: Answer) -> ReferralMsg:
    """tas_ros/msg/Referral, also of a command or image that was refused."""
    msg = ReferralMsg(
        status=int(answer.status),
        command_id=answer.command.id,
        reason=answer.reason,
        latency=answer.latency,
        command=answer.command.text[:MAX_ECHOED_COMMAND],
        scene_reused=answer.scene_reused,
    )
    if answer.header is not None:
        msg.header = answer.header
    if answer.rgb is not None:
        msg.height, msg.width = answer.rgb.shape[:2]
    msg.notes = list(answer.notes)
    msg.timings = [StageTiming(name=name, seconds=seconds) for name, seconds in answer.timings.items()]
    if answer.referral is not None:
        query = answer.referral.query
        msg.expression, msg.target, msg.query = (
            query.expression,
            query.target.phrase,
            json.dumps(query.to_dict(), ensure_ascii=False),
        )
        msg.notes = [*answer.notes, *answer.referral.notes]
        rows = zip(answer.referral.candidates, answer.depths, answer.centroids, strict=True) if answer.depths else ()
        msg.candidates = [_candidate_message(*row) for row in rows]
        msg.contenders = 1 if answer.status is Status.FOUND else len(answer.referral.contenders)
    if answer.frames is not None:
        if answer.frames.depth is not None:
            msg.depth_stamp = answer.frames.depth.header.stamp
        if answer.frames.camera_info is not None:
            msg.camera_info_stamp = answer.frames.camera_info.header.stamp
    return msg


def summary(answer: Answer) -> str:
    """The answer in one line, for logs and for Segment.message."""
    best = answer.referral.best if answer.referral else None
    if best is None:
        return answer.reason or answer.status.name
    return f"found '{answer.referral.query.expression}' at {best.box}, score {best.score:.2f}"  # type: ignore[union-attr]


def _candidate_message(candidate: Candidate, depth: float, centroid: tuple[float, float]) -> CandidateMsg:
    x0, y0, x1, y1 = candidate.box
    return CandidateMsg(
        index=candidate.index,
        area=candidate.area,
        score=candidate.score,
        caption=candidate.caption,
        contender=candidate.contender,
        depth=depth,
        roi=RegionOfInterest(x_offset=x0, y_offset=y0, width=x1 - x0, height=y1 - y0),
        term_names=list(candidate.shares),
        term_values=[float(value) for value in candidate.shares.values()],
        centroid=Point(x=centroid[0], y=centroid[1]),
    )
