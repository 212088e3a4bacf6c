"""Which platforms there are: every module here that is one file per platform, imported when configured."""

from __future__ import annotations

import importlib
import importlib.util
import pkgutil
from collections.abc import Mapping
from types import ModuleType
from typing import TYPE_CHECKING, cast

from pydantic import BaseModel, ValidationError

import connectors
from connectors.base import BugOrConfig, Connector, ConnectorContext

if TYPE_CHECKING:
    from connectors.sign_in.base import SignIn, SignInContext

_NOT_PLATFORMS = frozenset({"base", "meter", "options", "registry", "sessions", "transport"})


def platforms() -> tuple[str, ...]:
    """Return the names of the platforms that can be configured. Imports none of them."""
    modules = pkgutil.iter_modules(connectors.__path__)
    return tuple(sorted(each.name for each in modules if not each.ispkg and each.name not in _NOT_PLATFORMS))


def options_for(platform: str) -> type[BaseModel]:
    """Return the settings that an account on ``platform`` may have. Raises :class:`BugOrConfig`."""
    return cast(type[BaseModel], _module(platform).Options)


def connector_for(platform: str, options: Mapping[str, object], context: ConnectorContext) -> Connector:
    """Return a connector for one poll of one account.

    ``options`` are the platform's own settings, as they stand in the settings file. Raises
    :class:`BugOrConfig` that names every setting that is wrong, and why.
    """
    module = _module(platform)
    try:
        read = module.Options.model_validate(dict(options))
    except ValidationError as error:
        wrong = "; ".join(
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
            for each in error.errors(include_input=False, include_url=False)
        )
    else:
        return cast(Connector, module.Connector(read, context))
    raise BugOrConfig(f"Settings of the {platform} account cannot be used. {wrong}.")


def sign_in_for(platform: str, context: SignInContext) -> SignIn | None:
    """Return how an account on ``platform`` is signed in; ``None`` where nothing has to be."""
    if importlib.util.find_spec(f"connectors.sign_in.{platform}") is None:
        return None
    return cast("SignIn", importlib.import_module(f"connectors.sign_in.{platform}").SignIn(context))


def _module(platform: str) -> ModuleType:
    known = platforms()
    if platform not in known:
        raise BugOrConfig(f"There is no connector of this name. Write one of: {', '.join(known)}.")
    return importlib.import_module(f"connectors.{platform}")
