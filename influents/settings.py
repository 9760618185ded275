"""Settings, from the environment and from `.env`. `.env.example` lists them with their defaults."""

from pathlib import Path

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRET_BYTES = 32


class Settings(BaseSettings):
    """What can be set. A variable's name is given where it isn't the field's, in capitals, after INFLUENTS_."""

    model_config = SettingsConfigDict(
        env_prefix="INFLUENTS_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    database_url: SecretStr | None = Field(default=None, validation_alias="DATABASE_URL")
    data_dir: Path = Path(".data")
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    secret_key: SecretStr | None = None
    issuer: str | None = None
    pool_size: int = Field(default=10, ge=1, le=1000)
    log_level: str = "info"
    log_json: bool = False

    @model_validator(mode="after")
    def _a_secret_of_its_own(self) -> "Settings":
        if self.database_url is not None and self.secret_key is None:
            raise ValueError("INFLUENTS_SECRET_KEY must be set where DATABASE_URL is: every process needs the same")
        if self.secret_key is not None and len(self.secret_key.get_secret_value().encode()) < SECRET_BYTES:
            raise ValueError(f"INFLUENTS_SECRET_KEY must have {SECRET_BYTES} bytes or more: openssl rand -base64 48")
        return self

    @property
    def address(self) -> str:
        return f"http://{self.host}:{self.port}"
