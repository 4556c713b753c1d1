"""What a resource belongs to: an account and a Region, or an account alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scope:
    """An account and a Region; what is in one is not found in another."""

    account: str
    """Twelve digits."""
    region: str
    """Empty for what belongs to the account in all Regions, such as roles."""

    @property
    def key(self) -> str:
        """The text that stands for the scope in the database."""
        return f"{self.account}/{self.region}"

    @property
    def of_account(self) -> Scope:
        """The scope of what belongs to the same account in all Regions."""
        return Scope(self.account, "")

    def arn(self, service: str, resource: str) -> str:
        """Return the ARN of a resource in this scope, such as agent/ID of bedrock."""
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"


def scope_with_key(key: str) -> Scope:
    """Return the scope for its text in the database."""
    account, _, region = key.partition("/")
    return Scope(account, region)


def scope_of_arn(arn: str) -> Scope:
    """Return the scope that an ARN names; empty parts where it names none."""
    parts = [*arn.split(":"), "", "", "", "", ""]
    return Scope(account=parts[4], region=parts[3])
