"""Settings of one deployment: `sightpact.toml` in the data folder, then environment variables. Safe when absent.

Every key is documented in docs/reference/settings.md (a test compares). Nothing here imports Django.
"""

from __future__ import annotations

import os
import re
import secrets
import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


class ConfigError(Exception):
    """A setting that cannot be used. The text names the key, the reason and the remedy."""


@dataclass(frozen=True, slots=True)
class Config:
    data: Path = Path("data")
    """Folder of everything that must be kept: database, keys, journal. Mode 0700."""
    host: str = "127.0.0.1"
    """Address that pages and the edge listen on. Anything but loopback needs TLS or a proxy in front."""
    port: int = 8000
    """Port of the pages."""
    edge_port: int = 8001
    """Port of the viewer sockets."""
    public_url: str = ""
    """The address people type, e.g. https://sightpact.lakeview.example. Decides WebAuthn's RP ID and allowed origins."""
    edge_url: str = ""
    """The address browsers use for viewer sockets; empty: public_url's host with edge_port."""
    database_url: str = ""
    """postgres://user:password@host/name, or postgres://user@/name?host=/folder/of/socket; empty: SQLite in the data folder."""
    log_origin: str = "sightpact.invalid/log"
    """Name of the ledger; the owner's domain and a path. Fixed for the life of the log."""
    camera_networks: tuple[str, ...] = ()
    """Networks that camera addresses may be in although they are loopback, link-local or metadata addresses."""
    alarm_networks: tuple[str, ...] = ()
    """Networks that alarm feeds and MQTT brokers may be in although they are loopback, link-local or metadata addresses."""
    tls_cert: str = ""
    """Certificate file (PEM) for pages and edge."""
    tls_key: str = ""
    """Key file (PEM)."""
    behind_proxy: bool = False
    """TLS ends at a proxy on this machine; X-Forwarded-For is believed from it alone."""
    ready_at: str = "03:30"
    """Time of day (HH:MM, in the owner's zone) at which each camera is asked for one frame; empty: never by itself."""
    smtp_host: str = ""
    """Mail server that notices are handed to. Empty: nobody is told by e-mail."""
    smtp_port: int = 587
    """Its port."""
    smtp_security: str = "starttls"
    """starttls, tls, or none (only for a mail server on this machine)."""
    smtp_user: str = ""
    """User name at the mail server; empty: none is asked for."""
    smtp_password: str = ""
    """Its password. Better in the environment than in the file."""
    smtp_from: str = ""
    """Sender of notices, e.g. sightpact@lakeview.example; empty: sightpact@ and the name of public_url."""
    sms_gateway_url: str = ""
    """Where text messages and calls are handed to, as signed JSON (docs/how-to/be-told.md). Empty: none are sent."""
    sms_gateway_secret: str = ""
    """The secret shared with that gateway, 32 characters or more. Better in the environment than in the file."""
    push_subject: str = ""
    """Whom a push service may write to: mailto:it@lakeview.example. Empty: public_url."""
    notice_networks: tuple[str, ...] = ()
    """Networks in which push services and the gateway may be although they are not public; over plain http these alone."""
    demo: bool = False
    """The demonstration: a page to pick who one is, made-up data. Never in use for real."""

    @property
    def url(self) -> str:
        scheme = "https" if self.tls_cert else "http"
        host = "localhost" if self.host in ("127.0.0.1", "::1") else self.host
        return (self.public_url or f"{scheme}://{host}:{self.port}").rstrip("/")

    @property
    def rp_id(self) -> str:
        return urlsplit(self.url).hostname or "localhost"

    @property
    def viewer_url(self) -> str:
        """Where a page's player connects to (ws or wss)."""
        if self.edge_url:
            return self.edge_url.rstrip("/") + "/live"
        page = urlsplit(self.url)
        scheme = "wss" if page.scheme == "https" else "ws"
        if self.behind_proxy:
            return f"{scheme}://{page.netloc}/live"
        return f"{scheme}://{page.hostname}:{self.edge_port}/live"

    @property
    def gate_socket(self) -> Path:
        return self.data / "run" / "gate.sock"

    @property
    def keys(self) -> Path:
        return self.data / "keys"

    @property
    def journal(self) -> Path:
        return self.data / "journal" / "reserved.journal"

    @property
    def on_loopback(self) -> bool:
        return self.host in ("127.0.0.1", "::1", "localhost")


