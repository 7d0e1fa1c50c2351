"""The refresh asks politely, follows no stranger and tells no secret."""

import pytest

from oreway.layers.online.fetch import redacted
from oreway.layers.online.refresh import OnlineError
from tests.layers.stub_service import Reply


def test_a_busy_server_is_asked_again_after_as_long_as_it_says(stub, opener, clock):
    stub.answers = [Reply(status=503, headers={"Retry-After": "7"}),
                    Reply(status=429, headers={"Retry-After": "Mon, 23 Nov 2026 12:00:30 GMT"}),
                    Reply(b"done")]  # fmt: skip
    assert opener.read(stub.url) == b"done"
    assert clock.slept == [7, 30]


def test_a_server_that_is_busy_without_saying_how_long_gets_longer_and_longer_pauses(stub, opener, clock):
    stub.answers = [Reply(status=503), Reply(status=503), Reply(b"done")]
    assert opener.read(stub.url) == b"done"
    assert clock.slept == [2, 4]


def test_a_server_that_stays_busy_or_asks_for_too_long_is_left_alone(stub, opener):
    stub.answers = [Reply(status=503) for _ in range(4)]
    with pytest.raises(OnlineError, match="still busy after 4 tries"):
        opener.read(stub.url)
    stub.answers = [Reply(status=429, headers={"Retry-After": "3600"})]
    with pytest.raises(OnlineError, match=r"asks to wait 3,600 s"):
        opener.read(stub.url)


def test_requests_to_one_host_keep_their_distance(stub, opener, clock):
    stub.answers = [Reply(b"a"), Reply(b"b")]
    opener.read(stub.url)
    clock.time += 0.25
    opener.read(stub.url)
    assert clock.slept == [0.75]


def test_a_redirect_stays_on_its_host(stub, opener):
    stub.answers = [Reply(status=302, headers={"Location": "/there"}), Reply(b"there")]
    assert opener.read(f"{stub.url}/here") == b"there"
    stub.answers = [Reply(status=302, headers={"Location": f"http://localhost:{stub.port}/x"})]
    with pytest.raises(OnlineError, match="not followed"):
        opener.read(stub.url)


def test_a_redirect_to_nowhere_is_refused(stub, opener):
    stub.answers = [Reply(status=302, headers={"Location": "http://["})]
    with pytest.raises(OnlineError, match="no whole answer"):
        opener.read(stub.url)


@pytest.mark.parametrize(
    "address", ["http://[", "http://127.0.0.1:99999/", "file:///etc/passwd", "ftp://127.0.0.1/x", "http://", "/data/x"]
)
def test_only_web_addresses_are_read(opener, address):
    with pytest.raises(OnlineError, match=r"not an http\(s\) address"):
        opener.read(address)


def test_no_password_or_token_reaches_a_message(opener):
    assert redacted("https://me:pw@a.org/x?token=t&api_key=k&f=json#z") == "https://a.org/x?token=…&api_key=…&f=json"
    with pytest.raises(OnlineError) as refusal:
        opener.read("https://me:pw@127.0.0.1/x")
    assert "pw" not in str(refusal.value)
