"""Many visitors at once: real websocket sessions of the running page that click sites and points at random.

`python -m benchmarks.visitors` is the full run: 30 visitors for five minutes, each pausing 1 to 4 s between clicks as
people who read do, then two and a half minutes of quiet. A click is the message a browser sends when the map is
clicked; it is timed until the server says that its answer is complete. Nothing is mocked but the browser: drawing is
not part of the time. `--visitors 8 --minutes 0.5 --quiet 10` is a short look. The exit code is 1 when a goal is missed.
"""

import argparse
import asyncio
import dataclasses
import json
import random
import statistics
import sys
import time
import urllib.parse

import psutil
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from oreway.layers.read import read_sites
from scripts.live import serving

GOAL_P95_S, GOAL_MB, GOAL_BACK = 3.0, 30.0, 1.10
PATIENCE_S = 60.0
PAUSE_S = (1.0, 4.0)
POINTS_SHARE = 0.2
WARM_UP_CLICKS = 20


@dataclasses.dataclass
class Tally:
    """What happened in one run."""

    first: list[float] = dataclasses.field(default_factory=list)
    clicks: list[float] = dataclasses.field(default_factory=list)
    errors: list[str] = dataclasses.field(default_factory=list)
    received: int = 0


class Visitor:
    """One websocket session."""

    def __init__(self, socket: "websockets.ClientConnection", tally: Tally) -> None:
        self.socket, self.tally = socket, tally
        self.map_id = self.fragment_id = self.page_hash = self.panel = ""

    async def answered(self, message: BackMsg) -> float:
        """Send a message; return the seconds until its answer is complete."""
        start, self.panel = time.perf_counter(), ""
        await self.socket.send(message.SerializeToString())
        while True:
            content = await asyncio.wait_for(self.socket.recv(), PATIENCE_S)
            self.tally.received += len(content)
            told = ForwardMsg()
            told.ParseFromString(content if isinstance(content, bytes) else content.encode())
            self._take(told)
            if told.WhichOneof("type") == "script_finished":
                return time.perf_counter() - start

    def _take(self, told: ForwardMsg) -> None:
        kind = told.WhichOneof("type")
        if kind == "new_session":
            self.page_hash = told.new_session.page_script_hash
        if kind == "script_finished" and told.script_finished not in {
            ForwardMsg.FINISHED_SUCCESSFULLY, ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
        }:  # fmt: skip
            self.tally.errors.append(f"the run ended as {ForwardMsg.ScriptFinishedStatus.Name(told.script_finished)}")
        if kind != "delta":
            return
        element = told.delta.new_element
        inside = element.WhichOneof("type")
        if inside == "exception":
            self.tally.errors.append(f"{element.exception.type}: {element.exception.message}"[:200])
        elif inside == "component_instance":
            self.map_id, self.fragment_id = element.component_instance.id, told.delta.fragment_id
        elif inside == "html" and told.delta.fragment_id:
            self.panel = element.html.body

    async def arrive(self) -> float:
        """Open the page."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        return await self.answered(message)

    async def click(self, value: dict[str, object]) -> float:
        """Click the map as a browser would tell the server of it."""
        message = BackMsg()
        client = message.rerun_script
        client.page_script_hash, client.fragment_id = self.page_hash, self.fragment_id
        widget = client.widget_states.widgets.add()
        widget.id, widget.json_value = self.map_id, json.dumps(value)
        seconds = await self.answered(message)
        if not self.panel:
            self.tally.errors.append(f"no panel after {value}")
        return seconds


def a_click(site_ids: list[str], chance: random.Random) -> dict[str, object]:
    """Return a click on a site, or now and then anywhere."""
    at = chance.random()
    if at < POINTS_SHARE:
        lon, lat = round(chance.uniform(-180, 180), 3), round(chance.uniform(-75, 83), 3)
        return {"kind": "point", "lon": lon, "lat": lat, "n": at}
    return {"kind": "site", "id": chance.choice(site_ids), "n": at}


async def visit(address: str, site_ids: list[str], until: float, seed: int, tally: Tally) -> None:
    """Arrive, click until the time is over, leave."""
    chance = random.Random(seed)
    stream = urllib.parse.urlsplit(address)._replace(scheme="ws", path="/_stcore/stream").geturl()
    try:
        async with websockets.connect(stream, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None) as one:
            visitor = Visitor(one, tally)
            tally.first.append(await visitor.arrive())
            while time.monotonic() < until:
                await asyncio.sleep(chance.uniform(*PAUSE_S))
                tally.clicks.append(await visitor.click(a_click(site_ids, chance)))
    except (OSError, TimeoutError, websockets.WebSocketException) as error:
        tally.errors.append(f"{type(error).__name__}: {error}")


async def sampled(process: psutil.Process, seconds: float, until: "asyncio.Task[None] | None" = None) -> list[float]:
    """Return the server's memory in MB, once a second."""
    found = []
    end = time.monotonic() + seconds
    while time.monotonic() < end and not (until is not None and until.done()):
        found.append(process.memory_info().rss / 1e6)
        await asyncio.sleep(1)
    return found or [process.memory_info().rss / 1e6]


