"""Read one web address politely: rate, back-off, size cap and deadline; no redirect to another host."""

import dataclasses
import datetime as dt
import email.utils
import http.client
import re
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from typing import IO, Any
from urllib.parse import unquote, urlencode, urlsplit, urlunsplit

from oreway.layers.online.errors import OfflineError, OnlineError, brief
from oreway.layers.online.sayings import OnlineSaying

AGENT = "oreway/0.1 (optional data refresh; one request at a time)"
BUSY = frozenset({429, 502, 503, 504})
PARTIAL = 206
CHUNK = 65_536
SECRET = re.compile(
    r"token|passw|pwd|secret|api_?key|access_?key|^key$|^sig$|signature|^auth|credential", re.IGNORECASE
)


def redacted(address: str) -> str:
    """Return an address fit for a message or a file: no user, no password, secret query values left out."""
    parts = urlsplit(address)
    pairs = [part.partition("=") for part in parts.query.split("&") if part]
    query = "&".join(
        f"{name}=…" if SECRET.search(unquote(name)) else name + sign + value for name, sign, value in pairs
    )
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, query, ""))


class _SameHost(urllib.request.HTTPRedirectHandler):
    """Follow redirects within one host and scheme only."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> urllib.request.Request | None:
        """Return the next request.

        Raises:
            OnlineError: it would go to another host, port or scheme.
        """
        old, new = urlsplit(req.full_url), urlsplit(newurl)
        if (old.scheme, old.netloc) != (new.scheme, new.netloc):
            fp.close()
            raise OnlineError(OnlineSaying.SENT_ON(old.netloc, brief(new.netloc.rpartition("@")[2])))
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def make_director(proxies: Mapping[str, str] | None = None) -> urllib.request.OpenerDirector:
    """Return urllib's opener with the redirect rule; proxies come from the environment unless given."""
    handler = urllib.request.ProxyHandler(None if proxies is None else dict(proxies))
    return urllib.request.build_opener(handler, _SameHost())


def _now() -> dt.datetime:
    return dt.datetime.now(tz=dt.UTC)


@dataclasses.dataclass(frozen=True)
class _Busy:
    """A server that asks to come back later, after so many seconds when it says so."""

    status: int
    wait_s: float | None


