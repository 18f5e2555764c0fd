"""A world for each module, as new for each test."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.bot.channels.world import World, running_world


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def _world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with running_world(tmp_path_factory.mktemp("var")) as world:
        yield world


@pytest_asyncio.fixture(loop_scope="module")
async def world(_world: World) -> World:
    await _world.hub.settle(60)
    _world.reset()
    return _world
