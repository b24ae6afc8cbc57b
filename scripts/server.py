"""Datasette's command line, under a web server that gives up connections which take too long.

Run as a file, by `explore.command`. A client that sends its request or takes its answer a byte at a time costs a file
handle and a few kilobytes, and those only for so long.
"""

import asyncio
import functools
import resource
import sys
from pathlib import Path

import uvicorn
from datasette import cli
from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 20  # seconds for a request to arrive, and for the next 64 kB of an answer to be taken
CONNECTIONS = 2_000
HANDLES = 4_096


class Patient(H11Protocol):
    """A connection that is broken off when nothing gets on."""

    arriving: asyncio.TimerHandle | None = None
    leaving: asyncio.TimerHandle | None = None

    def connection_made(self, transport):
        super().connection_made(transport)
        self._watch_arrival()

    def data_received(self, data):
        super().data_received(data)
        self._watch_arrival()

    def on_response_complete(self):
        super().on_response_complete()
        self._watch_arrival()

    def _watch_arrival(self):
        """Let the time run while a request, or the rest of one already answered, is on its way."""
        if self.cycle is not None and not self.cycle.response_complete:
            self.arriving = _stopped(self.arriving)
        elif self.arriving is None:
            self.arriving = self.loop.call_later(PATIENCE, self.transport.abort)

    def pause_writing(self):
        super().pause_writing()
        self.leaving = self.loop.call_later(PATIENCE, self.transport.abort)

    def resume_writing(self):
        super().resume_writing()
        self.leaving = _stopped(self.leaving)

    def connection_lost(self, exc):
        self.arriving, self.leaving = _stopped(self.arriving), _stopped(self.leaving)
        super().connection_lost(exc)


def _stopped(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def main() -> None:
    """Serve with Datasette's own options."""
    sys.path.insert(0, str(Path(__file__).parent.parent))  # the plugins import the explorer
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < HANDLES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(HANDLES, hard), hard))
    uvicorn.run = functools.partial(
        uvicorn.run,
        http=Patient,
        ws="none",
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=34_000,  # a little more than an address and headers may have
        timeout_graceful_shutdown=5,
        access_log=False,
        server_header=False,
    )
    cli.cli()


if __name__ == "__main__":
    main()
