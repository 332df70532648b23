# Copyright 2026 tas_ros contributors
#
# Licensed under the Apache License, Version 2.0 (the "License"); you may not use this file except in compliance with
# the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0
# Unless required by applicable law or agreed to in writing, software distributed under the License is distributed on
# an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied. See the License for the
# specific language governing permissions and limitations under the License.

"""Node `tas`: a managed node that turns commands into masks of the object they mean."""

from __future__ import annotations

import copy
import time
import traceback
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import Any

from rclpy.callback_groups import ReentrantCallbackGroup
from rclpy.clock import ROSClock
from rclpy.lifecycle import LifecycleNode, LifecycleState, TransitionCallbackReturn
from rclpy.qos import QoSProfile, ReliabilityPolicy
from rclpy.task import Future
from std_msgs.msg import String
from std_srvs.srv import SetBool

from tas_ros.cancellation import cancelled_at_imports, cancelled_when, check_cancelled
from tas_ros.errors import CancelledError, InvalidImageError, TasError
from tas_ros.models.store import ModelStore
from tas_ros.msg import Command as CommandMsg
from tas_ros.msg import Referral as ReferralMsg
from tas_ros.pipeline import Pipeline
from tas_ros.process_memory import give_back_memory
from tas_ros.referral.referral import Status
from tas_ros.ros import messages, parameters
from tas_ros.ros.activity import Activity, Reports, all_or_nothing
from tas_ros.ros.frame_store import FrameSet
from tas_ros.ros.publishers import RELIABLE, Publishers
from tas_ros.ros.segmenter import Answer, AnswerRule, Command
from tas_ros.srv import Segment

COMMANDS = QoSProfile(depth=1000, reliability=ReliabilityPolicy.RELIABLE)
"""Deep enough for a burst that comes while the executor is busy: what the queue drops is answered by nobody."""
REQUESTS = QoSProfile(depth=64, reliability=ReliabilityPolicy.RELIABLE)
"""Requests that may wait for the executor, and responses for their client. Of ROS's own 10 the oldest would be dropped,
and answered by nobody; 64 with pictures, 2 MB each in VGA, are as much memory as a burst may cost."""
NOT_ACTIVE = "the node is not active; activate it (ros2 lifecycle set NODE activate)"
DISABLED = "the node is disabled; call ~/enable with data true"
ENDING = "the node is shutting down"
WARNING_PERIOD = 5.0
SAME_REFUSAL_PERIOD = 1.0
"""Seconds in which a camera that keeps sending images with the very same fault gets one answer."""


