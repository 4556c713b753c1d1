"""botocore's service models, each loaded when a request first needs it and then kept."""

from __future__ import annotations

from functools import cache

from botocore.loaders import Loader
from botocore.model import ServiceModel

_loader = Loader(extra_search_paths=[Loader.BUILTIN_DATA_PATH], include_default_search_paths=False)
"""Botocore's own data alone: models in the user's ~/.aws are none of the endpoint's business."""


@cache
def service_model(service: str) -> ServiceModel:
    """The newest model of a service by botocore's name for it, such as bedrock-agent-runtime."""
    return ServiceModel(_loader.load_service_model(service, "service-2"), service)