def load(data: str | os.PathLike[str] | None = None) -> Config:
    """Read the settings.

    Args:
        data: the data folder; else SIGHTPACT_DATA, else ./data.
    Raises:
        ConfigError: unknown key, wrong type, or a combination that is not safe.
    """
    folder = Path(data or os.environ.get("SIGHTPACT_DATA") or "data").absolute()
    file = folder / "sightpact.toml"
    values: dict[str, Any] = {}
    if file.exists():
        try:
            values = tomllib.loads(file.read_text())
        except tomllib.TOMLDecodeError as fault:
            raise ConfigError(f"{file}: not valid TOML ({fault}). Mend that line.") from fault
    known = {f.name for f in fields(Config)}
    for key in values:
        if key not in known:
            raise ConfigError(f"{file}: '{key}' is not a setting. Known: {', '.join(sorted(known))}.")
    for key in known - {"data"}:
        raw = os.environ.get(f"SIGHTPACT_{key.upper()}")
        if raw is not None:
            values[key] = raw
    values["data"] = folder
    config = Config(**{key: _typed(key, value) for key, value in values.items()})
    _check(config)
    return config


def postgres(url: str) -> dict[str, Any]:
    """What Django needs to reach a PostgreSQL database.

    Args:
        url: postgres://user:password@host:port/name; `?host=/folder` names a Unix socket's folder instead of a host,
            `?sslmode=verify-full` (with `&sslrootcert=FILE`) is for a server on another machine.
    Returns:
        NAME, USER, PASSWORD, HOST, PORT and OPTIONS; empty text means libpq's own default.
    Raises:
        ConfigError: another scheme, no database name, or an unknown parameter.
    """
    parts = urlsplit(url)
    given = {key: values[-1] for key, values in parse_qs(parts.query).items()}
    if parts.scheme not in ("postgres", "postgresql"):
        raise ConfigError(
            f"database_url begins with {parts.scheme!r}. Write postgres://user:password@host/name."
        )
    if not parts.path.strip("/"):
        raise ConfigError(
            "database_url names no database. Write its name at the end: postgres://user:password@host/name."
        )
    if unknown := sorted(set(given) - {"host", "sslmode", "sslrootcert"}):
        raise ConfigError(f"database_url: {unknown} is not understood. Known: host, sslmode, sslrootcert.")
    return {
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or given.pop("host", ""),
        "PORT": str(parts.port or ""),
        "OPTIONS": {"options": "-c statement_timeout=15000", **given},
    }


def _typed(key: str, value: Any) -> Any:
    if key in ("port", "edge_port", "smtp_port"):
        return int(value)
    if key in ("demo", "behind_proxy"):
        return value if isinstance(value, bool) else str(value).lower() in ("1", "true", "yes")
    if key in ("camera_networks", "alarm_networks", "notice_networks"):
        parts = value if isinstance(value, list | tuple) else str(value).split(",")
        return tuple(p.strip() for p in parts if p.strip())
    return value


def _check(config: Config) -> None:
    if config.ready_at and not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", config.ready_at):
        raise ConfigError(
            f"ready_at = {config.ready_at!r} is no time of day. Write it like 03:30, or leave it empty."
        )
    if not config.on_loopback and not config.tls_cert and not config.behind_proxy:
        raise ConfigError(
            f"host = {config.host!r} would serve pages without TLS. "
            "Set tls_cert and tls_key, or behind_proxy = true with a proxy on this machine that ends TLS."
        )
    if config.tls_cert and not config.tls_key:
        raise ConfigError("tls_cert is set but tls_key is not. Set both.")
    if config.smtp_security not in ("starttls", "tls", "none"):
        raise ConfigError(
            f"smtp_security = {config.smtp_security!r} is not known. Write starttls, tls or none."
        )
    if config.sms_gateway_url and len(config.sms_gateway_secret) < 32:
        raise ConfigError(
            "sms_gateway_url is set, and sms_gateway_secret has fewer than 32 characters. "
            "Make one: python -c 'import secrets; print(secrets.token_urlsafe(32))'"
        )
    if config.demo and not config.on_loopback:
        raise ConfigError(
            "demo = true lets anybody pick who they are, so it listens on localhost only. Set host = '127.0.0.1'."
        )


def prepare(config: Config) -> None:
    """Make the data folder and its secret key, with closed modes; refuse a folder that others can read."""
    for folder in (
        config.data,
        config.keys,
        config.data / "run",
        config.data / "run" / "static",
        config.data / "journal",
    ):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if config.keys.stat().st_mode & 0o077:
        raise ConfigError(f"{config.keys} can be read by others. Run: chmod 700 {config.keys}")
    secret = config.keys / "session.key"
    if not secret.exists():
        handle = os.open(secret, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(secrets.token_urlsafe(48))
