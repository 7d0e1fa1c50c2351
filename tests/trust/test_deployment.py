"""The examples in deploy/ are safe as they stand, and the nginx one works in front of the running page."""

import configparser
import http.client
import re
import shutil
import socket
import ssl
import subprocess
import time
import tomllib
import urllib.parse
from collections.abc import Iterator
from pathlib import Path

import pytest
import websockets.sync.client
from playwright.sync_api import Playwright
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from oreway.layers.upload.upload import LIMITS
from scripts.browser import find_browser
from scripts.debian import install
from scripts.live import MAP, READY, free_port, launch, serving

ROOT = Path(__file__).parent.parent.parent
DEPLOY = ROOT / "deploy"
HEADERS = (
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Permissions-Policy",
    "Cross-Origin-Opener-Policy", "Strict-Transport-Security",
)  # fmt: skip
STREAM = "/_stcore/stream"


def text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def policy(name: str) -> str:
    found = re.search(r'Content-Security-Policy "([^"]+)"', text(name))
    assert found is not None
    return found[1].replace("$oreway_frames", frames("nginx.conf")).replace("{$OREWAY_FRAMES:'self'}", "'self'")


def frames(name: str) -> str:
    """Return who may show the page in a frame, as shipped."""
    found = re.search(r'map \$host \$oreway_frames \{\s*default "([^"]+)";', text(name))
    assert found is not None
    return found[1]


def test_the_page_listens_on_this_machine_and_sends_no_statistics() -> None:
    told = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert told["server"]["address"] == "127.0.0.1"
    assert told["browser"]["gatherUsageStats"] is False
    assert told["client"]["showErrorDetails"] in {"none", False}
    assert told["server"].get("enableXsrfProtection", True) is True
    assert told["server"].get("enableCORS", True) is True


