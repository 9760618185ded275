"""Settings, from the environment and from `.env`. `.env.example` lists them with their defaults."""

import os
import re
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SecretsSettingsSource, SettingsConfigDict

from influents.counting import pool_of
from influents.http.origins import origins_of
from influents.mail.addresses import SmtpServer, is_sender
from influents.oidc import ALGORITHMS, IssuersKeys, is_safe
from influents.rate_limits import REQUEST, RateLimits
from resolvers.badge_keys import PublishedKey
from resolvers.outside_tokens import OutsideIssuer
from schema.executing import Executor
from schema.limits.bounds import Bounds

SECRET_BYTES = 32
SECRETS_VARIABLE = "INFLUENTS_SECRETS_DIR"


class SecretFiles(SecretsSettingsSource):
    """Secrets as files in a folder. A blank one sets nothing: systemd hands that on where there is none."""

    def __call__(self) -> dict[str, Any]:  # Any: as they are set
        return {name: value for name, value in super().__call__().items() if value != ""}


class Settings(BaseSettings):
    """What can be set. A variable's name is given where it isn't the field's, in capitals, after INFLUENTS_."""

    model_config = SettingsConfigDict(
        env_prefix="INFLUENTS_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    database_replica_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_REPLICA_URL")
    replica_lag: float = Field(default=5.0, ge=1, le=300)
    data_dir: Path = Path(".data")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    secret_key: SecretStr | None = None
    other_secret_keys: SecretStr | None = None
    credential_key: SecretStr | None = None
    credential_public_keys: str | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_jwks_url: str | None = None
    oidc_algorithms: str = "RS256 ES256 EdDSA"
    oidc_link_by_email: bool = False
    gateway_secret: SecretStr | None = None
    gateway_only: bool = False
    issuer: str | None = None
    stop_delay: float = Field(default=0, ge=0, le=300)
    pooler: Literal["transaction"] | None = None
    listen_url: SecretStr | None = None
    otlp_endpoint: str | None = Field(
        default=None, validation_alias="OTEL_EXPORTER_OTLP_ENDPOINT", pattern=r"^https?://[^\s/]+"
    )
    metrics_host: str = "127.0.0.1"
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    pool_size: int = Field(default=10, ge=1, le=1000)
    worker: bool = True
    web_url: str | None = None
    smtp_url: SecretStr | None = None
    mail_from: str | None = None
    webhooks_to_private: bool = False
    cors_origins: str | None = None
    trusted_documents: Path | None = None
    only_trusted_documents: bool = False
    cache_seconds: int = Field(default=60, ge=0, le=86_400)
    subscriptions: int = Field(default=1_000, ge=0, le=100_000)
    subscriptions_each: int = Field(default=50, ge=1, le=100_000)
    head_seconds: float = Field(default=10.0, ge=0.1, le=120)
    keep_alive_seconds: int = Field(default=5, ge=1, le=3600)
    introspection: bool = True
    sdl_authorization: bool = False
    maximum_tokens: int = Field(default=2_000, ge=500, le=100_000)
    maximum_depth: int = Field(default=12, ge=1, le=60)
    maximum_aliases: int = Field(default=30, ge=0, le=10_000)
    maximum_directives: int = Field(default=30, ge=0, le=10_000)
    maximum_cost: int = Field(default=5_000, ge=1, le=1_000_000)
    maximum_nodes: int = Field(default=500_000, ge=1, le=500_000)
    executor: Executor = "engine"
    rate_limit: int | Literal["off"] = 30_000
    rate_limit_store: SecretStr | None = None
    trusted_proxies: int = Field(default=0, ge=0, le=10)
    log_level: str = "info"
    log_json: bool = False

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Secrets may be files, in a folder that a variable names: a container's, or systemd's credentials."""
        folder = os.environ.get(SECRETS_VARIABLE)
        secrets = SecretFiles(settings_cls, secrets_dir=folder) if folder else file_secret_settings
        return init_settings, env_settings, dotenv_settings, secrets

    @model_validator(mode="after")
    def _a_secret_of_its_own(self) -> "Settings":
        if self.database_url is not None and self.secret_key is None:
            raise ValueError("INFLUENTS_SECRET_KEY must be set where DATABASE_URL is: every process needs the same")
        if self.secret_key is not None and len(self.secret_key.get_secret_value().encode()) < SECRET_BYTES:
            raise ValueError(f"INFLUENTS_SECRET_KEY must have {SECRET_BYTES} bytes or more: openssl rand -base64 48")
        return self

    @model_validator(mode="after")
    def _a_database_that_the_replica_follows(self) -> "Settings":
        if self.database_replica_url is not None and self.database_url is None:
            raise ValueError("DATABASE_URL must be set where DATABASE_REPLICA_URL is: what it follows")
        return self

    @model_validator(mode="after")
    def _a_way_around_the_pooler(self) -> "Settings":
        if self.pooler is not None and self.listen_url is None:
            raise ValueError("INFLUENTS_LISTEN_URL must be set where INFLUENTS_POOLER is: the way around it")
        return self

    @model_validator(mode="after")
    def _secrets_that_cannot_be_guessed(self) -> "Settings":
        if any(len(other) < SECRET_BYTES for other in self.other_secrets):
            raise ValueError(f"INFLUENTS_OTHER_SECRET_KEYS must have {SECRET_BYTES} bytes or more each")
        if self.gateway_secret is not None and len(self.gateway_secret.get_secret_value().encode()) < SECRET_BYTES:
            raise ValueError(f"INFLUENTS_GATEWAY_SECRET must have {SECRET_BYTES} bytes or more")
        if self.gateway_only and self.gateway_secret is None:
            raise ValueError("INFLUENTS_GATEWAY_SECRET must be set where INFLUENTS_GATEWAY_ONLY is: nobody could ask")
        return self

    @model_validator(mode="after")
    def _keys_of_credentials_that_can_be_read(self) -> "Settings":
        if self.credential_key is not None and len(self.credential_key.get_secret_value().encode()) < SECRET_BYTES:
            raise ValueError(f"INFLUENTS_CREDENTIAL_KEY must have {SECRET_BYTES} bytes or more")
        try:
            _ = self.published_credential_keys
        except ValueError:
            raise ValueError(
                "INFLUENTS_CREDENTIAL_PUBLIC_KEYS are members `x` of public Ed25519 keys, spaces between them, "
                "each alone or as in x@2027-01-31"
            ) from None
        return self

    @property
    def published_credential_keys(self) -> list[PublishedKey]:
        """Public keys that credentials are checked with, while nothing is signed with them."""
        return [PublishedKey.read(each) for each in (self.credential_public_keys or "").split()]

    @model_validator(mode="after")
    def _an_issuer_that_can_be_believed(self) -> "Settings":
        if self.oidc_issuer is None:
            return self
        if self.oidc_audience is None:
            raise ValueError("INFLUENTS_OIDC_AUDIENCE must be set where INFLUENTS_OIDC_ISSUER is: whom tokens are for")
        if not is_safe(self.oidc_issuer) or not is_safe(self.oidc_jwks_url or self.oidc_issuer):
            raise ValueError("INFLUENTS_OIDC_ISSUER and INFLUENTS_OIDC_JWKS_URL must begin with https://")
        if not self.oidc_algorithms.split() or set(self.oidc_algorithms.split()) - set(ALGORITHMS):
            raise ValueError(f"INFLUENTS_OIDC_ALGORITHMS are some of {', '.join(ALGORITHMS)}")
        return self

    @property
    def outside_issuer(self) -> OutsideIssuer | None:
        """The outside issuer whose tokens are taken, where there is one."""
        if self.oidc_issuer is None or self.oidc_audience is None:
            return None
        return OutsideIssuer(
            issuer=self.oidc_issuer,
            audience=self.oidc_audience,
            algorithms=self.oidc_algorithms.split(),
            keys=IssuersKeys(self.oidc_issuer, self.oidc_jwks_url),
            vouches_for_addresses=self.oidc_link_by_email,
        )

    @property
    def other_secrets(self) -> list[bytes]:
        """Secrets whose tokens are taken without being signed with."""
        others = self.other_secret_keys
        return [each.encode() for each in others.get_secret_value().split()] if others else []

    @model_validator(mode="after")
    def _mail_that_can_go_out(self) -> "Settings":
        if self.smtp_url is not None:
            try:
                SmtpServer.at(self.smtp_url.get_secret_value())
            except ValueError as wrong:
                raise ValueError(f"INFLUENTS_SMTP_URL: {wrong}") from None
            if self.mail_from is None:
                raise ValueError("INFLUENTS_MAIL_FROM must be set where INFLUENTS_SMTP_URL is")
        if self.mail_from is not None and not is_sender(self.mail_from):
            raise ValueError("INFLUENTS_MAIL_FROM must look like Influents <noreply@example.org>")
        if self.web_url is not None and not re.fullmatch(r"https?://[^\s#?<>]+", self.web_url):
            raise ValueError("INFLUENTS_WEB_URL must be an address: https://www.example.org")
        return self

    @model_validator(mode="after")
    def _trusted_documents_to_serve(self) -> "Settings":
        if self.only_trusted_documents and self.trusted_documents is None:
            raise ValueError("INFLUENTS_TRUSTED_DOCUMENTS must be set where INFLUENTS_ONLY_TRUSTED_DOCUMENTS is")
        return self

    @field_validator("cors_origins")
    @classmethod
    def _origins_alone(cls, listed: str | None) -> str | None:
        origins_of(listed)
        return listed

    @property
    def origins(self) -> list[str]:
        """The origins of other sites whose pages may use the API."""
        return origins_of(self.cors_origins)

    @model_validator(mode="after")
    def _a_rate_that_lets_every_operation_through(self) -> "Settings":
        if self.rate_limit != "off" and self.rate_limit < self.maximum_cost + REQUEST:
            raise ValueError("INFLUENTS_RATE_LIMIT must be more than INFLUENTS_MAXIMUM_COST, or off")
        if self.rate_limit_store is not None:
            try:
                pool_of(self.rate_limit_store.get_secret_value())
            except ValueError as wrong:
                raise ValueError(f"INFLUENTS_RATE_LIMIT_STORE: {wrong}") from None
        return self

    @property
    def rates(self) -> RateLimits:
        """How much a caller may have done in a minute."""
        return RateLimits(None if self.rate_limit == "off" else self.rate_limit, self.trusted_proxies)

    @property
    def bounds(self) -> Bounds:
        """How much an operation may ask for."""
        return Bounds(
            depth=self.maximum_depth,
            aliases=self.maximum_aliases,
            directives=self.maximum_directives,
            tokens=self.maximum_tokens,
            cost=self.maximum_cost,
            nodes=self.maximum_nodes,
            introspection=self.introspection,
        )

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"