@dataclasses.dataclass(kw_only=True)
class PoliteOpener:
    """Read addresses with a pause between requests to one host; clock, sleep and calendar can be replaced."""

    timeout_s: float = 60.0
    deadline_s: float = 300.0
    most_mb: float = 50.0
    most_ranges_mb: float = 2_000.0
    tries: int = 4
    pause_s: float = 1.0
    longest_wait_s: float = 120.0
    director: urllib.request.OpenerDirector = dataclasses.field(default_factory=make_director)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], dt.datetime] = _now
    _last: dict[str, float] = dataclasses.field(default_factory=dict)

    def read(
        self, address: str, *, form: Mapping[str, str] | None = None, most_bytes: int | None = None,
        span: tuple[int, int] | None = None,
    ) -> bytes:  # fmt: skip
        """Return the body behind an http(s) address, or of it the bytes first to last that `span` names.

        `form` is posted, `most_bytes` lowers the cap.

        Raises:
            OfflineError: the host cannot be reached.
            OnlineError: refusal, error status, too large, too slow, cut short, or sent on to another host.
        """
        place, request = self._request(address, form)
        if span is not None:
            request.add_header("Range", f"bytes={span[0]}-{span[1]}")
        most = int(self.most_mb * 1e6) if most_bytes is None else most_bytes
        for attempt in range(self.tries):
            self._pause(place)
            answer = self._once(request, place, most)
            if isinstance(answer, bytes):
                if span is not None and len(answer) != span[1] - span[0] + 1:
                    raise OnlineError(OnlineSaying.RANGE_SIZE(place, f"{len(answer):,}"))
                return answer
            wait = self.pause_s * 2 ** (attempt + 1) if answer.wait_s is None else answer.wait_s
            if wait > self.longest_wait_s:
                raise OnlineError(OnlineSaying.BUSY(place, answer.status, f"{wait:,.0f}"))
            if attempt + 1 < self.tries:
                self.sleep(wait)
        raise OnlineError(OnlineSaying.STILL_BUSY(place, self.tries))

    def _request(self, address: str, form: Mapping[str, str] | None) -> tuple[str, urllib.request.Request]:
        try:
            parts = urlsplit(address)
            is_web = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        except ValueError:
            raise OnlineError(OnlineSaying.NOT_HTTP(f"{brief(address, 12)}…")) from None
        if not is_web:
            raise OnlineError(OnlineSaying.NOT_HTTP(brief(redacted(address))))
        if "@" in parts.netloc:
            raise OnlineError(OnlineSaying.USER_IN_ADDRESS(parts.hostname))
        headers = {"User-Agent": AGENT, "Accept-Encoding": "identity"}
        body = None if form is None else urlencode(form).encode()
        return parts.netloc, urllib.request.Request(address, data=body, headers=headers)  # noqa: S310 - checked above

    def _pause(self, place: str) -> None:
        if place in self._last:
            left = self._last[place] + self.pause_s - self.clock()
            if left > 0:
                self.sleep(left)
        self._last[place] = self.clock()

    def _once(self, request: urllib.request.Request, place: str, most: int) -> bytes | _Busy:
        try:
            with self.director.open(request, timeout=self.timeout_s) as response:
                _check_ranges(request, response.status, place)
                return self._body(response, place, most)
        except urllib.error.HTTPError as error:
            with error:
                return self._refused(error, place)
        except urllib.error.URLError as error:
            if isinstance(error.reason, TimeoutError):
                raise OfflineError(
                    OnlineSaying.UNREACHABLE(place, OnlineSaying.SILENT(f"{self.timeout_s:g}"))
                ) from None
            raise OfflineError(OnlineSaying.UNREACHABLE(place, brief(error.reason))) from None
        except TimeoutError:
            raise OnlineError(OnlineSaying.NO_ANSWER(place, f"{self.timeout_s:g}")) from None
        except OnlineError:
            raise
        except (http.client.HTTPException, OSError, ValueError) as error:
            raise OnlineError(OnlineSaying.NOT_WHOLE(place, type(error).__name__)) from None

    def _refused(self, error: urllib.error.HTTPError, place: str) -> _Busy:
        if error.code in BUSY:
            return _Busy(error.code, self._wait(error.headers.get("Retry-After", "")))
        raise OnlineError(OnlineSaying.STATUS(place, error.code, brief(error.reason)))

    def _wait(self, told: str) -> float | None:
        if told.strip().isdecimal():
            return float(told)
        try:
            until = email.utils.parsedate_to_datetime(told)
        except (ValueError, TypeError):
            return None
        aware = until if until.tzinfo is not None else until.replace(tzinfo=dt.UTC)
        return max(0.0, (aware - self.now()).total_seconds())

    def _body(self, response: Any, place: str, most: int) -> bytes:
        told = str(response.headers.get("Content-Length") or "")
        large = OnlineSaying.TOO_LARGE(place, f"{most / 1e6:,.1f}")
        if told.isdecimal() and int(told) > most:
            raise OnlineError(large)
        start, size, chunks = self.clock(), 0, []
        while chunk := response.read1(CHUNK):
            chunks.append(chunk)
            size += len(chunk)
            if size > most:
                raise OnlineError(large)
            if self.clock() - start > self.deadline_s:
                raise OnlineError(OnlineSaying.TOO_SLOW(place, f"{self.deadline_s:g}"))
        if told.isdecimal() and size != int(told):
            raise OnlineError(OnlineSaying.BROKE_OFF(place, f"{size:,}", f"{int(told):,}"))
        return b"".join(chunks)


def _check_ranges(request: urllib.request.Request, status: int, place: str) -> None:
    if request.has_header("Range") and status != PARTIAL:
        raise OnlineError(OnlineSaying.NO_RANGES(place))