def test_the_service_has_no_rights_and_one_writable_folder() -> None:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read_string(text("oreway.service"))
    service = parser["Service"]
    for key in ("DynamicUser", "NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "RestrictNamespaces"):
        assert service[key] == "yes", key
    assert service["ProtectSystem"] == "strict"
    assert service["CapabilityBoundingSet"] == ""
    assert "ReadWritePaths" not in service
    assert service["ExecStart"].endswith("cli.py app --port 8501")


@pytest.mark.parametrize("name", ["oreway.service", "Dockerfile"])
def test_upload_limit_and_forgery_guard_are_set(name: str) -> None:
    assert f"STREAMLIT_SERVER_MAX_UPLOAD_SIZE={LIMITS.size_mb:g}" in text(name)
    assert "STREAMLIT_SERVER_ENABLE_XSRF_PROTECTION=true" in text(name)
    assert "STREAMLIT_BROWSER_GATHER_USAGE_STATS=false" in text(name)
    assert "NUMBA_CACHE_DIR=" in text(name)


def test_the_container_runs_as_nobody_in_particular_and_checks_hashes() -> None:
    assert re.search(r"^USER 10001$", text("Dockerfile"), re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in text("Dockerfile")
    assert "-p 127.0.0.1:8501:8501" in text("Dockerfile")
    assert "--read-only" in text("Dockerfile")


@pytest.mark.parametrize("name", ["nginx.conf", "Caddyfile"])
def test_the_proxies_set_every_security_header(name: str) -> None:
    assert [header for header in HEADERS if header not in text(name)] == []
    assert "127.0.0.1:8501" in text(name)


def test_both_proxies_have_the_same_content_policy() -> None:
    assert policy("nginx.conf") == policy("Caddyfile")
    assert policy("nginx.conf").endswith("; frame-ancestors 'self'")


@pytest.mark.heavy
def test_caddy_takes_the_shipped_configuration(tmp_path: Path) -> None:
    if shutil.which("caddy") is None:
        install("caddy")
    caddy = shutil.which("caddy")
    assert caddy, "no caddy: on Debian, run `apt-get install caddy`"
    words = [caddy, "validate", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    done = subprocess.run(words, capture_output=True, text=True, check=False, timeout=60, env={"HOME": str(tmp_path)})
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def page() -> Iterator[str]:
    with serving() as address:
        yield address


def open_stream(address: str, origin: str | None, **options: object) -> ForwardMsg:
    """Open the page's websocket and return the first message of its answer."""
    with websockets.sync.client.connect(
        address, subprotocols=["streamlit"], origin=origin, max_size=None, **options
    ) as stream:
        ask = BackMsg()
        ask.rerun_script.query_string = ""
        stream.send(ask.SerializeToString())
        told = ForwardMsg()
        told.ParseFromString(stream.recv(timeout=60))
        return told


@pytest.mark.heavy
def test_only_this_machine_reaches_the_page(page: str) -> None:
    port = urllib.parse.urlsplit(page).port
    outside = {found[4][0] for found in socket.getaddrinfo(socket.gethostname(), port, type=socket.SOCK_STREAM)}
    for address in outside - {"127.0.0.1", "::1", "127.0.1.1"}:
        with pytest.raises(OSError, match=r"refused|unreachable|timed out"):
            socket.create_connection((address, port), timeout=3).close()


@pytest.mark.heavy
def test_a_page_of_another_site_cannot_open_our_stream(page: str) -> None:
    stream = page.replace("http", "ws") + STREAM
    assert open_stream(stream, page).WhichOneof("type") == "new_session"
    with pytest.raises(websockets.exceptions.InvalidStatus, match="403"):
        open_stream(stream, "https://evil.example")


@pytest.mark.heavy
def test_an_upload_without_the_forgery_token_is_refused(page: str) -> None:
    link = http.client.HTTPConnection("127.0.0.1", urllib.parse.urlsplit(page).port, timeout=20)
    link.request("PUT", "/_stcore/upload_file/a/b", body=b"x", headers={"Content-Type": "text/plain"})
    assert link.getresponse().status in {400, 403}
    link.close()


@pytest.fixture(scope="module")
def proxied(page: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run deploy/nginx.conf, only its marked lines and ports changed, before the page."""
    if shutil.which("nginx") is None or shutil.which("openssl") is None:
        install("nginx-light", "openssl")
    nginx, openssl = shutil.which("nginx"), shutil.which("openssl")
    assert nginx, "no nginx: on Debian, run `apt-get install nginx-light openssl`"
    assert openssl, "no openssl: on Debian, run `apt-get install openssl`"
    folder, port = tmp_path_factory.mktemp("nginx"), free_port()
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
         "-keyout", str(folder / "privkey.pem"), "-out", str(folder / "fullchain.pem")],
        check=True, capture_output=True,
    )  # fmt: skip
    changed = {
        "/etc/ssl/oreway": str(folder), "listen 443": f"listen 127.0.0.1:{port}", "http://127.0.0.1:8501": page,
        "listen 80": f"listen 127.0.0.1:{free_port()}", "oreway.example.org": "127.0.0.1",
    }  # fmt: skip
    site = text("nginx.conf")
    for old, new in changed.items():
        assert old in site
        site = site.replace(old, new)
    spare = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    whole = f"user root; daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}}\n"
    whole += f"http {{ access_log off; {spare}\n{site}\n}}\n"
    (folder / "nginx.conf").write_text(whole, encoding="utf-8")
    with subprocess.Popen([nginx, "-e", f"{folder}/error.log", "-c", f"{folder}/nginx.conf"]) as server:
        try:
            wait_for(port, server)
            yield f"https://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
    pytest.fail("nginx did not start with the shipped configuration")


def answer(proxied: str, path: str, body: bytes | None = None) -> http.client.HTTPResponse:
    parts = urllib.parse.urlsplit(proxied)
    link = http.client.HTTPSConnection("127.0.0.1", parts.port, timeout=30, context=unchecked())
    link.request("PUT" if body else "GET", path, body=body)
    found = link.getresponse()
    found.read()
    link.close()
    return found


def unchecked() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


@pytest.mark.heavy
def test_the_proxy_adds_every_header_and_hides_its_version(proxied: str) -> None:
    found = answer(proxied, "/")
    assert found.status == 200
    assert [header for header in HEADERS if not found.headers.get(header)] == []
    assert found.headers["Server"] == "nginx"


@pytest.mark.heavy
def test_the_proxy_refuses_uploads_above_the_limit(proxied: str) -> None:
    assert answer(proxied, "/_stcore/upload_file/a/b", b"x" * 1000).status in {400, 403}
    parts = urllib.parse.urlsplit(proxied)
    link = http.client.HTTPSConnection("127.0.0.1", parts.port, timeout=30, context=unchecked())
    link.putrequest("PUT", "/_stcore/upload_file/a/b")
    link.putheader("Content-Length", str(23_000_000))
    link.endheaders()
    assert link.getresponse().status == 413
    link.close()


@pytest.mark.heavy
def test_the_stream_goes_through_the_proxy_and_no_other_site_gets_it(proxied: str) -> None:
    stream = proxied.replace("https", "wss") + STREAM
    assert open_stream(stream, proxied, ssl=unchecked()).WhichOneof("type") == "new_session"
    with pytest.raises(websockets.exceptions.InvalidStatus, match="403"):
        open_stream(stream, "https://evil.example", ssl=unchecked())


@pytest.mark.heavy
@pytest.mark.browser
def test_the_map_works_under_the_content_policy(proxied: str, playwright: Playwright) -> None:
    refused: list[str] = []
    browser = launch(playwright, find_browser())
    shown = browser.new_context(ignore_https_errors=True, viewport={"width": 1440, "height": 1000}).new_page()
    shown.on("console", lambda line: refused.append(line.text) if "Security Policy" in line.text else None)
    shown.on("pageerror", lambda error: refused.append(str(error)))
    shown.goto(f"{proxied}/?site=gl-tanbreez")
    shown.frame_locator(MAP).locator(READY).wait_for(timeout=60_000)
    shown.locator(".oreway-panel h3").wait_for(timeout=60_000)
    heading = shown.locator(".oreway-panel h3").inner_text()
    browser.close()
    assert heading == "Tanbreez"
    assert refused == []