class TasNode(LifecycleNode):
    """Configured: models are loaded. Active: it listens to the camera and answers. See README for topics.

    Callbacks run in the executor's thread and only hand over; one worker thread does all inference and publishing.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__("tas", **options)
        parameters.declare(self)
        self.add_post_set_parameters_callback(self._publish_label_info)
        self.stopping: Callable[[], bool] = lambda: False
        self._pipeline: Pipeline | None = None
        self._outputs: Publishers | None = None
        self._activity: Activity | None = None
        self._enabled = True
        self.open_requests = 0
        """Calls of ~/segment that have not been answered."""
        self._last_refusal = ("", 0.0)
        self._warned: dict[str, float] = {}
        self.referrals = self.create_publisher(ReferralMsg, "~/referral", copy.copy(RELIABLE))
        self._commands = self.create_subscription(String, "command", self._guarded(self._on_command), COMMANDS)
        self._typed = self.create_subscription(CommandMsg, "~/command", self._guarded(self._on_typed_command), COMMANDS)
        self._enable = self.create_service(SetBool, "~/enable", self._on_enable)
        # A request waits for the worker; in the default group it would keep every other callback waiting with it.
        self._segment = self.create_service(
            Segment, "~/segment", self._on_segment, qos_profile=REQUESTS, callback_group=ReentrantCallbackGroup()
        )

    # Life cycle -------------------------------------------------------------------------------------------------------

    def on_configure(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Load the models; a failure leaves the node unconfigured with the reason logged, and may be retried."""

        def configure() -> TransitionCallbackReturn:
            parameters.check(self)
            settings = parameters.read(self)
            with cancelled_when(self.stopping), cancelled_at_imports():
                self._pipeline = self._load(settings)
            with all_or_nothing(self):
                self._outputs = Publishers(self, settings.image_transport, settings.depth_transport, self._warn)
                return super(TasNode, self).on_configure(state)

        return self._attempt("configure", configure, self._release)

    def on_activate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Listen and answer; a failure leaves the node configured with the reason logged, and may be retried."""

        def activate() -> TransitionCallbackReturn:
            assert self._pipeline is not None and self._outputs is not None
            # The outputs were made for these when the node was configured; what is heard must be of their types.
            outputs, settings = self._outputs, parameters.read(self)
            settings = replace(
                settings, image_transport=outputs.image_transport, depth_transport=outputs.depth_transport
            )
            reports = Reports(self._reply, self._refuse_command, self._fail, self._refuse_image, self._warn)
            self._activity = Activity(
                self, self._pipeline, settings, self._rule, self._age_clock, reports, self._guarded
            )
            result = super(TasNode, self).on_activate(state)
            self._publish_label_info()
            self.get_logger().info(
                f"ready: waiting for images on {self._activity.image_topic} and commands on {self._commands.topic_name}"
            )
            return result

        def deactivate() -> None:
            self._stop_working("the node could not be activated")
            super(TasNode, self).on_deactivate(state)

        return self._attempt("activate", activate, deactivate)

    def on_deactivate(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Answer what still waits, then fall silent."""

        def deactivate() -> TransitionCallbackReturn:
            self._stop_working("the node was deactivated")
            return super(TasNode, self).on_deactivate(state)

        return self._attempt("deactivate", deactivate)

    def on_cleanup(self, state: LifecycleState) -> TransitionCallbackReturn:
        """Free the models."""

        def clean_up() -> TransitionCallbackReturn:
            self._release()
            return super(TasNode, self).on_cleanup(state)

        return self._attempt("clean up", clean_up)

    def on_shutdown(self, state: LifecycleState) -> TransitionCallbackReturn:
        """From any state."""

        def shut_down() -> TransitionCallbackReturn:
            self.close()
            return super(TasNode, self).on_shutdown(state)

        return self._attempt("shut down", shut_down)

    def on_error(self, state: LifecycleState) -> TransitionCallbackReturn:
        """A transition failed half-way: free everything, so that the node is as one that was never configured."""

        def free() -> TransitionCallbackReturn:
            self.close()
            return super(TasNode, self).on_error(state)

        return self._attempt("free what was in use", free)

    def autostart(self) -> None:
        """Configure and activate, unless the parameter `autostart` is false or models fail to load."""
        if self.get_parameter("autostart").value and self.trigger_configure() is TransitionCallbackReturn.SUCCESS:
            self.trigger_activate()

    def fall_silent(self) -> None:
        """Refuse what waits, what is being worked at, and all that comes; nothing is waited for."""
        if self._activity is not None:
            self._activity.end(ENDING)

    def close(self) -> None:
        """Join the worker and free everything; must precede destroy_node."""
        self._stop_working(ENDING)
        self._release()

    def _attempt(
        self,
        what: str,
        run: Callable[[], TransitionCallbackReturn],
        undo: Callable[[], object] | None = None,
    ) -> TransitionCallbackReturn:
        """`run()`. What it raises is logged and undone: rclpy would say nothing of it and leave half a node behind.

        Without `undo` the node goes on to on_error.
        """
        try:
            return run()
        except CancelledError:
            self.get_logger().info(f"gave up to {what}: {ENDING}")
        except (TasError, ValueError) as error:
            self.get_logger().error(f"cannot {what}: {error}")
        except Exception:
            self.get_logger().error(f"cannot {what}:\n{traceback.format_exc()}")
        if undo is None:
            return TransitionCallbackReturn.ERROR
        undo()
        return TransitionCallbackReturn.FAILURE

    # Callbacks: hand over ---------------------------------------------------------------------------------------------

    def _on_command(self, msg: String) -> None:
        self._submit(Command(msg.data, self._age_clock(), self._publish))

    def _on_typed_command(self, msg: CommandMsg) -> None:
        deadline = msg.deadline.sec + 1e-9 * msg.deadline.nanosec
        self._submit(
            Command(
                msg.text, self._age_clock(), self._publish, id=msg.id, perspective=msg.perspective, deadline=deadline
            )
        )

    def _submit(self, command: Command) -> None:
        """Hand over to the worker; without one, or disabled, the command is answered at once."""
        if self._activity is None:
            self._refuse_command(command, ENDING if self.stopping() else NOT_ACTIVE)
        elif not self._enabled:
            self._refuse_command(command, DISABLED)
        else:
            self._activity.submit(command)

    async def _on_segment(self, request: Any, response: Any) -> Any:
        self.open_requests += 1
        try:
            future = Future(executor=self.executor)
            self._submit(
                Command(
                    request.command,
                    self._age_clock(),
                    lambda answer: self._resolve(future, answer),
                    _given(request),
                    id=request.id,
                    perspective=request.perspective,
                )
            )
            answer: Answer = await future
            response.success, response.message = answer.carried_out, messages.summary(answer)
            response.referral = messages.referral_message(answer)
            if answer.frames is not None:
                response.mask = messages.mask_message(answer, "mono8")
        except Exception:
            self.get_logger().error(f"~/segment failed:\n{traceback.format_exc()}")
            response.success, response.message = False, "internal error, see the node's log"
            response.referral.reason = response.message
        finally:
            self.open_requests -= 1
        return response

    def _on_enable(self, request: Any, response: Any) -> Any:
        self._enabled = bool(request.data)
        response.success, response.message = True, "enabled" if self._enabled else "disabled"
        return response

    def _refuse_image(self, msg: Any, error: InvalidImageError) -> None:
        reason, now = str(error), time.monotonic()  # a simulated clock that stands still must not silence this
        self._warn(f"image is refused: {reason}")
        before, when = self._last_refusal
        if reason == before and now - when < SAME_REFUSAL_PERIOD:
            return
        self._last_refusal = (reason, now)
        nobody = Command("", self._age_clock(), self._publish)
        self._publish(Answer(nobody, Status.NOT_ANSWERED, reason, carried_out=False, refused=msg.header))

    # Worker's thread --------------------------------------------------------------------------------------------------

    def _rule(self) -> AnswerRule:
        return parameters.read(self).answer_rule(bool(self.get_parameter("use_sim_time").value))

    def _reply(self, command: Command, answer: Answer) -> None:
        self.get_logger().info(f"{command.text[:80]!r}: {messages.summary(answer)} ({answer.latency * 1e3:.0f} ms)")
        command.reply(answer)

    def _fail(self, command: Command, error: Exception) -> None:
        self.get_logger().error(f"{command.text[:80]!r} failed:\n{''.join(traceback.format_exception(error))}")
        self._refuse_command(command, f"internal error: {type(error).__name__}: {error}; see the node's log")

    def _refuse_command(self, command: Command, reason: str) -> None:
        command.reply(Answer(command, Status.NOT_ANSWERED, reason, carried_out=False))

    def _publish(self, answer: Answer) -> None:
        """What the answer shows, while active; the referral last, and in any state: every command is answered."""
        if self._outputs is not None and answer.frames is not None:
            self._outputs.publish(answer, parameters.read(self).mask_encoding)
        self.referrals.publish(messages.referral_message(answer))

    def _publish_label_info(self, _: Any = None) -> None:
        """Again whenever a parameter that it depends on may have changed."""
        if self._outputs is None or self._pipeline is None:
            return
        threshold = parameters.read(self).found_threshold
        if threshold < 0:
            threshold = self._pipeline.preset.decision.found_threshold
        self._outputs.label_info.publish(messages.label_info_message(threshold))

    def _resolve(self, future: Future, answer: Answer) -> None:
        future.set_result(answer)
        if self.executor is not None:
            self.executor.wake()  # setting a result alone does not resume the waiting request

    # Small things -----------------------------------------------------------------------------------------------------

    def _load(self, settings: parameters.Settings) -> Pipeline:
        def progress(step: str) -> None:
            check_cancelled()
            self.get_logger().info(f"{step} …")

        return Pipeline.load(
            settings.profile,
            settings.preset,
            progress,
            store=ModelStore(Path(settings.models_dir) if settings.models_dir else None),
            device=settings.device,
            precision=settings.precision,
            threads=settings.threads,
            working_pixels=settings.working_pixels,
        )

    def _stop_working(self, reason: str) -> None:
        if (activity := self._activity) is not None:
            self._activity = None
            activity.end(reason)
            activity.join()

    def _release(self) -> None:
        if self._outputs is not None:
            self._outputs.destroy()
        self._outputs = self._pipeline = None
        if not self.stopping():  # the process's end gives it all back, and sooner
            give_back_memory()

    def _now(self) -> float:
        """Seconds of the node's clock: simulated with use_sim_time, else the system's."""
        return float(self.get_clock().now().nanoseconds) * 1e-9

    def _age_clock(self) -> float:
        """Seconds of the simulated clock, else of one that nobody sets: ages outlive a system clock that is set."""
        clock = self.get_clock()
        return self._now() if isinstance(clock, ROSClock) and clock.ros_time_is_active else time.monotonic()

    def _warn(self, text: str) -> None:
        """Log a warning, the same text at most every WARNING_PERIOD (rclpy throttles by line of code)."""
        now = time.monotonic()
        self._warned = {said: when for said, when in self._warned.items() if now - when < WARNING_PERIOD}
        if text not in self._warned:
            self._warned[text] = now
            self.get_logger().warning(text)

    def _guarded(self, callback: Callable[..., None]) -> Callable[..., None]:
        @wraps(callback)
        def guarded(message: Any = None) -> None:
            try:
                callback(message) if message is not None else callback()
            except Exception:  # rclpy's executor re-raises what a callback raises, and the node would die of it
                self.get_logger().error(f"{callback.__name__} failed:\n{traceback.format_exc()}")

        return guarded


def _given(request: Any) -> FrameSet | None:
    """The images of a request, None when it asks for the newest frame."""
    image, depth, info = request.image, request.depth, request.camera_info
    if not (image.width or image.height or len(image.data)):
        return None
    has_depth = bool(depth.width or depth.height or len(depth.data))
    return FrameSet(image, depth if has_depth else None, info if info.width and info.height else None)
