"""docker-compose.yml: what every service must be, whoever adds one."""

from __future__ import annotations

import re

import pytest
import yaml

from stockscore.config import NAMES
from stockscore.jobs.health import CHECKS
from tests.support import compose

FILE = compose.read()
SERVICES = FILE["services"]
OURS = {name for name, service in SERVICES.items() if "build" in service}
every_service = pytest.mark.parametrize("name", SERVICES)


def test_the_services_are_those_of_the_documentation() -> None:
    databases = {"db", "redis", "cache"}
    assert set(SERVICES) - OURS == databases
    assert {"web", "worker", "scheduler", "migrate", "rq-dashboard"} == OURS
    page = (compose.ROOT / "docs" / "operations.md").read_text("utf-8")
    assert all(f"| `{name}` |" in page for name in SERVICES)


@every_service
def test_a_service_can_do_no_more_than_it_must(name: str) -> None:
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "network_mode", "pid"} & service.keys()
    user, _, group = service["user"].partition(":")
    assert int(user) > 0
    assert int(group) > 0
    assert re.fullmatch(r"\d+[mg]", service["mem_limit"])
    assert service["init"] is True
    assert service["logging"]["options"]["max-size"]


@every_service
def test_a_service_writes_to_named_volumes_and_to_memory_alone(name: str) -> None:
    for volume in SERVICES[name].get("volumes", []):
        assert volume.split(":")[0] in FILE["volumes"]
    for mount in SERVICES[name]["tmpfs"]:
        assert "size=" in mount, "a tmpfs without a bound fills the machine's memory"


@every_service
def test_only_loopback_reaches_a_service(name: str) -> None:
    service = SERVICES[name]
    for port in service.get("ports", []):
        assert port.startswith("127.0.0.1:")
    if name not in OURS:
        assert "ports" not in service
        assert service["networks"] == ["inside"]
    assert FILE["networks"]["inside"]["internal"] is True


@every_service
def test_a_service_starts_again_and_says_how_it_is(name: str) -> None:
    service = SERVICES[name]
    if name == "migrate":
        assert service["restart"] == "no"
        return
    assert service["restart"] in {"unless-stopped", "on-failure:3"}
    check = service["healthcheck"]
    assert {"test", "interval", "timeout", "retries", "start_period"} <= check.keys()
    if name in OURS:
        assert check["test"] == ["CMD", "python", "-m", "stockscore.jobs.health", name]
        assert name in CHECKS


@every_service
def test_an_image_is_pinned_to_its_patch(name: str) -> None:
    service = SERVICES[name]
    if name not in OURS:
        assert re.fullmatch(r"[a-z]+:\d+\.\d+(\.\d+)?-bookworm", service["image"])


def test_what_needs_the_schema_waits_for_the_migration() -> None:
    assert SERVICES["migrate"]["depends_on"]["db"]["condition"] == "service_healthy"
    for name in ("web", "worker", "scheduler"):
        waits = {of: how["condition"] for of, how in SERVICES[name]["depends_on"].items()}
        assert waits["migrate"] == "service_completed_successfully"
        assert waits["db"] == waits["redis"] == "service_healthy"


def test_workers_can_be_scaled() -> None:
    # A name or a port of its own can be had by one container only.
    assert not {"container_name", "ports", "hostname"} & SERVICES["worker"].keys()


def test_queue_keys_are_never_evicted_and_the_cache_is_bounded() -> None:
    def options(name: str) -> dict[str, str]:
        words = SERVICES[name]["command"][1:]
        return dict(zip(words[::2], words[1::2], strict=True))

    queues, cache = options("redis"), options("cache")
    assert queues["--maxmemory-policy"] == "noeviction"
    assert queues["--appendonly"] == "yes"
    assert cache["--maxmemory-policy"] == "allkeys-lru"
    for name, given in (("redis", queues), ("cache", cache)):
        bound = int(given["--maxmemory"].removesuffix("mb"))
        # Rewriting the append-only file, or a slow client, may take as much again.
        assert 2 * bound <= int(SERVICES[name]["mem_limit"].removesuffix("m"))
    environment = SERVICES["worker"]["environment"]
    assert "@redis:" in environment["QUEUE_REDIS_URL"]
    assert "@cache:" in environment["REDIS_URL"]


@pytest.mark.parametrize("missing", compose.SECRETS)
def test_nothing_starts_without_a_secret(missing: str) -> None:
    given = {name: value for name, value in compose.SECRETS.items() if name != missing}
    with pytest.raises(compose.RefusedError, match=missing):
        compose.read(given)


def test_no_secret_stands_in_the_file() -> None:
    text = compose.FILE.read_text("utf-8")
    given = r"^\s+(\w*(?:PASSWORD|SECRET|TOKEN|AUTH)\w*): (.*)$"
    found = re.findall(given, text, re.MULTILINE)
    assert len(found) > 4
    for name, value in found:
        assert value.startswith("${"), name


def test_the_dashboard_is_asked_for_and_asks_for_a_password() -> None:
    dashboard = SERVICES["rq-dashboard"]
    assert dashboard["profiles"] == ["monitoring"]
    assert dashboard["ports"] == ["127.0.0.1:9181:9181"]
    assert dashboard["environment"]["RQ_DASHBOARD_PASSWORD"] == ""


@pytest.mark.parametrize("name", sorted(OURS))
def test_what_a_service_is_told_are_settings(name: str) -> None:
    assert SERVICES[name]["environment"].keys() <= NAMES
    assert SERVICES[name]["environment"]["STOCKSCORE_ENV"] == "production"


def test_the_override_for_development_only_changes_what_there_is() -> None:
    text = (compose.ROOT / "docker-compose.override.example.yml").read_text("utf-8")
    override = yaml.safe_load(text)["services"]
    assert override.keys() <= OURS
    for service in override.values():
        for volume in service.get("volumes", []):
            source, _, mode = volume.split(":")
            assert (compose.ROOT / source).is_dir()
            assert mode == "ro"
