"""One reading process, and the pipe to it: asked one thing at a time.

Readers share nothing, not even a lock: one that is killed, at whatever moment,
harms no other.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from typing import Any

START_SECONDS = 120.0  # a reader that is not ready by then never will be
STARTS = 3  # what readers are forked from may have died, too: it is started anew …
PAUSE = 0.2  # … once it is known to be dead
END_SECONDS = 5.0


class DiedError(Exception):
    """The process has ended before it answered."""

    def __init__(self, exit_code: int | None) -> None:
        super().__init__(f"exit code {exit_code}")
        self.exit_code = exit_code


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """What a reader is asked: a function of a module, and arguments that can be pickled."""

    function: Callable[..., Any]
    args: Sequence[Any] = ()
    kwargs: Mapping[str, Any] = field(default_factory=dict)


class Reader:
    """A process that was started and is ready. DiedError where that fails."""

    def __init__(self, context: BaseContext, prepare: Callable[[], None]) -> None:
        self.asked = 0
        for left in reversed(range(STARTS)):
            try:
                self._start(context, prepare)
                self._answer(START_SECONDS)
                return
            except (OSError, EOFError, DiedError) as error:
                self.stop()
                if not left:
                    raise DiedError(None) from error
                time.sleep(PAUSE)

    def _start(self, context: BaseContext, prepare: Callable[[], None]) -> None:
        self._here, there = context.Pipe()
        with there:
            self._process: Any = context.Process(  # type: ignore[attr-defined]  # each kind has its own
                target=_serve, args=(there, prepare), name="reader", daemon=True
            )
            self._process.start()

    def ask(self, call: Call, seconds: float) -> Any:
        """What the function returns, or raises; DiedError, or TimeoutError after so many seconds.

        After one of those two it is of no use any more.
        """
        self.asked += 1
        try:
            self._here.send(call)
        except OSError as error:
            raise self._died() from error
        succeeded, value = self._answer(seconds)
        if succeeded:
            return value
        raise value

    def _answer(self, seconds: float) -> tuple[bool, Any]:
        try:
            if self._here.poll(seconds):
                answer: tuple[bool, Any] = self._here.recv()
                return answer
        except (OSError, EOFError) as error:
            raise self._died() from error
        raise TimeoutError

    def _died(self) -> DiedError:
        self._process.join(END_SECONDS)
        return DiedError(self._process.exitcode)

    def stop(self) -> None:
        """End it at once."""
        if self._process.pid is not None:  # else it could not be started
            self._process.kill()
            self._process.join(END_SECONDS)
        self._here.close()


def _serve(pipe: Connection, prepare: Callable[[], None]) -> None:
    """The process: answers until nobody is there to ask."""
    prepare()
    pipe.send((True, None))
    while True:
        try:
            call = pipe.recv()
        except (EOFError, OSError):
            return
        _hand_over(pipe, *_answered(call))


def _answered(call: Call) -> tuple[bool, Any]:
    try:
        return True, call.function(*call.args, **call.kwargs)
    except Exception as error:  # whatever it is: it is raised where it was asked for
        return False, error


def _hand_over(pipe: Connection, succeeded: bool, value: Any) -> None:
    try:
        pipe.send((succeeded, value))
    except OSError:
        raise
    except Exception as error:  # it cannot be pickled
        pipe.send((False, TypeError(f"{type(value).__name__} cannot be handed over: {error}")))
