"""botocore's service models, each loaded on first use and cached."""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape

_loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
"""Loads only botocore's own data; models in the user's ~/.aws must not affect the endpoint."""


@cache
def service_model(service: str) -> ServiceModel:
    """Return the newest model of a service by botocore's name for it, such as bedrock-agent-runtime."""
    return ServiceModel(_loader.load_service_model(service, "service-2"), service)


@cache
def available_services() -> frozenset[str]:
    """Return botocore's names of the services that it has models of."""
    return frozenset(_loader.list_available_services("service-2"))


@cache
def shape_named(service: str, name: str) -> Shape:
    """Return a service's shape by name; cached, since models make new ones each time and decoders are cached by it."""
    return service_model(service).shape_for(name)
