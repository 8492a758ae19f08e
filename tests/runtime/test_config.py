"""Settings are safe by default, and what is wrong is said without showing a secret."""

import pytest
from cryptography.fernet import Fernet
from pydantic import ValidationError
from tests.runtime.installation import Installation

from tirek.config import DEMO_KEY, DEMO_SECRET, Config, explain

OWN_SECRET = "x" * 60
OWN_KEY = Fernet.generate_key().decode()
PRODUCTION = {"demo": "0", "secret_key": OWN_SECRET, "keys": OWN_KEY, "proxies": "1"}


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Config.model_fields:
        monkeypatch.delenv(f"TIREK_{name.upper()}", raising=False)


def made(**settings: str) -> Config:
    return Config(**settings)  # type: ignore[arg-type]


def refusal(**settings: str) -> str:
    with pytest.raises(ValidationError) as refused:
        made(**settings)
    told = explain(refused.value)
    assert "input_value" not in str(refused.value)
    return told


def test_nothing_set__does_not_start() -> None:
    assert "TIREK_SECRET_KEY must hold at least 50 characters" in refusal()


def test_own_secrets__make_a_production_with_https() -> None:
    assert made(**PRODUCTION).https


@pytest.mark.parametrize(
    "weak",
    [
        {"secret_key": DEMO_SECRET},
        {"secret_key": "short"},
        {"keys": DEMO_KEY},
        {"keys": ""},
        {"https": "0"},
        {"proxies": "0"},
    ],
)
def test_production__refuses_demo_secrets_plain_http_and_no_proxy(weak: dict[str, str]) -> None:
    assert refusal(**PRODUCTION | weak)


def test_demo_mode__is_bound_to_this_machine() -> None:
    assert made(demo="1").host == "127.0.0.1"
    assert "loopback" in refusal(demo="1", host="0.0.0.0")  # noqa: S104 - it is refused


def test_demo_mode__has_demo_secrets_of_its_own() -> None:
    assert made(demo="1").keys.get_secret_value() == DEMO_KEY


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("port", "99999"),
        ("database_url", "mysql://root@host/x"),
        ("database_url", "postgresql://host"),
        ("log_level", "LOUD"),
        ("keys", "abc"),
    ],
)
def test_a_setting_that_cannot_be__is_named(setting: str, value: str) -> None:
    assert f"TIREK_{setting.upper()}: " in refusal(**PRODUCTION | {setting: value})


def test_a_refusal__does_not_show_the_secret() -> None:
    assert "sesame" not in refusal(**PRODUCTION | {"keys": "sesame", "database_url": "mysql://u:sesame@h/x"})


def test_reads_may_not_take_all_threads() -> None:
    assert "TIREK_READS_IN_FLIGHT" in refusal(demo="1", reads_in_flight="40", web_threads="40")
    assert "TIREK_DATABASE_POOL" in refusal(demo="1", database_pool="5")


def test_hosts__are_separated_by_commas() -> None:
    assert made(**PRODUCTION, allowed_hosts="a.kz, b.kz,").allowed_hosts == ["a.kz", "b.kz"]


def test_the_command__tells_what_is_wrong_in_a_sentence(installation: Installation) -> None:
    told = installation.tirek("serve", TIREK_DEMO="0")
    assert told.returncode == 2
    assert "TIREK_SECRET_KEY must hold" in told.stdout
    assert "tirek doctor" in told.stdout
    assert "Traceback" not in told.stdout


def test_help__needs_no_settings(installation: Installation) -> None:
    told = installation.tirek("--help", TIREK_DEMO="0")
    assert told.returncode == 0
    assert "doctor" in told.stdout


def test_channels__are_named_by_route() -> None:
    named = made(demo="1", notice_channels="sms=ministry.gateway.send, email=ministry.mail.send").notice_channels
    assert named == {"sms": "ministry.gateway.send", "email": "ministry.mail.send"}
    assert made(demo="1").notice_channels == {}


@pytest.mark.parametrize("wrong", ["ministry.gateway.send", "fax=ministry.fax.send", "sms=", "sms=send; drop"])
def test_channels__that_cannot_be_are_refused(wrong: str) -> None:
    assert refusal(demo="1", notice_channels=wrong).startswith("TIREK_NOTICE_CHANNELS: must look like")


@pytest.mark.finding("A-A6")
def test_host_that_people_type__is_served_without_being_named_twice() -> None:
    assert made(**PRODUCTION, public_url="https://portal.example.kz").hosts == ["portal.example.kz"]
    assert made(**PRODUCTION, public_url="https://portal.example.kz", allowed_hosts="a.kz").hosts == ["a.kz"]


@pytest.mark.finding("A-A8")
@pytest.mark.parametrize(
    "wrong",
    [
        {"smtp_host": "mail.example.kz"},
        {"smtp_host": "mail.example.kz", "mail_from": "Tirek"},
        {"smtp_host": "mail.example.kz", "mail_from": "a@example.kz", "smtp_security": "none"},
        {"smtp_security": "sometimes"},
        {"contact_email": "help"},
    ],
)
def test_mail__needs_a_sender_and_a_sealed_way(wrong: dict[str, str]) -> None:
    assert "TIREK_" in refusal(**PRODUCTION | wrong)


@pytest.mark.finding("A-A8")
def test_mail__is_set_by_settings() -> None:
    given = made(**PRODUCTION, smtp_host="mail.example.kz", mail_from="Tirek <a@example.kz>", smtp_password="sesame")
    assert (given.smtp_port, given.smtp_security) == (587, "starttls")
    assert "sesame" not in str(given)


@pytest.mark.parametrize(
    "url",
    [
        "http://sms.example.kz/messages",
        "https://user:sesame@sms.example.kz/messages",
        "sms.example.kz",
        "ftp://127.0.0.1/",
        "https://",
    ],
)
def test_gateway_of_text_messages__is_reached_by_a_sealed_way(url: str) -> None:
    told = refusal(**PRODUCTION, sms_url=url)
    assert "TIREK_SMS_URL" in told
    assert "sesame" not in told


def test_gateway_of_text_messages__is_set_by_settings() -> None:
    given = made(**PRODUCTION, sms_url="https://sms.example.kz/messages", sms_token="sesame")
    assert given.sms_url == "https://sms.example.kz/messages"
    assert "sesame" not in str(given)
    assert made(**PRODUCTION, sms_url="http://127.0.0.1:9000/").sms_url == "http://127.0.0.1:9000/"


def test_secrets_of_before__are_separated_by_commas() -> None:
    assert made(**PRODUCTION, secret_key_fallbacks="a, b").fallbacks == ["a", "b"]
