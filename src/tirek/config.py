"""Typed settings of one installation, read from the environment (prefix ``TIREK_``).

Everything an operator may set stands here with its meaning; ``tirek doctor`` prints it. Secure by default: without
``TIREK_DEMO=1`` nothing starts with a missing or a demo secret.
"""

import logging
import os
import re
from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from cryptography.fernet import Fernet
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

# refused outside demo mode
DEMO_SECRET = "demo-secret-that-production-refuses-0000000000000000000000000000"  # noqa: S105
DEMO_KEY = "ZGVtby1rZXktdGhhdC1wcm9kdWN0aW9uLXJlZnVzZXM="  # Fernet key; refused outside demo mode
#: Ways out of the portal for which an installation may name its own channel.
ROUTES = frozenset({"sms", "email"})
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
MOST_PROCESSES = 4


def _processors() -> int:
    """Processors this process may use, at most four: beyond that an operator decides."""
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


class Config(BaseSettings):
    """One installation of Tirek."""

    model_config = SettingsConfigDict(env_prefix="TIREK_", extra="ignore", hide_input_in_errors=True)

    demo: bool = Field(
        default=False, description="Demo mode: demo data, persona picker, demo secrets. Only on the loopback address."
    )
    var: Path = Field(default=Path("var"), description="Folder of everything that is written: database, files, logs.")
    host: str = Field(default="127.0.0.1", description="Address the web server listens on.")
    port: int = Field(default=8000, ge=1, le=65535, description="Port the web server listens on.")
    public_url: str = Field(
        default="", description="Address people type, for links in notices (https://…). Empty: host and port."
    )
    allowed_hosts: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Host names served, separated by commas. Empty: the one of TIREK_PUBLIC_URL.",
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="Secret of sessions and links; at least 50 characters."
    )
    secret_key_fallbacks: SecretStr = Field(
        default=SecretStr(""),
        description="Secrets of before, by commas: what was made with one of them (sessions, links, codes at the door) "
        "still holds. Take them out after 60 days.",
    )
    keys: SecretStr = Field(
        default=SecretStr(""),
        description="Key ring for personal files and diagnosis: Fernet keys, newest first, by commas.",
    )
    database_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL address of the serving role. Empty: embedded server."
    )
    database_owner_url: SecretStr = Field(
        default=SecretStr(""), description="PostgreSQL address of the owner role that migrates."
    )
    database_pool: int = Field(
        default=40,
        ge=0,
        le=200,
        description="Connections each process keeps at most for requests, beside three for /health and the state of "
        "the service; 0: none is kept.",
    )
    web_threads: int = Field(default=40, ge=2, le=128, description="Requests one web process works on at once.")
    web_processes: int = Field(
        default_factory=_processors,
        ge=1,
        le=32,
        description="Web processes. Unless told: one for each processor, at most four.",
    )
    reads_in_flight: int = Field(
        default=32,
        ge=1,
        description="Requests one web process works on before further page reads are asked to come back.",
    )
    proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Proxies of ours in front, where HTTPS ends; the outermost says the address that limits on sign-in "
        "count."
        " None only in demo mode.",
    )
    counter_networks: Annotated[list[str], NoDecode] = Field(
        default_factory=list,
        description="Networks of counters (10.20.0.0/16), by commas: there “shared computer” is ticked.",
    )
    iin_of_foreigners: bool = Field(
        default=False,
        description="Whether an IIN whose seventh digit is 0, as some foreigners have, is taken; it tells neither the "
        "date of birth nor the sex.",
    )
    sign_ins_from_one_address: int = Field(
        default=1000,
        ge=20,
        description="Tries to sign in without success that one address of the net may make in an hour; whoever signs "
        "in counts no more. A mobile operator puts thousands of people behind one address.",
    )
    notice_channels: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict,
        description="Who takes messages, as sms=package.module.function,email=package.module.function. Empty: e-mail "
        "by the mail server, "
        "no text messages (in demo mode both are kept for the page of sent messages).",
    )
    sms_url: str = Field(
        default="",
        description="Gateway that takes text messages by HTTP POST, https://…; docs/reference/sms-gateway.md says what "
        "it gets and what it may answer. Empty: none leaves, unless TIREK_NOTICE_CHANNELS names another way.",
    )
    sms_token: SecretStr = Field(default=SecretStr(""), description="Token by which the gateway knows us (Bearer).")
    smtp_host: str = Field(
        default="",
        description="Mail server that takes e-mail. Empty: none leaves, and each is told to the administrator.",
    )
    smtp_port: int = Field(
        default=587, ge=1, le=65535, description="Port of the mail server: 587 with STARTTLS, 465 with TLS."
    )
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls",
        description="How the way to the mail server is sealed: starttls, tls, or none (only on this machine).",
    )
    smtp_user: str = Field(default="", description="Account at the mail server. Empty: it asks for none.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="Password of that account.")
    mail_from: str = Field(
        default="",
        description="Sender of e-mail, for example “Tirek <no-reply@example.kz>”; needed with a mail server.",
    )
    contact_email: str = Field(
        default="",
        description="Mail box beside the help line: staff and whoever cannot sign in write there; it stands on pages "
        "and in messages about accounts. Empty: they are told to come to an office.",
    )
    https: bool = Field(
        default=True, description="The site is reached by HTTPS: secure cookies, HSTS. Off only in demo mode."
    )
    log_level: str = Field(default="INFO", description="Level of the log: DEBUG, INFO, WARNING, ERROR.")

    @model_validator(mode="before")
    @classmethod
    def _lists(cls, values: dict[str, object]) -> dict[str, object]:
        for name in ("allowed_hosts", "counter_networks"):
            listed = values.get(name)
            if isinstance(listed, str):
                values[name] = [one.strip() for one in listed.split(",") if one.strip()]
        named = values.get("notice_channels")
        if isinstance(named, str):
            parts = [one.partition("=") for one in named.split(",") if one.strip()]
            values["notice_channels"] = {route.strip(): path.strip() for route, _sign, path in parts}
        return values

    @field_validator("counter_networks")
    @classmethod
    def _networks(cls, value: list[str]) -> list[str]:
        for one in value:
            ip_network(one)
        return value

    @field_validator("notice_channels")
    @classmethod
    def _channels(cls, value: dict[str, str]) -> dict[str, str]:
        for route, path in value.items():
            if route not in ROUTES or not re.fullmatch(r"[A-Za-z_]\w*(\.[A-Za-z_]\w*)+", path):
                raise ValueError("must look like sms=package.module.function,email=package.module.function")
        return value

    @field_validator("var")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @field_validator("database_url", "database_owner_url")
    @classmethod
    def _postgresql(cls, value: SecretStr) -> SecretStr:
        address = value.get_secret_value()
        if address and (
            not address.startswith(("postgresql://", "postgres://")) or not urlsplit(address).path.strip("/")
        ):
            raise ValueError("must look like postgresql://role:password@host:5432/database")
        return value

    @field_validator("keys")
    @classmethod
    def _fernet(cls, value: SecretStr) -> SecretStr:
        try:
            for key in value.get_secret_value().split(","):
                if key.strip():
                    Fernet(key.strip())
        except ValueError:  # its text would show the key
            raise ValueError("must hold keys of 32 bytes in URL-safe base64, separated by commas") from None
        return value

    @field_validator("log_level")
    @classmethod
    def _level(cls, value: str) -> str:
        if value.upper() not in logging.getLevelNamesMapping():
            raise ValueError("must be DEBUG, INFO, WARNING or ERROR")
        return value.upper()

    @property
    def hosts(self) -> list[str]:
        """Host names that are served: those that were named, else the one people type."""
        return self.allowed_hosts or [host for host in [urlsplit(self.public_url).hostname] if host]

    @property
    def fallbacks(self) -> list[str]:
        """Secrets of before, newest first."""
        told = self.secret_key_fallbacks.get_secret_value()
        return [one.strip() for one in told.split(",") if one.strip()]

    @field_validator("sms_url")
    @classmethod
    def _gateway(cls, value: str) -> str:
        parts = urlsplit(value)
        known = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
        if value and not (known and parts.hostname and not parts.username and not parts.password):
            raise ValueError(
                "TIREK_SMS_URL must begin with https:// and hold no password: codes for sign-in travel by it. "
                "http:// is for a gateway on this machine."
            )
        return value

    @model_validator(mode="after")
    def _mail(self) -> Self:
        if self.contact_email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s.]+", self.contact_email):
            raise ValueError("TIREK_CONTACT_EMAIL must be an address like help@example.kz.")
        if self.smtp_host and "@" not in self.mail_from:
            raise ValueError(
                "TIREK_MAIL_FROM must be an address of yours: mail without a sender is refused everywhere."
            )
        if self.smtp_host and self.smtp_security == "none" and self.smtp_host not in LOOPBACK:
            raise ValueError("TIREK_SMTP_SECURITY=none is for a mail server on this machine: links travel by it.")
        return self

    @model_validator(mode="after")
    def _safe(self) -> Self:
        secret, keys = self.secret_key.get_secret_value(), self.keys.get_secret_value()
        if self.reads_in_flight >= self.web_threads:
            raise ValueError(
                "TIREK_READS_IN_FLIGHT must be smaller than TIREK_WEB_THREADS: the difference is kept free for "
                "submissions."
            )
        if self.database_pool and self.database_pool < self.web_threads:
            raise ValueError("TIREK_DATABASE_POOL must be at least TIREK_WEB_THREADS, or 0 for no pool.")
        if self.demo:
            if self.host not in LOOPBACK:
                raise ValueError(
                    "TIREK_DEMO=1 serves only the loopback address: set TIREK_HOST=127.0.0.1, or leave demo mode."
                )
            named = {host.strip("[]") for host in self.allowed_hosts} | {
                urlsplit(self.public_url).hostname or "localhost"
            }
            if self.proxies or not named <= LOOPBACK:
                raise ValueError(
                    "TIREK_DEMO=1 has no proxies and no other names: anybody can be anybody there. Leave demo mode."
                )
            self.secret_key = SecretStr(secret or DEMO_SECRET)
            self.keys = SecretStr(keys or DEMO_KEY)
            self.https = False
            return self
        # the length Django's own deployment check asks for
        if len(secret) < 50 or secret == DEMO_SECRET:  # noqa: PLR2004
            raise ValueError(
                "TIREK_SECRET_KEY must hold at least 50 characters of your own: openssl rand -base64 60 | tr -d '\\n'"
            )
        if not keys or DEMO_KEY in keys:
            raise ValueError(
                "TIREK_KEYS must hold at least one key of your own: head -c 32 /dev/urandom | base64 | tr '+/' '-_'"
            )
        if not self.https:
            raise ValueError("TIREK_HTTPS=0 is for demo mode only: personal data travel by HTTPS.")
        if not self.proxies:
            raise ValueError(
                "TIREK_PROXIES must be 1 or more outside demo mode: HTTPS ends at a proxy in front, whose word is "
                "believed."
            )
        return self


@lru_cache(maxsize=1)
def config() -> Config:
    """The settings of this process, read once.

    Raises:
        pydantic.ValidationError: a value is missing or unsafe; the message says which and what to do.
    """
    return Config()


def explain(error: ValidationError) -> str:
    """What is wrong with the settings, a line each; no value is shown."""
    lines = []
    for problem in error.errors(include_url=False, include_input=False, include_context=False):
        where = "".join(f"TIREK_{str(part).upper()}: " for part in problem["loc"][:1])
        lines.append(where + problem["msg"].removeprefix("Value error, "))
    return "\n".join(lines)
