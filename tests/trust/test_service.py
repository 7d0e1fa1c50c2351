"""The systemd unit is lawful and tight, and works under a real systemd: a Debian tree booted with systemd-nspawn.

OREWAY_MACHINE names the tree, with systemd and the product in /opt/oreway; docs/deploy.md says how to make one.
"""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import geopandas as gpd
import pytest

UNIT = Path(__file__).parent.parent.parent / "deploy" / "oreway.service"
MOST_EXPOSED = 1.1
WAIT = "for i in $(seq 120); do curl -sf -m 2 http://127.0.0.1:8501/_stcore/health && exit 0; sleep 0.5; done; exit 1"
Inside = Callable[..., str]


@pytest.mark.heavy
def test_the_units_exposure_is_low() -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze: the unit is rated where systemd is installed")
    words = ["systemd-analyze", "security", "--offline=true", "--no-pager", str(UNIT)]
    told = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    found = re.search(r"Overall exposure level for oreway.service: ([0-9.]+)", told)
    assert found is not None
    assert float(found[1]) <= MOST_EXPOSED


@pytest.fixture(scope="module")
def inside() -> Iterator[Inside]:
    """Boot the tree without a network, start the unit and yield a way to run shell lines in there as root."""
    tree = os.environ.get("OREWAY_MACHINE", "")
    if not (tree and os.geteuid() == 0 and shutil.which("systemd-nspawn")):
        pytest.skip("needs root, systemd-nspawn and a tree with systemd named in OREWAY_MACHINE (docs/deploy.md)")
    words = ["systemd-nspawn", "--boot", "--quiet", "--keep-unit", "--register=no", "--private-network", "-D", tree]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.STDOUT) as boot:
        try:
            leader = first_child(boot)

            def run(script: str, given: bytes = b"") -> str:
                enter = ["nsenter", "-t", leader, "-m", "-u", "-i", "-n", "-p", "-C", "--", "bash", "-c", script]
                clean = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"}
                done = subprocess.run(enter, input=given, capture_output=True, env=clean, timeout=300, check=False)
                assert done.returncode == 0, (done.stdout + done.stderr).decode()
                return done.stdout.decode().strip()

            time.sleep(1)
            run("for i in $(seq 60); do systemctl is-active multi-user.target && exit 0; sleep 0.5; done; exit 1")
            run("cat > /etc/systemd/system/oreway.service", UNIT.read_bytes())
            run("systemctl daemon-reload && systemd-analyze verify oreway.service && systemctl start oreway")
            run(WAIT)
            yield run
            run("systemctl poweroff")
            boot.wait(timeout=60)
        finally:
            boot.terminate()


def first_child(boot: "subprocess.Popen[bytes]") -> str:
    """Return the process id of the booted tree's own first process."""
    end = time.monotonic() + 30
    children = Path(f"/proc/{boot.pid}/task/{boot.pid}/children")
    while time.monotonic() < end and boot.poll() is None:
        if found := children.read_text().split():
            return found[0]
        time.sleep(0.2)
    pytest.fail("the tree did not boot")


def main_pid(inside: Inside) -> str:
    return inside("systemctl show -P MainPID oreway")


@pytest.mark.heavy
def test_the_page_answers_on_this_machine_alone(inside: Inside) -> None:
    assert inside("ss -Hltn 'sport = :8501'").split()[3] == "127.0.0.1:8501"


@pytest.mark.heavy
def test_the_service_is_nobody_without_rights_and_filtered(inside: Inside) -> None:
    lines = inside(f"cat /proc/{main_pid(inside)}/status").splitlines()
    status = dict(line.split(":\t", 1) for line in lines if "\t" in line)
    assert int(status["Uid"].split()[0]) >= 61184  # systemd's range for dynamic users
    assert {int(status[key], 16) for key in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}
    assert (status["NoNewPrivs"], status["Seccomp"]) == ("1", "2")


@pytest.mark.heavy
def test_its_cache_and_its_own_temporary_folder_alone_are_writable(inside: Inside) -> None:
    pid = main_pid(inside)
    enter = f"nsenter -t {pid} -m setpriv --reuid=$(stat -c %u /proc/{pid}) --clear-groups"
    folders = "/ /etc /usr /opt/oreway /opt/oreway/data /home /root /run /var/lib /var/log /tmp /var/cache/oreway"
    tried = inside(f"{enter} sh -c 'for d in {folders}; do touch $d/planted 2>/dev/null && echo $d; done; true'")
    assert tried.split() == ["/tmp", "/var/cache/oreway"]
    assert inside("ls /tmp/planted 2>/dev/null; true") == ""


@pytest.mark.heavy
def test_compiled_code_is_kept_for_the_next_start(inside: Inside) -> None:
    look = "find /var/cache/private/oreway/numba -name '*.nbc' | grep -q ."
    inside(f"for i in $(seq 60); do {look} && exit 0; sleep 1; done; exit 1")


def once(inside: Inside, words: str) -> None:
    """Run a command of the product with the unit's own walls round it."""
    change = f"s#^ExecStart=.*#ExecStart=/opt/oreway/.venv/bin/oreway {words}#; s/^Type=.*/Type=oneshot/; /^Restart/d"
    inside(f"sed '{change}' /etc/systemd/system/oreway.service > /run/systemd/system/oreway-once.service")
    told = "{ journalctl -u oreway-once -n 20 --no-pager; exit 1; }"
    inside(f"systemctl daemon-reload; systemctl start oreway-once || {told}")


@pytest.mark.heavy
def test_a_strangers_geopackage_and_a_report_work_behind_the_filter(inside: Inside, tmp_path: Path) -> None:
    sites = gpd.GeoDataFrame({"name": ["Claim 7"]}, geometry=gpd.points_from_xy([-45.9], [60.95]), crs=4326)
    sites.to_file(tmp_path / "own.gpkg")
    inside("cat > /opt/own.gpkg && chmod 644 /opt/own.gpkg", (tmp_path / "own.gpkg").read_bytes())
    once(inside, "score --sites /opt/own.gpkg -o /var/cache/oreway/own.csv")
    assert "Claim 7" in inside("cat /var/cache/private/oreway/own.csv")
    once(inside, "report gl-tanbreez -o /var/cache/oreway/reports")
    assert inside("head -c 5 /var/cache/private/oreway/reports/gl-tanbreez.pdf") == "%PDF-"


@pytest.mark.heavy
def test_it_comes_back_when_killed_and_stops_when_told(inside: Inside) -> None:
    before = main_pid(inside)
    inside(f"kill -9 {before}; sleep 4; {WAIT}")
    assert main_pid(inside) not in {before, "0"}
    child = inside("pgrep -f 'streamlit run'")
    inside(f"kill -9 {child}; sleep 4; {WAIT}")
    assert inside("systemctl show -P NRestarts oreway") == "2"
    start = time.monotonic()
    inside("systemctl stop oreway")
    assert time.monotonic() - start < 15
    assert inside("systemctl show -P Result oreway") == "success"
    assert inside("ss -Hltn 'sport = :8501'") == ""