async def crowd(address: str, site_ids: list[str], visitors: int, seconds: float, tally: Tally) -> None:
    """Let all visitors in at once."""
    until = time.monotonic() + seconds
    await asyncio.gather(*(visit(address, site_ids, until, seed, tally) for seed in range(visitors)))


async def warm_up(address: str, site_ids: list[str]) -> Tally:
    """Let one visitor look round first, so that the shared data are open and counted as idle."""
    tally = Tally()
    stream = urllib.parse.urlsplit(address)._replace(scheme="ws", path="/_stcore/stream").geturl()
    async with websockets.connect(stream, subprotocols=[websockets.Subprotocol("streamlit")], max_size=None) as one:
        visitor = Visitor(one, tally)
        tally.first.append(await visitor.arrive())
        chance = random.Random(-1)
        for _ in range(WARM_UP_CLICKS):
            tally.clicks.append(await visitor.click(a_click(site_ids, chance)))
    return tally


def line(name: str, values: list[float]) -> str:
    """Return one line: how many, median, 95th percentile, greatest."""
    ordered = sorted(values) or [float("nan")]
    p95 = ordered[min(len(ordered) - 1, round(0.95 * (len(ordered) - 1)))]
    return (f"{name:<26} {len(values):6} times  p50 {statistics.median(ordered):7.3f} s  p95 {p95:7.3f} s  "
            f"max {ordered[-1]:7.3f} s")  # fmt: skip


async def measure(address: str, process: psutil.Process, asked: argparse.Namespace) -> int:
    """Run the phases and print the table; return how many goals were missed."""
    sites = read_sites()
    site_ids = [str(key) for key in sites.index]
    alone = await warm_up(address, site_ids)
    idle = statistics.median(await sampled(process, asked.idle))
    tally = Tally()
    task = asyncio.create_task(crowd(address, site_ids, asked.visitors, asked.minutes * 60, tally))
    peak = max(await sampled(process, asked.minutes * 60 + 2 * PATIENCE_S, task))
    await task
    after = min(await sampled(process, asked.quiet))
    p95 = sorted(tally.clicks)[round(0.95 * (len(tally.clicks) - 1))] if tally.clicks else float("inf")
    each = (peak - idle) / asked.visitors
    print(line("one visitor, page opens", alone.first))
    print(line("one visitor, click", alone.clicks))
    print(line(f"{asked.visitors} visitors, page opens", tally.first))
    print(line(f"{asked.visitors} visitors, click", tally.clicks))
    print(f"received {tally.received / max(len(tally.clicks), 1) / 1e3:.1f} kB a click, opening the page included")
    print(f"server memory: idle {idle:.0f} MB, peak {peak:.0f} MB ({each:.1f} MB a visitor), after {after:.0f} MB")
    faults = alone.errors + tally.errors
    print(f"errors: {len(faults)}", *sorted(set(faults))[:5], sep="\n  ")
    return sum((bool(faults), p95 > GOAL_P95_S, each > GOAL_MB, after > GOAL_BACK * idle))


def server_process() -> psutil.Process:
    """Return the page's process, our only child that runs streamlit."""
    children = psutil.Process().children(recursive=True)
    return next(child for child in children if "streamlit" in " ".join(child.cmdline()))


def main() -> int:
    """Start the page, send the visitors, print what happened."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visitors", type=int, default=30)
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--idle", type=float, default=5.0, help="seconds of quiet before")
    parser.add_argument("--quiet", type=float, default=150.0, help="seconds of quiet after")
    asked = parser.parse_args()
    with serving() as address:
        return 1 if asyncio.run(measure(address, server_process(), asked)) else 0


if __name__ == "__main__":
    sys.exit(main())
